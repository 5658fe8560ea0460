package export

import (
	"fmt"
	"io"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/sasl"
	"xmppscope/decode/tlswire"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

const (
	defaultWidth = 80
	bodyIndent   = "       "
	// recentEvents is how far back a request may lie for its answer to tell
	// how long it took, in events.
	recentEvents = 4096
)

// textWriter writes the annotated conversation: who said what, in which phase,
// what it means and what is wrong with it.
type textWriter struct {
	sink
	o     Options
	p     palette
	tree  xmlstream.Tree
	talks map[decode.ConnID]*talk
	last  decode.ConnID // the conversation written last
	blank bool          // the line above is empty
	alone bool          // the events are no conversation
	// taught are the steps whose reason was given: once is enough.
	taught map[lesson]bool
	recent [recentEvents]stamp
}

// talk is what the text must remember of a conversation.
type talk struct {
	begun               bool // some event was written
	initiator, receiver string
	profile             decode.Profile
	start               time.Time
	phase               decode.Phase
	state               *decode.State
	chain               []sasl.Step // written of the login that goes on
	unread              map[tlswire.Why]bool
	// Of the ladder: what waits for the events that it carries, and how many
	// such were left out.
	carrier *rung
	folded  int
}

type stamp struct {
	seq decode.Seq
	at  time.Time
}

func newText(w io.Writer, o Options) Writer {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	return &textWriter{sink: sink{w: w}, o: o, p: palette{o.Color},
		talks: map[decode.ConnID]*talk{}, taught: map[lesson]bool{}}
}

// NewNotes makes a writer of text about events that stand alone, such as
// something pasted: without headers, phases, numbers and times.
func NewNotes(w io.Writer, o Options) Writer {
	t := newText(w, o).(*textWriter)
	t.alone = true
	return t
}

// Event writes one event with what belongs to it.
func (w *textWriter) Event(e *decode.Event) error {
	t := w.heading(e)
	t.state = after(e)
	w.recent[e.Seq%recentEvents] = stamp{e.Seq, e.Time}
	x := w.o.explain(&w.tree, explain.As(e, t.profile))
	w.title(e, t, &x)
	w.body(e)
	w.original(e)
	w.words(e, t, &x)
	w.login(e)
	w.marks(e)
	return w.full()
}

// Close writes what is left.
func (w *textWriter) Close() error { return w.Flush() }

// heading writes the header of a new conversation, and a line where the phase
// or the conversation is another than that of the event before.
func (w *textWriter) heading(e *decode.Event) *talk {
	t := w.talks[e.Conn]
	if t == nil {
		t = &talk{}
		w.talks[e.Conn] = t
	}
	fresh := !t.begun
	if fresh {
		t.begun, t.start = true, e.Time
		w.blank = w.alone
		if !w.alone {
			w.begins(e, t)
		}
	}
	phase := e.Stage()
	if phase == decode.PhaseNone || inspector.Carries(e) {
		phase = t.phase
	}
	switched := w.last != e.Conn && !fresh
	if (phase != t.phase || switched) && !w.alone {
		w.phaseLine(e, t, phase, switched)
	}
	t.phase, w.last = phase, e.Conn
	return t
}

func (w *textWriter) phaseLine(e *decode.Event, t *talk, phase decode.Phase, switched bool) {
	text := phase.String()
	if phase == decode.PhaseNone {
		text = "before the first step"
	}
	if switched && phase == t.phase {
		text += ", continued"
	}
	if switched || len(w.talks) > 1 {
		text += fmt.Sprintf(" · conversation %d", e.Conn)
		if who := identity(t.state); who != "" {
			text += " · " + who
		}
	}
	w.line("")
	w.rule("── ", text, "─", rolePhase)
	w.line("")
	w.blank = true
}

// rule writes a line with a text near its beginning.
func (w *textWriter) rule(lead, text, fill string, r role) {
	text = lead + clip(inspector.Disarm(text), w.o.Width-len(lead)-2) + " "
	w.b = w.p.append(w.b, r, text+strings.Repeat(fill, max(w.o.Width-columns(text), 3)))
	w.b = append(w.b, '\n')
}

// title writes the line that says who does what, and when.
func (w *textWriter) title(e *decode.Event, t *talk, x *explain.Explanation) {
	if !w.blank {
		w.line("")
	}
	w.blank = false
	at := "+" + seconds(e.Time.Sub(t.start))
	if e.Time.IsZero() {
		at = "no time"
	}
	arrow, r := arrow(e, t.profile)
	number := fmt.Sprintf("%5d  ", e.Seq)
	at = fmt.Sprintf("  %11s  ", at)
	if w.alone {
		number, at = bodyIndent, "  "
	}
	var tail []string
	if why, unread := explain.Unread(e); !x.Ref.IsZero() && !(unread && t.unread[why]) {
		tail = append(tail, x.Ref.String())
	}
	if e.Held {
		tail = append(tail, "held: it has not gone on")
	}
	if e.Origin != decode.OriginWire {
		tail = append(tail, e.Origin.String())
	}
	lead := columns(number + arrow + at)
	w.put(number)
	w.b = w.p.append(w.b, r, arrow)
	w.b = w.p.append(w.b, roleFaint, at)
	room := max(w.o.Width-lead, 30)
	used := 0
	for i, l := range wrap(inspector.Disarm(x.Title), room) {
		if i > 0 {
			w.put("\n" + strings.Repeat(" ", lead))
		}
		w.b = w.p.append(w.b, roleHead, l)
		used = columns(l)
	}
	for _, t := range tail {
		t = " · " + t
		if used+columns(t) > room {
			w.put("\n" + strings.Repeat(" ", lead-1))
			used = -1
		}
		w.b = w.p.append(w.b, roleFaint, t)
		used += columns(t)
	}
	w.line("")
}

// arrow draws who speaks to whom: C and S on a client's connection, else the
// initiating and the receiving entity. The profile p is what was known before
// the first header told.
func arrow(e *decode.Event, p decode.Profile) (string, role) {
	left, right := sides(max(explain.ProfileOf(e), p))
	if e.Dir == decode.FromInitiator {
		return left + " → " + right, roleInitiator
	}
	return left + " ← " + right, roleReceiver
}

func sides(p decode.Profile) (initiator, receiver string) {
	switch p {
	case decode.ProfileS2S, decode.ProfileUnknown:
		return "I", "R"
	}
	return "C", "S"
}

// after is the state from the event on; never nil.
func after(e *decode.Event) *decode.State {
	switch {
	case e.After != nil:
		return e.After
	case e.State != nil:
		return e.State
	}
	return &decode.State{}
}

// identity is who speaks on this conversation, as far as that is known.
func identity(s *decode.State) string {
	switch {
	case s == nil:
		return ""
	case s.JID != "":
		return s.JID
	case s.Identity != "":
		return s.Identity
	}
	return s.Claimed
}

// seconds writes a duration to the microsecond.
func seconds(d time.Duration) string { return fmt.Sprintf("%.6f", d.Seconds()) }

// took writes how long something took, in a unit that suits it.
func took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}
