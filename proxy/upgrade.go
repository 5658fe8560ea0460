package proxy

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
	"xmppscope/proxy/binding"
)

// This file changes the layers of a running connection: TLS on both legs where
// <proceed/> has gone to the client (RFC 6120 §5.4.3), compression where
// <compressed/> has (XEP-0138 §2).

// Changes of layers that can be asked for.
const (
	noChange int32 = iota
	toTLS
	toZlib
)

// asksTurn tells whether the bytes after a unit may belong to another layer:
// after a request until its answer, and after an answer that agrees.
func (c *Conn) asksTurn(dir decode.Dir, u xmlstream.Unit) bool {
	if u.Kind != xmlstream.Element {
		return false
	}
	name := localName(u.Wire)
	pending := c.pending.Load()
	if dir == decode.FromInitiator {
		if name != "starttls" && name != "compress" {
			return false
		}
		switch e := c.previewText(dir, u.Wire); {
		case e.Step == decode.StepStartTLSRequest && c.a.tls == nil:
			return c.pending.CompareAndSwap(noChange, toTLS)
		case e.Step == decode.StepCompress && e.Name.Local == "compress":
			return c.pending.CompareAndSwap(noChange, toZlib)
		}
		return false
	}
	if pending == noChange || name != "proceed" && name != "compressed" {
		return false
	}
	e := c.previewText(dir, u.Wire)
	return pending == toTLS && e.Step == decode.StepStartTLSProceed ||
		pending == toZlib && e.Step == decode.StepCompress && e.Name.Local == "compressed"
}

// bare is why a unit may not go to the server, where its leg is to have TLS and
// the client goes on without having asked for that; empty where it may.
func (c *Conn) bare(dir decode.Dir, e *decode.Event) string {
	if !c.bars(dir) {
		return ""
	}
	switch e.Kind {
	case decode.KindStanza, decode.KindNonza:
		if e.Step != decode.StepStartTLSRequest {
			return "the server is to be reached by STARTTLS only (--upstream starttls), and the client goes on without asking for it"
		}
	}
	return ""
}

// bars tells whether leg B is still to get TLS before anything else passes.
func (c *Conn) bars(dir decode.Dir) bool {
	return c.up.Sealed && dir == decode.FromInitiator && c.v == nil && c.b.tls == nil
}

// localName is the name of an element without its prefix, however long the
// element is.
func localName(wire []byte) string {
	name := bytes.TrimPrefix(wire, []byte("<"))
	if end := bytes.IndexAny(name, " \t\r\n/>"); end >= 0 {
		name = name[:end]
	}
	return string(name[bytes.LastIndexByte(name, ':')+1:])
}

// surprise tells a request for TLS where the negotiation was thought to be over.
func (c *Conn) surprise(l *lane, p []byte) bool {
	if l.web != nil || l.dir != decode.FromInitiator || l.from.tls != nil || !bytes.Contains(p, []byte("starttls")) {
		return false
	}
	c.catchUp()
	c.settled.Store(false)
	return true
}

// turned does what the fate of a unit means for a change of layers. It is
// called with mu held.
func (l *lane) turned(it, out *item) {
	other := l.c.lane[l.dir.Other()]
	switch {
	case it.turns && out.send == nil: // nobody will hear of it
		l.c.pending.Store(noChange)
		l.resume()
		if l.dir == decode.FromReceiver {
			l.c.background(other.goOn)
		}
	case it.turns && l.dir == decode.FromReceiver:
		l.turn = turning
		do := l.c.upgrade
		switch {
		case l.c.pending.Load() == toZlib:
			do = l.c.compress
		case l.c.observes():
			do = l.c.seal
		}
		out.done = func() { l.c.background(do) }
	case l.dir == decode.FromReceiver && l.c.pending.Load() != noChange && refuses(it.event):
		l.c.pending.Store(noChange)
		out.done = func() { l.c.background(other.goOn) }
	}
}

// refuses tells an answer that leaves the layers as they are.
func refuses(e *decode.Event) bool {
	return e.Step == decode.StepStartTLSFailure || e.Step == decode.StepStreamError ||
		e.Step == decode.StepCompress && e.Name.Local == "failure"
}

// resume reads on as XML behind a request that came to nothing.
func (l *lane) resume() {
	if l.turn == noTurn {
		return
	}
	p := l.early
	l.turn, l.early = noTurn, nil
	l.size -= len(p)
	l.push(p)
	l.cut()
}

func (l *lane) goOn() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.resume()
	l.c.mark(l.work()...)
	l.drain()
}

// compress lets both directions go on as bytes: what is inside is compressed
// from end to end, and no element of it can be changed.
func (c *Conn) compress() {
	c.blind("the streams are compressed from here on: they are relayed and read, but no element can be held or changed")
}

// untouched is what is said where TLS is only looked at.
const untouched = "TLS is relayed untouched from here on: nothing inside it can be held or changed"

// seal lets TLS pass between the two sides themselves.
func (c *Conn) seal() { c.blind(untouched) }

// observes tells whether TLS is only looked at.
func (c *Conn) observes() bool { return c.p.o.Binding.Mode == binding.Observe }

func (c *Conn) blind(why string) {
	c.note(decode.FromReceiver, "%s", why)
	for _, l := range c.lane {
		l.mu.Lock()
		p := l.early
		l.early, l.turn = nil, noTurn
		l.opaque.Store(true)
		l.size -= len(p)
		if len(p) > 0 {
			l.put(&item{kind: bytesItem, at: l.from.read - int64(len(p)), xml: p})
		}
		l.step()
		l.mu.Unlock()
	}
}

// upgrade puts TLS on both legs. Both lanes have stopped reading by then, or
// stop.
func (c *Conn) upgrade() {
	if !c.halt() {
		c.shut(nil)
		return
	}
	c.forget()
	c.said = c.lane[1].planned
	if err := c.secure(false); err != nil {
		c.note(decode.FromInitiator, "TLS failed: %s", err)
		c.shut(err)
		return
	}
	if why := c.refusal; why != "" {
		c.a.raw.SetDeadline(time.Time{})
		c.refuse("remote-connection-failed", why, false)
		c.shut(errors.New(why))
		return
	}
	c.pending.Store(noChange)
	for _, l := range c.lane {
		l.restart()
	}
	c.parking.Store(false)
	for _, l := range c.lane {
		l.from.raw.SetReadDeadline(time.Time{})
		l.resumed <- struct{}{}
	}
	for _, l := range c.lane {
		l.mu.Lock()
		l.step() // what was to be put in meanwhile
		l.mu.Unlock()
	}
}

// restart makes a lane begin a new document behind a change of layers.
func (l *lane) restart() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.size -= len(l.early)
	l.early, l.turn = nil, noTurn
	l.framer, l.partial = l.c.newFramer(), false
	l.fed, l.sent, l.base, l.done = 0, 0, l.from.read, l.from.read
}

// halt makes both lanes stop reading. False where one of them has ended.
func (c *Conn) halt() bool {
	for _, l := range c.lane {
		l.mu.Lock()
		c.parking.Store(true)
		l.from.raw.SetReadDeadline(time.Unix(1, 0))
		l.room.Broadcast()
		l.mu.Unlock()
	}
	for _, l := range c.lane {
		select {
		case <-l.parked:
		case <-l.exit:
			return false
		case <-c.ctx.Done():
			return false
		}
	}
	return true
}

// park waits for a change of layers to end; false where the connection ends
// before.
func (l *lane) park() bool {
	select {
	case l.parked <- struct{}{}:
	case <-l.c.ctx.Done():
		return false
	}
	select {
	case <-l.resumed:
		return true
	case <-l.c.ctx.Done():
		return false
	}
}

// forget drops clear text behind the switch: it could be anybody's, and must
// not be taken for what TLS protects (RFC 6120 §5.4.3.3). A ClientHello that
// came early is kept (XEP-0305).
func (c *Conn) forget() {
	for _, l := range c.lane {
		l.mu.Lock()
		p := l.early
		leg := l.from
		if l.dir == decode.FromInitiator {
			// Some clients end their request with a line break.
			if hello := bytes.TrimLeft(p, " \t\r\n"); len(hello) > 0 && hello[0] == 0x16 {
				leg.unread(hello)
				p = p[:len(p)-len(hello)]
			}
		}
		if in := leg.in; len(in) > 0 && (l.dir == decode.FromReceiver || in[0] != 0x16) {
			rest, _ := leg.next(nil)
			leg.tell(nil)
			p = append(clone(p), rest...)
		}
		l.mu.Unlock()
		c.forgotten(l.dir, p)
	}
}

// forgotten says what clear text is dropped behind the switch.
func (c *Conn) forgotten(dir decode.Dir, p []byte) {
	if len(p) > 0 {
		c.note(dir, "%s of clear text from the %s behind the switch to TLS: dropped, because anybody could have sent that (RFC 6120 §5.4.3.3): %s", counted(len(p), "byte"), who(dir), quoted(p))
	}
}

// counted is a number and what is counted: 1 byte, 2 bytes.
func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
