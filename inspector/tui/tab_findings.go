package tui

import (
	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// findingsPage tells in full what was found about an event, the gravest first.
// Enter on a finding shows the very bytes that it blames.
func findingsPage(in *tabInput) page {
	b := newBuilder(in.th)
	failure, all := in.failure(), in.found()
	if failure != nil {
		b.finding(in, failure, in.ctx.nameOf(failure))
	} else if len(all) == 0 {
		b.noneFound(in)
	}
	for i := range all {
		name := all[i].Rule
		if name == "" {
			name = "about the bytes; it breaks no rule"
		}
		b.finding(in, &all[i], name)
	}
	return b.page()
}

// failure is the failure that the event reports, as a finding without a rule; nil
// where it reports none.
func (in *tabInput) failure() *lint.Finding {
	if in.row < 0 || in.hold != nil || !tellsFailure(in.ctx.store.Row(in.row)) {
		return nil
	}
	return (&foundOrder{c: in.ctx}).failure(int32(in.row))
}

// found is what is known to be wrong with the event, or worth knowing. What is
// held is not judged yet, but for its bytes.
func (in *tabInput) found() []lint.Finding {
	if in.hold != nil {
		return lint.Faults(in.event)
	}
	return findingsOf(in.ctx.store, in.event)
}

// noneFound says so, and leads to events about which there is more.
func (b *builder) noneFound(in *tabInput) {
	text := "Nothing was found wrong with this event, nor worth a note."
	if in.hold != nil {
		text = "The bytes are in order. The rules judge it when it has gone on."
	}
	b.line(span{text, in.th.base})
	at := in.at()
	if at < 0 {
		return
	}
	b.blank()
	before, after := in.ctx.foundAround(at)
	for _, n := range []struct {
		text string
		seq  decode.Seq
	}{{"The next finding is about ", after}, {"The last one before it is about ", before}} {
		if n.seq != 0 && !in.ctx.unseen(n.seq) {
			b.line(span{n.text + number(n.seq) + ".", in.th.base}).jump = n.seq
		}
	}
	b.line(span{"F lists all of the capture, } and { go through them.", in.th.dim})
}

// foundAround gives the nearest events before and after a row about which
// something was found; 0 where there is none.
func (c *capture) foundAround(row int) (before, after decode.Seq) {
	o := c.findings(inspector.LevelNote)
	seq := c.store.Row(row).Seq()
	if i := o.from(seq) - 1; i >= 0 {
		before = o.seq(i)
	}
	if i := o.from(seq + 1); i < o.len() {
		after = o.seq(i)
	}
	return before, after
}

// finding tells all that is known of one.
func (b *builder) finding(in *tabInput, f *lint.Finding, name string) {
	b.blank()
	sign, style := levelSign(b.th, f.Level)
	l := b.line(span{sign + " ", style}, span{f.Level.String() + "  ", style}, span{capped(name, 100), b.th.title})
	l.hang, l.marked = 2, in.mark.rule != "" && in.mark.rule == f.Rule
	if len(in.blamed(f)) > 0 {
		l.found = f
	}
	b.labelled("What", capped(f.Text, 2000), b.th.base)
	if who := culprit(in.event, f); who != "" {
		b.labelled("Who", who, b.th.base)
	}
	b.blamed(in, f)
	if r := lint.Lookup(f.Rule); r != nil && r.Doc != "" {
		b.labelled("Rule", r.Doc, b.th.base)
	}
	if f.Advice != "" {
		b.labelled("Do", capped(f.Advice, 2000), b.th.base)
	}
	b.seeAlso(f.Ref)
}

// blamed are the bytes that a finding is about.
func (in *tabInput) blamed(f *lint.Finding) []byte {
	var all []byte
	switch x := in.event.SASL; {
	case f.In == lint.InText:
		all = in.event.Text()
	case x == nil || len(x.Messages) == 0:
	case f.In == lint.InLogin:
		all = x.Messages[len(x.Messages)-1].Data
	default:
		all = x.Messages[len(x.Messages)-1].Base64
	}
	from := max(0, min(int(f.Span.Start), len(all)))
	return all[from:max(from, min(int(f.Span.End), len(all)))]
}

// maxBlamed is how much of the bytes is quoted.
const maxBlamed = 200

// blamed quotes the bytes, with their place.
func (b *builder) blamed(in *tabInput, f *lint.Finding) {
	bytes := in.blamed(f)
	if len(bytes) == 0 {
		b.labelled("Where", "the event as a whole", b.th.base)
		return
	}
	place := extent(stretch{start: int(f.Span.Start), end: int(f.Span.Start) + len(bytes)})
	switch f.In {
	case lint.InLogin:
		place += " of the decoded login data"
	case lint.InBase64:
		place += " of the base64"
	}
	quote := capped(string(bytes), maxBlamed)
	style := b.th.variable
	if f.In != lint.InText {
		style = b.th.secret
	}
	l := b.line(span{pad("Where", labelWidth), b.th.key}, span{place + "  ", b.th.base}, span{quote, style})
	l.hang, l.code, l.words, l.found = labelWidth, true, true, f
}

// culprit says in words who is to blame, and whether that is the sender.
func culprit(e *decode.Event, f *lint.Finding) string {
	p := explain.ProfileOf(e)
	switch f.Who {
	case lint.WhoPath:
		return "something on the way between both sides"
	case lint.WhoInitiator, lint.WhoReceiver:
		d := decode.Dir(f.Who - lint.WhoInitiator)
		return "the " + sideName(p, d) + pick(d == e.Dir, ", who sent this", ", not who sent this")
	}
	return ""
}

// foundFlag is the sign of what was found about the event: "2✗ 1!", i for notes
// alone.
func foundFlag(in *tabInput) (string, tcell.Style) {
	var t tally
	if in.failure() != nil {
		t[inspector.LevelError]++
	}
	for _, f := range in.found() {
		t[min(f.Level, inspector.LevelError)]++
	}
	switch {
	case t[inspector.LevelError] > 0:
		return t.signs(), in.th.bad
	case t[inspector.LevelWarning] > 0:
		return t.signs(), in.th.warn
	}
	return pick(t[inspector.LevelNote] > 0, "i", ""), in.th.base
}
