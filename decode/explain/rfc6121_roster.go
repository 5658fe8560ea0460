package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var rosterTopic = Topic{
	Name: "rfc6121-roster",
	Doc:  "The roster: the contact list that the server keeps.",
	Ref:  spec.RFC(6121, "2"),
	Steps: []Step{
		{Step: decode.StepRosterGet, Ref: spec.RFC(6121, "2.2"),
			Text:   "The client asks for the roster, the contact list that the server keeps for the account.",
			Why:    "The list lives on the server, so that all devices of a user see the same one. A client asks for it before it goes online, so that it knows the people whose presence comes in.",
			Expect: "The server answers with the contacts, or with an empty result if the client's version is still the newest."},
	},
	Spaces:  []string{nsRoster},
	Title:   rosterTitle,
	Explain: explainRoster,
}

func rosterTitle(e *decode.Event) string {
	switch {
	case fails(e):
		return refusesTitle(e, "the roster request")
	case e.Type == "get":
		return "asks for the roster"
	case e.Type == "set" && fromInitiator(e):
		return "changes the roster"
	case e.Type == "set":
		return "tells of a change in the roster"
	case fromInitiator(e):
		return "confirms the change in the roster"
	case e.Step == decode.StepRosterGet && e.Payload.Local == "":
		return "says that the roster has not changed"
	}
	return "gives the roster"
}

func explainRoster(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	query := child(n, nsRoster, "query")
	ver, versioned := attrOf(query, "ver")
	switch {
	case fails(e):
		x.refuse(e, n, "the roster request")
		return
	case e.Type == "get":
		x.What = sender(e) + " asks for the contact list."
		if versioned && ver != "" {
			x.What = say(x.What, "It knows version "+value(ver)+" already and wants only what changed since.")
		} else if versioned {
			x.What = say(x.What, "It can handle versions, but has none yet.")
		}
	case e.Type == "set":
		explainRosterSet(x.tell(e, n), query)
	case fromInitiator(e):
		x.What = say(sender(e)+" confirms that it has taken over the change of the contact list.", x.tell(e, n).pairing())
		x.Why = "Every push is an iq, so it must be answered. The server does not wait for it."
		x.Expect = "Nothing follows from this."
		x.Ref = spec.RFC(6121, "2.1.6")
	case query == nil:
		x.What = say(sender(e)+" answers with nothing: what the client knows is still right, or changes follow one by one.", x.tell(e, n).pairing())
		x.Expect = pick(before(e).Available, "Changes, if there are any, follow as roster pushes.", "The client sends its first presence.")
	default:
		items := rosterItems(query)
		x.What = say(sender(e)+" gives the contact list: "+count(len(items), "contact")+".", when(versioned, "Its version is "+value(ver)+"."), x.tell(e, n).pairing())
		x.Expect = pick(before(e).Available, "The client now knows the people whose presence comes in.", "The client sends its first presence; then the presence of the contacts comes in.")
		for _, i := range items {
			x.more(itemLine(i))
		}
	}
	x.noteAttr(query, "ver", "The version of the contact list.")
	for _, i := range rosterItems(query) {
		x.noteTag(i, upper(subscriptionText(attr(i, "subscription"))))
	}
}

func explainRosterSet(t *telling, query *xmlstream.Node) {
	x, e := t.x, t.e
	item := child(query, nsRoster, "item")
	jid := value(attr(item, "jid"))
	if attr(item, "jid") == "" {
		jid = "a contact without an address"
	}
	removed := attr(item, "subscription") == "remove"
	x.Ref = spec.RFC(6121, "2.1.5")
	if fromInitiator(e) {
		x.What = sender(e) + " asks the server to " + pick(removed, "remove "+jid+" from", "put "+jid+" into") + " the contact list."
		x.Why = "The server keeps the list, so every change goes to the server first."
		x.Expect = "The server answers with an empty result and tells all the user's devices of the change."
		if removed {
			x.Expect = "The server also ends the subscriptions in both directions, answers with an empty result, and tells all the user's devices."
			x.Ref = spec.RFC(6121, "2.5")
		}
		if t.s != nil {
			if old, ok := t.s.Item(attr(item, "jid")); ok {
				x.What = say(x.What, "It is in the list already"+when(old.Name != "", ", called "+speech(old.Name))+since(old.Seq)+".")
			}
		}
	} else {
		x.What = say(sender(e)+" tells of a change in the contact list: "+pick(removed, jid+" is removed", jid+" is added or changed")+".", t.rosterChanges())
		x.Why = "All devices of a user hold the same list, so the server tells each of them of every change. A client should obey this only if it comes from its own account."
		x.Expect = "The client answers with an empty result."
		x.Ref = spec.RFC(6121, "2.1.6")
	}
	x.more(itemLine(item))
}

// rosterChanges tells what a push changes in the list as it was seen before.
func (t *telling) rosterChanges() string {
	if t.s == nil {
		return ""
	}
	var words []string
	for _, c := range t.changes(im.GroupRoster, "") {
		switch c.Field {
		case "item":
			words = append(words, pick(c.Now == "listed", t.newcomer(), "It was in the list before"+since(c.Since)+"."))
		case "subscription":
			if c.Was != "" {
				words = append(words, "The subscription was "+value(c.Was)+since(c.Since)+" and is now "+value(c.Now)+".")
			}
		case "ask":
			words = append(words, pick(c.Now == "yes", "The user now waits for the contact's answer.", "The user no longer waits for an answer."))
		case "name":
			if c.Was != "" || c.Now != "" {
				words = append(words, pick(c.Was == "", "It is now called "+speech(c.Now)+".", "The name was "+speech(c.Was)+"."))
			}
		case "groups":
			words = append(words, "The groups are now: "+pick(c.Now == "", "none", speech(c.Now))+".")
		case "approved":
			words = append(words, pick(c.Now == "yes", "A request of the contact will be granted at once.", "A request of the contact will not be granted at once."))
		}
	}
	if len(words) == 0 {
		return "As far as was seen, that is how it was before: the push only follows what was known already."
	}
	if len(words) > maxWords {
		words = words[:maxWords]
	}
	return say(words...)
}

// newcomer says that a contact was not in the list before, as far as that is
// known.
func (t *telling) newcomer() string {
	if _, whole := t.s.RosterSeq(); whole {
		return "It is new in the list."
	}
	return "It was not seen in the list before."
}

func rosterItems(query *xmlstream.Node) []*xmlstream.Node {
	var all []*xmlstream.Node
	if query != nil {
		for c := range query.Children() {
			if c.Name.Local == "item" {
				all = append(all, c)
			}
		}
	}
	return all
}

func itemLine(i *xmlstream.Node) string {
	if i == nil {
		return ""
	}
	line := value(attr(i, "jid"))
	if s := attr(i, "name"); s != "" {
		line += ", called " + speech(s)
	}
	line += ": " + subscriptionText(attr(i, "subscription"))
	var groups []string
	for _, g := range kids(i, "group") {
		groups = append(groups, text(g))
	}
	line += when(len(groups) > 0, " It stands in "+pick(len(groups) == 1, "the group ", "the groups ")+list(groups, 6)+".")
	if a := attr(i, "approved"); a == "true" || a == "1" {
		line += " A request to see the user's presence was granted in advance."
	}
	if attr(i, "ask") == "subscribe" {
		line += " A request to see its presence is waiting for an answer."
	}
	return line
}

// subscriptionText explains the states of RFC 6121 §2.1.2.5.
func subscriptionText(s string) string {
	switch s {
	case "both":
		return "each of the two sees the presence of the other."
	case "to":
		return "the user sees this contact's presence, but not the other way round."
	case "from":
		return "this contact sees the user's presence, but not the other way round."
	case "none", "":
		return "neither of the two sees the presence of the other."
	case "remove":
		return "the contact is removed."
	}
	return "a subscription state that is not known: " + value(s) + "."
}
