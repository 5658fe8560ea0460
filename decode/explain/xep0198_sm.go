package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var smTopic = Topic{
	Name: "xep0198-sm",
	Doc:  "Stream management: both sides count stanzas, confirm them, and can take up a broken session again.",
	Ref:  spec.XEP(198, ""),
	Steps: []Step{
		{Step: decode.StepSMEnable, Ref: spec.XEP(198, "3"),
			Text:   "The client asks for stream management, and the server turns it on.",
			Why:    "TCP alone does not tell whether a stanza was really taken in before the line broke. So both sides count the stanzas and tell each other how far they have got.",
			Expect: "The server answers <enabled/>, with an id if the session can be resumed, or <failed/>. From then on both sides may ask <r/> and must answer <a/>."},
		{Step: decode.StepSMAck, Ref: spec.XEP(198, "4"),
			Text:   "<r/> asks how many stanzas have arrived; <a/> says how many the sender has taken responsibility for.",
			Why:    "What has been confirmed need not be kept any longer. What has not been confirmed can be sent again after a break.",
			Expect: "An <r/> is answered with an <a/> soon. An <a/> gets no answer."},
		{Step: decode.StepSMResume, Ref: spec.XEP(198, "5"),
			Text:   "The client takes up an earlier session on a new connection, instead of binding an address.",
			Why:    "A phone that changes from one network to another loses its connection, but the server has kept the session. Taking it up again saves the whole login and loses no message.",
			Expect: "The server answers <resumed/>, and both sides send again what the other has not got; or <failed/>, and then the client binds an address as usual."},
	},
	Spaces:  []string{nsSM2},
	Title:   smTitle,
	Explain: explainSM,
}

func smTitle(e *decode.Event) string {
	switch e.Name.Local {
	case "enable":
		return "asks for stream management"
	case "enabled":
		if id := stateOf(e).ResumeID; id != "" {
			return "turns stream management on, session " + name(id)
		}
		return "turns stream management on"
	case "r":
		return "asks how many stanzas arrived"
	case "a":
		return "confirms " + count(e.SM.Acked[e.Dir.Other()], "stanza")
	case "resume":
		return "wants to resume an earlier session"
	case "resumed":
		return "resumes the session"
	case "failed":
		return refusesTitle(e, pick(e.Step == decode.StepSMResume, "to resume the session", "stream management"))
	}
	return ""
}

func explainSM(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	switch e.Name.Local {
	case "enable":
		x.What = sender(e) + " asks to count stanzas from now on."
		if resumable(attr(n, "resume")) {
			x.What = say(x.What, "It also wants to be able to resume the session after a break"+when(attr(n, "max") != "", ", for up to "+value(attr(n, "max"))+" seconds")+".")
		}
		x.What = say(x.What, when(before(e).JID == "" && before(e).Authenticated, "It has no address yet, so it may be too early for this."))
		x.noteAttr(n, "resume", "The client would like to resume this session later.")
		x.noteAttr(n, "max", "For how many seconds the session should be kept after a break.")
	case "enabled":
		explainEnabled(x, e, n)
	case "r":
		x.What = say(sender(e)+" asks how many of its stanzas have arrived.", counted(e, e.Dir))
		x.Expect = upper(reader(e)) + " answers with <a/> and its count."
	case "a":
		explainAck(x, e, n)
	case "resume":
		x.What = sender(e) + " wants to take up the session " + value(attr(n, "previd")) + " again. It has taken in " + stanzas(attr(n, "h")) + " of that session."
		x.noteAttr(n, "previd", "The id that the server gave when the session was made.")
		x.noteAttr(n, "h", "How many stanzas the client has taken in. The server sends again what came after.")
	case "resumed":
		x.What = sender(e) + " takes up the session again. It had taken in " + stanzas(attr(n, "h")) + " before the break."
		x.Expect = "Both sides send again what the other has not confirmed. No address is bound: the old one still holds."
		x.noteAttr(n, "previd", "The session that goes on.")
		x.noteAttr(n, "h", "How many stanzas the server has taken in. The client sends again what came after.")
	case "failed":
		explainSMFailed(x, e, n)
		return
	}
	if e.Name.Local != "enable" && e.Name.Local != "resume" {
		x.ledger(e)
	}
}

// ledger adds the counts of both directions as they stand now.
func (x *Explanation) ledger(e *decode.Event) {
	for d := range decode.Dir(2) {
		if !stateOf(e).Managed[d] {
			continue
		}
		left, ok := e.SM.Outstanding(d)
		line := "Of " + count(e.SM.Sent[d], "stanza") + " that the " + sideOf(e, d) + " has sent, the other side has confirmed " + digits(int(e.SM.Acked[d]))
		switch {
		case !ok:
			line += ", which is more than were sent."
		case e.SM.Sent[d] == 0:
			line = "The " + sideOf(e, d) + " has sent no stanza since counting began."
		case left == 0:
			line += ": none is outstanding."
		case stateOf(e).ResumeID != "":
			line += ": " + digits(int(left)) + " would be sent again after a break."
		default:
			line += ": of " + digits(int(left)) + " nobody could say after a break whether they arrived."
		}
		x.more(line)
	}
}

func resumable(v string) bool { return v == "true" || v == "1" }

func stanzas(h string) string {
	switch h {
	case "":
		return "an unknown number of stanzas"
	case "1":
		return "1 stanza"
	}
	return value(h) + " stanzas"
}

// counted tells the ledger of a direction: what was sent and what is not yet
// confirmed.
func counted(e *decode.Event, d decode.Dir) string {
	sent, acked := e.SM.Sent[d], e.SM.Acked[d]
	who := "the " + sideOf(e, d)
	if !stateOf(e).Managed[d] {
		return ""
	}
	return "By now " + who + " has sent " + count(sent, "stanza") + ". Confirmed so far: " + digits(int(acked)) + "."
}

func explainEnabled(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	id := attr(n, "id")
	x.What = sender(e) + " turns stream management on. Both sides count from zero now."
	if id != "" && resumable(attr(n, "resume")) {
		x.What = say(x.What, "After a break the session can be taken up again under the id "+value(id)+
			when(attr(n, "max") != "", ", within "+value(attr(n, "max"))+" seconds")+".")
	} else {
		x.What = say(x.What, "The session cannot be resumed after a break.")
	}
	if at := attr(n, "location"); at != "" {
		x.What = say(x.What, "It would like the client to come back to "+value(at)+" then.")
	}
	x.Expect = "Stanzas follow. From time to time one side asks <r/> and the other answers <a/>."
	x.noteAttr(n, "id", "The id to resume the session with. It should be hard to guess.")
	x.noteAttr(n, "resume", "Whether the session can be resumed.")
	x.noteAttr(n, "max", "For how many seconds the server keeps the session after a break.")
	x.noteAttr(n, "location", "Where the client should connect to resume. A wish only.")
}

func explainAck(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	x.What = say(sender(e)+" has taken in "+stanzas(attr(n, "h"))+" from "+reader(e)+".", outstanding(e),
		when(e.Reply == 0, "Nobody had asked for it just now, which is allowed."))
	x.Expect = "Nothing answers this."
	x.noteAttr(n, "h", "How many stanzas have been taken in since counting began. Only message, presence and iq count.")
}

// outstanding holds what an <a/> confirms against what was sent. That it may
// not be more is what the fault beside it says.
func outstanding(e *decode.Event) string {
	other := e.Dir.Other()
	if !stateOf(e).Managed[other] {
		return ""
	}
	left, ok := e.SM.Outstanding(other)
	switch {
	case !ok:
		return "By now " + reader(e) + " has sent " + count(e.SM.Sent[other], "stanza") + "."
	case left == 0 && e.SM.Sent[other] > 0:
		return "That is all that " + reader(e) + " has sent so far."
	case left == 0:
		return ""
	}
	return "By now " + reader(e) + " has sent " + count(e.SM.Sent[other], "stanza") + "; " + digits(int(left)) + " of them still to be confirmed."
}

func explainSMFailed(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	c := stanzaCondition(e.Condition)
	x.What = sender(e) + " refuses" + when(e.Condition != "", " with the condition "+value(e.Condition)) + ". " + c.Text
	switch e.Condition {
	case "item-not-found":
		x.What = sender(e) + " does not know that session, or no longer keeps it."
	case "unexpected-request":
		x.What = sender(e) + " refuses, because this was asked at the wrong moment: too early or for the second time."
	}
	if h := attr(n, "h"); h != "" {
		x.What = say(x.What, "Of the old session it had taken in "+stanzas(h)+".")
	}
	x.Expect = "If an old session was to be resumed, the client binds an address as usual. Otherwise the stream goes on without counting."
	x.noteWhole(conditionNode(n, e.Condition), c.Text)
	x.noteAttr(n, "h", "How many stanzas of the old session the server had taken in.")
}
