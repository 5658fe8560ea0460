package why

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
)

var sasl2Questions = []Question{
	{Name: "sasl2", Also: []string{"bind2"}, Ask: "Was SASL 2 used?",
		Doc: "why the login was not made with SASL 2 and Bind 2", answer: answerSASL2},
}

func answerSASL2(v *view) {
	t := v.t
	used := t.path.find(func(m *moment) bool { return m.is(nsSASL2, "authenticate") })
	offered := t.offer(nsSASL2, "authentication")
	if offered != nil {
		v.fact(spec.XEP(388, "2.1"), v.Who(offered.dir)+" offers SASL 2 with "+list(offered.after.Feature(nsSASL2, "authentication").Values)+".", offered.seq)
	}
	if used != nil {
		v.fact(spec.XEP(388, "2.3"), v.Who(used.dir)+" logs in with <authenticate/>, the element of SASL 2.", used.seq)
		if end := t.path.find(func(m *moment) bool { return m.is(nsSASL2, "failure") }); end != nil && t.won() == nil {
			v.needs("login", "The login itself failed.", spec.XEP(388, "2.6.2"))
			return
		}
		v.happened("SASL 2 was used.")
		return
	}
	old := t.path.find(func(m *moment) bool { return m.is(nsSASL, "auth") })
	switch {
	case offered != nil && old != nil:
		v.fact(spec.RFC(6120, "6.4.2"), v.Who(old.dir)+" uses the older <auth/> instead.", old.seq)
		v.didNot("SASL 2 is offered, but %s does not use it.", v.who(old.dir))
		v.tell("The release notes of the client's library: many do not know SASL 2 yet, or keep it switched off.")
	case offered != nil:
		v.left(offered.seq, v.Who(decode.FromInitiator)+" does not try to log in")
	default:
		v.noSASL2()
	}
}

// noSASL2 settles a stream on which SASL 2 was never offered.
func (v *view) noSASL2() {
	offers := v.t.offers()
	if v.unSASL() {
		return
	}
	if len(offers) == 0 {
		if v.needs("login", "SASL 2 is offered in the list that comes before a login, and there is none in this capture.", spec.XEP(388, "2.1")) {
			v.unknown("The list that would offer it is not in this capture.")
			v.tell(tellStart)
		}
		return
	}
	m := offers[len(offers)-1]
	v.fact(spec.XEP(388, "2.1"), v.Who(m.dir)+" offers "+joined(names(m))+", and no <authentication/> of SASL 2.", m.seq)
	if m.layer&decode.LayerTLS == 0 {
		v.fact(spec.XEP(388, "2.1"), "SASL 2 is for streams inside TLS only, and this one is in the clear.", m.seq)
		v.didNot("The stream is not encrypted, so that SASL 2 cannot be offered.")
		v.tell("Encrypt the connection first: see the question starttls.")
		return
	}
	v.didNot("The server does not offer SASL 2.")
	v.tell("The server's version and modules: SASL 2 is a module that has to be switched on in most servers.")
}
