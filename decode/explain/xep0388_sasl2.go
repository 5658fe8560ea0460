package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var sasl2Topic = Topic{
	Name: "xep0388-sasl2",
	Doc:  "SASL 2: login, binding and resuming in one exchange, without a restart.",
	Ref:  spec.XEP(388, "2"),
	Steps: []Step{
		{Step: decode.StepSASL2Authenticate, Ref: spec.XEP(388, "2.3"),
			Text:   "The client names its mechanism, sends its first data, and says what else it wants done with the login.",
			Why:    "The older way needs many exchanges before the first message. Here what usually follows a login travels with it.",
			Expect: "The server answers with a challenge, with success, with failure, or with <continue/> if one more thing is needed."},
		{Step: decode.StepSASL2Continue, Ref: spec.XEP(388, "2.6.3"),
			Text:   "The proof was right, but the server wants one more thing before it lets the client in.",
			Why:    "A second factor or a newer password hash can be asked for here, after the password and before success.",
			Expect: "The client picks one of the tasks with <next/>, or gives up with <abort/>."},
		{Step: decode.StepSASL2Next, Ref: spec.XEP(388, "2.6.3"),
			Text:   "The client picks one of the tasks that the server named.",
			Why:    "The server may have named several; the client does one after the other.",
			Expect: "The server asks for what the task needs, or accepts."},
		{Step: decode.StepSASL2TaskData, Ref: spec.XEP(388, "2.6.3"),
			Text:   "Data of a task travels, in either direction.",
			Why:    "What stands in it is a matter of the task.",
			Expect: "More task data, then success, failure or another task."},
		{Step: decode.StepSASL2Success, Ref: spec.XEP(388, "2.6.1"),
			Text:   "The server accepts the login and tells what else it has done.",
			Why:    "Unlike with the older SASL, the stream is not started again: the server just goes on.",
			Expect: "New stream features follow at once, except after resuming. The client must not open a new stream."},
	},
	Title:   sasl2Title,
	Explain: explainSASL2,
}

func sasl2Title(e *decode.Event) string {
	switch e.Step {
	case decode.StepSASL2Continue:
		return "wants one more step before success"
	case decode.StepSASL2Next:
		return "picks a further task"
	case decode.StepSASL2TaskData:
		return "sends data for a task"
	case decode.StepSASL2Success:
		s := stateOf(e)
		if s.JID != "" {
			return "accepts the login as " + name(s.JID)
		}
	}
	return saslTitle(e)
}

func explainSASL2(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	says, ref := decoded(e), x.Ref
	switch e.Step {
	case decode.StepSASL2Authenticate:
		explainAuth(x, e, says)
		x.addInline(n)
	case decode.StepSASL2Continue:
		x.What = sender(e) + " finds the proof right, but wants more: " + list(tasks(n), 8) + "."
	case decode.StepSASL2Next:
		x.What = sender(e) + " picks the task " + value(attr(n, "task")) + "."
	case decode.StepSASL2TaskData:
		x.What = sender(e) + " sends data for the task."
	case decode.StepSASL2Success:
		explainSASL2Success(x, e, n)
	}
	x.addLogin(e, n, says)
	x.Ref = ref
}

// explainLoginStep explains a step that travels inside <authenticate/>.
func explainLoginStep(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	ref, expect := x.Ref, x.Expect
	says := decoded(e)
	explainAuth(x, e, says)
	x.addInline(n)
	x.addLogin(e, n, says)
	x.Ref, x.Expect = ref, expect
}

func tasks(n *xmlstream.Node) []string {
	var all []string
	if list := child(n, nsSASL2, "tasks"); list != nil {
		for t := range list.Children() {
			all = append(all, t.Text())
		}
	}
	return all
}

func explainSASL2Success(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	id := text(child(n, nsSASL2, "authorization-identifier"))
	x.What = sender(e) + " accepts the login" + when(id != "", " of "+value(id)) + "."
	x.noteText(child(n, nsSASL2, "authorization-identifier"), "Who is logged in now. With a resource at the end, the address is bound already.")
	resumed := child(n, nsSM, "resumed") != nil
	x.What = say(x.What,
		when(child(n, nsBind2, "bound") != nil, "It has bound an address in the same go."),
		when(resumed, "It has taken up the earlier session again."),
		when(child(n, nsSM, "failed") != nil, "The earlier session could not be resumed."),
		when(child(n, nsFAST, "token") != nil, "It hands out a token for quicker logins later."))
	if resumed {
		x.Expect = "The session goes on where it broke off; no features follow."
	}
	x.noteAttr(child(n, nsFAST, "token"), "token", "A secret: whoever has it can log in.")
	x.noteAttr(child(n, nsFAST, "token"), "expiry", "Until when the token is good.")
}

// inlineParts explains what may stand inside <authenticate/> and belongs to
// steps of their own.
var inlineParts = []struct {
	space, local string
	step         decode.Step
	text         string
	ref          spec.Ref
}{
	{nsBind2, "bind", decode.StepBind2, "It wants an address bound in the same go.", spec.XEP(386, "3.2")},
	{nsBind2Old, "bind", decode.StepBind2, "It wants an address bound in the same go, in an older form.", spec.XEP(386, "3.2")},
	{nsSM, "resume", decode.StepSMResume, "It wants to take up an earlier session if that still exists.", spec.XEP(198, "9.2")},
	{nsFAST, "request-token", decode.StepFASTRequest, "It asks for a token for quicker logins later.", spec.XEP(484, "3.2")},
	{nsFAST, "fast", decode.StepFASTLogin, "It logs in with a token from an earlier login.", spec.XEP(484, "3.4")},
	{nsSASLUpgrade, "upgrade", decode.StepSASL2Upgrade, "It is ready to store a newer password hash on the server.", spec.XEP(480, "2.2")},
	{nsIAP, "config-version", decode.StepIAP, "It sends the login before seeing the features, betting that they have not changed.", spec.XEP(509, "2")},
}

func (x *Explanation) addInline(n *xmlstream.Node) {
	for _, p := range inlineParts {
		if c := child(n, p.space, p.local); c != nil {
			x.What = say(x.What, p.text)
			x.noteTag(c, p.text+" ("+p.ref.String()+")")
		}
	}
	if agent := child(n, nsSASL2, "user-agent"); agent != nil {
		software, device := text(child(agent, nsSASL2, "software")), text(child(agent, nsSASL2, "device"))
		x.more("The program: " + value(software) + when(device != "", ", on the device "+value(device)) + ".")
		x.noteAttr(agent, "id", "An id that stays the same for this installation of the client.")
	}
}
