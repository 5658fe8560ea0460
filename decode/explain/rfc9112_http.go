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
		return "HTTP: " + name(e.Type) + " " + name(e.To)
	case "response":
		return "HTTP: answers with status " + name(e.Type)
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
		x.What = sender(e) + " answers with the HTTP status " + value(e.Type) + "."
		x.Why = "Every request of HTTP gets an answer, whose status says how it went: 2 at its beginning stands for success, 4 for a fault of the client, 5 for one of the server."
		x.Expect = "The next request, on this connection or another one."
	case "ping", "pong":
		x.What = sender(e) + " sends a WebSocket " + e.Name.Local + " frame."
		x.Why = "It shows that the connection still works. XMPP over WebSocket uses it where TCP has white space between elements."
		x.Expect = pick(e.Name.Local == "ping", "The other side answers with a pong.", "Nothing has to follow.")
		x.Ref = spec.RFC(7395, "3.8")
	default:
		x.What = sender(e) + " sends " + count(len(e.Wire), "byte") + " that belong to HTTP."
	}
}
