package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var registerTopic = Topic{
	Name: "xep0077-register",
	Doc:  "Registration: an account is made, changed or cancelled inside XMPP.",
	Ref:  spec.XEP(77, "3.1"),
	Steps: []Step{
		{Step: decode.StepRegister, Ref: spec.XEP(77, "3.1"),
			Text:   "A client without an account asks what it takes to get one, and then fills in the form.",
			Why:    "This is one of the two requests that may come before login, because nobody can log in without an account.",
			Expect: "To a question the server answers with the fields that it wants. To a filled form it answers with an empty result; then the client logs in."},
	},
	Spaces:  []string{nsRegister},
	Title:   registerTitle,
	Explain: explainRegister,
}

func registerTitle(e *decode.Event) string {
	switch {
	case fails(e):
		return refusesTitle(e, "the registration")
	case e.Type == "get":
		return "asks how to register"
	case e.Type == "set":
		return "sends the filled registration form"
	case e.Payload.Local != "":
		return "says what registration needs"
	}
	return "accepts the registration"
}

func explainRegister(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	query := child(n, nsRegister, "query")
	x.tell(e, n).form(child(query, nsForms, "x"))
	switch {
	case fails(e):
		x.refuse(e, n, "the registration")
		switch e.Condition {
		case "conflict":
			x.What = say(x.What, "Here that means: the user name is taken.")
		case "not-acceptable":
			x.What = say(x.What, "Here that means: a field that is needed is missing or not good enough.")
		case "service-unavailable", "not-allowed":
			x.What = say(x.What, "Here that means: accounts cannot be made in this way.")
		}
	case e.Type == "get":
		x.What = sender(e) + " asks which fields must be filled in to get an account."
		x.Expect = "The server answers with a list of fields, or with an error if it makes no accounts in this way."
	case e.Type == "set" && child(query, nsRegister, "remove") != nil:
		x.What = sender(e) + " asks the server to delete the account."
		x.Expect = "The server answers with a result and then ends the stream."
	case e.Type == "set":
		x.What = say(sender(e)+" sends the filled form"+when(fieldText(query, "username") != "", " for the user name "+value(fieldText(query, "username")))+".",
			when(child(query, nsRegister, "password") != nil, pick(encrypted(e), "The password in it is protected by the encryption of the connection only.", "The password in it can be read by everybody on the way.")))
		x.Expect = "The server answers with an empty result, and the client logs in; or with an error, such as conflict if the name is taken."
		x.noteText(child(query, nsRegister, "password"), "The new password, as it is.")
	case query != nil:
		x.What = say(sender(e)+" says what it wants to know: "+list(fieldNames(query), 12)+".", x.tell(e, n).pairing())
		x.Expect = "The client sends the same fields filled in."
	default:
		x.What = say(sender(e)+" agrees: it is done.", x.tell(e, n).pairing())
		x.Expect = "If this was a new account, the client logs in with it."
	}
}

func fieldText(query *xmlstream.Node, local string) string {
	return text(child(query, nsRegister, local))
}

func fieldNames(query *xmlstream.Node) []string {
	var all []string
	for c := range query.Children() {
		if c.Name.Space == nsRegister && c.Name.Local != "instructions" && len(all) < maxLines {
			all = append(all, c.Name.Local)
		}
	}
	if len(all) == 0 {
		return []string{"a form"}
	}
	return all
}
