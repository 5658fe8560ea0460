package why

import (
	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/spec"
)

var serverQuestions = []Question{
	{Name: "dialback", Also: []string{"s2s", "federation"}, Ask: "May the domain send to the other (dialback)?",
		Doc: "why a domain could not prove itself to another server", answer: answerDialback},
}

func answerDialback(v *view) {
	t := v.t
	ref := spec.XEP(220, "2.1.1")
	claim := t.path.find(func(m *moment) bool {
		return m.is(nsDialback, "result") && m.typ == "" && m.dir == decode.FromInitiator
	})
	if claim == nil {
		v.noDialback()
		return
	}
	v.fact(ref, v.Who(claim.dir)+" claims to be "+value(claim.from)+" and shows a key for it.", claim.seq)
	v.verified(claim)
	verdict := t.path.find(func(m *moment) bool {
		return m.is(nsDialback, "result") && m.typ != "" && m.dir == decode.FromReceiver && m.to == claim.from
	})
	switch {
	case verdict == nil:
		v.pending(claim, "the claim to be "+value(claim.from))
		v.tell("A capture on the machine of " + v.who(decode.FromReceiver) + ": it has to look up " + value(claim.from) + " in DNS, connect there and ask. Any of that may fail.")
	case verdict.typ == "valid":
		v.fact(ref, v.Who(verdict.dir)+" accepts it.", verdict.seq)
		v.happened("%s may send to %s.", value(claim.from), value(claim.to))
	case verdict.typ == "invalid":
		v.fact(ref, v.Who(verdict.dir)+" says that the key is not valid.", verdict.seq)
		v.didNot("The key of %s was found to be false: the server that DNS names for that domain did not make it.", value(claim.from))
		v.tell("See that the domain's SRV records lead to the server that opened this stream, and that all machines of a cluster have the same dialback secret.")
	default:
		v.fact(spec.XEP(220, "2.5"), v.Who(verdict.dir)+" answers with the error "+value(verdict.cond)+said(verdict.text)+".", verdict.seq)
		v.didNot("The key could not be checked: %s%s.", value(verdict.cond), said(verdict.text))
		v.condition(explain.SortStanza, verdict.cond, verdict.seq)
	}
}

// verified adds what another connection shows of the check of a key.
func (v *view) verified(claim *moment) {
	for _, conn := range v.c.order {
		v.c.talks[conn].path.all(func(m *moment) bool {
			if m.is(nsDialback, "verify") && (m.related == claim.seq || m.reply > 0 && v.relates(v.c.talks[conn], m.reply, claim.seq)) {
				if m.typ == "" {
					v.fact(spec.XEP(220, "2.1.2"), "On conversation "+number(int(conn))+" the key is taken to the server of that domain.", m.seq)
				} else {
					v.fact(spec.XEP(220, "2.2.2"), "There the answer is "+value(m.typ)+".", m.seq)
				}
			}
			return true
		})
	}
}

func (v *view) relates(t *talk, seq, claim decode.Seq) bool {
	m := t.path.find(func(m *moment) bool { return m.seq == seq })
	return m != nil && m.related == claim
}

// noDialback settles a stream without a dialback key.
func (v *view) noDialback() {
	t := v.t
	ref := spec.XEP(220, "2.4")
	if t.now != nil && (t.now.Profile == decode.ProfileC2S || t.now.Profile == decode.ProfileComponent) {
		v.fact(ref, "Dialback is for connections between servers; this is one of a "+t.now.Profile.String()+" stream.", t.first())
		v.didNot("This is no connection between servers.")
		return
	}
	if won := t.won(); won != nil {
		v.fact(spec.XEP(178, "3"), "The domain has proven itself by its certificate instead (SASL EXTERNAL).", won.seq)
		v.didNot("Dialback was not needed: %s logged in by certificate.", value(won.after.Identity))
		return
	}
	if !v.started() {
		return
	}
	lists := t.features()
	if len(lists) > 0 {
		m := lists[len(lists)-1]
		v.fact(ref, v.Who(m.dir)+" offers "+joined(names(m))+".", m.seq)
		v.left(m.seq, v.Who(decode.FromInitiator)+" shows no key")
		return
	}
	v.left(0, v.Who(decode.FromInitiator)+" shows no key")
}
