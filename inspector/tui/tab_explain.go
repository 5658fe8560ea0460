package tui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// explainPage says what the event is, why it happens and what may come next.
func explainPage(in *tabInput) page {
	b := newBuilder(in.th)
	e := in.event
	told := explain.As(e, in.ctx.profile(e.Conn))
	if in.hold != nil {
		told = wouldBe(told)
	}
	var x explain.Explanation
	if in.hold != nil {
		x = explain.Event(told)
	} else if k, _, _ := in.ctx.known(in.row, budget); k != nil && k.told != nil {
		x = *k.told
	} else {
		x = explain.Event(told)
	}
	b.line(span{capped(explain.Headline(told), 400), in.th.title}).hang = 2
	b.line(span{facts(in), in.th.dim}).hang = 2
	b.origin(told)
	b.holding(in, told)
	b.remark(in)
	b.blank()
	b.paragraph("What", x.What)
	b.findings(in)
	b.keysLine(in)
	b.paragraph("Why", x.Why)
	b.paragraph("Next", in.ctx.next(e.Seq, x.Expect))
	if e.Note != "" && in.hold == nil && !strings.Contains(strings.ToLower(x.What), strings.ToLower(e.Note)) && e.Kind != decode.KindTLS {
		b.paragraph("Note", e.Note)
	}
	b.answers(in)
	b.elsewhere(in)
	b.changes(e)
	b.offeredAnew(in)
	b.seeAlso(x.Ref)
	for _, s := range x.More {
		b.line(span{"  · ", in.th.dim}, span{capped(s, 1000), in.th.base}).hang = 4
	}
	if fields := explain.Fields(e); len(fields) > 0 {
		b.table("Fields", fields, lint.InText)
		return b.page()
	}
	b.notes(in, x.Notes)
	return b.page()
}

// table lists what a message says field by field. Enter on one shows its bytes.
func (b *builder) table(heading string, fields []explain.Field, in lint.Part) {
	b.blank()
	b.heading(heading)
	w := 0
	for _, f := range fields {
		w = max(w, min(width(wire(f.Name)), maxFieldName))
	}
	for _, f := range fields {
		value := capped(f.Value, 1000)
		if f.Value == "" {
			value = "–"
		}
		l := b.line(span{"  " + pad(capped(f.Name, 60), w) + "  ", b.th.variable}, span{value, b.th.base})
		l.hang, l.start, l.end, l.in = w+4, f.Start, f.End, in
		if f.Meaning != "" {
			b.line(span{pad("", w+4), b.th.base}, span{capped(f.Meaning, 400), b.th.dim}).hang = w + 4
		}
	}
}

// maxFieldName is how wide the names of fields make their column.
const maxFieldName = 24

// elsewhere links an event with one that brought it and with one of another
// conversation.
func (b *builder) elsewhere(in *tabInput) {
	e := in.event
	if e.Carrier != 0 {
		b.labelled("Carrier", "came in the HTTP message "+number(e.Carrier), b.th.base).jump = e.Carrier
	}
	if e.Related == 0 || in.ctx.unseen(e.Related) {
		return
	}
	text := "has to do with " + number(e.Related)
	if row, ok := in.ctx.store.Find(e.Related); ok {
		text += " of conversation " + number(decode.Seq(in.ctx.store.Row(row).Conn()))
	}
	b.labelled("Related", text, b.th.base).jump = e.Related
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
	if len(e.Wire) == 0 && len(e.XML) > 0 {
		s = strings.TrimSuffix(s, "0 bytes") + plural(len(e.XML), "byte") + " in " + number(e.Carrier)
	}
	if e.Layer != decode.LayerPlain && e.Kind != decode.KindTLS && e.Kind != decode.KindTCP {
		s += " · inside " + layerWords(e.Layer)
	}
	if !e.Time.IsZero() {
		s += " · " + e.Time.UTC().Format("2006-01-02 15:04:05.000000")
	}
	return s
}

// maxFindings is how many findings the tab lists; the XML tab has all faults.
const maxFindings = 10

// findings are what is wrong in the bytes and in the login data, the cause
// first. Enter on a fault of the XML shows its bytes.
func (b *builder) findings(in *tabInput) {
	e := in.event
	all := findingsOf(in.ctx.store, e)
	if in.hold != nil {
		all = lint.Faults(e) // its number is not judged yet
	}
	for i := range all {
		f := &all[i]
		if i == maxFindings && len(all) > maxFindings+1 {
			b.line(span{"✗ ", b.th.bad}, span{"and " + thousands(len(all)-maxFindings) + " more: see 2 XML and 3 SASL", b.th.base})
			return
		}
		sign, style := levelSign(b.th, f.Level)
		where := ""
		inText := f.In == lint.InText && f.Span.Len() > 0
		if inText {
			where = "byte " + thousands(int(f.Span.Start)) + "; "
		}
		name := ""
		if f.Rule != "" {
			name = f.Level.String() + " " + f.Rule + ": "
		}
		l := b.line(span{sign + " ", style}, span{name + capped(f.Text, 400) + " (" + where + f.Ref.String() + ")", b.th.base})
		l.hang, l.marked = 2, in.mark.rule != "" && in.mark.rule == f.Rule
		if f.Advice != "" {
			l.spans = append(l.spans, span{" → " + capped(f.Advice, 400), b.th.base})
		}
		if f.In != lint.InText && f.Span.Len() > 0 {
			l.found = f
		}
		if inText {
			l.start, l.end = int(f.Span.Start), int(f.Span.End)
		}
	}
}

// findingsOf are remarks about the bytes, which break no rule, and findings, the
// gravest first.
func findingsOf(store *inspector.Store, e *decode.Event) []lint.Finding {
	var all []lint.Finding
	for _, f := range lint.Faults(e) {
		if f.Rule == "" {
			all = append(all, f)
		}
	}
	all = append(all, store.Found().Of(e.Seq)...)
	slices.SortStableFunc(all, func(a, b lint.Finding) int { return int(b.Level) - int(a.Level) })
	return all
}

// levelSign is the mark of a finding, so that its level is not told by colour
// alone.
func levelSign(th *theme, l inspector.Level) (string, tcell.Style) {
	switch l {
	case inspector.LevelNote:
		return "i", th.dim
	case inspector.LevelWarning:
		return "!", th.warn
	}
	return "✗", th.bad
}

// answers links a request with what answered it.
func (b *builder) answers(in *tabInput) {
	e, store := in.event, in.ctx.store
	if in.hold != nil && e.Reply == 0 {
		return
	}
	if e.Reply != 0 {
		text := "answers " + number(e.Reply)
		if row, ok := store.Find(e.Reply); ok {
			text += after(store.Row(row).Time(), e.Time)
		}
		b.labelled("Reply", text, b.th.base).jump = e.Reply
	}
	if in.hold != nil {
		return
	}
	r := store.Row(in.row)
	switch {
	case in.ctx.unseen(r.Answer()):
	case r.Answer() != 0:
		text := "answered by " + number(r.Answer())
		if row, ok := store.Find(r.Answer()); ok {
			text += after(e.Time, store.Row(row).Time())
		}
		b.labelled("Reply", text, b.th.base).jump = r.Answer()
	case r.Has(inspector.IsRequest) && !in.ctx.unseen(e.Seq+1):
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
func (b *builder) notes(in *tabInput, all []explain.Note) {
	e := in.event
	if len(all) == 0 {
		return
	}
	b.blank()
	b.heading("On the wire")
	text, m := e.Text(), in.marked(lint.InText)
	for _, n := range all {
		start, end := max(0, int(n.Span.Start)), min(len(text), int(n.Span.End))
		if start >= end {
			continue
		}
		here := m.end > 0 && m.start == start && m.end == end
		style := b.th.variable
		if here {
			style = marking(style)
		}
		l := b.line(span{"  ", b.th.base}, span{snippet(text[start:end]), style}, span{"  " + capped(n.Text, 400), b.th.base})
		l.marked = here
		l.hang = 4
		l.start, l.end = start, end
	}
}

// maxSnippet is how much of the wire is quoted beside a note, in bytes.
const maxSnippet = 36

func snippet(b []byte) string {
	if len(b) > maxSnippet {
		return wire(beginning(string(b), maxSnippet-1)) + "…"
	}
	return wire(string(b))
}
