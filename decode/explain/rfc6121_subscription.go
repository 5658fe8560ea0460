package explain

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/im"
)

// explainSubscription explains a presence that asks for, grants, refuses or
// gives up the right to see somebody's presence, and what it does to the state
// machine of RFC 6121 §A.
func explainSubscription(t *telling) {
	x, e := t.x, t.e
	k := presenceTypes[e.Type]
	x.What = subject(e) + " " + k.what + " " + pick(e.To == "", "nobody: there is no address", value(e.To)) + "."
	x.Why, x.Ref = k.why, k.ref
	x.Expect = t.follows()
	if x.Expect == "" {
		x.Expect = k.expect
	}
	if resource(e.To) != "" && fromInitiator(e) && e.Type != "probe" {
		x.more("The address should be that of the account, " + value(bare(e.To)) + ": a subscription holds for all of its devices.")
	}
	if im.Subscribing(e.Type) && t.s != nil && stateOf(e).Profile == decode.ProfileC2S {
		t.machine()
	}
}

// machine tells the states before and after, on both sides.
func (t *telling) machine() {
	who := pick(fromInitiator(t.e), t.e.To, t.e.From)
	if who == "" {
		return
	}
	now := t.s.Subscription(who)
	moved := t.changes(im.GroupSubscriptions, "")
	if len(moved) == 0 {
		t.x.What = say(t.x.What, t.unmoved(now))
		return
	}
	c := moved[0]
	if now.Known() {
		t.x.What = say(t.x.What, "For the user, the subscription with "+value(c.Name)+" goes from "+c.Was+since(c.Since)+" to "+c.Now+": "+stateMeaning(now)+".")
	} else {
		t.x.What = say(t.x.What, "As far as the recording shows, the subscription with "+value(c.Name)+" is now "+c.Now+when(c.Since != 0, ", after "+c.Was+since(c.Since))+": "+stateMeaning(now)+".")
		t.x.more("The recording does not show the whole contact list, so the states are only what the stanzas add up to.")
	}
	sub, ask := now.Roster()
	if _, listed := t.s.Item(who); !listed && now&^(im.PendingIn|im.Unsure) == im.None && now.Known() {
		t.x.more("That does not show in the user's contact list: " + value(c.Name) + " does not stand in it.")
		t.x.more("On the other side, in the list of " + value(c.Name) + ", it should be " + now.Mirror().String() + " once this has arrived there.")
		return
	}
	t.x.more("The user's contact list shows that as subscription='" + sub + "'" + when(ask, " ask='subscribe'") + "." +
		when(now&im.PendingIn != 0, " That the contact waits for an answer does not show in it."))
	t.x.more("On the other side, in the list of " + value(c.Name) + ", it should be " + now.Mirror().String() + " once this has arrived there.")
}

// unmoved says why a stanza about a subscription changes nothing.
func (t *telling) unmoved(now im.State) string {
	state := now.String()
	if !now.Known() {
		return "As far as the recording shows, it changes nothing: the subscription is " + state + "."
	}
	out := fromInitiator(t.e)
	switch {
	case t.e.Type == "subscribe" && out && now&im.To != 0:
		return "It changes nothing: the user sees that presence already; the subscription is " + state + "."
	case t.e.Type == "subscribe" && !out && now&im.From != 0:
		return "It changes nothing: the contact sees the user's presence already, so the server may answer for the user; the subscription is " + state + "."
	case t.e.Type == "subscribed" && out && now&im.From == 0:
		return "Nobody has asked for it, so it is a grant in advance: a request that comes later is granted at once, if the server offers that. The subscription is " + state + "."
	}
	return "It changes nothing: the subscription is " + state + " before and after."
}

// follows says what comes next, seen from the side that is at hand.
func (t *telling) follows() string {
	e := t.e
	if stateOf(e).Profile != decode.ProfileC2S || e.To == "" {
		return ""
	}
	if fromInitiator(e) {
		switch e.Type {
		case "subscribe":
			return "The server notes it in the contact list (ask='subscribe'), tells all devices of the user with a roster push, and sends the request on. The other user says yes with subscribed or no with unsubscribed."
		case "subscribed":
			return "The server puts it into the contact list, tells all devices with a roster push, sends the answer on, and then the user's presence."
		case "unsubscribe":
			return "The server changes the contact list, tells all devices with a roster push, and sends it on. The presence of the contact ends."
		case "unsubscribed":
			return "The server tells the other side, sends it a last unavailable presence, and changes the contact list if the contact stands there."
		}
		return ""
	}
	switch e.Type {
	case "subscribe":
		return "The user is asked. The client answers with subscribed or unsubscribed, and often asks back with a subscribe of its own. Without an answer the server brings the request again at the next login."
	case "subscribed":
		return "A roster push shows the new state, and the presence of the contact comes in, if there is any."
	case "unsubscribe":
		return "A roster push shows the new state. Often the contact asks no more and is asked no more."
	case "unsubscribed":
		return "Unavailable presence of the contact may come, and a roster push with the new state."
	}
	return ""
}

// stateMeaning says what a state of RFC 6121 §A.1 means.
func stateMeaning(s im.State) string {
	words := [...]string{"neither of the two sees the presence of the other", "the user sees the contact's presence, but not the other way round",
		"the contact sees the user's presence, but not the other way round", "each of the two sees the presence of the other"}[s&im.Both]
	var waits []string
	if s&im.PendingOut != 0 {
		waits = append(waits, "the user waits for the contact's answer")
	}
	if s&im.PendingIn != 0 {
		waits = append(waits, "the contact waits for the user's answer")
	}
	if len(waits) > 0 {
		words += "; " + strings.Join(waits, ", and ")
	}
	return words
}
