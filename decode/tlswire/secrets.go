package tlswire

// olderKeys is what a key source may know besides: the two forms that browsers
// once wrote, by the encrypted premaster secret and by the session id.
type olderKeys interface {
	Premaster(encrypted []byte) (secret []byte, from string)
	Session(id []byte) (master []byte, from string)
}

func (d *Decoder) secret(label string) []byte {
	if d.o.Keys == nil {
		return nil
	}
	secret, from := d.o.Keys.Secret(label, &d.shake.hello.Random)
	if secret != nil {
		d.info.Keys = from
	}
	return secret
}

// keys12 makes the opener of a side for TLS up to 1.2.
func (d *Decoder) keys12(side int) (opener, Why) {
	s := &d.shake
	switch {
	case !d.info.Hello[0] && !d.info.Guessed:
		return nil, MidStream
	case s.suite == nil:
		return nil, NoSuite
	}
	if s.master == nil {
		s.master = d.masterSecret()
	}
	if s.master == nil {
		return nil, NoKeys
	}
	number := 0
	if side != s.client {
		number = 1
	}
	h := &s.hello
	o := keyBlock(s.suite, d.info.Version, s.master, h.Random[:], s.server.Random[:], number, s.server.EncryptThenMAC)
	if o == nil {
		return nil, NoSuite
	}
	return o, Readable
}

const masterLen = 48

// masterSecret finds the master secret (RFC 5246 §8.1).
func (d *Decoder) masterSecret() []byte {
	s := &d.shake
	if m := d.secret("CLIENT_RANDOM"); len(m) == masterLen {
		return m
	}
	older, ok := d.o.Keys.(olderKeys)
	if !ok {
		return nil
	}
	if m, from := older.Session(s.server.SessionID); len(m) == masterLen {
		d.info.Keys = from
		return m
	}
	if len(s.premaster) < 2 {
		return nil
	}
	pre, from := older.Premaster(s.premaster[2:])
	if pre == nil {
		return nil
	}
	d.info.Keys = from
	if s.server.EMS {
		return prf(d.info.Version, s.suite.prf, pre, "extended master secret", d.sessionHash(), masterLen)
	}
	seed := append(append([]byte{}, s.hello.Random[:]...), s.server.Random[:]...)
	return prf(d.info.Version, s.suite.prf, pre, "master secret", seed, masterLen)
}

// sessionHash is the hash of the handshake up to ClientKeyExchange (RFC 7627
// §3).
func (d *Decoder) sessionHash() []byte {
	s := &d.shake
	if d.info.Version >= TLS12 {
		h := s.suite.prf()
		h.Write(s.transcript)
		return h.Sum(nil)
	}
	a, b := md5New(), sha1New()
	a.Write(s.transcript)
	b.Write(s.transcript)
	return b.Sum(a.Sum(nil))
}

// epochLabels are the labels of the secrets of TLS 1.3, for client and server.
var epochLabels = [epochs][2]string{
	early:       {"CLIENT_EARLY_TRAFFIC_SECRET", ""},
	negotiating: {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET"},
	application: {"CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"},
}

// keys13 is the opener of a side in an epoch of TLS 1.3; nil where its secret
// is not known.
func (d *Decoder) keys13(side int, e epoch) opener {
	g := &d.half[side].guard
	if g.open[e] != nil {
		return g.open[e]
	}
	number := 0
	if side != d.shake.client {
		number = 1
	}
	secret := d.secret(epochLabels[e][number])
	if secret == nil || e != early && d.shake.suite == nil {
		return nil
	}
	var o opener
	if e == early {
		o = earlyOpener(secret)
	} else if o13 := newAEAD13(d.shake.suite, secret); o13 != nil {
		o = o13
	}
	if e == application {
		g.secret = secret
	}
	g.open[e] = o
	return o
}

// earlyOpener tries all suites with a hash of the secret's length: which one
// the older session had is not said (RFC 8446 §4.2.10).
func earlyOpener(secret []byte) opener {
	o := &anyOpener{}
	for _, id := range [...]uint16{0x1301, 0x1302, 0x1303, 0x1304, 0x1305} {
		if one := newAEAD13(suites[id], secret); one != nil {
			o.all = append(o.all, one)
		}
	}
	if o.all == nil {
		return nil
	}
	return o
}

// earlyData opens what a client sent before the server has answered.
func (d *Decoder) earlyData(side int, r *record) ([]byte, uint8, bool) {
	g := &d.half[side].guard
	if !d.shake.hello.EarlyData {
		return nil, 0, false
	}
	o := d.keys13(side, early)
	if o == nil {
		return nil, 0, false
	}
	out, typ, used, ok := o.open(r, seqs{first: g.seq, span: g.span})
	if ok {
		g.seq = used + 1
	}
	return out, typ, ok
}
