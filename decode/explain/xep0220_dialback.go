package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var dialbackTopic = Topic{
	Name: "xep0220-dialback",
	Doc:  "Dialback: a server checks another server's domain by calling that domain back.",
	Ref:  spec.XEP(220, "2"),
	Steps: []Step{
		{Step: decode.StepS2SDialback1, Ref: spec.XEP(220, "2.1.1"),
			Text:   "The initiating server says which domain it speaks for and hands over a key.",
			Why:    "Without a certificate that is trusted, the domain is only a claim. The key is something that only the real server of that domain can recognise.",
			Expect: "The receiving server does not answer at once. First it calls the claimed domain and shows the key there."},
		{Step: decode.StepS2SDialback2, Ref: spec.XEP(220, "2.1.2"),
			Text:   "The receiving server, now calling itself, asks the real server of the domain whether it made this key.",
			Why:    "Whoever DNS says is the domain must know. The id names the stream on which the key was shown, so the key is good for that stream only.",
			Expect: "The server that is asked answers valid or invalid on this same connection."},
		{Step: decode.StepS2SDialback3, Ref: spec.XEP(220, "2.2.2"),
			Text:   "The real server of the domain says whether it made the key.",
			Why:    "It computes the key again from its own secret, the two domains and the stream id, and compares.",
			Expect: "The server that asked passes the verdict on to the one that wants to send, on the first connection."},
		{Step: decode.StepS2SDialback4, Ref: spec.XEP(220, "2.1.1"),
			Text:   "The receiving server tells the result: the domain is proven or not.",
			Why:    "The call back has shown whether both ends of the connection belong to the domain, as far as DNS can be trusted.",
			Expect: "After valid the initiating server sends its stanzas. After invalid the stream is usually closed. After error it lives on."},
	},
	Spaces:  []string{nsDialback},
	Title:   dialbackTitle,
	Explain: explainDialback,
}

func dialbackTitle(e *decode.Event) string {
	switch e.Step {
	case decode.StepS2SDialback1:
		return "claims to be " + name(e.From) + " and shows a key"
	case decode.StepS2SDialback2:
		return "asks whether a key of " + name(e.To) + " is genuine"
	case decode.StepS2SDialback3:
		return "says that the key is " + verdict(e.Type)
	case decode.StepS2SDialback4:
		return "says that the claim is " + verdict(e.Type)
	}
	return ""
}

func verdict(t string) string {
	switch t {
	case "valid", "invalid":
		return t
	case "error":
		return "not settled: error"
	}
	return name(t)
}

func explainDialback(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	to, from := value(e.To), value(e.From)
	switch e.Step {
	case decode.StepS2SDialback1:
		x.What = sender(e) + " says that it speaks for " + from + " and wants to send to " + to + ". It shows a key that the real " + from + " can check."
		x.noteText(n, "The key. It should depend on the two domains, the stream id and a secret.")
	case decode.StepS2SDialback2:
		x.What = sender(e) + ", for " + from + ", asks " + to + " whether it made this key for the stream " + value(e.ID) + "."
		x.noteText(n, "The key that was shown on the other connection.")
		x.noteAttr(n, "id", "The id of the stream on which the key was shown: the other connection.")
	case decode.StepS2SDialback3:
		x.What = sender(e) + ", for " + from + ", answers about the key shown on the stream " + value(e.ID) + ": " + verdictText(e) + when(e.Reply == 0, " The question was not seen.")
		x.noteAttr(n, "id", "The id of the stream on which the key was shown: the other connection.")
	default:
		x.What = sender(e) + ", for " + from + ", tells " + to + " the result: " + verdictText(e)
		x.Expect = resultExpect(e)
	}
	x.noteAttr(n, "type", "The verdict: valid, invalid or error.")
	if err := errorNode(n); err != nil {
		x.What = say(x.What, stanzaCondition(e.Condition).Text)
		x.noteError(err, e.Condition)
	}
	x.addLogin(e, n, decoded(e))
}

func verdictText(e *decode.Event) string {
	switch e.Type {
	case "valid":
		return "valid. The key is genuine."
	case "invalid":
		return "invalid. The key is not genuine."
	case "error":
		return "error. The question could not be settled" + when(e.Condition != "", ": "+value(e.Condition)) + "."
	}
	return value(e.Type) + ", which is none of the defined words."
}

func resultExpect(e *decode.Event) string {
	switch e.Type {
	case "valid":
		return upper(initiator(e)) + " may send stanzas for this pair of domains now."
	case "invalid":
		return upper(receiver(e)) + " usually closes the stream. The waiting stanzas go back to their senders with an error."
	}
	return "The stream lives on. The waiting stanzas go back to their senders with an error, or another way of proof is tried."
}
