package tui

import (
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/im"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

// memory works out what an instant-messaging session knows after an event: it
// folds the conversation from its beginning, a slice of work at a time, and goes
// on from where it stands for later events. For earlier ones it begins anew, so
// it keeps what was known at the events just before.
type memory struct {
	legs    []leg // conversations that are one session, by resumption
	at      int   // the leg at hand
	next    int   // rows below are folded
	session *im.Session
	before  *im.Session // of the leg before
	target  int
	seen    map[int]*known // by row
	last    *known
	tree    xmlstream.Tree
}

// leg is a conversation as part of a session.
type leg struct {
	conn decode.ConnID
	// first and end are its rows, end not included.
	first, end int
	// resumed is the row at which it takes up the leg before, -1 for none.
	resumed int
}

// known is what a session knows after an event. It never changes.
type known struct {
	groups  [][]im.Fact // as im.Vars
	pending []im.Request
	changes []im.Change
	more    int
	// told explains the event in the light of all that, nil for events that do
	// not touch the session.
	told *explain.Explanation
}

const (
	maxLegs = 16
	// maxLegSearch is how many older conversations are looked at for the one
	// that was resumed.
	maxLegSearch = 2000
	// keptBefore is how many rows before the one wanted are kept too, maxKnown how
	// many in all.
	keptBefore = 32
	maxKnown   = 128
	// maxPending is how many open requests of each side are shown.
	maxPending = 100
)

// known gives what is known after a row, or nil where that takes longer than
// budget; done of total rows are then folded, and it is to be asked again.
func (c *capture) known(row int, budget time.Duration) (k *known, done, total int) {
	m := &c.memory
	if k := m.seen[row]; k != nil {
		m.target = -1
		return k, 0, 0
	}
	conn := c.store.Row(row).Conn()
	n := len(m.legs)
	if n == 0 || m.legs[n-1].conn != conn || m.at == n-1 && m.next > row {
		c.begin(row)
		n = len(m.legs)
	}
	m.target = row
	m.legs[n-1].end = max(m.legs[n-1].end, row+1)
	deadline := time.Now().Add(budget)
	for steps := 0; !m.finished(); steps++ {
		if steps%4 == 3 && time.Now().After(deadline) {
			c.wake() // the next tick goes on
			return nil, m.next, row + 1
		}
		if err := m.fold(c); err != nil {
			break
		}
	}
	m.target = -1
	if m.last == nil {
		m.last = &known{}
	}
	m.keep(row, m.last)
	return m.last, 0, 0
}

// begin starts anew for a row, with the conversations that its one takes up.
func (c *capture) begin(row int) {
	conn := c.store.Row(row).Conn()
	legs := []leg{{conn: conn, first: c.firstRow(conn), end: row + 1, resumed: -1}}
	for len(legs) < maxLegs {
		now := &legs[0]
		r, ok := c.store.WhoSet(now.end-1, "resumed")
		if !ok || c.store.Row(r).Conn() != now.conn {
			break
		}
		old, ok := c.resumedBy(r)
		if !ok {
			break
		}
		now.resumed = r
		legs = append([]leg{old}, legs...)
	}
	c.memory = memory{legs: legs, next: legs[0].first, session: im.New(), seen: map[int]*known{}}
}

func (c *capture) firstRow(conn decode.ConnID) int {
	if t := c.tracks.of(conn); len(t.stages) > 0 {
		return t.stages[0].first
	}
	return 0
}

// resumedBy is the latest conversation that the one resumed in row r continues.
func (c *capture) resumedBy(r int) (leg, bool) {
	now := c.store.StateAt(r)
	if now == nil || now.ResumeID == "" {
		return leg{}, false
	}
	self := c.store.Row(r).Conn()
	tried := 0
	for id := self - 1; id > 0 && tried < maxLegSearch; id-- {
		t := c.tracks.of(id)
		if len(t.stages) == 0 || t.stages[0].first > r {
			continue
		}
		tried++
		last := t.stages[len(t.stages)-1].last
		s := c.store.StateAt(last)
		if s != nil && s.ResumeID == now.ResumeID && strings.EqualFold(s.Domain, now.Domain) {
			// Rows of its own after r do not count.
			for last > r || c.store.Row(last).Conn() != id {
				last--
			}
			return leg{conn: id, first: t.stages[0].first, end: last + 1, resumed: -1}, true
		}
	}
	return leg{}, false
}

func (m *memory) finished() bool { return m.at == len(m.legs)-1 && m.next >= m.legs[m.at].end }

// fold takes in one row.
func (m *memory) fold(c *capture) error {
	store, l := c.store, &m.legs[m.at]
	var e *decode.Event
	if m.next >= l.end {
		m.at++
		m.next = m.legs[m.at].first
		m.before, m.session = m.session, im.New()
		return nil
	}
	row := m.next
	m.next++
	r := store.Row(row)
	if r.Conn() != l.conn {
		return nil
	}
	if matters(r) || row == l.resumed {
		var err error
		if e, err = store.Event(row); err != nil {
			return err
		}
		m.session.Event(e, nil)
		if row == l.resumed {
			m.session.Inherit(m.before)
		}
		m.last = nil
	} else if m.last != nil && (len(m.last.changes) > 0 || m.last.told != nil) {
		m.last = &known{groups: m.last.groups, pending: m.last.pending}
	}
	if m.at == len(m.legs)-1 && m.target-row <= keptBefore {
		if m.last == nil {
			m.last = knownOf(m.session)
			if e != nil {
				told := explain.EventWith(&m.tree, explain.As(e, c.profile(e.Conn)), m.session)
				m.last.told = &told
			}
		}
		m.keep(row, m.last)
	}
	return nil
}

// matters tells whether a session may learn something from an event.
func matters(r inspector.Row) bool {
	switch r.Kind() {
	case decode.KindStanza, decode.KindFeatures, decode.KindGap:
		return true
	}
	return r.Has(inspector.Changed)
}

func (m *memory) keep(row int, k *known) {
	if len(m.seen) >= maxKnown {
		clear(m.seen)
	}
	m.seen[row] = k
}

// bothSides adds how the contact's server sees each subscription.
func bothSides(s *im.Session, facts []im.Fact) {
	for i := range facts {
		if f := &facts[i]; f.Seq != 0 {
			f.Value += "; at the contact's side " + s.Contact(f.Name).String()
		}
	}
}

// knownOf copies what a session knows.
func knownOf(s *im.Session) *known {
	k := &known{groups: make([][]im.Fact, len(im.Vars()))}
	for i := range im.Vars() {
		facts := im.Vars()[i].Facts(s)
		if im.Vars()[i].Group == im.GroupSubscriptions {
			bothSides(s, facts)
		}
		k.groups[i] = facts
	}
	for _, d := range [...]decode.Dir{decode.FromInitiator, decode.FromReceiver} {
		all := s.Pending(d)
		k.pending = append(k.pending, all[max(0, len(all)-maxPending):]...)
	}
	changes, more := s.Changes()
	k.changes, k.more = append([]im.Change(nil), changes...), more
	return k
}
