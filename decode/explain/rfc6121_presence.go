package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var presenceTopic = Topic{
	Name: "rfc6121-presence",
	Doc:  "Presence: who is there, and who may know it.",
	Ref:  spec.RFC(6121, "4"),
	Steps: []Step{
		{Step: decode.StepPresenceInitial, Ref: spec.RFC(6121, "4.2"),
			Text:   "The client sends its first presence: it is available now.",
			Why:    "Only from now on the server takes this device for online: messages to the bare address reach it, and waiting ones are delivered.",
			Expect: "The server tells the user's contacts and other devices, sends back what it knows of the contacts' presence, and delivers what has waited."},
		{Step: decode.StepPresenceUnavailable, Ref: spec.RFC(6121, "4.5"),
			Text:   "A side says that somebody is no longer available.",
			Why:    leavingWhy,
			Expect: "The server passes it on. A client that leaves for good closes its stream next."},
	},
	Stanza:  "presence",
	Title:   presenceTitle,
	Explain: explainPresence,
}

const leavingWhy = "Contacts should see at once that somebody leaves. If a client just vanishes, its server says this for it."

// presenceTypes explains each type: title and what go after who sends it and
// before the address; passed stands alone, where a server passes it on.
var presenceTypes = map[string]struct{ title, passed, what, why, expect, section string }{
	"subscribe": {"asks to see the presence of", "asks to see the presence", "asks for leave to see the presence of",
		"Nobody sees the presence of another without being allowed to. Each direction is asked for and granted by itself.",
		"The other user says yes with subscribed or no with unsubscribed.", "3.1"},
	"subscribed": {"lets its presence be seen by", "lets its presence be seen", "grants the request: its presence may be seen by",
		"This answers an earlier request to subscribe. It allows one direction only.",
		"The presence of the one who granted it is sent now, and the contact lists on both sides change.", "3.1"},
	"unsubscribe": {"no longer wants the presence of", "no longer wants the presence", "no longer wants to see the presence of",
		"A subscription can be given up by the one who holds it.",
		"The other side confirms with unsubscribed, and the contact lists change.", "3.3"},
	"unsubscribed": {"no longer shows its presence to", "does not show its presence", "refuses, or takes back, the right to see its presence from",
		"The one whose presence it is decides who may see it, and can change their mind.",
		"Unavailable presence is sent to the one who lost the right, and the contact lists change.", "3.2"},
	"probe": {"asks for the current presence of", "asks for the current presence", "asks for the current presence of",
		"A server asks so on behalf of a user who has just come online.",
		"The answer is the presence of that user, or unsubscribed.", "4.3"},
}

func presenceTitle(e *decode.Event) string {
	if t, ok := presenceTypes[e.Type]; ok {
		if relayed(e) {
			return "passes on that " + name(e.From) + " " + t.passed
		}
		return t.title + " " + presenceTarget(e)
	}
	switch {
	case fails(e):
		return refusesTitle(e, "the presence")
	case e.Type != "" && e.Type != "unavailable":
		return "sends presence of an unknown type"
	case e.Type == "unavailable" && relayed(e):
		return "says that " + name(e.From) + " is gone"
	case e.Type == "unavailable" && !fromInitiator(e):
		return "says that somebody is gone"
	case e.Type == "unavailable" && e.To != "":
		return "leaves " + name(e.To)
	case e.Type == "unavailable":
		return "says goodbye: no longer available"
	case e.Payload.Space == nsMUC && e.To != "":
		return "joins the room " + name(bare(e.To))
	case e.Step == decode.StepPresenceInitial:
		return "says that it is available"
	case relayed(e):
		return "says that " + name(e.From) + " is available"
	case !fromInitiator(e):
		return "says that somebody is available"
	case e.To != "":
		return "shows its presence to " + name(e.To)
	}
	return "changes its presence"
}

func presenceTarget(e *decode.Event) string {
	if e.To == "" {
		return "nobody (no address)"
	}
	return name(e.To)
}

func explainPresence(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	t, special := presenceTypes[e.Type]
	switch {
	case special:
		x.What = subject(e) + " " + t.what + " " + pick(e.To == "", "nobody: there is no address", value(e.To)) + "."
		x.Why, x.Expect, x.Ref = t.why, t.expect, spec.RFC(6121, t.section)
	case fails(e):
		x.refuse(e, n, "the presence")
		if child(n, nsMUC, "x") != nil {
			x.What = say(x.What, joinError(e.Condition))
			x.Ref = spec.XEP(45, "7.2")
		}
	case e.Type == "unavailable":
		explainUnavailable(x, e)
	case e.Type != "":
		x.What = subject(e) + " sends presence of the type " + value(e.Type) + ", which is none of the defined ones."
		x.Why = "The type says what a presence is about: coming, going, or the right to see it. A word that nobody else knows cannot be acted on."
		x.Expect = "The other side may ignore it or answer with an error."
	default:
		explainAvailable(x, e, n)
	}
	x.addPresence(n)
}

// subject is who a stanza comes from: the address where another entity's
// stanza is delivered, else the sender itself.
func subject(e *decode.Event) string {
	if relayed(e) {
		return value(e.From)
	}
	return sender(e)
}

func explainUnavailable(x *Explanation, e *decode.Event) {
	switch {
	case !fromInitiator(e), relayed(e):
		x.What = pick(e.From == "", "Somebody, who is not named,", value(e.From)) + " is no longer available."
		x.Expect = "Nothing has to follow."
	case e.To != "":
		x.What = sender(e) + " tells " + value(e.To) + " alone that it is no longer there. For everybody else it stays available."
		x.Expect = "If that is a room, the room confirms with unavailable presence."
	default:
		x.What = sender(e) + " says that it is no longer available."
		x.Expect = "The server tells everybody who has seen the client. The client usually closes its stream next."
	}
	if x.Why == "" {
		x.Why, x.Ref = leavingWhy, spec.RFC(6121, "4.5")
	}
}

func explainAvailable(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	muc := child(n, nsMUC, "x")
	switch {
	case muc != nil && (fromInitiator(e) || relayed(e)):
		x.What = subject(e) + " joins the room " + value(bare(e.To)) + " under the nickname " + value(resource(e.To)) + "."
		if resource(e.To) == "" {
			x.What = subject(e) + " wants to join the room " + value(bare(e.To)) + " but gives no nickname."
		}
		x.Why = "Rooms are joined with presence: the address is that of the room, and its last part is the nickname."
		x.Expect = "The room sends the presence of everybody in it, the joining client's own last, then the recent messages and the subject. Or it refuses, for example because the nickname is taken."
		x.Ref = spec.XEP(45, "7.2")
	case child(n, nsMUCUser, "x") != nil && relayed(e):
		x.What = value(resource(e.From)) + " is in the room " + value(bare(e.From)) + "."
		x.Why = "A room sends the presence of everybody in it to everybody in it."
		x.Expect = "Nothing has to follow."
		x.Ref = spec.XEP(45, "7.2")
		explainOccupant(x, child(n, nsMUCUser, "x"))
	case e.Step == decode.StepPresenceInitial:
		x.What = say(sender(e)+" says that it is available.", when(!before(e).Roster, "It has not asked for the contact list before."))
	case !fromInitiator(e), relayed(e):
		x.What = pick(e.From == "", "Somebody, who is not named,", value(e.From)) + " is available."
		if e.From != "" && e.From == stateOf(e).JID {
			x.What = "The client's own presence comes back to it: the server has spread it."
		}
		x.Why = "The server passes on the presence of those whose presence the user may see."
		x.Expect = "Nothing has to follow."
		x.Ref = spec.RFC(6121, "4.4")
	case e.To != "":
		x.What = sender(e) + " shows its presence to " + value(e.To) + " alone."
		x.Why = "Presence with an address goes to that address only, for example to a room."
		x.Expect = "The other side may answer with its own presence."
		x.Ref = spec.RFC(6121, "4.6")
	default:
		x.What = sender(e) + " changes its presence."
		x.Why = "Contacts see at once how somebody is."
		x.Expect = "The server passes it on to everybody who may see it."
		x.Ref = spec.RFC(6121, "4.4")
	}
}

// addPresence adds what the presence says about the person.
func (x *Explanation) addPresence(n *xmlstream.Node) {
	if n == nil {
		return
	}
	space := n.Name.Space
	if show := child(n, space, "show"); show != nil {
		x.What = say(x.What, "The state is "+value(text(show))+": "+showText(text(show)))
		x.noteWhole(show, upper(showText(text(show))))
	}
	if status := child(n, space, "status"); status != nil && text(status) != "" {
		x.What = say(x.What, "The words to it are "+speech(text(status))+".")
		x.noteWhole(status, "Free words for people.")
	}
	if p := child(n, space, "priority"); p != nil {
		x.more("Priority " + value(text(p)) + ": of several devices, the one with the higher number gets the messages to the bare address. A negative one gets none.")
		x.noteWhole(p, "A number from -128 to 127.")
	}
}

// showText explains the values of RFC 6121 §4.7.2.1.
func showText(s string) string {
	switch s {
	case "away":
		return "away for a short while."
	case "chat":
		return "eager to talk."
	case "dnd":
		return "do not disturb."
	case "xa":
		return "away for longer."
	}
	return "none of the defined states."
}
