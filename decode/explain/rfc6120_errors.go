package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var errorsTopic = Topic{
	Name: "rfc6120-errors",
	Doc:  "Stream errors: always the end of the stream, with a reason.",
	Ref:  spec.RFC(6120, "4.9"),
	Steps: []Step{
		{Step: decode.StepStreamError, Ref: spec.RFC(6120, "4.9"),
			Text:   "One side reports an error that ends the whole stream.",
			Why:    "Some faults cannot be put right on this stream: the two sides no longer agree on what the bytes mean, or one of them will not go on. Then the reason is told once and the stream is closed.",
			Expect: "The same side closes its stream right after. The other side closes its own, and TCP ends."},
	},
	Title: func(e *decode.Event) string {
		return "ends the stream with an error: " + name(e.Condition)
	},
	Explain: explainStreamError,
}

func explainStreamError(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	c := streamCondition(e.Condition)
	words := text(child(n, nsStreamErrors, "text"))
	x.What = say(sender(e)+" ends the stream with the error "+value(e.Condition)+".", c.Text,
		when(words != "", "It adds the words "+speech(words)+"."), circumstance(e))
	x.Expect = c.Expect
	x.Ref = c.Ref
	if n == nil {
		return
	}
	for c := range n.Children() {
		switch {
		case c.Name.Space == nsStreamErrors && c.Name.Local == "text":
			x.noteText(c, "Words for a person. No program should depend on them.")
		case c.Name.Space == nsStreamErrors:
			x.noteWhole(c, streamCondition(c.Name.Local).Text)
		default:
			x.What = say(x.What, applicationWords(c))
			x.noteWhole(c, furtherText(c))
		}
	}
}

// circumstance says what was true when the error came, where that helps to
// find the cause.
func circumstance(e *decode.Event) string {
	s := before(e)
	switch e.Condition {
	case "host-unknown", "host-gone":
		return when(s.Domain != "", "The domain asked for was "+value(s.Domain)+".")
	case "not-authorized":
		return when(strangers(e), "Nobody had logged in on this stream.")
	case "conflict":
		return when(s.JID != "", "The address in question is "+value(s.JID)+".")
	case "policy-violation":
		return when(s.Failures > 1, "There were "+digits(s.Failures)+" failed logins before.")
	case "invalid-from":
		return when(s.JID != "", "The address that this connection has proven is "+value(s.JID)+".")
	}
	return ""
}

// applicationWords explains the application-specific children that servers
// send (RFC 6120 §4.9.4).
func applicationWords(c *xmlstream.Node) string {
	switch {
	case c.Name.Local == "stanza-too-big":
		return "The stanza was larger than the server allows."
	case c.Name.Local == "handled-count-too-high" && c.Name.Space == nsSM:
		return "The other side confirmed " + value(attr(c, "h")) + " stanzas, but only " + value(attr(c, "send-count")) + " had been sent."
	}
	return ""
}
