package tlswire

import (
	"bytes"
	"slices"

	"xmppscope/decode/spec"
)

// handshake is the handshake at work, which a renegotiation begins anew.
type handshake struct {
	client     int // the side of the client
	hello      ClientHello
	server     ServerHello
	suite      *suite // nil where it cannot be read
	offered    bool   // the client's hello was read
	chosen     bool   // the server has answered
	done       bool   // ServerHelloDone: it is a full handshake
	master     []byte
	premaster  []byte // encrypted, as ClientKeyExchange has it
	transcript []byte // up to ClientKeyExchange, for the extended master secret
	verify     [2][]byte
	lost       bool // bytes were lost before both sides had finished
}

// full tells a full handshake from one that resumes a session: only there the
// client has keys to agree on (RFC 5246 §7.3).
func (s *handshake) full() bool { return s.done || s.premaster != nil }

// maxTranscript bounds what is kept for the extended master secret.
const maxTranscript = 64 << 10

// early tells whether a side speaks before the hello that belongs in front of
// what it says was read.
func (s *handshake) early(side int) bool { return s.offered && !s.chosen && side == s.client }

func (d *Decoder) is13() bool { return d.shake.chosen && d.info.Version >= TLS13 }

// content reads what a record holds.
func (d *Decoder) content(side int, r *record, p []byte, typ uint8, protected bool) {
	it := Item{Side: side, From: r.from, To: r.to, Encrypted: protected}
	if typ != RecordHandshake {
		d.giveUpMessage(side) // nothing may stand within one
	}
	switch typ {
	case RecordChangeCipherSpec:
		it.Kind, it.Bytes = ItemChangeCipherSpec, bytes.Clone(p)
		d.items = append(d.items, it)
		if !d.is13() {
			d.changeCipher(side)
		}
	case RecordAlert:
		d.alerts(it, p)
	case RecordHandshake:
		d.messages(it, p)
	case RecordData:
		at := len(d.plain)
		d.plain = append(d.plain, p...)
		it.Kind, it.Bytes = ItemData, d.plain[at:len(d.plain):len(d.plain)]
		d.items = append(d.items, it)
	default:
		it.Kind, it.Bytes = ItemOpaque, bytes.Clone(r.raw)
		d.items = append(d.items, it)
	}
}

// alerts reads alerts, of two bytes each (RFC 8446 §6).
func (d *Decoder) alerts(it Item, p []byte) {
	it.Kind = ItemAlert
	if len(p) == 0 || len(p)%2 != 0 {
		it.Kind, it.Bytes = ItemBroken, bytes.Clone(p)
		it.Faults = []Fault{{Rule: "tls-alert-broken", Text: "an alert has two bytes", Ref: spec.RFC(8446, "6")}}
		d.items = append(d.items, it)
		return
	}
	for ; len(p) > 0; p = p[2:] {
		it.Bytes = bytes.Clone(p[:2])
		if p[1] == 0 {
			d.info.Closed[it.Side] = true
		}
		d.items = append(d.items, it)
	}
}

// messages cuts handshake messages out of what records hold: one may span
// several, several may share one (RFC 8446 §5.1).
func (d *Decoder) messages(it Item, p []byte) {
	h := &d.half[it.Side]
	if len(p) == 0 {
		d.giveUpMessage(it.Side)
		it.Kind, it.Faults = ItemHandshake, []Fault{{Rule: "tls-record-empty", Text: "a handshake record without content", Ref: spec.RFC(8446, "5.1")}}
		d.items = append(d.items, it)
		return
	}
	if len(h.message) == 0 {
		h.shakeAt = it.From
	}
	h.message = append(h.message, p...)
	h.shakeEnd = it.To
	for len(h.message) >= 4 {
		n := 4 + int(h.message[1])<<16 + int(h.message[2])<<8 + int(h.message[3])
		if n > maxHandshake {
			d.giveUpMessage(it.Side)
			return
		}
		if len(h.message) < n {
			return
		}
		msg := h.message[:n:n]
		h.message = h.message[n:]
		one := it
		one.Kind, one.Bytes, one.From = ItemHandshake, msg, h.shakeAt
		h.shakeAt = it.From
		d.items = append(d.items, one)
		d.message(it.Side, msg)
	}
	if len(h.message) == 0 {
		h.message = nil // the messages that were given out keep the memory
	}
}

// giveUpMessage lets a handshake message go that will not be completed: what
// there is of it comes out, with a fault.
func (d *Decoder) giveUpMessage(side int) {
	h := &d.half[side]
	if len(h.message) == 0 {
		return
	}
	d.items = append(d.items, Item{Side: side, Kind: ItemHandshake, Bytes: h.message, From: h.shakeAt, To: h.shakeEnd,
		Faults: []Fault{{Rule: "tls-handshake-incomplete", Text: "the rest of this handshake message is missing", Ref: spec.RFC(8446, "5.1")}}})
	h.message = nil
}

// message notes what a handshake message changes.
func (d *Decoder) message(side int, msg []byte) {
	s := &d.shake
	if s.premaster == nil && len(s.transcript)+len(msg) <= maxTranscript && msg[0] != TypeClientHello {
		s.transcript = append(s.transcript, msg...)
	}
	switch msg[0] {
	case TypeClientHello:
		d.clientHello(side, msg)
	case TypeServerHello:
		d.serverHello(side, msg)
	case TypeEncryptedExtensions:
		alpn, accepted, err := ParseEncryptedExtensions(msg)
		if err == nil {
			d.info.ALPN, d.info.EarlyAccepted = alpn, accepted
		}
	case TypeCertificate:
		d.certificates(side, msg)
	case TypeServerHelloDone:
		s.done = true
	case TypeClientKeyExchange:
		s.premaster = bytes.Clone(msg[4:])
	case TypeFinished:
		d.finished(side, msg)
	case TypeEndOfEarlyData:
		g := &d.half[side].guard
		if g.epoch == early {
			g.epoch, g.seq = negotiating, 0
		}
	case TypeKeyUpdate:
		d.keyUpdate(side)
	}
}

func (d *Decoder) clientHello(side int, msg []byte) {
	h, err := ParseClientHello(msg)
	if err != nil {
		return
	}
	if d.info.Retry && !d.shake.chosen && h.Random == d.info.ClientRandom {
		d.shake.hello = h // the second one after a retry request
		return
	}
	d.shake = handshake{client: side, hello: h, offered: true, transcript: bytes.Clone(msg)}
	d.info.Hello[0] = true
	d.info.ClientRandom, d.info.SNI, d.info.OfferedALPN = h.Random, h.SNI, h.ALPN
	d.info.EarlyData = h.EarlyData
}

func (d *Decoder) serverHello(side int, msg []byte) {
	h, err := ParseServerHello(msg)
	if err != nil {
		return
	}
	if h.RetryRequest {
		d.info.Retry = true
		return
	}
	s := &d.shake
	if !d.info.Hello[0] {
		s.client = side ^ 1
	}
	s.server, s.chosen = h, true
	i := &d.info
	i.Hello[1] = true
	i.Version, i.Cipher, i.ServerRandom = h.Version, h.CipherSuite, h.Random
	i.EMS, i.EncryptThenMAC = h.EMS, h.EncryptThenMAC
	s.suite = suites[h.CipherSuite]
	if h.Version < TLS13 {
		i.ALPN = h.ALPN
		return
	}
	i.Resumed = h.HasPSK
	for side := range d.half {
		g := &d.half[side].guard
		if g.on {
			continue
		}
		g.on = true
		if side == s.client && s.hello.EarlyData {
			g.epoch = early // its numbers go on
			continue
		}
		g.epoch, g.seq = negotiating, 0
	}
	d.drain(s.client)
}

func (d *Decoder) certificates(side int, msg []byte) {
	all, _ := ParseCertificates(msg, d.info.Version)
	if len(all) == 0 {
		return
	}
	for i := range all {
		all[i] = slices.Clip(all[i])
	}
	if side == d.shake.client {
		d.info.ClientCerts = all
	} else {
		d.info.ServerCerts = all
	}
}

// finished ends a direction's part of the handshake.
func (d *Decoder) finished(side int, msg []byte) {
	s := &d.shake
	d.info.Finished[side] = true
	s.verify[side] = bytes.Clone(msg[4:])
	if d.is13() {
		g := &d.half[side].guard
		g.epoch, g.seq, g.count, g.fits = application, 0, 0, false
	}
}

// keyUpdate moves a direction on to its next keys (RFC 8446 §4.6.3).
func (d *Decoder) keyUpdate(side int) {
	g := &d.half[side].guard
	if !d.is13() || g.secret == nil || d.shake.suite == nil {
		return
	}
	g.secret = nextSecret(d.shake.suite.prf, g.secret)
	g.open[application] = newAEAD13(d.shake.suite, g.secret)
	g.seq = 0
}

// changeCipher makes the keys agreed on count from the next record on (RFC 5246
// §7.1).
func (d *Decoder) changeCipher(side int) {
	s := &d.shake
	g := &d.half[side].guard
	if !s.chosen {
		g.changed = true
		return
	}
	g.on, g.seq, g.count, g.fits = true, 0, 0, false
	g.keys, _ = d.keys12(side)
	if side != s.client {
		d.info.Resumed = !s.full() && !s.lost
	}
}
