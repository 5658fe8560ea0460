package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var commandsPart = Part{
	Name:   "xep0050-commands",
	Doc:    "Ad-hoc commands: something is done at the other side, step by step, with forms.",
	Ref:    spec.XEP(50, "2"),
	Spaces: []string{"http://jabber.org/protocol/commands"},
	Why:    "A service can offer work that no protocol knows of, such as adding a user. The client only has to show forms and send them back.",
	Noun:   "to run the command",
	Refused: map[string]string{
		"item-not-found": "there is no such command",
		"forbidden":      "the asker may not run it",
		"not-allowed":    "the asker may not run it",
		"bad-request":    "the step, the action or the session does not fit",
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		node, id := value(attr(c, "node")), attr(c, "sessionid")
		t.x.noteAttr(c, "node", "The command.")
		t.x.noteAttr(c, "sessionid", "The id of this run of the command.")
		t.x.noteAttr(c, "action", "What to do now.")
		t.x.noteAttr(c, "status", "How far it is.")
		if asks(t.e) {
			t.ask(actionWords(attr(c, "action"), id != "") + " the command " + node + ".")
			t.x.Expect = "The answer is the next form, or says that the command is done, or is an error."
		} else {
			words := "gives the next step of"
			switch attr(c, "status") {
			case "completed":
				words = "has finished"
			case "canceled":
				words = "has given up"
			}
			t.answer(t.by() + " " + words + " the command " + node + ".")
			if attr(c, "status") == "executing" {
				t.x.Expect = "The form is filled in and sent back, or the command is given up."
			}
		}
		for _, k := range kids(c, "") {
			switch k.Name.Local {
			case "note":
				t.x.What = say(t.x.What, "It remarks: "+speech(text(k))+".")
				t.x.noteText(k, "A remark for the user.")
			case "actions":
				var can []string
				for _, a := range kids(k, "") {
					can = append(can, a.Name.Local)
				}
				t.x.more("What may be done next: " + list(can, 4) + ".")
			case "x":
				t.form(k)
			}
		}
	},
}

// actionWords explains the actions of XEP-0050 §3.4.
func actionWords(action string, running bool) string {
	switch action {
	case "cancel":
		return "to give up"
	case "prev":
		return "to go one step back in"
	case "next":
		return "to go one step on in"
	case "complete":
		return "to finish"
	}
	return pick(running, "to go on with", "to run")
}
