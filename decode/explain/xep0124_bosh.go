package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var boshTopic = Topic{
	Name: "xep0124-bosh",
	Doc:  "BOSH: XMPP carried in long-held HTTP requests, over any number of connections.",
	Ref:  spec.XEP(124, "7"),
	Steps: []Step{
		{Step: decode.StepBOSHCreate, Ref: spec.XEP(124, "7"),
			Text:   "A request without a session id begins a session; the answer gives it one.",
			Why:    "HTTP has no connection that stays, so the session lives in an id that every request names.",
			Expect: "The answer has the session id, how long the server holds a request, and the list of features."},
		{Step: decode.StepBOSHData, Ref: spec.XEP(124, "8"),
			Text:   "A request or an answer carries stanzas, or nothing.",
			Why:    "A server cannot send without being asked, so the client always leaves a question open: the server holds it until it has something to say. The number rid puts the pieces back in order.",
			Expect: "Every request is answered, in the order of rid, at the latest when the time called wait is over."},
		{Step: decode.StepBOSHRestart, Ref: spec.XEP(206, "5"),
			Text:   "After login an attribute asks for a new stream.",
			Why:    "There is no stream tag that could be sent again, so the restart is an attribute of the wrapper.",
			Expect: "The answer has the new list of features."},
		{Step: decode.StepBOSHEnd, Ref: spec.XEP(124, "13"),
			Text:   "The session is ended by one side, with or without a reason.",
			Why:    "Without a word the server would keep the session until its time of inactivity is over.",
			Expect: "The other side's last body; after that no request of this session is answered."},
	},
	Title:   boshTitle,
	Explain: explainBOSH,
}

func boshTitle(e *decode.Event) string {
	switch {
	case e.Kind == decode.KindHTTP && e.Name.Local == "request":
		return "HTTP: " + name(e.Type) + " " + name(e.To)
	case e.Kind == decode.KindHTTP:
		return "HTTP: answers with status " + name(e.Type)
	case e.Step == decode.StepBOSHCreate:
		return pick(fromInitiator(e), "asks for a session with "+name(e.To), "begins a session"+when(e.ID != "", ", id "+name(e.ID)))
	case e.Step == decode.StepBOSHRestart:
		return pick(fromInitiator(e), "restarts the stream", "restarts its stream in answer")
	}
	return "ends the session" + when(e.Condition != "", ": "+name(e.Condition))
}

func explainBOSH(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	switch {
	case e.Kind == decode.KindHTTP:
		x.What = sender(e) + pick(e.Name.Local == "request", " sends an HTTP request that may carry stanzas.", " answers an HTTP request; the answer may carry stanzas.")
		x.What = say(x.What, "What it carries stands in the events that follow.")
		return
	case e.Step == decode.StepBOSHEnd:
		x.What = sender(e) + " ends the session."
		if e.Condition != "" {
			c := boshCondition(e.Condition)
			x.What = say(x.What, "The reason: "+value(e.Condition)+".", c.Text)
			x.Expect, x.Ref = c.Expect, c.Ref
		}
		return
	case e.Step == decode.StepBOSHRestart:
		x.What = sender(e) + pick(fromInitiator(e), " asks for a new stream after its login.", " begins a new stream.")
	case fromInitiator(e):
		x.What = sender(e) + " asks for a session with the domain " + value(e.To) + "."
	default:
		x.What = sender(e) + " begins the session."
	}
	for _, a := range [...][2]string{
		{"sid", "The id of the session; every later request names it."},
		{"rid", "The number of this request; each next one is higher by one."},
		{"wait", "For so many seconds the server may hold a request."},
		{"hold", "So many requests the server may hold at once."},
		{"requests", "So many requests may be open at once."},
		{"inactivity", "After so many seconds without a request the server forgets the session."},
		{"polling", "A client that polls must wait so many seconds between two empty requests."},
		{"authid", "The stream id of this session."},
	} {
		x.noteAttr(n, a[0], a[1])
	}
}
