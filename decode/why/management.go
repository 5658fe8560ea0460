package why

import (
	"fmt"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/spec"
)

var managementQuestions = []Question{
	{Name: "sm", Also: []string{"stream-management", "acks"}, Ask: "Was stream management switched on?",
		Doc: "why stream management is not on, or how the counts stand", answer: answerSM},
}

var refSM = spec.XEP(198, "3")

// isSM tells whether a moment is an element of stream management.
func (m *moment) isSM(local string) bool { return m.is(nsSM, local) || m.is(nsSM2, local) }

// enabling finds the request and its answer; either may be nil. Inside SASL 2
// there is no element of its own, only what the state tells.
func (t *talk) enabling() (asked, yes, no *moment) {
	t.path.all(func(m *moment) bool {
		switch {
		case m.isSM("enable") && asked == nil:
			asked = m
		case m.isSM("enabled") && yes == nil:
			yes = m
		case m.isSM("failed") && m.step == decode.StepSMEnable && no == nil:
			no = m
		case yes == nil && m.after != nil && m.state != nil && m.after.Managed == [2]bool{true, true} && m.state.Managed != m.after.Managed && !m.isSM("resumed"):
			yes = m
		}
		return true
	})
	return asked, yes, no
}

func answerSM(v *view) {
	asked, yes, no := v.t.enabling()
	resumed := v.t.path.find(func(m *moment) bool { return m.isSM("resumed") })
	if offered := v.offeredSM(); offered != nil {
		v.fact(refSM, v.Who(offered.dir)+" offers stream management.", offered.seq)
	}
	if asked != nil {
		v.fact(refSM, v.Who(asked.dir)+" asks for it.", asked.seq)
	}
	switch {
	case yes != nil:
		v.fact(refSM, v.Who(yes.dir)+" switches it on: from here on both sides count stanzas.", yes.seq)
		v.counts()
		v.happened("Stream management is on.")
	case resumed != nil:
		v.fact(spec.XEP(198, "5"), "An older stream is resumed, and its counting goes on.", resumed.seq)
		v.counts()
		v.happened("Stream management is on, as it was on the stream that is resumed.")
	case no != nil:
		v.fact(refSM, v.Who(no.dir)+" refuses with "+value(no.cond)+said(no.text)+".", no.seq)
		v.didNot("Stream management was asked for and refused: %s%s.", value(no.cond), said(no.text))
		if no.cond == "unexpected-request" {
			v.fact(refSM, "It may be asked for once, after an address is bound.", no.seq)
		}
		v.condition(explain.SortStanza, no.cond, no.seq)
	case asked != nil:
		v.pending(asked, "the request for stream management")
	default:
		v.noSM()
	}
}

// offeredSM is the list that offers stream management.
func (v *view) offeredSM() *moment {
	if m := v.t.offer(nsSM, "sm"); m != nil {
		return m
	}
	return v.t.offer(nsSM2, "sm")
}

// counts adds how the ledger stands at the end.
func (v *view) counts() {
	m := v.t.ledger
	if m == nil {
		return
	}
	for _, d := range [...]decode.Dir{decode.FromInitiator, decode.FromReceiver} {
		n, ok := m.sm.Outstanding(d)
		if !ok {
			continue
		}
		all := ""
		switch {
		case n > 0:
			all = fmt.Sprintf(", of which the other side had not confirmed %d", n)
		case m.sm.Sent[d] > 0:
			all = ", all confirmed by the other side"
		}
		v.fact(spec.XEP(198, "4"), fmt.Sprintf("The count of %s is %s at last%s.", v.who(d), count(int(m.sm.Sent[d]), "stanza"), all), m.seq)
	}
	v.findings("sm-")
}

// noSM settles a stream on which nobody asked for stream management.
func (v *view) noSM() {
	domains := v.t.now != nil && (v.t.now.Profile == decode.ProfileS2S || v.t.now.Profile == decode.ProfileComponent)
	if v.t.bound() == nil && v.t.mid == 0 && !domains && !v.needs("bind", "Stream management is switched on after an address is bound.", refSM) {
		return
	}
	v.feature(v.offeredSM(), "stream management", "does not ask for it", refSM)
}

// feature settles an extension that clients switch on after the login and that
// was not: it was not offered, or not asked for.
func (v *view) feature(offered *moment, what, unused string, ref spec.Ref) {
	lists := v.t.features()
	from := decode.Seq(0)
	if offered != nil {
		from = offered.seq
	}
	if v.blind(from) {
		return
	}
	if offered != nil {
		v.nothing(from)
		v.didNot("The server offers %s, but %s %s.", what, v.who(decode.FromInitiator), unused)
		v.tell("The settings of the client, and whether its library knows " + what + ".")
		return
	}
	if len(lists) > 0 {
		m := lists[len(lists)-1]
		v.fact(ref, v.Who(m.dir)+" offers "+joined(names(m))+", and no "+what+".", m.seq)
	}
	v.didNot("The server does not offer %s.", what)
	v.tell("The server's modules: " + what + " has to be switched on there.")
}
