package export

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

const (
	// rawLines is how many lines of something that is no XML are shown, hexBytes
	// how many bytes of something that is no text.
	rawLines = 10
	hexBytes = 32
	// maxRemarks bounds the remarks about one event.
	maxRemarks = 40
)

// body writes the XML laid out, or what there is instead of XML.
func (w *textWriter) body(e *decode.Event) {
	switch e.Kind {
	case decode.KindGap:
		w.rule(bodyIndent, fmt.Sprintf("%s lost", bytesWord(e.Lost)), "┄", roleWarning)
		return
	case decode.KindSpace:
		return // the title says it
	case decode.KindTLS, decode.KindDNS, decode.KindHTTP:
		if !w.folds(e) {
			w.fields(e)
		}
		return
	}
	if len(e.Text()) == 0 {
		return
	}
	if n := w.element(e); n != nil {
		for _, l := range layout(e.Text(), n, w.p, w.o.Width-len(bodyIndent), w.o.Full) {
			w.line(bodyIndent + l)
		}
		return
	}
	w.raw(e.Text())
}

// original writes what had come where something else was sent on.
func (w *textWriter) original(e *decode.Event) {
	if e.Origin != decode.OriginEdited || e.Original == nil {
		return
	}
	w.line(bodyIndent + w.p.paint(roleFaint, "in place of:"))
	w.raw(e.Original)
}

// element parses the event's XML; nil where it carries none that can be shown
// as a tree.
func (w *textWriter) element(e *decode.Event) *xmlstream.Node {
	for i := range e.Errs {
		if e.Errs[i].Fatal {
			return nil
		}
	}
	return e.Element(&w.tree)
}

// raw writes bytes as they came: text as text, anything else in hexadecimal.
func (w *textWriter) raw(p []byte) {
	if !readable(p) {
		head := p[:min(len(p), hexBytes)]
		line := fmt.Sprintf("%s: % x", bytesWord(int64(len(p))), head)
		if len(head) < len(p) {
			line += " …"
		}
		for _, l := range wrap(line, w.o.Width-len(bodyIndent)) {
			w.line(bodyIndent + w.p.paint(roleFaint, l))
		}
		return
	}
	room := w.o.Width - len(bodyIndent)
	shown := p
	if !w.o.Full {
		shown = cut(p, rawLines*room)
	}
	for _, l := range chop(inspector.Disarm(string(shown)), room) {
		w.line(bodyIndent + l)
	}
	if len(shown) < len(p) {
		w.line(bodyIndent + w.p.paint(roleFaint, fmt.Sprintf("… %s more", bytesWord(int64(len(p)-len(shown))))))
	}
}

// readable tells whether bytes are text in the main.
func readable(p []byte) bool {
	p = cut(p, 4096)
	odd := 0
	for rest := p; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 || r < ' ' && !strings.ContainsRune("\t\r\n", r) {
			odd++
		}
		rest = rest[n:]
	}
	return odd*8 <= len(p)
}

// words writes what the event says, why it happens (the first time), what it
// changed and what it answers.
func (w *textWriter) words(e *decode.Event, t *talk, x *explain.Explanation) {
	about := lesson{e.Step, ""}
	if e.Kind == decode.KindTLS || e.Kind == decode.KindHTTP {
		about.name = e.Name.Local
	}
	first := !w.taught[about] && e.Step != decode.StepNone
	said := ""
	if e.Kind == decode.KindNote && strings.HasSuffix(explain.Title(e), e.Note) {
		return // the title has said all of it
	}
	switch why, unread := explain.Unread(e); {
	case unread:
		w.unread(t, why, x)
		first = false
	case first || e.Phase != decode.PhaseExchange && !w.folds(e) || refused(e):
		said = x.What
		w.remark(roleNone, said)
	}
	if first {
		w.taught[about] = true
		if x.Why != "" {
			w.remark(roleFaint, "Why: "+x.Why)
		}
	}
	if e.Note != "" && e.Kind != decode.KindTLS && !strings.Contains(strings.ToLower(said), strings.ToLower(e.Note)) {
		w.remark(roleNone, e.Note)
	}
	if text := changes(e); text != "" && !w.alone {
		w.remark(roleGood, text)
	}
	if e.Reply != 0 {
		text := fmt.Sprintf("answers %d", e.Reply)
		if s := w.recent[e.Reply%recentEvents]; s.seq == e.Reply && !s.at.IsZero() {
			text += " after " + took(e.Time.Sub(s.at))
		}
		w.remark(roleFaint, text)
	}
}

// changes writes what became different, for a person: what every event moves
// (which streams are open, the features) stands in the words already.
func changes(e *decode.Event) string {
	var b strings.Builder
	for _, c := range decode.Changes(e.State, e.After) {
		switch c.Name {
		case "features", "mechanisms", "initiator_stream", "receiver_stream", "content", "version", "lang", "stream_id", "domain", "error":
			continue
		}
		if b.Len() > 0 {
			b.WriteString(" · ")
		}
		to := c.To
		if to == "" {
			to = "not set any more"
		}
		b.WriteString(strings.ReplaceAll(c.Name, "_", " ") + ": " + to)
	}
	if b.Len() == 0 {
		return ""
	}
	return "now " + b.String()
}

// remark writes a text behind a dot, wrapped.
func (w *textWriter) remark(r role, text string) {
	w.bullet("· ", r, text)
}

func (w *textWriter) bullet(dot string, r role, text string) {
	for i, l := range wrap(inspector.Disarm(text), w.o.Width-len(bodyIndent)-columns(dot)) {
		if i > 0 {
			dot = strings.Repeat(" ", columns(dot))
		}
		w.line(bodyIndent + dot + w.p.paint(r, l))
	}
}

// marks writes the findings, each with the place in the bytes that it is
// about. The same fault several times in a row is told once.
func (w *textWriter) marks(e *decode.Event) {
	all := w.o.findings(e)
	for i := 0; i < len(all); {
		if i >= maxRemarks {
			w.remark(roleWarning, fmt.Sprintf("%d more findings", len(all)-i))
			return
		}
		same := 1
		for i+same < len(all) && all[i+same].Rule == all[i].Rule && all[i+same].Text == all[i].Text {
			same++
		}
		w.finding(e, all[i:i+same])
		i += same
	}
}

// maxMarked is how many places of one repeated fault are shown.
const maxMarked = 3

// finding writes findings of one kind.
func (w *textWriter) finding(e *decode.Event, alike []lint.Finding) {
	f, r := &alike[0], levelRole(alike[0].Level)
	text := f.Text
	if f.Rule != "" {
		text = f.Level.String() + " " + f.Rule + ": " + f.Text
	}
	if len(alike) > 1 {
		text += fmt.Sprintf(", %d times", len(alike))
	}
	if !f.Ref.IsZero() {
		text += " (" + f.Ref.String() + ")"
	}
	w.bullet("! ", r, text)
	for k := range alike[:min(len(alike), maxMarked)] {
		if at := place(e, &alike[k]); at != nil && f.Rule != "" {
			line, marks := excerpt(at, int(alike[k].Span.Start), int(alike[k].Span.End), w.o.Width-len(bodyIndent)-2)
			w.line(bodyIndent + "  " + line)
			w.line(bodyIndent + "  " + w.p.paint(r, marks))
		}
	}
	if f.Advice != "" {
		w.bullet("  ", roleFaint, "What to do: "+f.Advice)
	}
}

// Late tells of a finding about an event that was written before.
func (w *textWriter) Late(f *lint.Finding) error {
	w.bullet("! ", levelRole(f.Level), fmt.Sprintf("event %d: %s %s: %s (%s)", f.Seq, f.Level, f.Rule, f.Text, f.Ref))
	return w.full()
}

// place is the text that a finding's span counts in: the XML of the event, its
// decoded login data, or the base64 of that. It is nil where the finding is
// about all of it.
func place(e *decode.Event, f *lint.Finding) []byte {
	text := e.Text()
	if f.In != lint.InText {
		g := readLogin(e, nil)
		if g == nil {
			return nil
		}
		if text = g.message.Data; f.In == lint.InBase64 {
			text = g.message.Base64
		}
	}
	if f.Span.Len() == 0 || len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	return text
}

func levelRole(l inspector.Level) role {
	switch l {
	case inspector.LevelError:
		return roleError
	case inspector.LevelWarning:
		return roleWarning
	}
	return roleNote
}
