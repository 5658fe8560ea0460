package lint

import (
	"fmt"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/spec"
)

// subscriptionGroup is how subscriptions are asked for, granted and shown
// (RFC 6121 §3, App. A).
var subscriptionGroup = Group{
	Kinds: livingKinds,
	Check: checkSubscription,
	Rules: []Rule{
		{Name: "subscribe-to-full-jid", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6121, "3.1.1"),
			Doc:    "A subscription is to a person and not to one of the person's devices.",
			Advice: "send the request to the bare address"},
		{Name: "subscribed-unasked", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6121, "3.4.1"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "Who was not asked grants nothing, unless the server knows approval in advance.",
			Advice: "wait for the request; approve in advance only where urn:xmpp:features:pre-approval is offered"},
		{Name: "subscription-from-full", Level: LevelError, Ref: spec.RFC(6121, "3.1.2"),
			Doc:    "A server passes on what is about a subscription in the name of the account and not of a device.",
			Advice: "stamp it with the bare address of the sender"},
		{Name: "subscribe-no-push", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6121, "3.1.2"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "When a client asks for a subscription, its server shows the open request in the roster.",
			Advice: "push the contact with ask='subscribe'"},
		{Name: "subscription-state", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6121, "App. A"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "What the roster shows of a subscription follows from what the two sides have said.",
			Advice: "take the state after each stanza from the tables of RFC 6121 appendix A"},
	},
}

const (
	maxPushWaits = 64
	maxViews     = 1 << 12
)

// pushWait is a request to a contact that the roster has to show.
type pushWait struct {
	jid string
	seq decode.Seq
	at  time.Time
}

// subscriptions is the memory of subscriptionGroup.
type subscriptions struct {
	waits []pushWait
	judge statesSeen
}

func checkSubscription(p *Pass) {
	e := p.Event
	if e.State.Profile == decode.ProfileComponent {
		return
	}
	m := of(&p.own.subscriptions)
	if e.Dir == decode.FromReceiver {
		m.overdue(p)
	}
	if e.Kind != decode.KindStanza {
		return
	}
	switch e.Name.Local {
	case "presence":
		m.presence(p)
	case "iq":
		if e.Dir == decode.FromReceiver && e.State.Profile == decode.ProfileC2S {
			m.roster(p)
		}
	}
}

func (m *subscriptions) presence(p *Pass) {
	e := p.Event
	if !im.Subscribing(e.Type) {
		if e.Type == "error" {
			m.answered(e.From)
		}
		return
	}
	if e.Dir == decode.FromReceiver || e.State.Profile == decode.ProfileS2S {
		if resourceOf(e.From) != "" {
			p.ReportAt("subscription-from-full", attrSpan(p, "from"), fmt.Sprintf("%s comes from %s", e.Type, short(e.From)))
		}
	}
	if e.State.Profile != decode.ProfileC2S || len(e.To)+len(e.From) > 2*maxAddress {
		return
	}
	if e.Dir == decode.FromInitiator {
		m.sent(p)
	}
	m.judge.said(p)
}

func (m *subscriptions) sent(p *Pass) {
	e, s := p.Event, p.IM()
	switch {
	case e.Type == "subscribe" && resourceOf(e.To) != "":
		p.ReportAt("subscribe-to-full-jid", attrSpan(p, "to"), fmt.Sprintf("the request goes to %s", short(e.To)))
	case s == nil || e.State.Resumed:
	case e.Type == "subscribe":
		now := s.Subscription(e.To)
		if _, whole := s.RosterSeq(); whole && now.Known() && now&im.PendingOut != 0 && moved(s, e.To) && len(m.waits) < maxPushWaits {
			m.waits = append(m.waits, pushWait{strings.ToLower(bare(e.To)), e.Seq, e.Time})
		}
	case e.Type == "subscribed":
		// Open requests of others come with the first presence, not with the
		// roster.
		now := s.Subscription(e.To)
		if now.Known() && now&im.From == 0 && e.State.Available && e.State.Feature(nsPreAppr, "sub") == nil && e.State.Features != nil {
			p.after(decode.FromReceiver, Finding{Rule: "subscribed-unasked", Text: fmt.Sprintf("%s has not asked for a subscription", short(bare(e.To)))})
		}
	}
}

// moved tells whether the event at hand changed the subscription with a contact.
func moved(s *im.Session, jid string) bool {
	list, _ := s.Changes()
	for _, c := range list {
		if c.Group == im.GroupSubscriptions && sameBare(c.Name, jid) {
			return true
		}
	}
	return false
}

func (m *subscriptions) answered(jid string) {
	kept := m.waits[:0]
	for _, w := range m.waits {
		if !strings.EqualFold(w.jid, bare(jid)) {
			kept = append(kept, w)
		}
	}
	m.waits = kept
}

func (m *subscriptions) overdue(p *Pass) {
	e := p.Event
	for len(m.waits) > 0 && e.Time.Sub(m.waits[0].at) >= p.Timeout {
		w := m.waits[0]
		m.waits = m.waits[1:]
		if e.Kind == decode.KindStanza && e.Payload.Space == nsRoster && e.Type == "set" {
			continue // better late
		}
		p.Add(Finding{Rule: "subscribe-no-push", Seq: w.seq, Text: fmt.Sprintf("no roster push for %s within %s", short(w.jid), p.Timeout)})
	}
	m.judge.overdue(p)
}

// roster looks at the roster itself and at pushes of the own account.
func (m *subscriptions) roster(p *Pass) {
	e := p.Event
	if e.Payload.Space != nsRoster {
		return
	}
	own := ownJID(p)
	if e.From != "" && !(sameBare(e.From, own) && resourceOf(e.From) == "") {
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	q := n.Child(nsRoster, "query")
	if q == nil {
		return
	}
	if e.Type == "result" {
		m.judge.fetched(p, q)
		return
	}
	if items := itemsIn(q); e.Type == "set" && len(items) == 1 {
		jid, _ := items[0].Attr("jid")
		if len(jid) > maxAddress {
			return
		}
		m.answered(jid)
		m.judge.push(p, items[0], strings.ToLower(bare(jid)))
	}
}
