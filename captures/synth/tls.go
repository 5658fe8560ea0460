package synth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// tlsConn is TLS 1.3 with TLS_AES_128_GCM_SHA256 as far as an onlooker with a
// key log needs it (RFC 8446 §5, §7.3): the secrets come from the seed instead
// of a key agreement, so the same seed gives the same bytes.
type tlsConn struct {
	random  [32]byte
	secrets [4][32]byte // as tlsLabels
	side    [2]tlsSide
}

// tlsSide protects what one side sends; without aead it is clear.
type tlsSide struct {
	aead cipher.AEAD
	iv   [12]byte
	seq  uint64
}

// tlsLabels are those of the key log (RFC 9850): handshake, then application,
// each of client and server.
var tlsLabels = [4]string{"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"}

const (
	recordHandshake = 22
	recordData      = 23
	maxRecord       = 1 << 14
)

func (g *writer) newTLS() *tlsConn {
	t := &tlsConn{}
	g.fill(t.random[:])
	for i := range t.secrets {
		g.fill(t.secrets[i][:])
	}
	return t
}

func (g *writer) fill(b []byte) {
	for i := range b {
		b[i] = byte(g.r.Uint32())
	}
}

// keyLog are the lines for a connection.
func (t *tlsConn) keyLog() (text string) {
	for i, l := range tlsLabels {
		text += l + " " + hex.EncodeToString(t.random[:]) + " " + hex.EncodeToString(t.secrets[i][:]) + "\n"
	}
	return text
}

// use goes over to a secret.
func (s *tlsSide) use(secret []byte) {
	block, _ := aes.NewCipher(expandLabel(secret, "key", 16))
	s.aead, _ = cipher.NewGCM(block)
	copy(s.iv[:], expandLabel(secret, "iv", 12))
	s.seq = 0
}

func expandLabel(secret []byte, label string, n int) []byte {
	full := "tls13 " + label
	info := append([]byte{0, byte(n), byte(len(full))}, full...)
	out, _ := hkdf.Expand(sha256.New, secret, string(append(info, 0)), n)
	return out
}

// append adds records with the content p of a type.
func (s *tlsSide) append(dst []byte, typ byte, p []byte) []byte {
	for len(p) > 0 {
		n := min(len(p), maxRecord)
		if s.aead == nil {
			dst = append(dst, typ, 3, 3, byte(n>>8), byte(n))
			dst = append(dst, p[:n]...)
			p = p[n:]
			continue
		}
		size := n + 1 + s.aead.Overhead()
		at := len(dst)
		dst = append(dst, recordData, 3, 3, byte(size>>8), byte(size))
		nonce := s.iv
		binary.BigEndian.PutUint64(nonce[4:], binary.BigEndian.Uint64(nonce[4:])^s.seq)
		s.seq++
		inner := append(append([]byte(nil), p[:n]...), typ)
		dst = s.aead.Seal(dst, nonce[:], inner, dst[at:at+5])
		p = p[n:]
	}
	return dst
}

// message is one handshake message.
func message(typ byte, body []byte) []byte {
	return append([]byte{typ, byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body))}, body...)
}

func extension(typ uint16, body []byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, typ)
	b = binary.BigEndian.AppendUint16(b, uint16(len(body)))
	return append(b, body...)
}

// hello is a ClientHello or ServerHello: fields is what stands between random
// and extensions.
func hello(typ byte, random, fields []byte, extensions ...[]byte) []byte {
	body := append([]byte{3, 3}, random...)
	body = append(body, fields...)
	var list []byte
	for _, e := range extensions {
		list = append(list, e...)
	}
	body = binary.BigEndian.AppendUint16(body, uint16(len(list)))
	return message(typ, append(body, list...))
}

// clientHello offers one suite, one version and one group.
func (g *writer) clientHello(c *client) []byte {
	share := make([]byte, 32)
	g.fill(share)
	name := append([]byte{0, 0, byte(len(domain))}, domain...)
	return hello(1, c.tls.random[:], []byte{0, 0, 2, 0x13, 0x01, 1, 0},
		extension(0, append([]byte{0, byte(len(name))}, name...)),
		extension(10, []byte{0, 2, 0, 29}),
		extension(13, []byte{0, 2, 8, 4}),
		extension(43, []byte{2, 3, 4}),
		extension(51, append([]byte{0, 36, 0, 29, 0, 32}, share...)))
}

// serverFlight is ServerHello and what follows it under the handshake keys.
func (g *writer) serverFlight(c *client) []byte {
	random, share := make([]byte, 32), make([]byte, 32)
	g.fill(random)
	g.fill(share)
	s := &c.tls.side[1]
	out := s.append(nil, recordHandshake, hello(2, random, []byte{0, 0x13, 0x01, 0},
		extension(43, []byte{3, 4}), extension(51, append([]byte{0, 29, 0, 32}, share...))))
	s.use(c.tls.secrets[1][:])
	out = s.append(out, recordHandshake, append(message(8, []byte{0, 0}), message(20, make([]byte, 32))...))
	s.use(c.tls.secrets[3][:])
	return out
}

// clientFinished ends the handshake.
func (c *client) clientFinished() []byte {
	s := &c.tls.side[0]
	s.use(c.tls.secrets[0][:])
	out := s.append(nil, recordHandshake, message(20, make([]byte, 32)))
	s.use(c.tls.secrets[2][:])
	return out
}

const starttls = " xmlns='urn:ietf:params:xml:ns:xmpp-tls'"

// encryption is what comes before the login where the capture has TLS (RFC 6120
// §5.4).
var encryption = []step{
	login[0],
	login[1],
	{1, kindFeatures, func(*writer, *client) string {
		return "<stream:features><starttls" + starttls + "><required/></starttls></stream:features>"
	}},
	{0, kindNonza, func(*writer, *client) string { return "<starttls" + starttls + "/>" }},
	{1, kindNonza, func(*writer, *client) string { return "<proceed" + starttls + "/>" }},
	{0, kindRaw, func(g *writer, c *client) string {
		c.tls = g.newTLS()
		g.keys = append(g.keys, c.tls.keyLog()...)
		return string(c.tls.side[0].append(nil, recordHandshake, g.clientHello(c)))
	}},
	{1, kindRaw, func(g *writer, c *client) string { return string(g.serverFlight(c)) }},
	{0, kindRaw, func(_ *writer, c *client) string { return string(c.clientFinished()) }},
	{0, kindOpen, func(*writer, *client) string { return header + "to='" + domain + "'>" }},
}
