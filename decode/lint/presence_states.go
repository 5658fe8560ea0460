package lint

import (
	"fmt"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/xmlstream"
)

// statesSeen follows, for every contact, what the roster has shown and what was
// said since. What is on its way, and what other devices of the same account may
// have said, counts in favour of the server.
type statesSeen struct {
	whole bool // the roster was seen
	// bases is what the roster showed of contacts that nothing was said to since,
	// by the hash of their address; of are the others.
	bases map[uint64]im.State
	of    map[string]*shownState
	// doubts are pushes that only an unseen stanza of the contact explains.
	doubts []doubt
}

// shownState is what the roster showed last, and what was said since and does
// not show yet.
type shownState struct {
	base           im.State
	sent, received []string
}

// maxSaid bounds what is said of one contact between two pushes; of more nobody
// can tell what must come out.
const maxSaid = 6

// doubt is a push that is judged once the stanza behind it has had its time.
type doubt struct {
	jid, text string
	seq       decode.Seq
	at        time.Time
	item      xmlstream.Span
}

func stateOf(item *xmlstream.Node) im.State {
	var s im.State
	switch v, _ := item.Attr("subscription"); v {
	case "to":
		s = im.To
	case "from":
		s = im.From
	case "both":
		s = im.Both
	}
	if ask, _ := item.Attr("ask"); ask == "subscribe" && s&im.To == 0 {
		s |= im.PendingOut
	}
	return s
}

// fetched takes the roster over.
func (m *statesSeen) fetched(p *Pass, q *xmlstream.Node) {
	m.whole, m.bases, m.of, m.doubts = true, map[uint64]im.State{}, map[string]*shownState{}, nil
	for c := range q.Children() {
		if c.Name.Local != "item" || c.Name.Space != nsRoster {
			continue
		}
		if len(m.bases) >= maxViews {
			m.whole = false
			return
		}
		jid, _ := c.Attr("jid")
		if len(jid) > maxAddress {
			continue
		}
		m.bases[p.engine.hash(strings.ToLower(bare(jid)))] = stateOf(c)
	}
}

func (m *statesSeen) view(p *Pass, jid string) *shownState {
	v := m.of[jid]
	if v == nil && len(m.bases)+len(m.of) < maxViews {
		h := p.engine.hash(jid)
		v = &shownState{base: m.bases[h]}
		delete(m.bases, h)
		m.of[jid] = v
	}
	return v
}

func (m *statesSeen) forget(p *Pass, jid string) {
	delete(m.of, jid)
	delete(m.bases, p.engine.hash(jid))
}

// said takes what one side says about the subscription.
func (m *statesSeen) said(p *Pass) {
	e := p.Event
	if !m.whole {
		return
	}
	jid := e.To
	if e.Dir == decode.FromReceiver {
		jid = e.From
	}
	jid = strings.ToLower(bare(jid))
	v := m.view(p, jid)
	if v == nil {
		return
	}
	if e.Dir == decode.FromReceiver {
		m.explained(jid)
	}
	if len(v.sent)+len(v.received) == 0 {
		next := v.base.Sent(e.Type)
		if e.Dir == decode.FromReceiver {
			next = v.base.Received(e.Type)
		}
		if shows(next) == shows(v.base) {
			v.base = next // it does not show in the roster
			return
		}
	}
	if e.Dir == decode.FromReceiver {
		v.received = append(v.received, e.Type)
	} else {
		v.sent = append(v.sent, e.Type)
	}
	if len(v.sent) > maxSaid || len(v.received) > maxSaid {
		m.forget(p, jid)
		m.whole = false
	}
}

// view is what a roster item shows of a state.
type view struct {
	subscription string
	ask          bool
}

func shows(s im.State) view {
	sub, ask := s.Roster()
	return view{sub, ask}
}

// explained takes back the doubt about a contact who has now said something.
func (m *statesSeen) explained(jid string) {
	kept := m.doubts[:0]
	for _, d := range m.doubts {
		if d.jid != jid {
			kept = append(kept, d)
		}
	}
	m.doubts = kept
}

// push holds a push against what was said. Where nothing was said, another
// device or an administrator has.
func (m *statesSeen) push(p *Pass, item *xmlstream.Node, jid string) {
	if !m.whole {
		return
	}
	if v, _ := item.Attr("subscription"); v == "remove" {
		m.forget(p, jid)
		return
	}
	v := m.view(p, jid)
	if v == nil {
		return
	}
	now := stateOf(item)
	quiet := len(v.sent)+len(v.received) == 0
	if shows(now) == shows(v.base) && !quiet {
		return // it tells something else of the contact
	}
	if quiet {
		v.base = now | v.base&im.PendingIn
		return
	}
	_, approved := item.Attr("approved")
	switch was := *v; {
	case v.reach(now), approved || m.company(p):
	case was.reachWithOneMore(now):
		m.doubts = append(m.doubts, doubt{jid, m.text(&was, now), p.Event.Seq, p.Event.Time, item.Tag})
		if len(m.doubts) > maxPushWaits {
			m.doubts = m.doubts[1:]
		}
	default:
		p.after(decode.FromInitiator, Finding{Rule: "subscription-state", Span: item.Tag, Text: m.text(&was, now)})
	}
	if shows(v.base) != shows(now) {
		*v = shownState{base: now}
	}
}

func (m *statesSeen) text(v *shownState, now im.State) string {
	sub, ask := now.Roster()
	if ask {
		sub += " with an open request"
	}
	return fmt.Sprintf("the roster shows %s, but it showed \"%s\" before, and what was said since leads elsewhere (%s)", sub, v.base, strings.Join(append(append([]string(nil), v.sent...), v.received...), ", "))
}

// step is a point on the way through what was said: how many of each side have
// taken effect.
type step struct {
	sent, received int
	state          im.State
}

// ways are all states that may be shown: each side's stanzas take effect in
// their order, those of the two sides in any.
func (v *shownState) ways() []step {
	all := []step{{state: v.base}}
	seen := map[step]bool{all[0]: true}
	for i := 0; i < len(all); i++ {
		s := all[i]
		var next []step
		if s.sent < len(v.sent) {
			next = append(next, step{s.sent + 1, s.received, s.state.Sent(v.sent[s.sent])})
		}
		if s.received < len(v.received) {
			next = append(next, step{s.sent, s.received + 1, s.state.Received(v.received[s.received])})
		}
		for _, n := range next {
			if !seen[n] {
				seen[n] = true
				all = append(all, n)
			}
		}
	}
	return all
}

// reach takes the longest way to what is shown, if there is one.
func (v *shownState) reach(now im.State) bool {
	var best *step
	for _, s := range v.ways() {
		if shows(s.state) == shows(now) && (best == nil || s.sent+s.received > best.sent+best.received) {
			best = &s
		}
	}
	if best == nil {
		return false
	}
	v.base, v.sent, v.received = best.state, v.sent[best.sent:], v.received[best.received:]
	return true
}

// reachWithOneMore tells whether a stanza of the contact that is still on its way
// explains what is shown: servers may push first and deliver then.
func (v *shownState) reachWithOneMore(now im.State) bool {
	for _, s := range v.ways() {
		for _, typ := range [...]string{"subscribed", "unsubscribe", "unsubscribed"} {
			if shows(s.state.Received(typ)) == shows(now) {
				return true
			}
		}
	}
	return false
}

// company tells whether another device of the account is online: what it says
// does not show here.
func (m *statesSeen) company(p *Pass) bool {
	s := p.IM()
	own := ownJID(p)
	if s == nil || own == "" {
		return true
	}
	for _, r := range s.Resources(own) {
		if resourceOf(r.JID) != resourceOf(own) && r.Available() {
			return true
		}
	}
	return false
}

// overdue reports the pushes that nothing has explained.
func (m *statesSeen) overdue(p *Pass) {
	for len(m.doubts) > 0 && p.Event.Time.Sub(m.doubts[0].at) >= p.Timeout {
		d := m.doubts[0]
		m.doubts = m.doubts[1:]
		p.Add(Finding{Rule: "subscription-state", Seq: d.seq, Span: d.item, Text: d.text})
	}
}
