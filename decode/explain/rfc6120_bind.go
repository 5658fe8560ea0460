package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var bindTopic = Topic{
	Name: "rfc6120-bind",
	Doc:  "Resource binding: the server gives this connection its own full address.",
	Ref:  spec.RFC(6120, "7"),
	Steps: []Step{
		{Step: decode.StepBind, Ref: spec.RFC(6120, "7.6"),
			Text:   "The client asks for an address of its own, and the server gives it one: user@domain/resource.",
			Why:    "One account can be logged in from several devices at once. The last part of the address, the resource, tells them apart, so that answers reach the device that asked.",
			Expect: "The server answers with the full address. The client must take the address it gets, even if it asked for another."},
	},
	Title:   bindTitle,
	Explain: explainBind,
}

func bindTitle(e *decode.Event) string {
	switch {
	case fails(e):
		return refusesTitle(e, "the binding")
	case asks(e):
		return "asks for an address (resource binding)"
	case stateOf(e).JID != "":
		return "binds " + short(stateOf(e).JID, 60)
	}
	return "answers the binding"
}

func explainBind(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	bind := child(n, nsBind, "bind")
	switch {
	case fails(e):
		x.refuse(e, n, "to bind this resource")
		x.Ref = spec.RFC(6120, "7.7.2")
		x.Expect = "The client may ask again, for another resource or for none in particular. After several refusals the server may close the stream."
	case asks(e):
		want := child(bind, nsBind, "resource")
		if want != nil && text(want) != "" {
			x.What = sender(e) + " asks for an address of its own and would like it to end in /" + value(text(want)) + "."
			x.noteText(want, "A wish. The server may give another resource.")
		} else {
			x.What = sender(e) + " asks for an address of its own and leaves its last part, the resource, to the server."
		}
		x.What = say(x.What, when(strangers(e), "It has not logged in, so the server will hardly agree."),
			when(before(e).JID != "", "It has an address already: "+value(before(e).JID)+"."))
	default:
		jid := stateOf(e).JID
		if jid == "" { // where it has not passed yet, it has changed no state
			jid = text(child(bind, nsBind, "jid"))
		}
		if jid == "" {
			x.What = sender(e) + " answers without an address."
			return
		}
		x.What = say(sender(e)+" gives this connection the address "+value(jid)+".",
			"The account is "+value(bare(jid))+", this device is "+value(resource(jid))+".", x.tell(e, n).pairing())
		x.Expect = "Login is complete. The client usually fetches its roster next and then sends its first presence."
		x.noteText(child(bind, nsBind, "jid"), "The full address. From now on it is the from of all that this client sends.")
	}
}

// strangers tells that nobody has logged in before e, where the stream was seen
// from its header on.
func strangers(e *decode.Event) bool {
	s := before(e)
	return !s.Authenticated && s.Domain != ""
}
