package export

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// FindingWriter takes the findings of an input as they are found: mostly about
// the event at hand, some about an earlier one. It buffers; Close writes what is
// left but does not close the io.Writer beneath.
type FindingWriter interface {
	// Finding takes one finding. e is the event it is about, nil where that is
	// over; it is not kept.
	Finding(f *lint.Finding, e *decode.Event) error
	// Silent takes the rules that could not be judged, after all findings.
	Silent([]lint.Silence) error
	Flush() error
	Close() error
}

// EndingWriter is a FindingWriter that also says how conversations ended, so that
// no findings are not taken for success.
type EndingWriter interface {
	// Ended tells before Close how many conversations a stream error ended, by
	// its condition.
	Ended(errors map[string]int)
}

// FindingOptions are what all formats of findings share.
type FindingOptions struct {
	Options
	// Sources are the names of the inputs.
	Sources []string
	// FailOn is the level from which on a finding counts as a failure.
	FailOn lint.Level
	// Version is that of the program.
	Version string
}

// FindingFormat is one way to write findings.
type FindingFormat struct {
	Name, Doc string
	New       func(io.Writer, FindingOptions) FindingWriter
}

var findingFormats = [...]FindingFormat{
	{"text", "for reading", newFindingText},
	{"json", "JSON Lines, one object a finding", newFindingJSON},
	{"sarif", "SARIF 2.1.0, for code scanning", newSARIF},
	{"junit", "JUnit XML, one test case a rule", newJUnit},
}

// FindingFormats lists the formats of findings, the default first.
func FindingFormats() []FindingFormat { return findingFormats[:] }

// findingText writes findings for people.
type findingText struct {
	sink
	o      Options
	p      palette
	counts map[lint.Level]int
	errors map[string]int // conversations that a stream error ended, by condition
}

func newFindingText(w io.Writer, o FindingOptions) FindingWriter {
	if o.Width == 0 {
		o.Width = 80
	}
	return &findingText{sink: sink{w: w}, o: o.Options, p: palette{o.Color}, counts: map[lint.Level]int{}}
}

func (w *findingText) Finding(f *lint.Finding, e *decode.Event) error {
	w.counts[f.Level]++
	r := levelRole(f.Level)
	where := fmt.Sprintf("event %d of conversation %d", f.Seq, f.Conn)
	if e != nil {
		where += ": " + inspector.Disarm(explain.Headline(e))
	} else {
		where += ", by " + doer(f.Who)
	}
	w.line(w.p.paint(r, f.Level.String()+" "+f.Rule))
	w.wrapped("  ", roleFaint, where)
	w.wrapped("  ", roleNone, inspector.Disarm(f.Text)+when(!f.Ref.IsZero(), " ("+f.Ref.String()+")"))
	if e != nil && f.Span.Len() > 0 && f.In == lint.InText {
		line, marks := excerpt(veiled(e), int(f.Span.Start), int(f.Span.End), w.o.Width-4)
		w.line("    " + line)
		w.line("    " + w.p.paint(r, marks))
	}
	if f.Who == lint.WhoPath {
		w.wrapped("  ", roleFaint, "It looks like the work of a third party, and not of one of the two ends.")
	}
	if f.Advice != "" {
		w.wrapped("  ", roleFaint, "What to do: "+f.Advice+".")
	}
	w.line("")
	return w.full()
}

// doer is who is to blame, in words.
func doer(who lint.Who) string {
	switch who {
	case lint.WhoInitiator:
		return "the side that opened the connection"
	case lint.WhoReceiver:
		return "the side that was connected to"
	}
	return "a third party"
}

func (w *findingText) wrapped(indent string, r role, text string) {
	for i, l := range wrap(text, w.o.Width-columns(indent)) {
		if i > 0 {
			indent = strings.Repeat(" ", columns(indent))
		}
		w.line(indent + w.p.paint(r, l))
	}
}

func (w *findingText) Silent(all []lint.Silence) error {
	for _, s := range all {
		w.line(w.p.paint(roleHead, fmt.Sprintf("conversation %d: %s could not be judged", s.Conn, counted(int64(len(s.Rules)), "rule"))))
		w.wrapped("  ", roleNone, "Why: "+s.Why+".")
		for _, name := range s.Rules {
			if r := lint.Lookup(name); r != nil {
				w.wrapped("  · ", roleFaint, name+": "+r.Doc)
			}
		}
		w.line("")
	}
	return w.full()
}

// Close ends with the sum, so that silence is not taken for an unfinished run.
func (w *findingText) Close() error {
	text := "no findings"
	if n := w.counts; len(n) > 0 {
		text = counted(int64(n[lint.LevelError]), "error") + ", " + counted(int64(n[lint.LevelWarning]), "warning") + ", " + counted(int64(n[lint.LevelNote]), "note")
	}
	w.line(text)
	if len(w.errors) > 0 {
		w.wrapped("", roleNone, w.endings())
	}
	return w.Flush()
}

// Ended is of EndingWriter.
func (w *findingText) Ended(errors map[string]int) { w.errors = errors }

// maxEndings is how many conditions are named.
const maxEndings = 8

func (w *findingText) endings() string {
	total := 0
	var names []string
	for _, condition := range slices.Sorted(maps.Keys(w.errors)) {
		n := w.errors[condition]
		total += n
		if len(names) < maxEndings {
			names = append(names, inspector.Disarm(condition)+when(n > 1, fmt.Sprintf(" (%d)", n)))
		}
	}
	return counted(int64(total), "conversation") + " ended with a stream error: " + strings.Join(names, ", ") +
		when(len(w.errors) > maxEndings, " and more") + "; ask why close"
}

func when(is bool, text string) string {
	if is {
		return text
	}
	return ""
}

// findingJSON writes findings as JSON Lines (CONTRACT).
type findingJSON struct {
	sink
	l line
}

func newFindingJSON(w io.Writer, _ FindingOptions) FindingWriter {
	return &findingJSON{sink: sink{w: w}}
}

func (w *findingJSON) Finding(f *lint.Finding, _ *decode.Event) error {
	w.l.reset()
	w.l.open("", '{')
	w.l.always("record", "finding")
	findingFields(&w.l, f)
	w.l.close('}')
	w.line(string(w.l.b))
	return w.full()
}

// findingFields writes the members of a finding.
func findingFields(l *line, f *lint.Finding) {
	l.always("rule", f.Rule)
	l.always("level", f.Level.String())
	l.int("seq", int64(f.Seq))
	l.int("conn", int64(f.Conn))
	l.always("who", f.Who.String())
	l.text("text", f.Text)
	if !f.Ref.IsZero() {
		l.text("ref", f.Ref.String())
	}
	l.text("advice", f.Advice)
	if f.Span.Len() > 0 && f.In == lint.InText {
		l.int("start", int64(f.Span.Start))
		l.int("end", int64(f.Span.End))
	}
}

func (w *findingJSON) Silent(all []lint.Silence) error {
	for _, s := range all {
		w.l.reset()
		w.l.open("", '{')
		w.l.always("record", "not-judged")
		w.l.int("conn", int64(s.Conn))
		w.l.always("why", s.Why)
		w.l.open("rules", '[')
		for _, name := range s.Rules {
			w.l.sep()
			w.l.b = appendString(w.l.b, name)
		}
		w.l.close(']')
		w.l.close('}')
		w.line(string(w.l.b))
	}
	return w.full()
}

func (w *findingJSON) Close() error { return w.Flush() }
