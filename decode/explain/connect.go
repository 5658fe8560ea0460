package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var connectTopic = Topic{
	Name: "rfc6120-connect",
	Doc:  "Before the stream: from the domain to a machine, and the TCP connection to it.",
	Ref:  spec.RFC(6120, "3"),
	Steps: []Step{
		{Step: decode.StepTCPConnect, Ref: spec.RFC(6120, "3"),
			Text:   "A TCP connection is set up: a two-way pipe of bytes.",
			Why:    "XMPP needs a connection that keeps the order of its bytes and carries them both ways. Nothing of XMPP has been said so far.",
			Expect: "The side that connected opens its stream, or begins TLS at once."},
	},
	Kinds: []decode.Kind{decode.KindTCP},
	Title: func(e *decode.Event) string {
		switch e.Name.Local {
		case "connect":
			return "connects"
		case "end":
			return "ends its side of the TCP connection"
		case "reset":
			return "cuts the TCP connection"
		}
		return ""
	},
	Explain: explainTCP,
}

func explainTCP(x *Explanation, e *decode.Event, _ *xmlstream.Node) {
	s := before(e)
	open := s.Open[e.Dir]
	switch e.Name.Local {
	case "connect":
		x.What = sender(e) + " has connected to " + reader(e) + ". A two-way pipe of bytes stands; nothing has been said in it."
	case "end":
		x.What = sender(e) + " will send no more bytes on this TCP connection."
		x.Why = "After both streams are closed, the connection is closed too."
		x.Expect = "The other side ends its own direction."
		x.Ref = spec.RFC(6120, "4.4")
		if s.Inactivity > 0 {
			x.boshGoesOn(e, s)
			return
		}
		if open && (s.Layer == decode.LayerPlain || s.TLS.Keys != "") { // else nobody knows
			x.What = say(x.What, "Its stream was still open: it leaves without saying goodbye.")
			x.Why = "A program that is stopped, or a network that changes, often ends a connection without closing the stream."
		}
		x.What = say(x.What, when(open && s.ResumeID != "", "The session "+value(s.ResumeID)+" can be resumed on a new connection."))
	case "reset":
		x.What = say(sender(e)+" has cut the TCP connection at once. What was still on its way is lost.",
			when(open && s.ResumeID != "", "The session "+value(s.ResumeID)+" can be resumed on a new connection."))
		x.Expect = "Nothing more comes on this connection."
		x.Ref = spec.RFC(9293, "3.5.2")
		if s.Inactivity > 0 {
			x.boshGoesOn(e, s)
			return
		}
		if e.Phase == decode.PhaseClose && s.Open == [2]bool{} {
			x.What = sender(e) + " has cut the TCP connection. Both streams were closed before, so nothing of XMPP is lost."
			x.Why = "It had let go of the connection already when the last bytes of the other side came in, such as the end of TLS. TCP answers those with a reset."
			return
		}
		x.Why = "A reset says that this end does not know the connection any more or does not want it: the program crashed, a time limit passed, or something on the way interfered."
	}
}
