package explain

import (
	"time"

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
	Spaces:  []string{nsHTTPBind},
	Title:   boshTitle,
	Explain: explainBOSH,
}

func boshTitle(e *decode.Event) string {
	switch {
	case e.Kind == decode.KindHTTP:
		return carrierTitle(e)
	case e.Kind == decode.KindNonza:
		return pick(e.Name.Local == "uri", "names another address", "")
	case e.Step == decode.StepBOSHCreate:
		return pick(fromInitiator(e), "asks for a session with "+name(e.To), "begins a session"+when(e.ID != "", ", id "+name(e.ID)))
	case e.Step == decode.StepBOSHRestart:
		return pick(fromInitiator(e), "restarts the stream", "restarts its stream in answer")
	}
	return "ends the session" + when(e.Condition != "", ": "+name(e.Condition))
}

// carrierTitle is short: what a request or an answer carries is told by the
// events that follow it.
func carrierTitle(e *decode.Event) string {
	m := httpOf(e)
	b := wrapperOf(&m)
	rid, pause := attr(b.node, "rid"), attr(b.node, "pause")
	switch {
	case e.Name.Local != "request" && e.Type == "200":
		return pick(b.plain(), "has no news: HTTP 200", "answers HTTP 200")
	case e.Name.Local != "request":
		return httpTitle(e)
	case pause != "":
		return "asks for a pause of " + name(pause) + " seconds: POST" + when(rid != "", ", rid "+name(rid))
	}
	return pick(b.plain(), "waits for news: POST", "sends POST") + when(rid != "", ", rid "+name(rid))
}

// plain tells a wrapper in which nothing stands and that says nothing itself.
func (b *bodyOf) plain() bool {
	if b.node == nil || !b.empty || attr(b.node, "type") != "" {
		return false
	}
	if _, numbered := b.node.Attr("rid"); !numbered {
		return attr(b.node, "wait") == "" && attr(b.node, "authid") == "" // else it begins the session
	}
	_, known := b.node.Attr("sid")
	restart, _ := b.node.AttrNS(nsXBOSH, "restart")
	return known && restart == ""
}

func explainBOSH(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	switch {
	case e.Kind == decode.KindHTTP:
		explainCarrier(x, e)
		return
	case e.Kind == decode.KindNonza:
		x.What = sender(e) + " names the address to which the client should go: " + value(text(n)) + "."
		x.Why = "The session ends here, with the condition see-other-uri."
		x.Ref = spec.XEP(124, "17.2")
		x.noteText(n, "Where to connect.")
		return
	case e.Step == decode.StepBOSHEnd:
		x.What = sender(e) + " ends the session."
		if e.Condition != "" {
			c := boshCondition(e.Condition)
			x.What = say(x.What, "The reason: "+value(e.Condition)+".", c.Text)
			x.Expect, x.Ref = c.Expect, c.Ref
		} else if e.Reply != 0 {
			x.Expect = "No request of this session is answered any more."
		}
	case e.Step == decode.StepBOSHRestart:
		x.What = sender(e) + pick(fromInitiator(e), " asks for a new stream after its login.", " begins a new stream.")
		if !fromInitiator(e) {
			x.Expect = "A new list of features follows, here or in a later answer."
		}
	case fromInitiator(e):
		x.What = say(sender(e)+" asks for a session with the domain "+value(e.To)+".",
			when(attr(n, "wait") != "", "The server may hold a request for "+value(attr(n, "wait"))+" seconds before it answers."))
		x.Expect = "The answer has the session's id and the list of features."
	default:
		x.What = say(sender(e)+" begins the session.",
			when(attr(n, "inactivity") != "", "Without a request for "+value(attr(n, "inactivity"))+" seconds it forgets it."),
			when(attr(n, "requests") != "", "Up to "+value(attr(n, "requests"))+" requests may be open at once."))
		x.Expect = "The client logs in, and always leaves a request open."
	}
	for _, a := range boshAttributes {
		x.noteAttr(n, a[0], a[1])
	}
	x.noteXBOSH(n)
}

// boshGoesOn tells what becomes of a session when a connection that served it
// ends.
func (x *Explanation) boshGoesOn(e *decode.Event, s *decode.State) {
	x.Why, x.Expect, x.Ref = "Connections come and go under a session of BOSH: it lives as long as its id does.", "", spec.XEP(124, "13")
	switch s.Open {
	case [2]bool{}:
		x.What = say(x.What, "The session was over before.")
	case [2]bool{decode.FromReceiver: true}:
		x.What = say(x.What, pick(fromInitiator(e), "It has ended the session and waits for no answer.", "The client has ended the session, and that was not answered."))
	default:
		x.What = say(x.What, "The session does not end with it: without a request the server keeps it for "+digits(int(s.Inactivity/time.Second))+" seconds.")
		x.Expect = "The client asks again over another connection, or its session is given up."
		x.Ref = spec.XEP(124, "10")
	}
}

// explainCarrier explains the HTTP message that a body of BOSH travels in.
func explainCarrier(x *Explanation, e *decode.Event) {
	m := httpOf(e)
	b := wrapperOf(&m)
	rid, plain := attr(b.node, "rid"), b.plain()
	if e.Name.Local == "request" {
		x.What = say(sender(e)+" sends the HTTP request "+value(e.Type)+when(e.To != "", " "+value(e.To))+when(rid != "", ", number "+value(rid)+" of the session")+".",
			pick(plain, "It carries nothing: it is there so that the server has a question to answer when it has something to say.",
				"What it carries stands in the events that follow."))
		x.Expect = "The server answers when it has something to say, at the latest when the time called wait is over."
	} else {
		x.What = say(sender(e)+" answers"+when(e.Reply != 0, " event "+digits(int(e.Reply)))+" with the HTTP status "+value(e.Type)+".",
			when(e.Type != "200", say(statusText(e.Type), boshStatus(e.Type))),
			when(e.Type == "200" && plain, "It carries nothing: the time was over, or another request took the place of this one."),
			when(e.Type == "200" && !plain, "What it carries stands in the events that follow."))
		x.Expect = "The client sends its next request, on this connection or on another one."
		if e.Step == decode.StepBOSHEnd {
			x.Why = "In the older way a session is ended by the status of HTTP alone, without a wrapper that gives the reason."
			x.Expect = "No request of this session is answered any more."
		}
	}
	x.What = say(x.What, when(e.Note != "", upper(e.Note)+"."), when(attr(b.node, "pause") != "", "The client will be silent for "+value(attr(b.node, "pause"))+" seconds, and the server must not forget it."), when(m.Header("Content-Encoding") != "", "Its body is compressed ("+value(m.Header("Content-Encoding"))+")."))
	x.noteHeaders(e)
}

// boshAttributes are those of the wrapper (XEP-0124 §7 to §13).
var boshAttributes = [...][2]string{
	{"sid", "The id of the session; every later request names it."},
	{"rid", "The number of this request; each next one is higher by one, so that their order is known whatever way they took."},
	{"to", "The domain that is wanted."},
	{"from", "The domain that answers."},
	{"wait", "For so many seconds the server may hold a request."},
	{"hold", "So many requests the server may hold at once."},
	{"requests", "So many requests may be open at once."},
	{"inactivity", "After so many seconds without a request the server forgets the session."},
	{"polling", "A client that polls must wait so many seconds between two empty requests."},
	{"maxpause", "For so many seconds a client may ask for a pause."},
	{"pause", "The client will be silent for so many seconds: the server must not forget it."},
	{"ver", "The version of BOSH."},
	{"content", "The content type of the HTTP messages."},
	{"ack", "Up to this request everything has arrived."},
	{"report", "This answer has not arrived; how long ago it was sent stands in time."},
	{"time", "How many milliseconds ago the reported answer was sent."},
	{"authid", "The stream id of this session."},
	{"secure", "Whether the way from the connection manager to the server is protected as well."},
	{"route", "Through which server the connection manager should go."},
	{"key", "One of a chain of hashes: it proves that the same client goes on."},
	{"newkey", "The beginning of a new chain of hashes."},
	{"accept", "Which encodings of the content can be taken."},
	{"charsets", "Which character sets the connection manager has."},
	{"stream", "The number of one of several streams in this session."},
	{"type", "With terminate the session ends; with error the client must send the same request again."},
	{"condition", "Why the session ends."},
}

// noteXBOSH points at what XMPP adds to the wrapper (XEP-0206).
func (x *Explanation) noteXBOSH(n *xmlstream.Node) {
	if n == nil {
		return
	}
	for i := range n.Attrs {
		a := &n.Attrs[i]
		if a.Name.Space != nsXBOSH {
			continue
		}
		switch a.Name.Local {
		case "version":
			x.note(whole(a), "The version of XMPP.")
		case "restart":
			x.note(whole(a), "This body stands for a new stream header.")
		case "restartlogic":
			x.note(whole(a), "The connection manager knows the attribute that restarts the stream.")
		}
	}
}
