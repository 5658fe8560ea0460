package why

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
)

var archiveQuestions = []Question{
	{Name: "carbons", Also: []string{"copies"}, Ask: "Are copies of messages (carbons) switched on?",
		Doc: "why this device gets no copies of messages of the others", answer: answerCarbons},
	{Name: "mam", Also: []string{"archive", "history"}, Ask: "Was the message archive asked, and did it answer?",
		Doc: "why no old messages came from the archive", answer: answerMAM},
}

func answerCarbons(v *view) {
	t := v.t
	ref := spec.XEP(280, "4")
	on := t.path.find(func(m *moment) bool {
		return m.state != nil && m.after != nil && m.after.Carbons && !m.state.Carbons
	})
	asked := t.path.latest(func(m *moment) bool {
		return m.step == decode.StepCarbonsEnable && m.dir == decode.FromInitiator && m.typ == "set"
	})
	if asked != nil {
		what := "switch carbons on"
		if asked.payload.Local == "disable" {
			what = "switch carbons off"
		}
		v.fact(ref, v.Who(asked.dir)+" asks to "+what+".", asked.seq)
	}
	switch {
	case on != nil && t.now.Carbons:
		v.fact(ref, v.Who(on.dir)+" says that they are on.", on.seq)
		v.happened("Carbons are on.")
	case on != nil:
		v.replied(asked, "the request about carbons", "")
		v.didNot("Carbons were on, and were switched off again.")
	case asked != nil:
		v.replied(asked, "the request for carbons", "Carbons are off, as was asked for.")
	case v.clientFirst("Carbons are switched on after an address is bound.", ref):
		v.unasked(nsCarbons, "carbons", "Let the client send a set with <enable xmlns='"+nsCarbons+"'/>, on every connection anew.", ref)
	}
}

// unasked settles an extension of the server that the client did not use: what
// service discovery says about it, if somebody asked.
func (v *view) unasked(space, what, advice string, ref spec.Ref) {
	t := v.t
	if t.im != nil && t.now != nil {
		for _, jid := range [...]string{domainOf(t.now), bare(t.now.JID)} {
			info, known := t.im.Info(jid, "")
			switch {
			case !known:
			case contains(info.Features, space):
				v.fact(spec.XEP(30, "3"), value(jid)+" says in service discovery that it has "+what+".", info.Seq)
			case jid == domainOf(t.now) && space == nsCarbons:
				v.fact(spec.XEP(30, "3"), value(jid)+" was asked what it can do, and does not list "+space+".", info.Seq)
			}
		}
	}
	if v.blind(v.sinceBound()) {
		return
	}
	v.nothing(v.sinceBound())
	v.didNot("%s never asks for %s.", v.Who(decode.FromInitiator), what)
	v.tell(advice)
}

func domainOf(s *decode.State) string {
	if s.Domain != "" {
		return s.Domain
	}
	jid := bare(s.JID)
	for i := range jid {
		if jid[i] == '@' {
			return jid[i+1:]
		}
	}
	return jid
}

func answerMAM(v *view) {
	t := v.t
	ref := spec.XEP(313, "4")
	asked := t.iqs.latest(func(m *moment) bool {
		return m.carries(nsMAM, "query") && m.typ == "set" && m.dir == decode.FromInitiator
	})
	if asked == nil {
		if v.clientFirst("The archive is asked after an address is bound.", ref) {
			v.unasked(nsMAM, "the archive", "Let the client send a set with <query xmlns='"+nsMAM+"'/>.", ref)
		}
		return
	}
	where := "its own account"
	if asked.to != "" {
		where = value(asked.to)
	}
	v.fact(ref, v.Who(asked.dir)+" asks the archive of "+where+".", asked.seq)
	n, first := 0, decode.Seq(0)
	t.messages.all(func(m *moment) bool {
		if m.carries(nsMAM, "result") && m.seq > asked.seq {
			if n++; first == 0 {
				first = m.seq
			}
		}
		return true
	})
	v.fact(spec.XEP(313, "4.2"), count(n, "message")+" came from the archive after that.", first)
	v.replied(asked, "the question to the archive", "The archive has answered with "+count(n, "message")+".")
}
