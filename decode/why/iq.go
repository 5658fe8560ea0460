package why

import (
	"cmp"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/decode/spec"
)

var iqQuestions = []Question{
	{Name: "iq", Also: []string{"request", "unanswered"}, Word: "ID", Ask: "Did the requests (iq) get what they asked for?",
		Doc: "why an iq request was not answered, or was refused; a word chooses it by id, address or namespace", answer: answerIQ},
}

var refIQ = spec.RFC(6120, "8.2.3")

// fits tells whether a stanza is one that the word of the question means.
func (v *view) fits(m *moment) bool {
	w := v.word
	return w == "" || m.id == w || m.to == w || m.from == w || bare(m.to) == bare(w) || m.payload.Space == w || m.payload.Local == w
}

// maxTold is how many stanzas of a sort an answer goes into.
const maxTold = 6

func answerIQ(v *view) {
	t := v.t
	var open []*moment
	for _, m := range t.open.of {
		if v.fits(m) {
			open = append(open, m)
		}
	}
	slices.SortFunc(open, func(a, b *moment) int { return cmp.Compare(a.seq, b.seq) })
	refused := t.iqs.every(func(m *moment) bool {
		return m.typ == "error" && m.reply > 0 && (v.fits(m) || v.fits(v.asked(m)))
	})
	for i, m := range refused {
		if i == maxTold {
			break
		}
		q := v.asked(m)
		v.fact(refIQ, v.Who(m.dir)+" refuses "+request(q)+" with "+value(m.cond)+said(m.text)+".", q.seq, m.seq)
		if i == 0 {
			v.refusal(explain.SortStanza, m, q.seq, "iq-", "stanza-", "roster-", "jid-")
		}
	}
	if len(open) == 0 {
		v.noneOpen(len(refused))
		return
	}
	for i, m := range open {
		if i == maxTold {
			break
		}
		v.fact(refIQ, v.Who(m.dir)+" sends "+request(m)+": no answer is in this capture.", m.seq)
	}
	v.openIQ(open[0], len(open))
	v.findings("iq-")
}

// asked is the request that an answer refuses; the answer itself where that is
// forgotten.
func (v *view) asked(m *moment) *moment {
	if q := v.t.iqs.find(func(q *moment) bool { return q.seq == m.reply }); q != nil {
		return q
	}
	if q := v.t.plain.find(func(q *moment) bool { return q.seq == m.reply }); q != nil {
		return q
	}
	if q := v.t.path.find(func(q *moment) bool { return q.seq == m.reply }); q != nil {
		return q
	}
	return m
}

// refusal adds what the condition of an error stanza means, and the rules with
// these beginnings that the refused event breaks: their advice says more than
// what is told of the condition in general.
func (v *view) refusal(sort string, m *moment, seq decode.Seq, prefixes ...string) {
	expect := v.means(sort, m.cond, m.seq)
	for i := range v.t.found {
		f := &v.t.found[i]
		if f.Seq == seq && f.Level == lint.LevelError && slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(f.Rule, p) }) {
			v.blame("Wrong with that: ", f)
			expect = ""
		}
	}
	if expect != "" {
		v.tell(expect)
	}
}

// request names an iq.
func request(m *moment) string {
	text := m.typ + " " + value(m.id)
	if m.id == "" {
		text = m.typ + " without an id"
	}
	if m.payload.Space != "" {
		text += " (" + value(m.payload.Space) + ")"
	}
	if m.to != "" {
		text += " to " + value(m.to)
	}
	return text
}

func (v *view) noneOpen(refused int) {
	t := v.t
	some := t.path.find(func(m *moment) bool { return m.name.Local == "iq" }) != nil || t.iqs.len() > 0
	switch {
	case refused > 0:
		v.didNot("Every request has its answer, but %s refused.", are(refused, "of the requests"))
	case v.word != "":
		v.oneIQ()
	case !some && t.stanzas == [2]int{}:
		v.needs("bind", "No request was sent: they come after an address is bound.", refIQ)
		if v.a.Text == "" {
			v.absent(0, "No request was sent.")
		}
	default:
		if v.limits(0) {
			v.blind(0)
			return
		}
		v.fact(refIQ, "Requests that have their answer: "+number(t.answered)+". This is the last of them.", t.reply[0], t.reply[1])
		v.happened("Every request that was seen has its answer.")
	}
}

// oneIQ settles a request that is not open and was not refused.
func (v *view) oneIQ() {
	t := v.t
	asked := func(m *moment) bool { return m.name.Local == "iq" && (m.typ == "get" || m.typ == "set") && v.fits(m) }
	var q *moment
	for _, k := range []*kept{&t.path, &t.iqs, &t.plain} {
		if m := k.latest(asked); m != nil && (q == nil || m.seq > q.seq) {
			q = m
		}
	}
	if q == nil {
		v.absent(0, "No request that fits %s was sent.", value(v.word))
		return
	}
	v.fact(refIQ, v.Who(q.dir)+" sends "+request(q)+".", q.seq)
	for _, k := range []*kept{&t.path, &t.iqs, &t.plain} {
		if m := k.find(func(m *moment) bool { return m.reply == q.seq }); m != nil {
			v.fact(refIQ, v.Who(m.dir)+" answers with "+m.typ+".", m.seq)
			break
		}
	}
	v.happened("The request %s has its answer.", value(q.id))
}

func are(n int, what string) string {
	if n == 1 {
		return "one " + what + " is"
	}
	return number(n) + " " + what + " are"
}

// openIQ settles the first request without an answer.
func (v *view) openIQ(m *moment, n int) {
	t, other := v.t, m.dir.Other()
	more := ""
	if n > 1 {
		more = " " + upper(count(n-1, "more request")) + " have none either."
		if n == 2 {
			more = " One more has none either."
		}
	}
	end := t.ending(m.seq)
	waited := t.at.Sub(m.at)
	switch {
	case v.lossy(m.seq):
		v.blind(m.seq)
		return
	case end != nil && end.at.Sub(m.at) < patience:
		v.tellEnding(m.seq)
		text, _ := v.told(end)
		v.didNot("The request %s has no answer: %s later the conversation ends. %s%s", value(m.id), long(end.at.Sub(m.at)), text, more)
	case waited < patience:
		v.fact(spec.Ref{}, "The capture ends "+long(waited)+" after the request.", t.last)
		v.unknown("The request %s is still waiting when the capture ends.%s", value(m.id), more)
		v.tell(tellMore)
		return
	default:
		v.fact(spec.Ref{}, "The conversation goes on for "+long(waited)+" after that.", t.last)
		v.didNot("The request %s was not answered in %s.%s", value(m.id), long(waited), more)
	}
	if v.arrives(m) {
		return
	}
	if m.to != "" && t.now != nil && bare(m.to) != domainOf(t.now) && bare(m.to) != bare(t.now.JID) {
		v.fact(spec.RFC(6120, "8.2.3"), value(m.to)+" has to answer, not this connection's server: the request or its answer may be lost beyond it.", m.seq)
		v.tell("A capture of the connection of " + value(m.to) + ", or of the one between the servers.")
	}
	if m.dir == decode.FromReceiver {
		v.fact(spec.RFC(6120, "8.4"), "A client has to answer even what it does not understand, with service-unavailable; many leave that out for roster pushes.", m.seq)
	}
	if t.spoke[other] > m.seq && (end == nil || t.spoke[other] < end.seq) {
		v.fact(spec.Ref{}, v.Who(other)+" goes on talking after that, so that it is alive.", t.spoke[other])
	}
}

// arrives adds that a request comes out on another conversation, and is not
// answered there either.
func (v *view) arrives(sent *moment) bool {
	if v.t.now == nil || v.t.now.JID == "" || sent.to == "" || sent.dir != decode.FromInitiator {
		return false
	}
	for _, conn := range v.c.order {
		o := v.c.talks[conn]
		if o == v.t {
			continue
		}
		for _, m := range o.open.of {
			if m.dir == decode.FromReceiver && m.id == sent.id && m.from == v.t.now.JID {
				v.fact(refIQ, "On conversation "+number(int(conn))+" it is delivered to "+value(m.to)+", and there it gets no answer either: that program owes it.", m.seq)
				return true
			}
		}
	}
	return false
}

// lossy tells whether the capture hides what may have come after an event.
func (v *view) lossy(from decode.Seq) bool { return v.limits(from) }
