package tui

import (
	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/decode/why"
)

// verdictWords are a verdict as an answer to the question, with its sign.
func (b *builder) verdictWords(v why.Verdict) (sign, words string, style tcell.Style) {
	switch v {
	case why.Happened:
		return "✓ ", "Yes. ", b.th.good
	case why.DidNot:
		return "✗ ", "No. ", b.th.bad
	}
	return "? ", "This cannot be known from the capture. ", b.th.strong
}

// maxProof is how many events are listed that prove one fact.
const maxProof = 6

// answerPage is an answer with its chain of facts. Each fact is followed by the
// events that prove it; Enter goes there.
func (u *ui) answerPage(q *why.Question, a *why.Answer) *textPage {
	b := newBuilder(u.th)
	b.line(span{q.Ask, u.th.title})
	sign, words, style := b.verdictWords(a.Verdict)
	b.line(span{sign, style}, span{words, style}, span{capped(a.Text, 2000), u.th.base}).hang = 2
	if len(a.Facts) > 0 {
		b.blank()
		b.heading("Because")
	}
	for i := range a.Facts {
		f := &a.Facts[i]
		ref := ""
		if !f.Ref.IsZero() {
			ref = " (" + f.Ref.String() + ")"
		}
		b.line(span{pad(thousands(i+1)+".", 4), u.th.key}, span{capped(f.Text, 2000), u.th.base}, span{ref, u.th.dim}).hang = 4
		for n, seq := range f.Seq {
			if n == maxProof {
				b.line(span{"    and " + plural(len(f.Seq)-n, "more event"), u.th.dim})
				break
			}
			b.proof(u, seq)
		}
	}
	if len(a.Tell) > 0 {
		b.blank()
		b.heading("What would tell more, or help")
		for _, s := range a.Tell {
			b.line(span{"→   ", u.th.key}, span{capped(s, 1000), u.th.base}).hang = 4
		}
	}
	return &b.p
}

// proof is a line that leads to an event.
func (b *builder) proof(u *ui, seq decode.Seq) {
	text := ""
	if row, ok := u.cap.store.Find(seq); ok {
		t := u.list.texts.get(u.cap.store, row)
		r := u.cap.store.Row(row)
		text = arrow(u.list.profile(r.Conn(), t), r.Dir()) + "  " + pick(t.below != "", t.below, t.title)
	}
	l := b.line(span{"    " + pad(number(seq), 6) + " ", b.th.variable}, span{text, b.th.dim})
	l.hang, l.jump = 11, seq
}
