package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var starttlsTopic = Topic{
	Name: "rfc6120-starttls",
	Doc:  "STARTTLS: the question, the answer and the exact byte at which encryption begins.",
	Ref:  spec.RFC(6120, "5"),
	Steps: []Step{
		{Step: decode.StepStartTLSRequest, Ref: spec.RFC(6120, "5.4.2.1"),
			Text:   "The initiating entity asks to switch this connection to TLS, that is, to encryption.",
			Why:    "The connection began in the clear, so anybody on the way can read and change it. Passwords should not travel before this is settled.",
			Expect: "The other side answers <proceed/>, or <failure/> and then closes. Until the answer comes the asking side must send nothing at all, not even a line break."},
		{Step: decode.StepStartTLSProceed, Ref: spec.RFC(6120, "5.4.2.3"),
			Text:   "The receiving entity agrees to TLS. Its very next byte, and the next one from the other side, belong to TLS.",
			Why:    "Both sides must change at the same point. That point is the closing > of this element; a single blank after it would be taken for a broken TLS record.",
			Expect: "The initiating side sends a TLS ClientHello at once. After the TLS handshake it opens a new stream inside the encryption."},
		{Step: decode.StepStartTLSFailure, Ref: spec.RFC(6120, "5.4.2.2"),
			Text:   "The receiving entity refuses TLS and ends the connection.",
			Why:    "Something on this side keeps it from using TLS, for example a missing certificate file. A certificate that the other side dislikes shows up later, inside TLS, and not here.",
			Expect: "The same side closes its stream and the TCP connection. The other side may connect again."},
	},
	Title:   starttlsTitle,
	Explain: explainStartTLS,
}

func starttlsTitle(e *decode.Event) string {
	switch e.Step {
	case decode.StepStartTLSRequest:
		return "asks for encryption (STARTTLS)"
	case decode.StepStartTLSProceed:
		return "agrees to encryption: TLS starts now"
	}
	return "refuses encryption"
}

func explainStartTLS(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	s := before(e)
	offer := s.Feature(nsTLS, "starttls")
	switch e.Step {
	case decode.StepStartTLSRequest:
		x.What = sender(e) + " asks to switch to TLS."
		switch {
		case encrypted(e):
			x.What = say(x.What, "TLS is on already, so this makes no sense here.")
		case offer == nil && s.Features != nil:
			x.What = say(x.What, "It was not on the list of features; trying all the same is allowed, since somebody on the way may have removed it.")
		case offer != nil && offer.Required:
			x.What = say(x.What, "The features demanded it.")
		case offer != nil:
			x.What = say(x.What, "The features offered it as a choice.")
		}
		x.noteWhole(n, "The whole request. The sender's next byte must wait for the answer.")
	case decode.StepStartTLSProceed:
		x.What = sender(e) + " agrees." + when(e.Reply == 0, " No request for it was seen.") + " From the next byte on both directions are TLS, and what was said before in the clear no longer counts: the list of features is void."
		x.noteWhole(n, "The last characters in the clear.")
	default:
		x.What = sender(e) + " cannot or will not use TLS and gives up the connection."
		x.noteWhole(n, "A refusal carries no reason.")
	}
}
