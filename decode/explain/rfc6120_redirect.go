package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var redirectTopic = Topic{
	Name: "rfc6120-redirect",
	Doc:  "Redirection: the server sends the other side to another machine, in three forms.",
	Ref:  spec.RFC(6120, "4.9.3.19"),
	Steps: []Step{
		{Step: decode.StepRedirect, Ref: spec.RFC(6120, "4.9.3.19"),
			Text:   "The server sends the client to another machine that serves the same domain.",
			Why:    "A service can run on several machines. This one wants the other side to use another of them.",
			Expect: "The initiating side connects to the host that is named. It asks for the same domain there and expects the same name in the certificate. After a few hops it should give up."},
	},
	Title:   redirectTitle,
	Explain: explainRedirect,
}

func redirectTitle(e *decode.Event) string {
	switch {
	case e.Kind == decode.KindStreamError:
		return "ends the stream: use another host"
	case e.Condition != "":
		return "ends the session: use another address"
	}
	return "closes its stream: use another address"
}

func explainRedirect(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	if e.Kind == decode.KindStreamError {
		ref, expect := x.Ref, x.Expect
		explainStreamError(x, e, n)
		x.Ref, x.Expect = ref, expect
		if node := conditionNode(n, e.Condition); text(node) != "" {
			x.What = say(x.What, "The other host is "+value(text(node))+".")
			x.noteText(node, "Where to connect: a host, and perhaps a port.")
		}
	} else {
		explainMoved(x, e)
	}
	if !encrypted(e) {
		x.What = say(x.What, "This was said without encryption, so anybody on the way may have put it there.")
	}
}

// explainMoved explains the forms of WebSocket (RFC 7395 §3.6.1) and of BOSH
// (XEP-0124 §17.2), whose element the event does not parse.
func explainMoved(x *Explanation, e *decode.Event) {
	n := new(xmlstream.Tree).Parse(e.Text(), e.Scope, xmlstream.Options{})
	if e.Condition != "" {
		c := boshCondition(e.Condition)
		x.What = say(sender(e)+" ends the session. The reason: "+value(e.Condition)+".", c.Text)
		x.Ref = c.Ref
		return
	}
	x.What = sender(e) + " closes its stream"
	if to := attr(n, "see-other-uri"); to != "" {
		x.What += " and wants the client to go to " + value(to)
		x.noteAttr(n, "see-other-uri", "Where to connect. It must not lead from wss: to ws:, which is not encrypted.")
	}
	x.What += "."
	x.Ref = spec.RFC(7395, "3.6.1")
}
