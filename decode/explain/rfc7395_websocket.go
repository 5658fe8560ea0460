package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var websocketTopic = Topic{
	Name: "rfc7395-websocket",
	Doc:  "XMPP over WebSocket: the upgrade of an HTTP connection, and the frames that stand for stream headers.",
	Ref:  spec.RFC(7395, "3"),
	Steps: []Step{
		{Step: decode.StepWSHandshake, Ref: spec.RFC(7395, "3.1"),
			Text:   "An HTTP connection is turned into a two-way pipe of messages, for the subprotocol xmpp.",
			Why:    "A program in a web browser cannot open a TCP connection of its own, but it may ask a web server for a WebSocket.",
			Expect: "The server answers with status 101 and names the subprotocol xmpp. From then on both sides send frames."},
		{Step: decode.StepWSOpen, Ref: spec.RFC(7395, "3.4"),
			Text:   "A frame with an open element stands for the stream header.",
			Why:    "Every frame holds one whole XML element, so the tag that stays open for the whole connection on TCP cannot be sent. This element has its attributes.",
			Expect: "The server answers with an open element of its own and then sends its features, or a close element if it does not serve the domain."},
		{Step: decode.StepWSRestart, Ref: spec.RFC(7395, "3.7"),
			Text:   "The stream begins anew on the same connection, with another open element.",
			Why:    "As on TCP, what was known before login does not count any more.",
			Expect: "The server answers with its own open element and a new list of features."},
		{Step: decode.StepWSClose, Ref: spec.RFC(7395, "3.6"),
			Text:   "A close element, and then a WebSocket close frame, end the stream.",
			Why:    "Closing is an exchange here too, so that nothing that is on its way gets lost.",
			Expect: "The other side answers in kind; then the WebSocket and TCP are closed."},
	},
	Title:   websocketTitle,
	Explain: explainWebSocket,
}

func websocketTitle(e *decode.Event) string {
	switch {
	case e.Kind == decode.KindHTTP && e.Name.Local == "request":
		return "asks the web server for a WebSocket"
	case e.Kind == decode.KindHTTP && e.Name.Local == "response":
		return "answers HTTP " + name(e.Type) + pick(e.Type == "101", ": WebSocket from here on", ": no WebSocket")
	case e.Kind == decode.KindHTTP:
		return "closes the WebSocket" + when(e.Type != "", ", code "+name(e.Type))
	case e.Kind == decode.KindClose:
		return pick(e.Reply == 0, "closes its stream", "closes its stream too")
	case e.Step == decode.StepWSRestart:
		return pick(fromInitiator(e), "restarts the stream", "restarts its stream in answer") + when(e.ID != "", ", id "+name(e.ID))
	case fromInitiator(e):
		return "opens a stream to " + name(e.To)
	}
	return "opens its stream in answer" + when(e.ID != "", ", id "+name(e.ID))
}

func explainWebSocket(x *Explanation, e *decode.Event, _ *xmlstream.Node) {
	switch {
	case e.Kind == decode.KindHTTP && e.Name.Local == "request":
		m := httpOf(e)
		x.What = say(sender(e)+" asks the web server, at "+value(e.To)+", to go over to WebSocket and to speak "+value(m.Header("Sec-WebSocket-Protocol"))+" on it.",
			when(m.Header("Origin") != "", "A web page of "+value(m.Header("Origin"))+" asks."),
			when(m.Header("Sec-WebSocket-Extensions") != "", "It also offers "+value(m.Header("Sec-WebSocket-Extensions"))+"."),
			when(!encrypted(e), "The connection is not encrypted (ws:, not wss:)."))
		x.noteHeaders(e)
	case e.Kind == decode.KindHTTP && e.Name.Local == "response":
		explainUpgraded(x, e)
	case e.Kind == decode.KindHTTP:
		explainClosing(x, e)
	case e.Kind == decode.KindClose:
		x.What = sender(e) + " closes its stream" + when(e.Reply != 0, " in answer") + ". It will send no more elements."
		if e.Reply != 0 {
			x.Expect = "The WebSocket is closed, and then TCP."
		}
	case fromInitiator(e):
		x.What = sender(e) + " opens its stream" + when(e.Step == decode.StepWSRestart, " anew") + ", to the domain " + value(e.To) + "."
	default:
		again := e.Step == decode.StepWSRestart
		x.What = sender(e) + " opens its stream" + when(again, " anew") + " in answer" + when(e.ID != "", "; its id is "+value(e.ID)) + "."
		x.Expect = pick(again, "A new list of features follows.", "Its list of features follows.")
	}
}

func explainUpgraded(x *Explanation, e *decode.Event) {
	m := httpOf(e)
	if e.Type != "101" {
		x.What = say(sender(e)+" answers with status "+value(e.Type)+": it does not agree.", statusText(e.Type))
		x.Expect = "The client tries another address, or BOSH."
		x.noteHeaders(e)
		return
	}
	x.What = say(sender(e)+" agrees. From here on the bytes are WebSocket frames, each with one whole XML element.",
		when(m.Header("Sec-WebSocket-Extensions") != "", "Agreed on as well: "+value(m.Header("Sec-WebSocket-Extensions"))+"."))
	x.Expect = "The client opens its stream with <open/>."
	x.noteHeaders(e)
}

// explainClosing explains the close frame of WebSocket.
func explainClosing(x *Explanation, e *decode.Event) {
	m, _ := frameOf(e)
	x.What = say(sender(e)+" closes the WebSocket"+when(e.Type != "", " with the code "+value(e.Type))+".",
		closeText(e.Type), when(m.Reason != "", "It adds the words "+speech(m.Reason)+"."))
	x.Why = "The stream lives inside the WebSocket, and TCP below it: each is closed in turn."
	x.Expect = "The other side answers with a close frame, and then TCP ends."
	x.Ref = spec.RFC(6455, "5.5.1")
}
