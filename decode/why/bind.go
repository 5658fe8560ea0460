package why

import (
	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/spec"
)

var bindQuestions = []Question{
	{Name: "bind", Also: []string{"resource", "jid"}, Ask: "Was an address bound?",
		Doc: "why no address (full JID) was bound", answer: answerBind},
	{Name: "session", Ask: "Was the old session request made?",
		Doc: "why the session request of old XMPP was not made, or failed", answer: answerSession},
}

// bound is the moment from which on there is a full address.
func (t *talk) bound() *moment {
	return t.path.find(func(m *moment) bool {
		return m.after != nil && m.after.JID != "" && (m.state == nil || m.state.JID != m.after.JID)
	})
}

var refBind = spec.RFC(6120, "7.6")

func answerBind(v *view) {
	t := v.t
	asked := t.path.find(func(m *moment) bool { return m.step == decode.StepBind && m.dir == decode.FromInitiator })
	if asked != nil {
		v.fact(refBind, v.Who(asked.dir)+" asks for an address.", asked.seq)
	}
	if m := t.bound(); m != nil {
		switch {
		case m.after.Resumed:
			v.fact(spec.XEP(198, "5"), "An older stream is resumed, and its address with it.", m.seq)
		case m.step == decode.StepSASL2Success:
			v.fact(spec.XEP(386, "3.2"), "The address comes together with the login (Bind 2).", m.seq)
		default:
			v.fact(spec.RFC(6120, "7.6.1"), v.Who(m.dir)+" binds it.", m.seq)
		}
		v.happened("The address is %s.", value(m.after.JID))
		return
	}
	if v.serves() {
		return
	}
	if asked == nil {
		v.neverBound()
		return
	}
	no := t.path.latest(func(m *moment) bool { return m.step == decode.StepBind && m.typ == "error" })
	if no == nil {
		v.pending(asked, "the request for an address")
		return
	}
	v.fact(spec.RFC(6120, "7.6.2"), v.Who(no.dir)+" refuses with "+value(no.cond)+said(no.text)+".", no.seq)
	v.didNot("The request for an address was refused: %s%s.", value(no.cond), said(no.text))
	v.condition(explain.SortStanza, no.cond, no.seq)
	switch no.cond {
	case "conflict":
		v.tell("Ask for another resource, or for none: then the server makes one up.")
	case "resource-constraint":
		v.tell("Too many devices of this account are connected; end one, or raise the limit of the server.")
	}
	v.tellEnding(no.seq)
}

// neverBound settles a stream on which no address was asked for.
func (v *view) neverBound() {
	t := v.t
	if t.mid > 0 && (t.stanzas[0] > 0 || t.stanzas[1] > 0) {
		v.blind(0)
		return
	}
	if !v.needs("login", "An address is bound after the login.", spec.RFC(6120, "7.1")) {
		return
	}
	won := t.won()
	offered := t.offer(nsBind, "bind")
	if won != nil {
		v.fact(spec.RFC(6120, "7.1"), "The login succeeded.", won.seq)
	}
	from := decode.Seq(0)
	switch {
	case offered != nil:
		v.fact(spec.RFC(6120, "7.4"), v.Who(offered.dir)+" offers to bind an address.", offered.seq)
		from = offered.seq
	case won != nil:
		from = won.seq
	}
	if no := t.path.latest(func(m *moment) bool { return m.step == decode.StepSMResume && m.cond != "" }); no != nil {
		v.fact(spec.XEP(198, "5"), "It tried to resume an older stream instead, which was refused; then an address has to be bound.", no.seq)
	}
	v.findings("stanza-before-bind", "restart-missing")
	v.left(from, v.Who(decode.FromInitiator)+" does not ask for an address")
	v.tell("Let " + v.who(decode.FromInitiator) + " send a set with <bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/> before any other stanza.")
}

func answerSession(v *view) {
	t := v.t
	asked := t.step(decode.StepSession, decode.FromInitiator)
	offered := t.offer(nsSession, "session")
	if offered != nil {
		text := v.Who(offered.dir) + " offers the session of old XMPP"
		if offered.after.Feature(nsSession, "session").Optional {
			text += " and says that it is optional"
		}
		v.fact(spec.RFC(3921, "3"), text+".", offered.seq)
	}
	if asked != nil {
		v.fact(spec.RFC(3921, "3"), v.Who(asked.dir)+" asks for it.", asked.seq)
		v.replied(asked, "the request for a session", "The session was granted. It means nothing any more, but some old servers wait for it.")
		return
	}
	if t.bound() == nil && !v.needs("bind", "A session is asked for after an address is bound.", spec.RFC(3921, "3")) {
		return
	}
	if v.blind(0) {
		return
	}
	v.fact(spec.RFC(6121, "App. E"), "XMPP has no session request any more since 2011: a client may leave it out where it is optional or not offered.")
	if offered != nil && !offered.after.Feature(nsSession, "session").Optional {
		v.didNot("%s does not ask for a session, although an old server may want that.", v.Who(decode.FromInitiator))
		return
	}
	v.didNot("No session was asked for, and none is needed.")
}

// replied settles a request of the path by its answer.
func (v *view) replied(asked *moment, what, good string) {
	m := v.t.path.find(func(m *moment) bool { return m.reply == asked.seq })
	if m == nil {
		m = v.t.iqs.find(func(m *moment) bool { return m.reply == asked.seq })
	}
	switch {
	case m == nil:
		v.pending(asked, what)
	case m.typ == "error":
		v.fact(spec.RFC(6120, "8.3"), v.Who(m.dir)+" refuses with "+value(m.cond)+said(m.text)+".", m.seq)
		v.didNot("%s was refused: %s%s.", upper(what), value(m.cond), said(m.text))
		v.condition(explain.SortStanza, m.cond, m.seq)
	default:
		v.fact(spec.RFC(6120, "8.2.3"), v.Who(m.dir)+" answers with a result.", m.seq)
		v.happened("%s", good)
	}
}
