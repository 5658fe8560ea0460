package sandbox

import (
	"time"

	"xmppscope/decode/jid"
)

// session is a client with a resource: it outlives its connection where that
// was agreed (XEP-0198). Server.mu guards all of it.
type session struct {
	srv     *Server
	account *account
	jid     jid.JID
	conn    *conn // nil while the client is away, and after the end

	presence   string // the last one, without to; empty: unavailable
	priority   int
	interested bool             // has asked for the roster (RFC 6121 §2.2)
	directed   map[jid.JID]bool // whom presence was sent to (RFC 6121 §4.6)
	carbons    bool
	blocking   bool // has asked who is blocked (XEP-0191 §3.1)
	inactive   bool
	held       []parcel // presence kept back from an inactive client
	sm         ledger
	wishes     wishes
}

// parcel is a stanza on its way to a client.
type parcel struct {
	xml string
	// keep means that it is kept for later where the client is not reached.
	keep bool
	at   time.Time
	// presenceOf is whose presence it is, where it may be kept back while the
	// client is inactive.
	presenceOf jid.JID
}

// maxHeld is how many presences are kept back from an inactive client.
const maxHeld = 200

// deliver sends a stanza to the client, or keeps it for when the client comes
// back.
func (s *session) deliver(p parcel) {
	if s.inactive && p.presenceOf != (jid.JID{}) && len(s.held) < maxHeld {
		s.holdBack(p)
		return
	}
	s.flush()
	s.pass(p)
}

func (s *session) pass(p parcel) {
	if !s.sm.sent(p) {
		s.overflow()
		return
	}
	if s.conn == nil {
		return
	}
	s.conn.send(p.xml)
	if s.sm.wantsAnswer() {
		s.conn.send(s.sm.ask())
	}
}

// overflow ends a session that lets too much lie.
func (s *session) overflow() {
	if s.conn != nil {
		s.conn.kick(&streamError{condition: "resource-constraint", text: "Too many stanzas were not acknowledged."})
	}
	s.end()
}

// replaced ends the session in favour of another client.
func (s *session) replaced(why string) {
	if s.conn != nil {
		s.conn.kick(&streamError{condition: "conflict", text: why})
	}
	s.end()
}

// end takes the session away: its contacts learn that it is gone, and messages
// that did not reach it go elsewhere (XEP-0198 §5).
func (s *session) end() {
	if s.account.session(s.jid.Resource) != s {
		return // it has ended already
	}
	s.conn = nil
	s.sm.stopClock()
	delete(s.srv.resumable, s.sm.id)
	s.account.remove(s)
	s.unavailable("")
	if s.account.passing && len(s.account.sessions) == 0 {
		s.srv.part(s.account)
	}
	for _, p := range s.sm.unacked {
		if p.keep {
			s.account.receive(p)
		}
	}
}

// askWhetherThere makes the client show that it is still there: by a request of
// stream management, else by a ping (XEP-0199 §4.1).
func (s *session) askWhetherThere() {
	switch {
	case s.conn == nil:
	case s.sm.enabled:
		s.conn.send(s.sm.ask())
	default:
		s.deliver(parcel{xml: element(element("", "ping", "xmlns", nsPing), "iq", "type", "get",
			"id", s.conn.ids.id(6), "from", s.srv.o.Domain, "to", s.jid.String())})
	}
}
