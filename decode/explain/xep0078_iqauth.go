package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var iqAuthTopic = Topic{
	Name: "xep0078-iq-auth",
	Doc:  "Login as it was before SASL: name, resource and password or hash in one request.",
	Ref:  spec.XEP(78, "3.1"),
	Steps: []Step{
		{Step: decode.StepIQAuth, Ref: spec.XEP(78, "3.1"),
			Text:   "The client logs in the way Jabber did before 2004, with a single request.",
			Why:    "Very old programs know no other way. Login and binding are one here, and the stream is not started again afterwards.",
			Expect: "To a question the server answers with the fields that it wants; to the filled form with a result or an error."},
	},
	Spaces: []string{nsIQAuth},
	Title: func(e *decode.Event) string {
		switch {
		case fails(e):
			return refusesTitle(e, "the login")
		case e.Type == "get":
			return "asks how to log in (before SASL)"
		case e.Type == "set":
			return "logs in with jabber:iq:auth"
		case e.Payload.Local != "":
			return "says what login needs"
		case stateOf(e).JID != "":
			return "accepts the login of " + name(stateOf(e).JID)
		}
		return "accepts the login"
	},
	Explain: explainIQAuth,
}

func explainIQAuth(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	query := child(n, nsIQAuth, "query")
	says := decoded(e)
	user, res := text(child(query, nsIQAuth, "username")), text(child(query, nsIQAuth, "resource"))
	digest := child(query, nsIQAuth, "digest")
	switch {
	case fails(e):
		x.refuse(e, n, "the login")
		switch e.Condition {
		case "not-authorized":
			x.What = say(x.What, "Here that means: the name or the password is wrong.")
		case "conflict":
			x.What = say(x.What, "Here that means: the resource is in use.")
		case "not-acceptable":
			x.What = say(x.What, "Here that means: a field is missing.")
		}
	case e.Type == "get":
		x.What = sender(e) + " asks which fields it must send to log in" + when(user != "", " as "+value(user)) + "."
		x.Expect = "The server answers with the empty fields that it accepts."
	case e.Type == "set":
		x.What = sender(e) + " logs in as " + value(user) + " and wants the resource " + value(res) + "."
		if digest != nil {
			x.What = say(x.What, "It proves the password by a hash of the stream's id and the password, so the password itself does not travel.")
			x.noteText(digest, "SHA-1 of the stream id followed by the password, in hexadecimal.")
		} else {
			x.What = say(x.What, exposure(e, says))
			x.noteText(child(query, nsIQAuth, "password"), "The password, as it is.")
		}
		x.Expect = "The server answers with an empty result, or with not-authorized if name or password is wrong, or with conflict if the resource is in use."
	case query != nil:
		var fields []string
		for c := range query.Children() {
			fields = append(fields, c.Name.Local)
		}
		x.What = say(sender(e)+" accepts these fields: "+list(fields, 8)+".", pairing(e))
		x.Expect = "The client sends them filled in."
	default:
		x.What = say(sender(e)+" accepts the login"+when(stateOf(e).JID != "", " of "+value(stateOf(e).JID))+".", pairing(e))
		x.Expect = "No restart and no binding: the client may send stanzas at once."
	}
	x.addLogin(e, n, says)
}
