package sandbox

import (
	"strconv"
	"time"

	"xmppscope/decode/xmlstream"
)

// Bounds of stream management: how many stanzas are sent before an answer is
// asked for, and how many may lie unacknowledged.
const (
	smBurst = 5
	smMost  = 1000
)

// ledger counts stanzas (XEP-0198 §4). Counters go around at 2^32.
type ledger struct {
	enabled bool
	id      string // with which the session is resumed; empty: it is not
	in      uint32 // handled, from the client
	acked   uint32 // what the client has handled
	unacked []parcel
	asked   bool // an answer is awaited
	clock   *time.Timer
}

func (l *ledger) received() {
	if l.enabled {
		l.in++
	}
}

// sent keeps a stanza until it is acknowledged. False means that too many are.
func (l *ledger) sent(p parcel) bool {
	if !l.enabled {
		return true
	}
	if p.at.IsZero() {
		p.at = time.Now()
	}
	l.unacked = append(l.unacked, p)
	return len(l.unacked) <= smMost
}

func (l *ledger) wantsAnswer() bool { return l.enabled && !l.asked && len(l.unacked) >= smBurst }

// ask is the request for an answer.
func (l *ledger) ask() string {
	l.asked = true
	return element("", "r", "xmlns", nsSM)
}

// answer is what was handled.
func (l *ledger) answer() string { return element("", "a", "xmlns", nsSM, "h", l.h()) }

func (l *ledger) h() string { return strconv.FormatUint(uint64(l.in), 10) }

// handled takes a count of the client. It is a stream error to have handled
// more than was sent (XEP-0198 §4).
func (l *ledger) handled(n *xmlstream.Node) *streamError {
	v, _ := n.Attr("h")
	return l.handledUpTo(v)
}

// handledUpTo takes the count as it was written.
func (l *ledger) handledUpTo(v string) *streamError {
	h, err := strconv.ParseUint(v, 10, 32)
	if err != nil {
		return &streamError{condition: "bad-format", text: "h is no number of stanzas."}
	}
	more := uint32(h) - l.acked
	if uint64(more) > uint64(len(l.unacked)) {
		sent := strconv.FormatUint(uint64(l.acked+uint32(len(l.unacked))), 10)
		return &streamError{condition: "undefined-condition",
			app: element("", "handled-count-too-high", "xmlns", nsSM, "h", v, "send-count", sent)}
	}
	l.unacked = l.unacked[more:]
	l.acked = uint32(h)
	return nil
}

func (l *ledger) stopClock() {
	if l.clock != nil {
		l.clock.Stop()
	}
}

// sleep lets the session wait for its client. False means that it does not.
func (l *ledger) sleep(s *session) bool {
	if l.id == "" || s.srv.isClosed() {
		return false
	}
	s.conn, s.inactive = nil, false
	s.srv.resumable[l.id] = s
	l.asked = false
	l.clock = time.AfterFunc(s.srv.o.Limits.Resume, func() {
		s.srv.mu.Lock()
		defer s.srv.mu.Unlock()
		if s.conn == nil {
			s.end()
		}
	})
	return true
}

// smFailed refuses a request of stream management, without ending the stream.
func (c *conn) smFailed(condition string) error {
	c.send(element(element("", condition, "xmlns", nsStanzaErr), "failed", "xmlns", nsSM))
	return nil
}

// smEnable turns it on (XEP-0198 §3).
func (c *conn) smEnable(n *xmlstream.Node) error {
	if c.stage != bound || c.session.sm.enabled {
		return c.smFailed("unexpected-request")
	}
	v, _ := n.Attr("resume")
	c.send(c.enableSM(v == "true" || v == "1"))
	return nil
}

// enableSM begins to count, and says so.
func (c *conn) enableSM(lasting bool) string {
	l := &c.session.sm
	l.enabled = true
	resume, most := "", ""
	if lasting {
		l.id = c.ids.id(12)
		c.srv.resumable[l.id] = c.session
		resume = "true"
		most = strconv.Itoa(int(c.srv.o.Limits.Resume / time.Second))
	}
	return element("", "enabled", "xmlns", nsSM, "id", l.id, "resume", resume, "max", most)
}

func (c *conn) smRequest(*xmlstream.Node) error {
	l := &c.session.sm
	if !l.enabled {
		return c.smFailed("unexpected-request")
	}
	c.send(l.answer())
	if len(l.unacked) > 0 && !l.asked {
		c.send(l.ask())
	}
	return nil
}

func (c *conn) smAnswer(n *xmlstream.Node) error {
	l := &c.session.sm
	if !l.enabled {
		return c.smFailed("unexpected-request")
	}
	l.asked = false
	if e := l.handled(n); e != nil {
		return e
	}
	return nil
}

// smResume goes on with a session whose connection was lost (XEP-0198 §5). One
// that still has a connection loses that.
func (c *conn) smResume(n *xmlstream.Node) error {
	id, _ := n.Attr("previd")
	s := c.srv.resumable[id]
	switch {
	case c.stage == bound:
		return c.smFailed("unexpected-request")
	case s == nil || s.account != c.account:
		return c.smFailed("item-not-found")
	}
	if e := s.sm.handled(n); e != nil {
		return e
	}
	c.send(c.takeOver(s, id))
	c.resend()
	return nil
}

// takeOver makes the connection that of a session, and says so.
func (c *conn) takeOver(s *session, id string) string {
	if s.conn != nil {
		s.conn.kick(&streamError{condition: "conflict", text: "The session goes on elsewhere."})
	}
	s.sm.stopClock()
	s.conn, c.session, c.stage = c, s, bound
	s.sm.asked = false
	return element("", "resumed", "xmlns", nsSM, "previd", id, "h", s.sm.h())
}

// resend sends again what the client has not got.
func (c *conn) resend() {
	s := c.session
	for _, p := range s.sm.unacked {
		c.send(p.xml)
	}
	if len(s.sm.unacked) > 0 {
		c.send(s.sm.ask())
	}
}
