package decode

import (
	"time"

	"xmppscope/decode/httpwire"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// WebSocket opcodes (RFC 6455 §5.2).
const (
	wsContinue = 0
	wsText     = 1
	wsClose    = 8
	wsPing     = 9
	wsPong     = 10
)

// enterSocket reads a direction as WebSocket where the capture begins behind the
// upgrade: a frame of text that begins with < is none of XML. Whether messages
// may be compressed is not known.
func (c *Conn) enterSocket(dir Dir, t time.Time, masked bool) {
	c.enterWeb(&c.half[dir])
	w := c.web
	w.xmpp, w.sockAt[dir] = true, c.half[dir].next
	w.sock[dir] = httpwire.NewWebSocket(httpwire.WSOptions{Masked: masked, Deflate: true})
	c.sum.transport = TransportWebSocket
	if c.fresh {
		c.fresh = false
		c.remarkMidStream(dir, t, 0)
	}
}

// frames makes events of WebSocket messages.
func (c *Conn) frames(dir Dir, t time.Time, all []httpwire.WSMessage) {
	for i := range all {
		m := &all[i]
		h := &c.half[dir]
		off := c.web.sockAt[dir] + m.Off
		if h.alter.waits() {
			h.alter.queue = append(h.alter.queue, all[i:]...)
			break
		}
		if h.alter != nil && m.Opcode == wsText && !m.Broken && c.alteredFrame(dir, t, m, off) {
			continue
		}
		if m.Broken {
			c.junk(dir, t, m.Wire, off, m.Faults)
			continue
		}
		c.flushRun(dir, t)
		e := c.event(dir, t, KindBroken)
		e.Wire, e.Off = m.Wire, off
		if m.Inside {
			e.Raw = c.place(h, off)
		} else {
			e.Raw = c.extent(h, off, len(m.Wire))
		}
		e.Errs = webFaults(m.Faults)
		if h.alter != nil && m.Opcode >= wsClose {
			c.labelControl(e, dir, off)
		}
		switch {
		case m.Opcode == wsText:
			e.XML = m.Payload
			c.frame(e)
		case m.Opcode == wsClose, m.Opcode == wsPing, m.Opcode == wsPong:
			c.control(e, m)
		case m.Opcode == wsContinue:
			c.emit(e, nil, nil)
		default:
			e.Errs = append(e.Errs, frameFault("3.2", "a binary frame: XMPP is sent in text frames", len(m.Payload)))
			c.emit(e, nil, nil)
		}
		c.label = nil
	}
	if a := c.half[dir].alter; a != nil && (a.held == nil || !a.held.own) {
		c.insertBefore(dir, t, c.webPlace(dir))
	}
	clear(all) // or the reader would keep the last message until it is fed again
}

// control makes the event of a control frame.
func (c *Conn) control(e *Event, m *httpwire.WSMessage) {
	e.Kind = KindHTTP
	switch m.Opcode {
	case wsClose:
		e.Name.Local, e.Step = "close", StepWSClose
		if m.Code != 0 {
			e.Type = closeCode(m.Code)
		}
	case wsPing:
		e.Name.Local, e.Step = "ping", c.keepalive()
	default:
		e.Name.Local, e.Step = "pong", c.keepalive()
	}
	if m.Inside {
		e.Note = "came between the fragments of the message that follows"
	}
	c.emit(e, nil, nil)
}

// keepalive is the step of what only keeps a connection alive; before the
// exchange it has none, for it does not begin one.
func (c *Conn) keepalive() Step {
	if c.state.Phase == PhaseExchange {
		return StepKeepalive
	}
	return StepNone
}

func closeCode(n uint16) string {
	b := []byte{'0' + byte(n/10000), '0' + byte(n/1000%10), '0' + byte(n/100%10), '0' + byte(n/10%10), '0' + byte(n%10)}
	for len(b) > 1 && b[0] == '0' {
		b = b[1:]
	}
	return string(b)
}

func frameFault(section, text string, end int) xmlstream.SyntaxError {
	return xmlstream.SyntaxError{Rule: "ws-frame-shape", Ref: spec.RFC(7395, section), End: end, Text: text}
}

// frame reads a text message, which is one whole element (RFC 7395 §3.3).
func (c *Conn) frame(e *Event) {
	p := e.XML
	switch {
	case len(p) == 0 || isSpace(p):
		e.Errs = append(e.Errs, frameFault("3.8", "a message without an element: keepalives are sent as ping frames", len(p)))
		c.emit(e, nil, nil)
		return
	case p[0] != '<':
		e.Errs = append(e.Errs, frameFault("3.3", "a message must begin with <", 1))
	}
	n := c.tree.Parse(p, nil, c.o.XML)
	if p[0] == '<' && !oneElement(n, c.tree.Errs) {
		e.Errs = append(e.Errs, frameFault("3.3", "a message must be one whole element", len(p)))
	}
	if n == nil || n.Name.Space != nsFraming {
		e.Kind = KindNonza
		c.element(e)
		return
	}
	e.Errs = append(e.Errs, c.tree.Errs...)
	c.describe(e, n)
	switch {
	case fatal(e.Errs):
		c.emit(e, nil, nil)
	case n.Name.Local == "open":
		c.wsOpen(e, n)
	case n.Name.Local == "close":
		c.wsClose(e, n)
	default:
		e.Kind = KindNonza
		c.emit(e, nil, nil)
	}
}

// oneElement tells whether a message is one whole element, whatever is wrong inside
// it: nothing of it is missing at the end, and nothing stands behind it. The
// first fault tells; those that follow may be its consequence.
func oneElement(n *xmlstream.Node, errs []xmlstream.SyntaxError) bool {
	if n == nil {
		return false
	}
	for i := range errs {
		if errs[i].Fatal {
			return errs[i].Rule != "xml-not-well-formed" || errs[i].Pos > int(n.Span.Start) && errs[i].Pos < int(n.Span.End)
		}
	}
	return true
}

// wsOpen reads <open/>, which stands for a stream header (RFC 7395 §3.4).
func (c *Conn) wsOpen(e *Event, n *xmlstream.Node) {
	e.Kind, e.Step = KindOpen, StepWSOpen
	if c.state.Open[e.Dir] {
		e.Step = StepWSRestart
	}
	c.why[e.Dir] = StepNone
	c.pairOpen(e)
	c.emit(e, func(s *State, e *Event, n *xmlstream.Node) { setHeader(s, e, n, nsClient) }, n)
}

// pairOpen pairs the two headers of a stream.
func (c *Conn) pairOpen(e *Event) {
	if e.Dir == FromInitiator {
		c.askOpen(e.Seq)
	} else {
		e.Reply = c.answerOpen()
	}
}

// wsClose reads <close/>, which may lead elsewhere (RFC 7395 §3.6.1).
func (c *Conn) wsClose(e *Event, n *xmlstream.Node) {
	e.Kind, e.Step = KindClose, StepWSClose
	to, moved := n.Attr("see-other-uri")
	if moved {
		e.Step = StepRedirect
	}
	e.Reply = c.answer(slotClose)
	if e.Reply == 0 {
		c.asked[slotClose] = e.Seq
	}
	c.emit(e, func(s *State, e *Event, _ *xmlstream.Node) {
		s.Open[e.Dir] = false
		if moved {
			s.Redirect = to
		}
	}, nil)
}
