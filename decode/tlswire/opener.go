package tlswire

import (
	"bytes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rc4"
	"crypto/subtle"
	"encoding/binary"
	"hash"
)

// opener decrypts the records of one direction under one set of keys. out
// shares the opener's memory until its next use, used is the sequence number
// that fits. ok is false where MAC or tag do not fit under any; an opener whose
// cipher has a state of its own moves on all the same.
type opener interface {
	open(r *record, s seqs) (out []byte, typ uint8, used uint64, ok bool)
}

// seqs are the sequence numbers that a record may have: from first on, span
// more where records were lost before it. lost is how many bytes of the
// direction they took.
type seqs struct {
	first, span uint64
	lost        int64
}

// record is one record as it stands on the wire.
type record struct {
	typ      uint8
	version  uint16
	raw      []byte // header included
	from, to int64  // where raw stands in its direction
	turn     uint64 // among the records of both directions that were held
}

func (r *record) payload() []byte { return r.raw[recordHeader:] }

// aead13 opens records of TLS 1.3 (RFC 8446 §5.2).
type aead13 struct {
	aead  cipher.AEAD
	iv    [12]byte
	nonce [12]byte
	buf   []byte
}

func newAEAD13(s *suite, secret []byte) opener {
	if len(secret) != s.prf().Size() {
		return nil
	}
	o := &aead13{aead: s.aead(expandLabel(s.prf, secret, "key", nil, s.key))}
	copy(o.iv[:], expandLabel(s.prf, secret, "iv", nil, 12))
	if o.aead == nil {
		return nil
	}
	return o
}

func (o *aead13) open(r *record, s seqs) ([]byte, uint8, uint64, bool) {
	for seq := s.first; seq <= s.first+s.span; seq++ {
		o.nonce = o.iv
		mixSeq(&o.nonce, seq)
		out, err := o.aead.Open(o.buf[:0], o.nonce[:], r.payload(), r.raw[:recordHeader])
		if err != nil {
			continue
		}
		o.buf = out
		n := len(out)
		for n > 0 && out[n-1] == 0 {
			n--
		}
		if n == 0 {
			return nil, 0, 0, false // RFC 8446 §5.4: there must be a content type
		}
		return out[:n-1], out[n-1], seq, true
	}
	return nil, 0, 0, false
}

func mixSeq(nonce *[12]byte, seq uint64) {
	n := binary.BigEndian.Uint64(nonce[4:])
	binary.BigEndian.PutUint64(nonce[4:], n^seq)
}

// aead12 opens records of TLS 1.2 with AES-GCM, AES-CCM (RFC 5288 §3, RFC 6655
// §3) and ChaCha20-Poly1305 (RFC 7905 §2).
type aead12 struct {
	aead     cipher.AEAD
	iv       [12]byte
	explicit int // bytes of the nonce that stand in the record
	nonce    [12]byte
	ad       [13]byte
	buf      []byte
}

func (o *aead12) open(r *record, s seqs) ([]byte, uint8, uint64, bool) {
	p := r.payload()
	if len(p) < o.explicit+o.aead.Overhead() {
		return nil, 0, 0, false
	}
	for seq := s.first; seq <= s.first+s.span; seq++ {
		o.nonce = o.iv
		c := p
		if o.explicit > 0 {
			copy(o.nonce[4:], p[:o.explicit])
			c = p[o.explicit:]
		} else {
			mixSeq(&o.nonce, seq)
		}
		additional(&o.ad, seq, r, len(c)-o.aead.Overhead())
		if out, err := o.aead.Open(o.buf[:0], o.nonce[:], c, o.ad[:]); err == nil {
			o.buf = out
			return out, r.typ, seq, true
		}
	}
	return nil, 0, 0, false
}

// additional is what MACs and tags cover besides the content (RFC 5246 §6.2.3).
func additional(ad *[13]byte, seq uint64, r *record, n int) {
	binary.BigEndian.PutUint64(ad[:], seq)
	ad[8] = r.typ
	binary.BigEndian.PutUint16(ad[9:], r.version)
	binary.BigEndian.PutUint16(ad[11:], uint16(n))
}

// cbcOpener opens records of block ciphers (RFC 5246 §6.2.3.2; RFC 7366 for
// encrypt-then-MAC).
type cbcOpener struct {
	block    cipher.Block
	mac      hash.Hash
	chained  []byte // TLS 1.0: the last block of the record before; nil with an explicit IV
	macOuter bool   // encrypt-then-MAC
	ad       [13]byte
	sum      []byte
	buf      []byte
}

func (o *cbcOpener) open(r *record, s seqs) ([]byte, uint8, uint64, bool) {
	p := r.payload()
	size, bs := o.mac.Size(), o.block.BlockSize()
	var mac []byte
	if o.macOuter {
		if len(p) < size {
			return nil, 0, 0, false
		}
		p, mac = p[:len(p)-size], p[len(p)-size:]
	}
	out, ok := o.decrypt(p, bs)
	if !ok {
		return nil, 0, 0, false
	}
	content := p
	if !o.macOuter {
		if len(out) < size {
			return nil, 0, 0, false
		}
		out, mac = out[:len(out)-size], out[len(out)-size:]
		content = out
	}
	used, ok := o.fits(mac, s, r, content)
	return out, r.typ, used, ok
}

// decrypt takes the padding off too. The chain of TLS 1.0 goes on whatever
// comes out.
func (o *cbcOpener) decrypt(p []byte, bs int) ([]byte, bool) {
	iv, c := o.chained, p
	if iv == nil {
		if len(p) < bs {
			return nil, false
		}
		iv, c = p[:bs], p[bs:]
	}
	if len(c) == 0 || len(c)%bs != 0 {
		return nil, false
	}
	o.buf = append(o.buf[:0], c...)
	cipher.NewCBCDecrypter(o.block, iv).CryptBlocks(o.buf, o.buf)
	if o.chained != nil {
		o.chained = append(o.chained[:0], c[len(c)-bs:]...)
	}
	return unpad(o.buf)
}

// fits finds the sequence number that a MAC was made with.
func (o *cbcOpener) fits(mac []byte, s seqs, r *record, content []byte) (uint64, bool) {
	for seq := s.first; seq <= s.first+s.span; seq++ {
		additional(&o.ad, seq, r, len(content))
		o.sum = macOf(o.mac, o.sum, &o.ad, content)
		if subtle.ConstantTimeCompare(o.sum, mac) == 1 {
			return seq, true
		}
	}
	return 0, false
}

func macOf(m hash.Hash, sum []byte, ad *[13]byte, content []byte) []byte {
	m.Reset()
	m.Write(ad[:])
	m.Write(content)
	return m.Sum(sum[:0])
}

// unpad takes the padding off, all of whose bytes say its length.
func unpad(p []byte) ([]byte, bool) {
	n := int(p[len(p)-1]) + 1
	if n > len(p) {
		return nil, false
	}
	pad := p[len(p)-n:]
	if !bytes.Equal(pad, bytes.Repeat(pad[:1], n)) || int(pad[0]) != n-1 {
		return nil, false
	}
	return p[:len(p)-n], true
}

// streamOpener opens records of RC4, or of no cipher at all.
type streamOpener struct {
	cipher *rc4.Cipher // nil for none
	mac    hash.Hash
	ad     [13]byte
	sum    []byte
	buf    []byte
}

func (o *streamOpener) open(r *record, s seqs) ([]byte, uint8, uint64, bool) {
	before := o.cipher
	if s.lost > maxSkip {
		return nil, 0, 0, false
	}
	for k := range s.span + 1 {
		o.buf = append(o.buf[:0], r.payload()...)
		if before != nil {
			c := *before
			o.cipher = &c
			if s.span > 0 {
				// k records were lost; their headers were not encrypted.
				o.skip(s.lost - int64(k)*recordHeader)
			}
			o.cipher.XORKeyStream(o.buf, o.buf)
		}
		n := len(o.buf) - o.mac.Size()
		if n < 0 {
			return nil, 0, 0, false
		}
		additional(&o.ad, s.first+k, r, n)
		o.sum = macOf(o.mac, o.sum, &o.ad, o.buf[:n])
		if subtle.ConstantTimeCompare(o.sum, o.buf[n:]) == 1 {
			return o.buf[:n], r.typ, s.first + k, true
		}
	}
	return nil, 0, 0, false
}

// maxSkip is the farthest that a key stream is moved to find its place again,
// in bytes.
const maxSkip = 1 << 20

// skip moves the key stream on.
func (o *streamOpener) skip(n int64) {
	var waste [1 << 10]byte
	for n > 0 {
		p := waste[:min(n, int64(len(waste)))]
		o.cipher.XORKeyStream(p, p)
		n -= int64(len(p))
	}
}

// anyOpener tries several openers until one fits, which it keeps.
type anyOpener struct{ all []opener }

func (o *anyOpener) open(r *record, s seqs) ([]byte, uint8, uint64, bool) {
	for i, one := range o.all {
		if out, typ, used, ok := one.open(r, s); ok {
			o.all = o.all[i : i+1]
			return out, typ, used, true
		}
	}
	return nil, 0, 0, false
}

// keyBlock cuts the key block of TLS up to 1.2 (RFC 5246 §6.3) and makes the
// opener of one side; nil where the suite is not one of these versions.
func keyBlock(s *suite, version uint16, master, clientRandom, serverRandom []byte, side int, outer bool) opener {
	macLen, fixed := 0, 0
	switch {
	case s.kind == chacha:
		fixed = 12
	case s.isAEAD():
		fixed = 4
	default:
		macLen = s.mac().Size()
		if version == TLS10 && s.kind != streamRC4 && s.kind != noCipher {
			fixed = 16
			if s.kind == cbc3DES {
				fixed = 8
			}
		}
	}
	if s.isAEAD() && version < TLS12 || s.id>>8 == 0x13 {
		return nil
	}
	kb := prf(version, s.prf, master, "key expansion", append(bytes.Clone(serverRandom), clientRandom...), 2*(macLen+s.key+fixed))
	part := func(size int) []byte {
		mine := kb[side*size : (side+1)*size]
		kb = kb[2*size:]
		return mine
	}
	macKey, key, iv := part(macLen), part(s.key), part(fixed)
	if s.isAEAD() {
		o := &aead12{aead: s.aead(key)}
		copy(o.iv[:], iv)
		if s.kind != chacha {
			o.explicit = 8
		}
		return o
	}
	mac := hmac.New(s.mac, macKey)
	switch s.kind {
	case streamRC4:
		return &streamOpener{cipher: s.stream(key), mac: mac}
	case noCipher:
		return &streamOpener{mac: mac}
	}
	o := &cbcOpener{block: s.block(key), mac: mac, macOuter: outer}
	if version == TLS10 {
		o.chained = bytes.Clone(iv)
	}
	return o
}
