package tui

import (
	"strconv"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/inspector"
)

// explainPage says what the event is, why it happens and what may come next.
func explainPage(in *tabInput) page {
	b := newBuilder(in.th)
	e := in.event
	x := explain.Event(e)
	b.line(span{"The " + explain.Who(e) + " " + capped(x.Title, 400) + ".", in.th.title}).hang = 2
	b.line(span{facts(in), in.th.dim}).hang = 2
	b.faults(e)
	b.blank()
	b.paragraph("What", x.What)
	b.paragraph("Why", x.Why)
	b.paragraph("Next", x.Expect)
	if e.Note != "" {
		b.paragraph("Note", e.Note)
	}
	b.answers(in)
	b.changes(e)
	b.seeAlso(x.Ref)
	for _, s := range x.More {
		b.line(span{"  · ", in.th.dim}, span{capped(s, 1000), in.th.base}).hang = 4
	}
	b.notes(e, x.Notes)
	return b.page()
}

func (b *builder) paragraph(label, text string) {
	if text != "" {
		b.labelled(label, capped(text, 2000), b.th.base)
	}
}

// facts is the line of small print under the title.
func facts(in *tabInput) string {
	e := in.event
	s := number(e.Seq)
	if e.Step != decode.StepNone {
		s += " · step " + e.Step.String()
	}
	s += " · " + plural(len(e.Wire), "byte")
	if e.Layer != decode.LayerPlain {
		s += " · inside " + e.Layer.String()
	}
	if e.Origin != decode.OriginWire {
		s += " · " + e.Origin.String()
	}
	if !e.Time.IsZero() {
		s += " · " + e.Time.UTC().Format("2006-01-02 15:04:05.000000")
	}
	return s
}

// faults are what is wrong in the bytes, the cause first. Enter shows the
// bytes.
func (b *builder) faults(e *decode.Event) {
	for i := range e.Errs {
		f := &e.Errs[i]
		l := b.line(span{"✗ ", b.th.bad}, span{capped(f.Text, 400) + " (byte " + thousands(f.Pos) + "; " + f.Ref.String() + ")", b.th.base})
		l.hang = 2
		if e.XML == nil {
			l.start, l.end = f.Pos, max(f.End, f.Pos+1)
		}
		if i == 9 && len(e.Errs) > 10 {
			b.line(span{"✗ ", b.th.bad}, span{"and " + thousands(len(e.Errs)-10) + " more: see 2 XML", b.th.base})
			return
		}
	}
}

// answers links a request with what answered it.
func (b *builder) answers(in *tabInput) {
	e, store := in.event, in.ctx.store
	if e.Reply != 0 {
		text := "answers " + number(e.Reply)
		if row, ok := store.Find(e.Reply); ok {
			text += after(store.Row(row).Time(), e.Time)
		}
		b.labelled("Reply", text, b.th.base).jump = e.Reply
	}
	r := store.Row(in.row)
	switch {
	case r.Answer() != 0:
		text := "answered by " + number(r.Answer())
		if row, ok := store.Find(r.Answer()); ok {
			text += after(e.Time, store.Row(row).Time())
		}
		b.labelled("Reply", text, b.th.base).jump = r.Answer()
	case r.Has(inspector.IsRequest):
		b.labelled("Reply", "? no answer to it in this capture", b.th.warn)
	}
}

func after(from, to time.Time) string {
	if from.IsZero() || to.IsZero() {
		return ""
	}
	return " after " + strconv.FormatFloat(to.Sub(from).Seconds()*1000, 'f', 1, 64) + " ms"
}

// changes are the variables that the event set.
func (b *builder) changes(e *decode.Event) {
	all := decode.Changes(e.State, e.After)
	for i, c := range all {
		label := ""
		if i == 0 {
			label = "Changes"
		}
		to := capped(c.To, 200)
		if c.To == "" {
			to = "(cleared)"
		}
		l := b.line(span{pad(label, labelWidth), b.th.key}, span{c.Name, b.th.variable}, span{" = " + to, b.th.base})
		l.hang = labelWidth
	}
}

// notes point at parts of the XML. Enter shows the bytes that a note is about.
func (b *builder) notes(e *decode.Event, all []explain.Note) {
	if len(all) == 0 {
		return
	}
	b.blank()
	b.heading("On the wire")
	text := e.Text()
	for _, n := range all {
		start, end := max(0, int(n.Span.Start)), min(len(text), int(n.Span.End))
		if start >= end {
			continue
		}
		l := b.line(span{"  " + snippet(text[start:end]), b.th.variable}, span{"  " + capped(n.Text, 400), b.th.base})
		l.hang = 4
		if e.XML == nil {
			l.start, l.end = start, end
		}
	}
}

// maxSnippet is how much of the wire is quoted beside a note, in bytes.
const maxSnippet = 36

func snippet(b []byte) string {
	if len(b) > maxSnippet {
		return wire(string(b[:maxSnippet-1])) + "…"
	}
	return wire(string(b))
}
