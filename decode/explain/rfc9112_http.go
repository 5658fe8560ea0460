package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// httpTopic explains what HTTP and WebSocket say that is no step of XMPP.
var httpTopic = Topic{
	Name:    "rfc9112-http",
	Doc:     "HTTP messages and WebSocket control frames beside what carries XMPP.",
	Ref:     spec.RFC(9112, "2"),
	Title:   httpTitle,
	Explain: explainHTTP,
}

func httpTitle(e *decode.Event) string {
	switch e.Name.Local {
	case "request":
		return "sends HTTP " + name(e.Type) + " " + name(e.To)
	case "response":
		return "answers HTTP " + name(e.Type)
	case "ping":
		return "sends a WebSocket ping"
	case "pong":
		return "sends a WebSocket pong"
	}
	return "sends " + count(len(e.Wire), "byte") + " of HTTP"
}

func explainHTTP(x *Explanation, e *decode.Event, _ *xmlstream.Node) {
	switch e.Name.Local {
	case "request":
		x.What = sender(e) + " sends the HTTP request " + value(e.Type) + " for " + value(e.To) + "."
		x.Why = "It is not part of XMPP, but it uses the same connection."
		x.Expect = "An HTTP response."
	case "response":
		x.What = say(sender(e)+" answers with the HTTP status "+value(e.Type)+".", statusText(e.Type))
		x.Why = "Every request of HTTP gets an answer, whose status says how it went: 2 at its beginning stands for success, 4 for a fault of the client, 5 for one of the server."
		x.Expect = "The next request, on this connection or another one."
	case "ping", "pong":
		explainPing(x, e)
	default:
		x.What = say(sender(e)+" sends "+count(len(e.Wire), "byte")+" that belong to HTTP.", when(e.Note != "", upper(e.Note)+"."))
		x.Why = "A body may be longer than what is shown in one piece."
	}
	x.noteHeaders(e)
}

// explainPing explains control frames that keep a connection alive
// (RFC 6455 §5.5.2).
func explainPing(x *Explanation, e *decode.Event) {
	x.What = sender(e) + " sends a WebSocket " + e.Name.Local + " frame."
	if m, ok := frameOf(e); ok && len(m.Payload) > 0 {
		x.What = say(x.What, "It holds "+count(len(m.Payload), "byte")+", which the answer must bring back.")
		if e.Name.Local == "pong" {
			x.What = sender(e) + " sends a WebSocket pong frame with the " + count(len(m.Payload), "byte") + " of the ping."
		}
	}
	x.What = say(x.What, when(e.Note != "", "It "+e.Note+"."))
	x.Why = "It shows that the connection still works. XMPP over WebSocket uses it where TCP has white space between elements."
	if e.Name.Local == "pong" {
		x.Why = "Who gets a ping answers it at once and sends its bytes back, so that the asker knows which ping is meant."
	}
	x.Expect = pick(e.Name.Local == "ping", "The other side answers with a pong.", "Nothing has to follow.")
	x.Ref = spec.RFC(7395, "3.8")
}

// noteHeaders points at the fields of a head.
func (x *Explanation) noteHeaders(e *decode.Event) {
	for _, f := range headerFields(e) {
		if f.Meaning != "" && f.End > f.Start {
			x.note(xmlstream.Span{Start: int32(f.Start), End: int32(f.End)}, upper(f.Meaning)+".")
		}
	}
}
