package export

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/inspector"
)

// login writes what a login message says: a field a line, with its meaning,
// then the judgement where a password was given.
func (w *textWriter) login(e *decode.Event) {
	g := readLogin(e, w.o.Secrets)
	if g == nil {
		return
	}
	head := g.mechanism + " " + strings.ReplaceAll(g.message.Kind.String(), "-", " ")
	if g.Summary != "" {
		head += ": " + g.Summary
	}
	w.bullet("▪ ", roleHead, head)
	t := w.table(g.Fields)
	for _, f := range g.Fields {
		t.field(f)
	}
	if g.judged || len(g.verdict.Chain) > 0 {
		w.verdict(g, w.talks[e.Conn], len(e.SASL.Messages) == 1)
	}
}

// fieldTable lays the fields of one message out in columns.
type fieldTable struct {
	w *textWriter
	// name and value are the widths of the columns; room is what is left of a
	// line behind the name.
	name, value, room int
}

const (
	fieldLead  = bodyIndent + "    "
	maxName    = 16
	maxValue   = 28 // longer values have their meaning below them
	fieldLines = 4  // of one value
)

func (w *textWriter) table(fields []sasl.Field) *fieldTable {
	t := &fieldTable{w: w}
	for _, f := range fields {
		t.name = max(t.name, min(columns(inspector.Disarm(f.Name)), maxName))
		if n := columns(fieldValue(f)); n <= maxValue {
			t.value = max(t.value, n)
		}
	}
	t.room = w.o.Width - len(fieldLead) - t.name - 2
	return t
}

func fieldValue(f sasl.Field) string {
	if f.Value == "" {
		return "(empty)"
	}
	return inspector.Disarm(f.Value)
}

// field writes one field: its name, its value, and beside or under the value
// what it means.
func (t *fieldTable) field(f sasl.Field) {
	w, value, meaning := t.w, fieldValue(f), inspector.Disarm(f.Meaning)
	r := roleText
	if f.Secret {
		r, meaning = roleSecret, strings.TrimPrefix(meaning+" [secret]", " ")
	}
	name := w.p.paint(roleAttr, pad(clip(inspector.Disarm(f.Name), t.name), t.name)) + "  "
	blank := strings.Repeat(" ", t.name+2)
	if n := columns(value); n <= t.value && t.value+2+columns(meaning) <= t.room {
		w.line(fieldLead + name + w.p.paint(r, value) + strings.Repeat(" ", t.value-n+2) + w.p.paint(roleFaint, meaning))
		return
	}
	lines := chop(value, t.room)
	if !w.o.Full && len(lines) > fieldLines {
		lines = append(lines[:fieldLines-1], fmt.Sprintf("… %s in all", bytesWord(int64(len(f.Value)))))
	}
	for _, l := range lines {
		w.line(fieldLead + name + w.p.paint(r, l))
		name = blank
	}
	for _, l := range wrap(meaning, t.room) {
		w.line(fieldLead + blank + w.p.paint(roleFaint, l))
	}
}

// verdict writes the judgement and every value between the secret and the
// wire that was not written with an earlier message of the same login.
func (w *textWriter) verdict(g *login, t *talk, first bool) {
	v := g.verdict
	text, r, dot := "verified: the login fits the secret", roleGood, "✔ "
	if g.mechanism == "EXTERNAL" {
		text = "verified: the certificate is for this identity"
	}
	if !v.Verified {
		text, r, dot = "not verified", roleError, "✘ "
		if len(v.Differs) > 0 {
			text += ": what must differ is " + strings.Join(v.Differs, ", or ")
		}
	}
	if v.Why != "" {
		text += " (" + v.Why + ")"
	}
	if first {
		t.chain = nil
	}
	known := t.chain
	for _, s := range v.Chain[:min(len(v.Chain), maxRemarks)] {
		if !slices.Contains(known, s) {
			w.step(s)
		}
	}
	t.chain = v.Chain
	if g.judged {
		w.bullet(dot, r, text)
	}
}

// step writes one value of the chain with the formula that gave it.
func (w *textWriter) step(s sasl.Step) {
	head := s.Name
	if s.Formula != "" && s.Formula != s.Name {
		head += " = " + s.Formula
	}
	if s.Secret {
		head += " [secret]"
	}
	w.bullet("  ▫ ", roleAttr, head)
	const lead = bodyIndent + "      "
	for _, l := range chop(inspector.Disarm(s.Value), w.o.Width-len(lead)) {
		w.line(lead + l)
	}
	if s.Wire != "" && s.Wire != s.Value {
		for _, l := range chop("on the wire: "+inspector.Disarm(s.Wire), w.o.Width-len(lead)) {
			w.line(lead + w.p.paint(roleWarning, l))
		}
	}
	mark, r := comparison(s.Result)
	if mark == "" {
		return
	}
	words := s.Result.String()
	if s.Meaning != "" {
		words += ": " + inspector.Disarm(s.Meaning)
	}
	for i, l := range wrap(words, w.o.Width-len(lead)-2) {
		if i > 0 {
			mark = "  "
		}
		w.line(lead + w.p.paint(r, mark+l))
	}
}

// comparison is the sign and the colour of an outcome; the words beside it say
// the same.
func comparison(c sasl.Comparison) (mark string, r role) {
	switch c {
	case sasl.Equal:
		return "✔ ", roleGood
	case sasl.Different:
		return "✘ ", roleError
	case sasl.Unknown:
		return "? ", roleWarning
	}
	return "", roleFaint
}
