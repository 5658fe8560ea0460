package decode

import (
	"time"

	"xmppscope/decode/httpwire"
	"xmppscope/decode/xmlstream"
)

// webPlace is how many bytes above TLS stand before the next message of a
// direction of HTTP or WebSocket.
func (c *Conn) webPlace(dir Dir) int64 {
	if s := c.web.sock[dir]; s != nil {
		return c.web.sockAt[dir] + s.At() - c.half[dir].skew
	}
	return c.web.http.At(int(dir))
}

// alteredMessage does with a message of HTTP what the marks say. False means
// that it is to be read as it is. Text of the marks is the body, and a message
// is never left out: the exchange would not go on.
func (c *Conn) alteredMessage(dir Dir, t time.Time, m *httpwire.Message) bool {
	a := c.half[dir].alter
	if a.held != nil && a.held.own {
		a.asks = append(a.asks, *m)
		return true
	}
	l, do := a.labelAt(dir, m.Off, m.Body)
	switch do {
	case MarkHold:
		kept := *m
		c.web.bosh = c.web.bosh || isBOSH(m.Body) // it is known for what it is while it waits
		c.holdUnit(dir, t, l.note, &heldUnit{id: l.id, text: m.Body, own: true, http: &kept})
		return true
	case MarkDrop:
		l.origin = OriginWire
	}
	if l.origin == OriginWire && l.seq == 0 {
		return false
	}
	c.message(dir, t, m, l)
	return true
}

// bodyEvent is the event of a message of HTTP of which only the body is at hand.
func (c *Conn) bodyEvent(dir Dir, t time.Time, body []byte) {
	e := c.event(dir, t, KindHTTP)
	e.Wire, e.Off = body, c.half[dir].next
	if e.Name.Local = "response"; dir == FromInitiator {
		e.Name.Local = "request"
	}
	if isBOSH(body) { // which comes and goes in no other way (XEP-0124 §5)
		e.Body = body
		if e.Type = "200"; dir == FromInitiator {
			e.Type = "POST"
		}
	}
	c.emit(e, nil, nil)
}

// labelControl labels a control frame that a proxy has put in.
func (c *Conn) labelControl(e *Event, dir Dir, off int64) {
	h := &c.half[dir]
	at := off - h.skew
	for _, m := range h.alter.due {
		if m.At == at && m.Do == MarkInsert && m.N > 0 {
			l, _ := h.alter.labelAt(dir, at, nil)
			l.put(e)
			return
		}
	}
}

// Inside are the events that the children of a body would be if it came now over
// a connection: with Off counted from the beginning of the body. There are none
// before the session is known.
func (s *Sessions) Inside(flow uint64, dir Dir, t time.Time, body []byte) []Event {
	b := s.wrapper(body)
	if b == nil || len(b.parts) == 0 {
		return nil
	}
	x := s.bySID[b.sid]
	if f := s.flows[flow]; x == nil && f != nil {
		x = f.session
	}
	if x == nil {
		return nil
	}
	p := x.conn.shadow()
	p.tree = new(xmlstream.Tree)
	lead := int64(len(body) - len(b.text))
	_, inside := s.tree.ParseHeader(b.text[:b.head], p.o.XML)
	var all []Event
	for _, span := range b.parts {
		p.out = p.out[:0]
		e := p.event(dir, t, KindNonza)
		e.XML, e.Scope = b.text[span.Start:span.End:span.End], inside
		p.element(e)
		found := p.out[0]
		found.Seq, found.Off, found.After, found.SM = 0, lead+int64(span.Start), x.conn.state, x.conn.sm
		all = append(all, found)
	}
	return all
}

// Of is the session that a connection served last; nil where there is none.
func (s *Sessions) Of(flow uint64) *Session {
	if f := s.flows[flow]; f != nil && f.session != nil && !f.session.gone {
		return f.session
	}
	return nil
}

// Next is the name of a session and the id of the request that may come next.
func (x *Session) Next() (sid string, rid uint64) { return x.sid, x.next[FromInitiator] }

// holds announces a message that waits: in the session that it belongs to, so
// that it keeps the number that it gets there.
func (s *Sessions) holds(f *carrier, e *Event) (*Session, []Event) {
	x := f.session
	if b := s.wrapper(e.Body); b != nil && s.bySID[b.sid] != nil {
		x = s.bySID[b.sid]
	}
	if x == nil {
		return nil, nil
	}
	x.conn.begin(e.Time)
	if f.waits == nil {
		f.waits = map[Seq]Seq{}
	}
	if len(f.waits) < maxCalls {
		f.waits[e.Seq] = x.conn.adopt(e).Seq
	}
	return x, x.conn.out
}
