package proxy

import (
	"bytes"

	"xmppscope/decode/tlswire"
	"xmppscope/proxy/binding"
)

// shake reads along a handshake of a leg, for what crypto/tls does not tell: the
// client's Finished of TLS 1.3, to which programs are bound that know no other
// type than tls-unique and take it for that ([binding.Leg.Finished]).
type shake struct {
	keys     tlswire.KeyLog
	dec      *tlswire.Decoder
	finished []byte
}

// along begins to read where logins are bound anew.
func (c *Conn) along(l *leg) {
	if c.p.o.Binding.Mode == binding.Recompute {
		l.shake = &shake{}
		l.shake.dec = tlswire.NewDecoder(tlswire.Options{Keys: l.shake})
	}
}

// Secret implements [tlswire.Keys].
func (s *shake) Secret(label string, random *[32]byte) (secret []byte, from string) {
	return s.keys.Secret(label, random), ""
}

// see takes bytes of a direction. Nothing of it is kept but the end.
func (s *shake) see(side int, p []byte) {
	if s == nil || s.dec == nil {
		return
	}
	for _, it := range s.dec.Feed(side, p) {
		if it.Side != 0 || it.Kind != tlswire.ItemHandshake || tlswire.MessageName(it.Bytes) != "finished" {
			continue
		}
		if s.dec.Info().Version >= tlswire.TLS13 && len(it.Bytes) > 4 {
			s.finished = bytes.Clone(it.Bytes[4:])
		}
		s.dec = nil
		return
	}
}

// finishedBy is the Finished of the leg's client; nil where nobody looked, or in other versions of TLS.
func (l *leg) finishedBy() []byte {
	if l == nil || l.shake == nil {
		return nil
	}
	return l.shake.finished
}
