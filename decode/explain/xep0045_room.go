package explain

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

const (
	nsMUCAdmin = "http://jabber.org/protocol/muc#admin"
	nsMUCOwner = "http://jabber.org/protocol/muc#owner"
)

var roomPart = Part{
	Name:   "xep0045-room-messages",
	Doc:    "What rooms say in messages: invitations, refusals of them, and news about the room.",
	Ref:    spec.XEP(45, "7.8"),
	Spaces: []string{nsMUCUser},
	Expect: "An invitation is taken by joining the room, or declined through it. News of the room needs no answer.",
	Why:    "A room speaks for itself where something about it changes, and passes invitations on, so that it can make the invited user a member where it has to.",
	Title: func(e *decode.Event) string {
		if !relayed(e) || resource(e.From) != "" {
			return ""
		}
		return "passes on word from the room " + name(e.From)
	},
	Inside: func(t *telling, c *xmlstream.Node) string {
		var words []string
		for _, k := range kids(c, "") {
			switch k.Name.Local {
			case "invite":
				t.x.noteTag(k, "The invitation.")
				if to := attr(k, "to"); to != "" {
					words = append(words, "The room is asked to invite "+value(to)+reasonWords(k)+".")
				} else {
					words = append(words, value(attr(k, "from"))+" invites to the room "+value(bare(t.e.From))+reasonWords(k)+".")
				}
			case "decline":
				words = append(words, pick(attr(k, "from") == "", "The invitation of "+value(attr(k, "to"))+" is declined", value(attr(k, "from"))+" declines the invitation")+reasonWords(k)+".")
			case "password":
				words = append(words, "The password that the room wants comes with it.")
				t.x.noteText(k, "The password of the room, as it is.")
			case "status":
				words = append(words, "Status "+value(attr(k, "code"))+": "+roomStatusText(attr(k, "code")))
				t.x.noteWhole(k, roomStatusText(attr(k, "code")))
			}
		}
		if len(words) > maxWords {
			words = append(words[:maxWords], "And so on.")
		}
		if len(words) == 0 {
			return "It belongs to the talk in the room " + value(bare(pick(relayed(t.e), t.e.From, t.e.To))) + "."
		}
		return strings.Join(words, " ")
	},
}

// maxWords bounds the sentences about a list.
const maxWords = 8

var adminPart = Part{
	Name:   "xep0045-room-admin",
	Doc:    "Running a room: roles, affiliations, throwing out, banning.",
	Ref:    spec.XEP(45, "9"),
	Spaces: []string{nsMUCAdmin},
	Why:    "A role says what somebody may do on this visit, an affiliation what lasts. Both are changed by asking the room, which tells everybody.",
	Noun:   "to change roles or affiliations",
	Refused: map[string]string{
		"forbidden":   "the asker does not stand high enough in the room for this",
		"not-allowed": "this may not be done to somebody who stands as high or higher",
		"conflict":    "nobody may take the last right of ownership from themselves",
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		items := kids(c, "item")
		switch {
		case t.e.Type == "get":
			i := first(c)
			t.ask("for everybody with the " + pick(attr(i, "affiliation") == "", "role "+value(attr(i, "role")), "affiliation "+value(attr(i, "affiliation"))) + ".")
		case t.e.Type == "set":
			t.x.What = t.by() + " asks the room " + t.whom() + " for " + count(total(c, "item"), "change") + "."
			t.x.Expect = "The room does it and tells everybody with presence, and answers with an empty result. Or it refuses, if the asker may not do this."
		case c == nil:
			t.done()
		case len(items) == 0:
			t.answer(t.by() + " answers that there is nobody of that sort.")
		default:
			t.answer(t.by() + " lists " + many(total(c, "item"), "entry", "entries") + ".")
		}
		for _, i := range items {
			if t.e.Type == "get" {
				continue
			}
			line := adminWords(i)
			if t.e.Type == "result" {
				line = say(value(pick(attr(i, "jid") == "", attr(i, "nick"), attr(i, "jid")))+reasonWords(i)+".", standingWords(i))
			}
			t.x.noteTag(i, line)
			if len(items) == 1 && t.e.Type == "set" {
				t.x.What = t.by() + " asks the room " + t.whom() + " for this: " + lower(line)
			} else {
				t.x.more(line)
			}
		}
	},
}

// adminWords says what a change of standing does.
func adminWords(i *xmlstream.Node) string {
	who := value(pick(attr(i, "nick") == "", attr(i, "jid"), attr(i, "nick")))
	role, affiliation := attr(i, "role"), attr(i, "affiliation")
	var line string
	switch {
	case role == "none":
		line = "Throw " + who + " out of the room"
	case affiliation == "outcast":
		line = "Ban " + who + " from the room"
	case affiliation == "none":
		line = "Take every standing from " + who
	case affiliation != "":
		line = "Give " + who + " the affiliation " + value(affiliation)
	case role == "visitor":
		line = "Take the right to speak from " + who
	case role != "":
		line = "Give " + who + " the role " + value(role)
	default:
		line = "Do something with " + who
	}
	return line + reasonWords(i) + "."
}

var ownerPart = Part{
	Name:   "xep0045-room-owner",
	Doc:    "Owning a room: setting it up, and doing away with it.",
	Ref:    spec.XEP(45, "10"),
	Spaces: []string{nsMUCOwner},
	Why:    "A new room is locked until its owner has said how it shall be. Later the owner can change that, or end the room.",
	Noun:   "the settings of the room",
	Refused: map[string]string{
		"forbidden":      "only an owner may do this",
		"not-acceptable": "the settings do not fit together",
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		form := child(c, nsForms, "x")
		d := kid(c, "destroy")
		switch {
		case t.e.Type == "get":
			t.ask("for the form with its settings.")
			t.x.Expect = "The room sends a form, which the owner fills in and sends back. Only owners get it."
		case d != nil:
			t.ask("to do away with the room" + reasonWords(d) + "." + when(attr(d, "jid") != "", " Who is in it shall go to "+value(attr(d, "jid"))+"."))
			t.x.Expect = "The room tells everybody in it that it is no more, and answers with an empty result."
			t.x.Ref = spec.XEP(45, "10.9")
		case t.e.Type == "set" && attr(form, "type") == "cancel":
			t.ask("to leave its settings as they are. A room that was made just now ends with this.")
		case t.e.Type == "set" && form != nil && form.FirstElement() == nil:
			t.ask("to open the room with the usual settings.")
		case t.e.Type == "set":
			t.ask("to take over new settings.")
		case form != nil:
			t.answer(t.by() + " sends the form with the settings of the room.")
			t.x.Expect = "The owner fills it in and sends it back, or cancels."
		default:
			t.done("The room is as its owner wants it.")
		}
		t.form(form)
	},
}
