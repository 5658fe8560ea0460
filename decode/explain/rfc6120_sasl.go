package explain

import (
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var saslTopic = Topic{
	Name: "rfc6120-sasl",
	Doc:  "Login by SASL: a mechanism is chosen, questions and answers follow, then success or failure.",
	Ref:  spec.RFC(6120, "6.4"),
	Steps: []Step{
		{Step: decode.StepSASLAuth, Ref: spec.RFC(6120, "6.4.2"),
			Text:   "The initiating entity names the mechanism by which it wants to log in, often with its first data.",
			Why:    "The server said which mechanisms it can check. Now the other side proves who it is. The data is written in base64, which makes bytes printable and hides nothing.",
			Expect: "The server answers with a challenge, or at once with success or failure."},
		{Step: decode.StepSASLChallenge, Ref: spec.RFC(6120, "6.4.3"),
			Text:   "The server asks a question in the words of the mechanism.",
			Why:    "By question and answer a password can be proven without travelling.",
			Expect: "The client answers with <response/>, or gives up with <abort/>."},
		{Step: decode.StepSASLResponse, Ref: spec.RFC(6120, "6.4.3"),
			Text:   "The client answers the server's question.",
			Why:    "Only somebody who knows the secret can compute the right answer, and the answer is different at every login.",
			Expect: "The server answers with success, failure or another challenge."},
		{Step: decode.StepSCRAMListCheck, Ref: spec.XEP(474, "6"),
			Text:   "Inside a SCRAM login the server repeats, as a hash, the list of mechanisms that it offered.",
			Why:    "The list travelled before anything was proven. The login's proof covers this hash, so the client can tell whether somebody shortened the list on the way.",
			Expect: "The client compares the hash with the list it saw. If they differ it gives up, otherwise it answers with <response/>."},
		{Step: decode.StepSASLAbort, Ref: spec.RFC(6120, "6.4.4"),
			Text:   "The client breaks off the login.",
			Why:    "A client gives up when something in the exchange is wrong, for example when the server could not prove that it knows the password too.",
			Expect: "The server confirms with <failure/> and the condition aborted. The client may then try another mechanism."},
		{Step: decode.StepSASLFailure, Ref: spec.RFC(6120, "6.5"),
			Text:   "The server refuses the login and says why.",
			Why:    "The connection survives a failed login, so that a mistyped password can be corrected.",
			Expect: "The client may try again on the same stream. After a few failures the server closes it."},
		{Step: decode.StepSASLSuccess, Ref: spec.RFC(6120, "6.4.6"),
			Text:   "The server accepts the login.",
			Why:    "The proof was right. Some mechanisms send the server's own proof along here, so that the client knows the server is real too.",
			Expect: "The initiating side opens a new stream on the same connection, without closing the old one."},
	},
	Title:   saslTitle,
	Explain: explainSASL,
}

var externalTopic = Topic{
	Name: "xep0178-external",
	Doc:  "A server proves its domain with the certificate that it showed in TLS.",
	Ref:  spec.XEP(178, "3"),
	Steps: []Step{
		{Step: decode.StepS2SExternal, Ref: spec.XEP(178, "3"),
			Text:   "A server logs in to another server with EXTERNAL: the certificate it showed in TLS is the proof.",
			Why:    "Both servers showed certificates while TLS was set up. If the name in it is the domain that the server claims, nothing else needs to be proven.",
			Expect: "Success, and then a new stream; or failure, and then the initiating server may try dialback or give up."},
	},
	Title:   saslTitle,
	Explain: explainSASL,
}

func saslTitle(e *decode.Event) string {
	mechanism := name(mechanismOf(e))
	switch e.Name.Local {
	case "auth", "authenticate":
		if mechanism == "“”" {
			return "logs in, naming no mechanism"
		}
		return "logs in with " + mechanism
	case "challenge":
		return "asks a question (" + mechanism + ")"
	case "response":
		return "answers the question (" + mechanism + ")"
	case "abort":
		return "breaks off the login"
	case "success":
		if id := stateOf(e).Identity; id != "" {
			return "accepts the login of " + name(id)
		}
		return "accepts the login"
	case "failure":
		if e.Condition == "" {
			return "refuses the login"
		}
		return "refuses the login: " + name(e.Condition)
	}
	return ""
}

func mechanismOf(e *decode.Event) string {
	if e.SASL != nil && e.SASL.Mechanism != "" {
		return e.SASL.Mechanism
	}
	return stateOf(e).Mechanism
}

func explainSASL(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	says := decoded(e)
	switch e.Name.Local {
	case "auth", "authenticate":
		explainAuth(x, e, says)
	case "challenge":
		x.What = say(sender(e)+dataWords(e, " asks: ", " asks nothing in particular: go on", says), listCheck(says), when(e.SASL == nil, "No login was seen that this belongs to."))
	case "response":
		x.What = sender(e) + dataWords(e, " answers: ", " has nothing to add", says)
	case "abort":
		x.What = sender(e) + " breaks off the login" + when(mechanismOf(e) != "", " with "+value(mechanismOf(e))) + "."
	case "success":
		explainSuccess(x, e, says)
	case "failure":
		explainFailure(x, e, n)
	}
	x.addLogin(e, n, says)
	if n != nil && n.Name.Space == nsSASL2 && e.Step != decode.StepSASLFailure {
		x.Ref = spec.XEP(388, "2")
	}
}

func explainAuth(x *Explanation, e *decode.Event, says sasl.Decoded) {
	mechanism := mechanismOf(e)
	offered := before(e).MechanismsFor(e.Name.Space, mechanism)
	if mechanism == "" {
		x.What = sender(e) + " wants to log in but names no mechanism, so " + reader(e) + " cannot know what the data means."
		x.Expect = upper(reader(e)) + " answers with <failure/> and the condition invalid-mechanism."
		return
	}
	x.What = sender(e) + " logs in with the mechanism " + value(mechanism) + dataWords(e, ": ", " and sends no data yet", says)
	x.What = say(x.What, offeredWords(mechanism, offered), exposure(e, says))
	x.more(mechanismText(mechanism))
	x.Expect = upper(reader(e)) + " " + firstAnswer(mechanism)
}

func offeredWords(mechanism string, offered []string) string {
	switch {
	case len(offered) == 0:
		return ""
	case !slices.Contains(offered, mechanism):
		return "That mechanism was not offered; the list was " + list(offered, 8) + "."
	case len(offered) == 1:
		return "It was the only one offered."
	}
	others := slices.DeleteFunc(slices.Clone(offered), func(s string) bool { return s == mechanism })
	return "It could also have chosen " + list(others, 8) + "."
}

// exposure says who can read a secret that travels.
func exposure(e *decode.Event, says sasl.Decoded) string {
	secret := slices.ContainsFunc(says.Fields, func(f sasl.Field) bool { return f.Secret && f.Value != "" })
	switch {
	case !secret:
		return ""
	case encrypted(e):
		return "The secret itself is sent; only the encryption of the connection protects it."
	}
	return "The secret itself is sent and the connection is not encrypted, so everybody on the way can read it."
}

// dataWords tells the login data after full, or says empty where there is
// none.
func dataWords(e *decode.Event, full, empty string, says sasl.Decoded) string {
	if e.SASL == nil || len(e.SASL.Messages) == 0 || len(e.SASL.Messages[len(e.SASL.Messages)-1].Data) == 0 {
		return empty + "."
	}
	return full + summaryOf(says) + "."
}

// listCheck tells of the fields by which SCRAM protects the list of
// mechanisms (XEP-0474 §6, XEP-0515 §4).
func listCheck(says sasl.Decoded) string {
	for _, f := range says.Fields {
		if f.Name == "h" {
			return "It also repeats, as a hash, the list of mechanisms that it offered, so that the client can tell whether somebody has edited that list (XEP-0474 §6)."
		}
	}
	return ""
}

func explainSuccess(x *Explanation, e *decode.Event, says sasl.Decoded) {
	id := stateOf(e).Identity
	x.What = sender(e) + " accepts the login" + when(id != "", " of "+value(id)) + "."
	if len(says.Fields) > 0 {
		x.What = say(x.What, "With it comes: "+summaryOf(says)+".")
	}
	if e.SASL == nil {
		x.What = say(x.What, "The login itself was not seen here.")
	}
	x.Expect = upper(initiator(e)) + " opens a new stream on the same connection, without closing the old one."
}

func explainFailure(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	c := saslCondition(e.Condition)
	x.What = sender(e) + " refuses the login" + when(mechanismOf(e) != "", " by "+value(mechanismOf(e))) + when(e.Condition != "", " with the condition "+value(e.Condition)) + ". " + c.Text
	words := text(child(n, nsSASL, "text")) + text(child(n, nsSASL2, "text"))
	x.What = say(x.What, when(words != "", "It adds the words "+speech(words)+"."))
	if f := stateOf(e).Failures; f > 1 {
		x.What = say(x.What, "This is failed login number "+digits(f)+" on this connection.")
	}
	x.Expect = c.Expect
	if !c.Ref.IsZero() {
		x.Ref = c.Ref
	}
	x.noteWhole(conditionNode(n, e.Condition), c.Text)
}
