package why

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/decode/spec"
)

// view is one question to one conversation while it is being answered.
type view struct {
	c    *Collector
	t    *talk
	q    *Question
	word string
	a    Answer
	// up is the question that wants to know this one's answer; nil for the one
	// that was asked.
	up *view
}

// fact adds a link to the chain. Events that are zero are left out.
func (v *view) fact(ref spec.Ref, text string, seqs ...decode.Seq) {
	seqs = slices.DeleteFunc(slices.Clone(seqs), func(s decode.Seq) bool { return s == 0 })
	slices.Sort(seqs)
	seqs = slices.Compact(seqs)
	if slices.ContainsFunc(v.a.Facts, func(f Fact) bool { return f.Text == text && slices.Equal(f.Seq, seqs) }) {
		return
	}
	v.a.Facts = append(v.a.Facts, Fact{Text: text, Seq: seqs, Ref: ref})
}

func (v *view) happened(format string, args ...any) { v.settle(Happened, format, args...) }
func (v *view) didNot(format string, args ...any)   { v.settle(DidNot, format, args...) }
func (v *view) unknown(format string, args ...any)  { v.settle(Unknown, format, args...) }

func (v *view) settle(verdict Verdict, format string, args ...any) {
	v.a.Verdict, v.a.Text = verdict, fmt.Sprintf(format, args...)
}

// tell says what would tell more, or change the outcome; once.
func (v *view) tell(text string) {
	if !slices.Contains(v.a.Tell, text) {
		v.a.Tell = append(v.a.Tell, text)
	}
}

// ask answers another question about the same conversation. One that is being
// answered already rests on nothing more.
func (v *view) ask(name string) Answer {
	for up := v; up != nil; up = up.up {
		if up.q.Name == name {
			return Answer{Conn: v.t.conn, Question: name, Text: "Nothing more is known of it."}
		}
	}
	return v.c.answer(v.t.conn, v.c.questions[name], "", v)
}

// needs asks a question that comes before this one. Where what it is about did
// not come to pass, its answer is the cause of this one's: text says so, and
// the chain goes on with its facts.
func (v *view) needs(name, text string, ref spec.Ref) bool {
	a := v.ask(name)
	if a.Verdict == Happened {
		return true
	}
	v.fact(ref, text)
	v.a.Facts = append(v.a.Facts, a.Facts...)
	if a.Verdict == DidNot && !strings.HasPrefix(a.Text, notReached) {
		a.Text = notReached + a.Text
	}
	v.settle(a.Verdict, "%s", a.Text)
	for _, t := range a.Tell {
		v.tell(t)
	}
	return false
}

// notReached begins the answer to a question that something earlier decides.
const notReached = "It did not come to that. "

// who names a side: client, server, component, initiating server.
func (v *view) who(d decode.Dir) string {
	p := v.t.over.Profile
	if v.t.now != nil && v.t.now.Profile != decode.ProfileUnknown {
		p = v.t.now.Profile
	}
	if p == decode.ProfileUnknown {
		p = decode.ProfileC2S
	}
	if name := explain.Entity(p, d); name != "" {
		return "the " + name
	}
	return "the " + d.String()
}

// Who is who at the beginning of a sentence.
func (v *view) Who(d decode.Dir) string { return upper(v.who(d)) }

func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(r)) + s[n:]
}

// What would tell more, in the words of the advice.
const (
	tellKeys  = "The key log of one of the two programs, written while the capture is made: give it with --keylog FILE."
	tellStart = "A capture that begins before the connection is made."
	tellBoth  = "A capture of both directions of this connection."
	tellWhole = "A capture that lost nothing; take it on the machine of one of the two programs."
	tellMore  = "A capture that goes on for longer."
)

// absent settles what was not seen to happen: it did not, unless it may stand
// where this capture does not show it. from is the event before which it would
// not have stood, zero for the beginning of the stream.
func (v *view) absent(from decode.Seq, format string, args ...any) {
	if v.blind(from) {
		return
	}
	if len(v.a.Facts) == 0 {
		v.nothing(from)
	}
	v.didNot(format, args...)
}

// nothing adds that nothing was said from an event on.
func (v *view) nothing(from decode.Seq) {
	if from == 0 {
		from = v.t.first()
	}
	v.fact(spec.Ref{}, "From here to the end of what was captured nothing of the kind is said.", from, v.t.last)
}

// blind settles that something cannot be known where the capture hides what
// came after an event, and says what would tell.
func (v *view) blind(from decode.Seq) bool {
	t := v.t
	switch {
	case t.hidden.first > 0 && t.inside == 0 && (t.hidden.side[0].bytes > 0 || t.hidden.side[1].bytes > 0):
		v.fact(spec.RFC(8446, "5.2"), "From here on everything is inside TLS and could not be read ("+strings.TrimPrefix(t.hidden.why, "inside TLS: ")+").", t.hidden.first)
		v.unknown("What was said is hidden inside TLS.")
		v.tell(tellKeys)
	case from == 0 && t.mid > 0:
		v.fact(spec.Ref{}, "The capture begins when the conversation is already going on.", t.mid)
		v.unknown("It would have been said before the capture begins.")
		v.tell(tellStart)
	case t.oneSided():
		silent := decode.FromInitiator
		if t.spoke[silent] > 0 {
			silent = decode.FromReceiver
		}
		v.fact(spec.Ref{}, "Nothing that "+v.who(silent)+" sent is in the capture.", t.spoke[silent.Other()])
		v.unknown("Only one direction was captured, and the answer would stand in the other.")
		v.tell(tellBoth)
	case len(t.gaps) > 0 && t.gaps[len(t.gaps)-1] > from:
		v.fact(spec.Ref{}, "Here the capture has lost bytes; what stood in them nobody can tell.", t.gaps...)
		v.unknown("It may have stood in the bytes that the capture lost.")
		v.tell(tellWhole)
	case t.hidden.first > from && t.inside > 0 && t.hidden.side[decode.FromInitiator].bytes+t.hidden.side[decode.FromReceiver].bytes > 4096:
		v.fact(spec.RFC(8446, "5.2"), "Part of what is inside TLS could not be read ("+strings.TrimPrefix(t.hidden.why, "inside TLS: ")+").", t.hidden.first)
		v.unknown("It may have been said in the part of TLS that could not be read.")
		v.tell(tellKeys)
	default:
		return false
	}
	return true
}

// oneSided tells whether one of the directions was not captured. A side that
// said nothing and ended TCP was.
func (t *talk) oneSided() bool {
	return t.spoke[0] == 0 && !t.fin[0] || t.spoke[1] == 0 && !t.fin[1]
}

// limits tells whether blind would settle, without saying so.
func (v *view) limits(from decode.Seq) bool {
	probe := view{c: v.c, t: v.t, q: v.q}
	return probe.blind(from)
}

// findings adds what the rules have found out, where the name of the rule
// begins with one of these words.
func (v *view) findings(prefixes ...string) (some bool) {
	for i := range v.t.found {
		f := &v.t.found[i]
		if f.Level < lint.LevelWarning || !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(f.Rule, p) }) {
			continue
		}
		v.fact(f.Ref, upper(f.Text)+" (rule "+f.Rule+").", f.Seq)
		if f.Advice != "" {
			v.tell(upper(f.Advice) + ".")
		}
		if some = true; len(v.a.Facts) > 12 {
			break
		}
	}
	return some
}

// meaning is what the dictionary says of a condition.
func meaning(sort, name string) (text, expect string, ref spec.Ref) {
	senses, _ := explain.Term(name)
	for _, s := range senses {
		if s.Sort == sort && s.Name == name {
			text, _, _ = strings.Cut(s.Text, " (Usual type ")
			return text, s.Expect, s.Ref
		}
	}
	return "", "", spec.Ref{}
}

// means adds what a condition means, and returns what to do about it.
func (v *view) means(sort, name string, seq decode.Seq) (expect string) {
	text, expect, ref := meaning(sort, name)
	if text != "" {
		v.fact(ref, name+" means: "+text, seq)
	}
	return expect
}

// condition adds what a condition means, and what to do about it.
func (v *view) condition(sort, name string, seq decode.Seq) {
	if expect := v.means(sort, name, seq); expect != "" {
		v.tell(expect)
	}
}

// Wire text in sentences.

// said is what people are told by an error, in quotation marks; empty where
// there is nothing.
func said(text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	return " (“" + short(text, 100) + "”)"
}

// value is wire text in a sentence: in quotation marks unless it is one word.
func value(s string) string {
	s = short(s, 80)
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == '“' || r == '”' }) {
		return "“" + s + "”"
	}
	return s
}

func short(s string, most int) string {
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}

// list joins words of the wire as a sentence does.
func list(words []string) string {
	out := make([]string, 0, maxWords+1)
	for _, w := range words[:min(len(words), maxWords+1)] {
		out = append(out, value(w))
	}
	return joinedOf(out, len(words))
}

// joined joins our own words as a sentence does.
func joined(words []string) string { return joinedOf(words, len(words)) }

// maxWords is how many words a list in a sentence has.
const maxWords = 12

func joinedOf(words []string, all int) string {
	if all > maxWords+1 {
		words = append(slices.Clone(words[:maxWords]), fmt.Sprintf("%d more", all-maxWords))
	}
	switch n := len(words); n {
	case 0:
		return "nothing"
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// long is a span of time in words.
func long(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%d min", int(d.Minutes()))
}
