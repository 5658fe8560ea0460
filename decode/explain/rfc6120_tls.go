package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var tlsTopic = Topic{
	Name: "rfc6120-tls",
	Doc:  "TLS from outside: bytes that are encrypted, whose size and time can be seen and nothing else.",
	Ref:  spec.RFC(6120, "5.4.3"),
	Steps: []Step{
		{Step: decode.StepTLSHandshake, Ref: spec.RFC(6120, "5.4.3"),
			Text:   "Both sides agree on keys, and the server proves its name with a certificate. From then on everything is encrypted.",
			Why:    "TLS protects the stream against reading and changing on the way. The certificate matters as much as the encryption: it tells the client that it talks to the right server.",
			Expect: "When the handshake is over, the initiating side opens a new stream inside the encryption. If it fails, a TLS alert follows and the connection ends."},
		{Step: decode.StepDirectTLS, Ref: spec.XEP(368, "3"),
			Text:   "TLS begins with the first byte of the connection, without STARTTLS.",
			Why:    "This saves a round trip, and no feature list in the clear can be tampered with.",
			Expect: "After the handshake the initiating side opens its stream. STARTTLS is not offered again."},
	},
	Title:   tlsTitle,
	Explain: explainTLS,
}

func tlsTitle(e *decode.Event) string {
	switch {
	case e.Step == decode.StepDirectTLS:
		return "starts TLS at once, " + count(len(e.Wire), "byte")
	case len(e.Errs) > 0:
		return "sends " + count(len(e.Wire), "byte") + " where TLS should begin"
	}
	return "sends " + count(len(e.Wire), "byte") + " inside TLS"
}

func explainTLS(x *Explanation, e *decode.Event, _ *xmlstream.Node) {
	x.What = sender(e) + " sends " + count(len(e.Wire), "byte") + " that belong to TLS. "
	if len(e.Errs) > 0 {
		x.What = sender(e) + " sends " + count(len(e.Wire), "byte") + " at a point where both sides have agreed to begin TLS, but they do not begin like TLS. "
	}
	x.What += "What they say cannot be read here: without the keys only their number and their time are known."
	if w := e.Wire; len(w) >= 5 && len(e.Errs) == 0 {
		x.note(xmlstream.Span{Start: 0, End: 5}, "A TLS record begins: "+recordWord(w[0])+".")
	}
}

// recordWord names a TLS content type (RFC 8446 §5.1).
func recordWord(b byte) string {
	switch b {
	case 20:
		return "a change of cipher"
	case 21:
		return "an alert"
	case 22:
		return "a handshake message"
	case 23:
		return "encrypted data"
	}
	return "of a kind that is not known"
}
