package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/im"
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
var presenceTypes = map[string]struct {
	title, passed, what, why, expect string
	ref                              spec.Ref
}{
	"subscribe": {"asks to see the presence of", "asks to see the presence", "asks for leave to see the presence of",
		"Nobody sees the presence of another without being allowed to. Each direction is asked for and granted by itself.",
		"The other user says yes with subscribed or no with unsubscribed.", spec.RFC(6121, "3.1")},
	"subscribed": {"lets its presence be seen by", "lets its presence be seen", "grants the request: its presence may be seen by",
		"This answers an earlier request to subscribe. It allows one direction only.",
		"The presence of the one who granted it is sent now, and the contact lists on both sides change.", spec.RFC(6121, "3.1")},
	"unsubscribe": {"no longer wants the presence of", "no longer wants the presence", "no longer wants to see the presence of",
		"A subscription can be given up by the one who holds it.",
		"The other side confirms with unsubscribed, and the contact lists change.", spec.RFC(6121, "3.3")},
	"unsubscribed": {"no longer shows its presence to", "does not show its presence", "refuses, or takes back, the right to see its presence from",
		"The one whose presence it is decides who may see it, and can change their mind.",
		"Unavailable presence is sent to the one who lost the right, and the contact lists change.", spec.RFC(6121, "3.2")},
	"probe": {"asks for the current presence of", "asks for the current presence", "asks for the current presence of",
		"A server asks so on behalf of a user who has just come online.",
		"The answer is the presence of that user, or unsubscribed.", spec.RFC(6121, "4.3")},
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
	case e.Payload.Space == nsMUCUser && relayed(e) && resource(e.From) != "":
		return "says that " + name(resource(e.From)) + pick(e.Type == "", " is in the room ", " is no longer in the room ") + name(bare(e.From))
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
	t := x.tell(e, n)
	switch _, special := presenceTypes[e.Type]; {
	case special:
		explainSubscription(t)
	case fails(e):
		x.refuse(e, n, "the presence")
		if child(n, nsMUC, "x") != nil || t.occupant(e.From) {
			explainNoEntry(t)
		}
	case e.Type == "unavailable":
		explainUnavailable(t)
	case e.Type != "":
		x.What = subject(e) + " sends presence of the type " + value(e.Type) + ", which is none of the defined ones."
		x.Why = "The type says what a presence is about: coming, going, or the right to see it. A word that nobody else knows cannot be acted on."
		x.Expect = "The other side may ignore it or answer with an error."
	default:
		explainAvailable(t)
	}
	t.addPresence()
}

// subject is who a stanza comes from: the address where another entity's
// stanza is delivered, else the sender itself.
func subject(e *decode.Event) string {
	if relayed(e) {
		return value(e.From)
	}
	return sender(e)
}

func explainUnavailable(t *telling) {
	x, e := t.x, t.e
	if muc := child(t.n, nsMUCUser, "x"); muc != nil && relayed(e) || t.occupant(e.From) && relayed(e) {
		explainLeft(t, muc)
		return
	}
	switch {
	case !fromInitiator(e), relayed(e):
		x.What = say(pick(e.From == "", "Somebody, who is not named,", value(e.From))+" is no longer available.", t.wasHere())
		if jid := stateOf(e).JID; jid != "" && e.From == jid {
			x.What = "The client's own goodbye comes back to it: the server has told everybody."
		}
		x.Expect = "Nothing has to follow."
	case t.occupant(e.To):
		explainLeaving(t)
	case e.To != "":
		x.What = sender(e) + " tells " + value(e.To) + " alone that it is no longer there. For everybody else it stays available."
		x.Expect = "If that is a room, the room confirms with unavailable presence."
	default:
		x.What = say(sender(e)+" says that it is no longer available.", t.inRooms())
		x.Expect = "The server tells everybody who has seen the client. The client usually closes its stream next."
	}
	if x.Why == "" {
		x.Why, x.Ref = leavingWhy, spec.RFC(6121, "4.5")
	}
}

// wasHere tells what was known before of somebody who goes.
func (t *telling) wasHere() string {
	if t.s == nil || t.e.From == "" {
		return ""
	}
	words := ""
	for _, c := range t.changes(im.GroupPresence, t.e.From) {
		if c.Field == "presence" && c.Was != "" && c.Was != "unavailable" {
			words = "Before, it was " + showWord(c.Was) + since(c.Since) + "."
		}
	}
	if here := t.online(t.e.From); here > 0 {
		return say(words, "The same account is still there with "+count(here, "other device")+".")
	} else if words != "" {
		return say(words, "No other device of that account is known to be there.")
	}
	return "It was not known to be there."
}

// online counts the devices of an account that are available, without jid and
// without the client itself.
func (t *telling) online(jid string) (many int) {
	for _, p := range t.s.Resources(bare(jid)) {
		if p.Available() && p.JID != jid && p.JID != stateOf(t.e).JID {
			many++
		}
	}
	return many
}

// inRooms names the rooms that a client leaves by going offline.
func (t *telling) inRooms() string {
	if t.s == nil {
		return ""
	}
	var rooms []string
	for _, c := range t.changes(im.GroupRooms, "") {
		if c.Field == "state" && c.Was == im.RoomJoined.String() {
			rooms = append(rooms, c.Name)
		}
	}
	return when(len(rooms) > 0, "With this it also leaves "+list(rooms, 6)+".")
}

func explainAvailable(t *telling) {
	x, e, n := t.x, t.e, t.n
	if explainRoomPresence(t) {
		return
	}
	jid := stateOf(e).JID
	switch {
	case e.Step == decode.StepPresenceInitial:
		x.What = say(sender(e)+" says that it is available.", when(!before(e).Roster, "It has not asked for the contact list before."),
			when(stateOf(e).Roster, "From now on the server sends it the presence of those contacts whose presence the user may see."))
	case relayed(e) && jid != "" && e.From == jid:
		x.What = "The client's own presence comes back to it: the server has spread it to all devices of the account, this one among them."
		x.Why = "So the client can be sure that the server has taken its presence."
		x.Expect = "Nothing has to follow."
		x.Ref = spec.RFC(6121, "4.2")
	case relayed(e) && jid != "" && bare(e.From) == bare(jid):
		x.What = say("Another device of the same account, "+value(resource(e.From))+", is available.", t.whatChanged())
		x.Why = "All devices of an account see each other, so that each knows where else the user is."
		x.Expect = "Nothing has to follow."
		x.Ref = spec.RFC(6121, "4.2")
	case !fromInitiator(e), relayed(e):
		x.What = say(pick(e.From == "", "Somebody, who is not named,", value(e.From))+" is available.", t.whatChanged(), t.whyVisible())
		x.Why = "The server passes on the presence of those whose presence the user may see."
		x.Expect = "Nothing has to follow."
		x.Ref = spec.RFC(6121, "4.4")
	case e.To != "":
		x.What = say(sender(e)+" shows its presence to "+value(e.To)+" alone.", when(n != nil && t.s != nil && t.s.Directed(e.To) != e.Seq && t.s.Directed(e.To) != 0, "It has done so before."))
		x.Why = "Presence with an address goes to that address only, for example to a room or to somebody who is no contact."
		x.Expect = "The other side may answer with its own presence. When the client goes offline, the server tells this address too."
		x.Ref = spec.RFC(6121, "4.6")
	default:
		x.What = say(sender(e)+" changes its presence.", t.ownChanges())
		x.Why = "Contacts see at once how somebody is."
		x.Expect = "The server passes it on to everybody who may see it."
		x.Ref = spec.RFC(6121, "4.4")
	}
}

// whatChanged tells what is new about somebody, and how many devices there are.
func (t *telling) whatChanged() string {
	if t.s == nil || t.e.From == "" {
		return ""
	}
	all := t.changes(im.GroupPresence, t.e.From)
	words := presenceChanges(all)
	switch {
	case len(all) == 0 && len(t.changes(im.GroupCapabilities, t.e.From)) == 0:
		words = "It says the same as before."
	case words == "" && len(all) > 0 && all[0].Field == "presence":
		words = "It was not known to be there before."
	}
	if here := t.online(t.e.From); here > 0 {
		words = say(words, "The account has "+count(here, "other device")+" online too.")
	}
	return words
}

// presenceChanges tells what a presence says that the one before did not.
func presenceChanges(all []im.Change) string {
	words, fresh := "", false
	for _, c := range all {
		fresh = fresh || c.Field == "presence" && (c.Was == "" || c.Was == "unavailable")
		switch {
		case c.Field == "priority" && c.Was == "" && !fresh:
			words = say(words, "The priority was 0.")
		case c.Was == "" || c.Was == "unavailable":
		case c.Field == "presence":
			words = say(words, "Before, it was "+showWord(c.Was)+since(c.Since)+".")
		case c.Field == "status":
			words = say(words, "The words to it were "+speech(c.Was)+".")
		case c.Field == "priority":
			words = say(words, "The priority was "+c.Was+".")
		}
	}
	return words
}

func (t *telling) ownChanges() string {
	if t.s == nil {
		return ""
	}
	jid, _ := t.s.JID()
	if all := t.changes(im.GroupAccount, jid); len(all) > 0 {
		return presenceChanges(all)
	}
	return when(len(t.changes(im.GroupCapabilities, jid)) == 0, "It says the same as before.")
}

// whyVisible says by what right the user sees somebody's presence.
func (t *telling) whyVisible() string {
	if t.s == nil || stateOf(t.e).Profile != decode.ProfileC2S {
		return ""
	}
	st := t.s.Subscription(t.e.From)
	switch {
	case st&im.To != 0:
		return "The user sees it because of the subscription, which is " + st.String() + "."
	case st.Known() && t.s.Directed(t.e.From) == 0 && t.s.Directed(bare(t.e.From)) == 0:
		return "There is no subscription to it: it was sent to this user on purpose."
	}
	return ""
}

// showWord is how somebody is, in a sentence.
func showWord(s string) string {
	switch s {
	case "away", "available", "unavailable":
		return s
	case "chat":
		return "eager to talk"
	case "dnd":
		return "not to be disturbed"
	case "xa":
		return "away for longer"
	}
	return value(s)
}

// addPresence adds what the presence says about the person.
func (t *telling) addPresence() {
	x, n := t.x, t.n
	if n == nil {
		return
	}
	for _, c := range kids(n, "") {
		if c.Name.Space != n.Name.Space {
			if c.Name.Space != nsMUC && c.Name.Space != nsMUCUser {
				line := t.about(c)
				x.more("<" + value(c.Name.Local) + "/>: " + line)
				t.noteElement(c, line)
			}
			continue
		}
		words := text(c)
		switch c.Name.Local {
		case "show":
			x.What = say(x.What, "The state is "+value(words)+": "+showText(words))
			x.noteWhole(c, upper(showText(words)))
		case "status":
			x.What = say(x.What, when(words != "", "The words to it are "+speech(words)+"."))
			x.noteWhole(c, "Free words for people.")
		case "priority":
			x.more("Priority " + value(words) + ": " + priorityText(words))
			x.noteWhole(c, "A number from -128 to 127.")
		}
	}
}

// priorityText says what a priority does (RFC 6121 §4.7.2.3).
func priorityText(s string) string {
	if len(s) > 1 && s[0] == '-' {
		return "negative, so this device gets no messages to the bare address, only those to itself."
	}
	return "of several devices, the one with the higher number gets the messages to the bare address. A negative one gets none."
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
