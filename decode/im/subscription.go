package im

import (
	"strings"

	"xmppscope/decode"
)

// State is a subscription state of RFC 6121 §A.1, seen from the user: two
// directions, each of them on, asked for, or off. The zero value is None.
type State uint8

const (
	// To: the user gets the contact's presence.
	To State = 1 << iota
	// From: the contact gets the user's presence.
	From
	// PendingOut: the user has asked the contact, who has not answered.
	PendingOut
	// PendingIn: the contact has asked the user, who has not answered.
	PendingIn
	// Unsure: the rest is what the stanzas add up to, but the roster was not
	// seen, or something may have been lost since.
	Unsure
)

// None is the state without a subscription, and Both that with one in each
// direction.
const (
	None State = 0
	Both       = To | From
)

// String is the name of the state in RFC 6121 §A.1, such as "None + Pending
// Out". It says nothing of Unsure.
func (t State) String() string {
	name := [...]string{"None", "To", "From", "Both"}[t&Both]
	switch t & (PendingOut | PendingIn) {
	case PendingOut:
		return name + " + Pending Out"
	case PendingIn:
		return name + " + Pending In"
	case PendingOut | PendingIn:
		return name + " + Pending Out+In"
	}
	return name
}

// Known tells whether the roster or an unbroken chain of stanzas vouches for the
// state.
func (t State) Known() bool { return t&Unsure == 0 }

// Roster is how a roster item shows the state: its attributes subscription and
// ask (RFC 6121 §2.1.2.2, §2.1.2.5). Pending In does not show there.
func (t State) Roster() (subscription string, ask bool) {
	return strings.ToLower([...]string{"None", "To", "From", "Both"}[t&Both]), t&PendingOut != 0
}

// Sent is the state after the user has sent a presence stanza of this type
// (RFC 6121 §A.2). Other types leave it as it is.
func (t State) Sent(typ string) State {
	switch typ {
	case "subscribe":
		if t&To == 0 {
			t |= PendingOut
		}
	case "unsubscribe":
		t &^= To | PendingOut
	case "subscribed":
		// Without a request it is a pre-approval, which changes nothing yet
		// (§3.4.2). Where the request may have gone unseen it is taken for an
		// answer.
		if t&PendingIn != 0 || t&(Unsure|From) == Unsure {
			t = t&^PendingIn | From
		}
	case "unsubscribed":
		t &^= From | PendingIn
	}
	return t
}

// Received is the state after a presence stanza of this type came from the
// contact (RFC 6121 §A.3).
func (t State) Received(typ string) State {
	switch typ {
	case "subscribe":
		if t&From == 0 {
			t |= PendingIn
		}
	case "unsubscribe":
		t &^= From | PendingIn
	case "subscribed":
		if t&PendingOut != 0 || t&(Unsure|To) == Unsure {
			t = t&^PendingOut | To
		}
	case "unsubscribed":
		t &^= To | PendingOut
	}
	return t
}

// Mirror is the same relation seen from the contact: what is to there is from
// here, and who has asked has been asked. It is what the contact's server holds
// once everything has arrived.
func (t State) Mirror() State {
	m := t & Unsure
	for _, p := range [...][2]State{{To, From}, {From, To}, {PendingOut, PendingIn}, {PendingIn, PendingOut}} {
		if t&p[0] != 0 {
			m |= p[1]
		}
	}
	return m
}

// Subscribing tells whether a type of presence is about a subscription (RFC 6121
// §3).
func Subscribing(typ string) bool { return subscribing(typ) != "" }

// subscribing is the type as a string that keeps nothing else alive.
func subscribing(typ string) string {
	for _, t := range [...]string{"subscribe", "subscribed", "unsubscribe", "unsubscribed"} {
		if t == typ {
			return t
		}
	}
	return ""
}

// Subscription is the state between the account and a contact, by its bare
// address; a resource is ignored. Somebody who was never heard of is None, and
// Unsure as long as the whole roster was not seen.
func (s *Session) Subscription(jid string) State {
	if i := s.contact(key(jid)); i != nil {
		return s.judge(i)
	}
	return s.stranger()
}

// Contact is the other side of Subscription: the state that the contact should
// have with the account (see [State.Mirror]).
func (s *Session) Contact(jid string) State { return s.Subscription(jid).Mirror() }

// stranger is the state of somebody of whom nothing is known.
func (s *Session) stranger() State {
	if s.wholeSeq > s.lost {
		return None
	}
	return Unsure
}

// judge is the state of an item, with Unsure where nothing vouches for it.
func (s *Session) judge(i *Item) State {
	if i.sure > s.lost {
		return i.State
	}
	return i.State | Unsure
}

// subscribe follows a stanza about a subscription.
func (s *Session) subscribe(e *decode.Event) {
	jid := e.To
	if e.Dir == decode.FromReceiver {
		jid = e.From
	}
	k := key(jid)
	if k == "" {
		return
	}
	was := s.stranger()
	i := s.contact(k)
	if i != nil {
		was = s.judge(i)
	}
	now := was.Sent(e.Type)
	if e.Dir == decode.FromReceiver {
		now = was.Received(e.Type)
	}
	if now == was {
		return
	}
	if i == nil {
		i = s.strangers.put(k, Item{JID: bare(jid)}, itemSize+2*len(k))
	}
	s.setState(i, now, e.Seq)
	if i.sent = ""; e.Dir == decode.FromInitiator {
		i.sent, i.sentSeq = subscribing(e.Type), e.Seq
	}
	if !i.Listed && i.State == None && i.sure > 0 {
		s.strangers.remove(k) // as if never heard of
	}
}

// setState changes the state of an item. A known one stays known.
func (s *Session) setState(i *Item, now State, seq decode.Seq) {
	s.differ(GroupSubscriptions, i.JID, "subscription", i.State.String(), (now &^ Unsure).String(), i.StateSeq)
	if i.State = now &^ Unsure; now.Known() {
		i.sure = seq
	}
	i.StateSeq = seq
}
