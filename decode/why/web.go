package why

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/spec"
)

var webQuestions = []Question{
	{Name: "websocket", Also: []string{"ws"}, Ask: "Does a WebSocket carry the stream?",
		Doc: "why the WebSocket was not opened", answer: answerWebSocket},
	{Name: "bosh", Also: []string{"http-bind"}, Ask: "Does HTTP (BOSH) carry the stream?",
		Doc: "why the BOSH session was refused or ended", answer: answerBOSH},
}

// web settles a stream that HTTP was to carry and that never began; false where
// no HTTP was seen.
func (v *view) web() bool {
	switch v.t.wrapped {
	case decode.TransportBOSH:
		answerBOSH(v)
	case decode.TransportWebSocket:
		answerWebSocket(v)
	default:
		return false
	}
	return v.a.Verdict != Happened
}

func answerWebSocket(v *view) {
	t := v.t
	ref := spec.RFC(7395, "3.1")
	asked := t.step(decode.StepWSHandshake, decode.FromInitiator)
	if asked == nil {
		v.fact(ref, "No request for a WebSocket was seen.", t.first())
		v.absent(0, "Nobody asks for a WebSocket: the stream stands in %s.", transportName(t))
		return
	}
	v.fact(ref, v.Who(asked.dir)+" asks the web server for a WebSocket: "+value(asked.text)+".", asked.seq)
	answer := t.path.find(func(m *moment) bool {
		return m.kind == decode.KindHTTP && m.dir == decode.FromReceiver && m.seq > asked.seq
	})
	opened := t.step(decode.StepWSOpen, decode.FromReceiver)
	switch {
	case opened != nil:
		if answer != nil {
			v.fact(ref, "The web server agrees: "+value(answer.text)+".", answer.seq)
		}
		v.fact(spec.RFC(7395, "3.4"), v.Who(opened.dir)+" opens its stream inside.", opened.seq)
		v.happened("The WebSocket carries the stream.")
	case answer == nil:
		v.pending(asked, "the request for a WebSocket")
	case !strings.Contains(answer.text, " 101"):
		v.fact(ref, "The web server refuses: "+value(answer.text)+".", answer.seq)
		v.didNot("The web server does not open a WebSocket: %s.", value(answer.text))
		v.tell("See that the path is the one of host-meta or of the server's settings, and that a proxy in front passes Upgrade on.")
	default:
		v.fact(ref, "The web server agrees: "+value(answer.text)+".", answer.seq)
		v.findings("ws-")
		v.left(answer.seq, "The WebSocket is open, and no stream comes to be in it")
	}
}

func answerBOSH(v *view) {
	t := v.t
	created := t.step(decode.StepBOSHCreate, decode.FromInitiator)
	if created == nil && t.wrapped != decode.TransportBOSH {
		v.fact(spec.XEP(124, "7"), "No session of BOSH was asked for.", t.first())
		v.absent(0, "No session of BOSH is in this conversation: the stream stands in %s.", transportName(t))
		return
	}
	if created != nil {
		v.fact(spec.XEP(124, "7"), v.Who(created.dir)+" asks for a session for "+value(created.to)+".", created.seq)
	} else {
		v.fact(spec.XEP(124, "7"), "The request that created the session is not in the capture, or there was none.", t.first())
	}
	yes := t.step(decode.StepBOSHCreate, decode.FromReceiver)
	end := t.path.find(func(m *moment) bool { return m.step == decode.StepBOSHEnd })
	bad := t.path.find(func(m *moment) bool { return m.kind == decode.KindHTTP && m.cond != "" })
	if created != nil && yes != nil && end != nil && t.path.find(func(m *moment) bool {
		return m.dir == decode.FromInitiator && m.seq > created.seq && m.seq < end.seq
	}) == nil {
		yes = nil // the answer is the end
	}
	if yes != nil {
		v.fact(spec.XEP(124, "7"), v.Who(yes.dir)+" creates it.", yes.seq)
	}
	switch {
	case end != nil && end.cond != "":
		v.fact(spec.XEP(124, "17.2"), v.Who(end.dir)+" ends it with "+value(end.cond)+".", end.seq)
		v.condition(explain.SortBOSH, end.cond, end.seq)
		v.didNot("The session of BOSH was ended with %s.", value(end.cond))
	case bad != nil:
		v.fact(spec.XEP(124, "17.1"), v.Who(bad.dir)+" answers "+value(bad.text)+".", bad.seq)
		v.didNot("The session of BOSH was ended by HTTP: %s.", value(bad.text))
	case yes != nil || created == nil:
		v.happened("BOSH carries the stream.")
	default:
		v.pending(created, "the request for a session")
	}
	v.findings("bosh-")
}

func transportName(t *talk) string {
	switch t.wrapped {
	case decode.TransportWebSocket, decode.TransportBOSH:
		return wrapping(t.wrapped)
	}
	return "TCP itself"
}
