package export

import (
	"fmt"
	"io"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/why"
	"xmppscope/inspector"
)

// Why writes answers to one question for people: where there are several
// conversations, a line that sums them up first.
func Why(w io.Writer, o Options, q *why.Question, answers []why.Answer) error {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	t := &whyText{sink: sink{w: w}, o: o, p: palette{o.Color}}
	if len(answers) > 1 {
		t.sum(q, answers)
	}
	for i := range answers {
		if i > 0 || len(answers) > 1 {
			t.line("")
		}
		t.answer(q, &answers[i])
		if err := t.full(); err != nil {
			return err
		}
	}
	return t.Flush()
}

// whyText writes answers as text.
type whyText struct {
	sink
	o Options
	p palette
}

// verdicts say in a word what the question of a why.Question is answered with.
var verdicts = [...]string{why.Unknown: "cannot be known from this capture", why.Happened: "yes", why.DidNot: "no"}

// WhyVerdict is a verdict as the answer to the question that is asked.
func WhyVerdict(v why.Verdict) string {
	if int(v) < len(verdicts) {
		return verdicts[v]
	}
	return ""
}

func (w *whyText) sum(q *why.Question, answers []why.Answer) {
	var n [len(verdicts)]int
	for i := range answers {
		n[answers[i].Verdict]++
	}
	var parts []string
	for _, v := range [...]why.Verdict{why.Happened, why.DidNot, why.Unknown} {
		if n[v] > 0 {
			parts = append(parts, fmt.Sprintf("%s in %d", WhyVerdict(v), n[v]))
		}
	}
	w.line(w.p.paint(roleHead, counted(int64(len(answers)), "conversation")+". "+q.Ask) + " " + upperFirst(strings.Join(parts, ", ")) + ".")
}

func (w *whyText) answer(q *why.Question, a *why.Answer) {
	word := ""
	if a.Word != "" {
		word = " [" + inspector.Disarm(a.Word) + "]"
	}
	w.line(w.p.paint(roleHead, fmt.Sprintf("conversation %d: %s%s", a.Conn, q.Ask, word)) + " " + upperFirst(WhyVerdict(a.Verdict)) + ".")
	w.part("  ", roleNone, a.Text)
	for i, f := range a.Facts {
		w.part(fmt.Sprintf("  %2d. ", i+1), roleNone, f.Text)
		if proof := proof(&f); proof != "" {
			w.part("      ", roleFaint, proof)
		}
	}
	for i, text := range a.Tell {
		if i == 0 {
			w.line("  " + w.p.paint(roleHead, "What would tell more, or help:"))
		}
		w.part("  ·  ", roleNone, text)
	}
}

// proof names the events and the section of a fact.
func proof(f *why.Fact) string {
	var parts []string
	if n := len(f.Seq); n > 0 {
		word := "event "
		if n > 1 {
			word = "events "
		}
		parts = append(parts, word+seqs(f.Seq))
	}
	if !f.Ref.IsZero() {
		parts = append(parts, f.Ref.String())
	}
	return strings.Join(parts, " · ")
}

// seqs lists events, at most eight.
func seqs(all []decode.Seq) string {
	var b strings.Builder
	for i, s := range all {
		if i == 8 {
			b.WriteString(" …")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprint(&b, s)
	}
	return b.String()
}

func (w *whyText) part(indent string, r role, text string) {
	for i, l := range wrap(inspector.Disarm(text), w.o.Width-columns(indent)) {
		if i > 0 {
			indent = strings.Repeat(" ", columns(indent))
		}
		w.line(indent + w.p.paint(r, l))
	}
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// WhyJSON writes answers as JSON Lines, one record "why" each.
func WhyJSON(w io.Writer, answers []why.Answer) error {
	s := sink{w: w}
	var l line
	for i := range answers {
		l.reset()
		l.open("", '{')
		l.always("record", "why")
		whyFields(&l, &answers[i])
		l.close('}')
		s.line(string(l.b))
		if err := s.full(); err != nil {
			return err
		}
	}
	return s.Flush()
}

func whyFields(l *line, a *why.Answer) {
	l.int("conn", int64(a.Conn))
	l.always("question", a.Question)
	l.text("word", a.Word)
	l.always("verdict", a.Verdict.String())
	l.always("text", a.Text)
	if len(a.Facts) > 0 {
		l.open("facts", '[')
		for i := range a.Facts {
			l.open("", '{')
			l.always("text", a.Facts[i].Text)
			if len(a.Facts[i].Seq) > 0 {
				l.open("seq", '[')
				for _, s := range a.Facts[i].Seq {
					l.sep()
					l.b = fmt.Append(l.b, s)
				}
				l.close(']')
			}
			if !a.Facts[i].Ref.IsZero() {
				l.text("ref", a.Facts[i].Ref.String())
			}
			l.close('}')
		}
		l.close(']')
	}
	if len(a.Tell) > 0 {
		l.open("tell", '[')
		for _, t := range a.Tell {
			l.sep()
			l.b = appendString(l.b, t)
		}
		l.close(']')
	}
}
