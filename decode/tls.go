package decode

import (
	"slices"
	"time"

	"xmppscope/decode/tlswire"
	"xmppscope/decode/xmlstream"
)

// TLS is what is known of the TLS connection that carries a stream, read from
// its handshake or, in a live proxy, told by the library that made it.
type TLS struct {
	// Version is 0x0301 for TLS 1.0 up to 0x0304 for TLS 1.3, Cipher the number
	// of the cipher suite; zero until the server has chosen.
	Version, Cipher uint16
	// SNI is the server name that the client asked for (RFC 6066 §3), ALPN the
	// protocol agreed on, or offered where the answer is hidden (RFC 7301).
	SNI, ALPN string
	// Resumed is set where the handshake was short because an older session
	// goes on.
	Resumed bool
	// Keys says where the keys came from: keylog, embedded or proxy. Empty where
	// nothing could be decrypted.
	Keys string
	// ServerNames and ClientNames are the identities in the leaf certificates,
	// as far as those could be seen.
	ServerNames, ClientNames []string
}

func (a *TLS) equal(b *TLS) bool {
	return a.Version == b.Version && a.Cipher == b.Cipher && a.SNI == b.SNI && a.ALPN == b.ALPN &&
		a.Resumed == b.Resumed && a.Keys == b.Keys &&
		slices.Equal(a.ServerNames, b.ServerNames) && slices.Equal(a.ClientNames, b.ClientNames)
}

// maxRandoms bounds how many handshakes of one connection are remembered.
const maxRandoms = 16

// looksTLS tells a TLS record from XML by its first byte, a content type of 20
// to 23 (RFC 8446 §5.1), which is no character of XML.
func looksTLS(b byte) bool { return b >= 20 && b <= 23 }

// startTLS begins a connection that speaks TLS from its first byte (XEP-0368),
// or is first seen inside TLS.
func (c *Conn) startTLS() {
	next := *c.state
	next.Layer |= LayerTLS
	c.state = &next
	c.newTLS()
	c.sum.transport = TransportDirectTLS
	c.half[0].secureFrom(0)
	c.half[1].secureFrom(0)
}

// enterTLS goes on inside TLS in both directions; the last rest bytes of dir
// belong to it already (RFC 6120 §5.4.2.3).
func (c *Conn) enterTLS(dir Dir, t time.Time, rest int) {
	c.presume(dir, t, rest)
	o := &c.half[dir.Other()]
	switch {
	case o.mode == asHeld:
		c.unhold(dir.Other(), t)
	case !o.secure:
		c.leave(dir.Other(), t)
		o.secureFrom(o.next)
	}
}

// presume goes on inside TLS in one direction, where TLS is what comes there
// and the other has not spoken.
func (c *Conn) presume(dir Dir, t time.Time, rest int) {
	c.newTLS()
	h := &c.half[dir]
	h.mode = asXML
	c.leave(dir, t)
	h.secureFrom(h.next - int64(rest))
}

func (c *Conn) newTLS() {
	if c.tls == nil {
		c.tls = tlswire.NewDecoder(tlswire.Options{Keys: c.o.Keys, Hold: c.o.Hold, MidStream: c.o.MidStream, Guess: c.o.Guess})
	}
}

// secureFrom says that a direction's bytes are TLS records from an offset of
// TCP on.
func (h *half) secureFrom(at int64) {
	h.secure, h.turn = true, true
	h.tlsAt = at
}

// tlsBytes hands bytes to TLS, which begin at an offset of TCP. What stands
// between the switch and the first record is no TLS.
func (c *Conn) tlsBytes(dir Dir, t time.Time, p []byte, at int64) []tlswire.Item {
	h, n := &c.half[dir], int64(len(p))
	if h.turn && c.sum.transport != TransportDirectTLS && !c.o.MidStream {
		i := slices.IndexFunc(p, looksTLS)
		if i < 0 {
			i = len(p)
		}
		if i > 0 {
			c.pass(dir, t, run{kind: strayRun, bytes: p[:i], off: h.next, x: Extent{at, at + int64(i)}})
			c.advance(h, i)
			h.tlsAt += int64(i)
		}
		if i == len(p) {
			return nil
		}
		c.flushRun(dir, t)
		p = p[i:]
	}
	h.turn = false
	h.came.add(at+n, t)
	return c.tls.Feed(int(dir), p)
}

// records makes events of what TLS carried, which may have come before now.
func (c *Conn) records(now time.Time, items []tlswire.Item) {
	for i := range items {
		it := &items[i]
		dir := Dir(it.Side & 1)
		h := &c.half[dir]
		x := Extent{h.tlsAt + it.From, h.tlsAt + it.To}
		t := h.came.of(x.End, now)
		if it.Encrypted && it.Kind != tlswire.ItemOpaque {
			c.guessed(dir, t, x)
		}
		switch it.Kind {
		case tlswire.ItemData:
			c.plaintext(dir, t, it, x)
		case tlswire.ItemOpaque:
			c.opaque(dir, t, it, x)
		case tlswire.ItemBroken:
			c.miss(dir, t)
			c.pass(dir, t, run{kind: brokenRun, note: "no TLS record, though TLS is on", fault: tlsFault(it), bytes: it.Bytes, off: x.Start, x: x})
		default:
			c.tlsMessage(dir, t, it, x)
		}
	}
}

// tlsNote tells what became known of TLS besides its messages.
func (c *Conn) tlsNote(dir Dir, t time.Time, x Extent, note string, now TLS) {
	e := c.event(dir, t, KindNote)
	e.Off, e.Raw, e.Note = c.half[dir].next, x, note
	c.emit(e, setTLSTo(now), nil)
}

// plaintext reads application data.
func (c *Conn) plaintext(dir Dir, t time.Time, it *tlswire.Item, x Extent) {
	if len(it.Bytes) == 0 {
		return
	}
	h := &c.half[dir]
	if h.missed && !c.sum.opened[dir] {
		c.skip(dir, t)
	}
	h.missed = false
	c.inMidstream()
	c.sum.opened[dir] = true
	c.flushRun(dir, t)
	c.flushRun(dir.Other(), c.half[dir.Other()].last)
	if now := c.learn("", true); !now.equal(&c.state.TLS) {
		c.tlsNote(dir, t, x, "the keys are known from here on", now)
	}
	for p := it.Bytes; len(p) > 0; {
		p = p[c.above(dir, t, p, x):]
	}
}

// miss notes that plaintext of unknown length is missing from here on. What was
// being read comes out.
func (c *Conn) miss(dir Dir, t time.Time) {
	h := &c.half[dir]
	if !h.missed && c.sum.opened[dir] {
		c.skip(dir, t)
	}
	h.missed = true
}

// skip goes on reading where plaintext of unknown length is missing.
func (c *Conn) skip(dir Dir, t time.Time) {
	h := &c.half[dir]
	if h.zlib != nil {
		c.giveUp(dir, t, nil, Extent{}, "compressed bytes are missing before these, which cannot be read without them", nil)
		return
	}
	if h.mode == asWeb {
		c.webGap(dir, t, 0)
	}
	if h.mode != asXML {
		return
	}
	for _, u := range h.framer.Gap(0) {
		c.unit(dir, t, u)
	}
	if h.scope == nil {
		h.scope = c.assumedScope()
	}
}

// opaque passes records that were not decrypted.
func (c *Conn) opaque(dir Dir, t time.Time, it *tlswire.Item, x Extent) {
	if len(it.Bytes) > 0 && it.Bytes[0] == tlswire.RecordData {
		c.miss(dir, t)
	}
	c.sum.hidden[dir] += int64(len(it.Bytes))
	c.pass(dir, t, run{kind: opaqueRun, note: "inside TLS: " + it.Why.String(), fault: tlsFault(it), bytes: it.Bytes, off: x.Start, x: x})
}

func tlsFault(it *tlswire.Item) *xmlstream.SyntaxError {
	if len(it.Faults) == 0 {
		return nil
	}
	f := tlsFaults(it)[0]
	return &f
}

func tlsFaults(it *tlswire.Item) (all []xmlstream.SyntaxError) {
	for _, f := range it.Faults {
		all = append(all, xmlstream.SyntaxError{Rule: f.Rule, Text: f.Text, Pos: f.Pos, End: f.Pos, Ref: f.Ref})
	}
	return all
}

// tlsMessage makes the event of a handshake message, an alert or a change of
// cipher.
func (c *Conn) tlsMessage(dir Dir, t time.Time, it *tlswire.Item, x Extent) {
	c.flushRun(dir.Other(), c.half[dir.Other()].last)
	c.flushRun(dir, t)
	e := c.event(dir, t, KindTLS)
	e.Wire, e.Off, e.Raw = it.Bytes, x.Start, x
	e.Errs = tlsFaults(it)
	e.Step = c.tlsStep()
	switch it.Kind {
	case tlswire.ItemAlert:
		c.alert(e)
	case tlswire.ItemChangeCipherSpec:
		e.Name.Local = "change_cipher_spec"
	default:
		e.Name.Local = tlswire.MessageName(it.Bytes)
		if e.Name.Local == "client_hello" && len(it.Faults) == 0 {
			c.hello(e)
		}
	}
	var do func(*State, *Event, *xmlstream.Node)
	if now := c.learn(e.Name.Local, it.Encrypted); !now.equal(&c.state.TLS) {
		do = setTLSTo(now)
	}
	c.emit(e, do, nil)
}

// setTLSTo also goes over to TLS, where the answer to STARTTLS was not captured.
func setTLSTo(now TLS) func(*State, *Event, *xmlstream.Node) {
	return func(s *State, _ *Event, _ *xmlstream.Node) {
		s.Layer |= LayerTLS
		s.TLS = now
	}
}

// alert reads an alert (RFC 8446 §6). One that ends TLS in order belongs to
// whatever the conversation was doing.
func (c *Conn) alert(e *Event) {
	e.Name.Local = "alert"
	if len(e.Wire) < 2 {
		return
	}
	e.Type = tlswire.AlertName(e.Wire[1])
	if e.Wire[1] == 0 {
		e.Step = StepNone
		return
	}
	e.Condition = e.Type
	c.sum.alert = true
}

// tlsStep is the step of what TLS says at this moment: the handshake, or
// nothing of its own once it is done.
func (c *Conn) tlsStep() Step {
	if c.sum.opened != [2]bool{} {
		return StepNone
	}
	return StepTLSHandshake
}

// learn is what is known of TLS once a message was read.
func (c *Conn) learn(message string, encrypted bool) TLS {
	i, n := c.tls.Info(), c.state.TLS
	switch message {
	case "client_hello":
		n.SNI = i.SNI
		if n.ALPN == "" && len(i.OfferedALPN) > 0 {
			n.ALPN = i.OfferedALPN[0]
		}
	case "server_hello":
		n.Version, n.Cipher = i.Version, i.Cipher
		if i.Version >= tlswire.TLS13 {
			n.Resumed = i.Resumed
			break
		}
		if i.ALPN != "" || c.sum.opened == [2]bool{} { // a renegotiation need not name it again
			n.ALPN = i.ALPN
		}
	case "encrypted_extensions":
		n.ALPN = i.ALPN
	case "change_cipher_spec":
		n.Resumed = i.Resumed
	case "certificate":
		if len(i.ServerCerts) > 0 && n.ServerNames == nil {
			n.ServerNames = tlswire.CertificateNames(i.ServerCerts[0])
		}
		if len(i.ClientCerts) > 0 && n.ClientNames == nil {
			n.ClientNames = tlswire.CertificateNames(i.ClientCerts[0])
		}
	}
	if encrypted {
		n.Keys = i.Keys
	}
	if i.Guessed && n.Version == 0 {
		n.Version, n.Cipher = i.Version, i.Cipher
	}
	return n
}
