package tlswire

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"errors"
)

// ccmMode is AES-CCM with a 12-byte nonce and a 3-byte length (RFC 3610, as TLS
// uses it: RFC 6655 §3).
type ccmMode struct {
	block cipher.Block
	tag   int
}

func newCCM(b cipher.Block, tag int) cipher.AEAD { return &ccmMode{b, tag} }

var errTag = errors.New("the tag does not fit")

func (c *ccmMode) NonceSize() int { return 12 }
func (c *ccmMode) Overhead() int  { return c.tag }

// Seal appends the encryption of plaintext and the tag to dst.
func (c *ccmMode) Seal(dst, nonce, plaintext, data []byte) []byte {
	tag := c.mac(nonce, plaintext, data)
	at := len(dst)
	dst = append(dst, plaintext...)
	c.crypt(dst[at:], nonce)
	return append(dst, tag[:c.tag]...)
}

// Open appends the plaintext to dst, which may be ciphertext[:0].
func (c *ccmMode) Open(dst, nonce, ciphertext, data []byte) ([]byte, error) {
	if len(ciphertext) < c.tag {
		return nil, errTag
	}
	var want [16]byte
	copy(want[:], ciphertext[len(ciphertext)-c.tag:])
	at := len(dst)
	dst = append(dst, ciphertext[:len(ciphertext)-c.tag]...)
	c.crypt(dst[at:], nonce)
	tag := c.mac(nonce, dst[at:], data)
	if subtle.ConstantTimeCompare(tag[:c.tag], want[:c.tag]) != 1 {
		return nil, errTag
	}
	return dst, nil
}

// crypt applies the key stream in counter mode from block 1 on.
func (c *ccmMode) crypt(p, nonce []byte) {
	var a [16]byte
	a[0] = 2
	copy(a[1:], nonce)
	a[15] = 1
	cipher.NewCTR(c.block, a[:]).XORKeyStream(p, p)
}

// mac is the tag, encrypted with block 0.
func (c *ccmMode) mac(nonce, plaintext, data []byte) (tag [16]byte) {
	x := [16]byte{byte((c.tag-2)/2<<3 | 2)}
	if len(data) > 0 {
		x[0] |= 0x40
	}
	copy(x[1:], nonce)
	x[13], x[14], x[15] = byte(len(plaintext)>>16), byte(len(plaintext)>>8), byte(len(plaintext))
	c.block.Encrypt(x[:], x[:])
	if len(data) > 0 {
		first := make([]byte, 2, 2+len(data)+16)
		binary.BigEndian.PutUint16(first, uint16(len(data)))
		c.absorb(&x, append(first, data...))
	}
	c.absorb(&x, plaintext)
	a := [16]byte{2}
	copy(a[1:], nonce)
	c.block.Encrypt(a[:], a[:])
	subtle.XORBytes(tag[:], x[:], a[:])
	return tag
}

func (c *ccmMode) absorb(x *[16]byte, p []byte) {
	for len(p) > 0 {
		n := subtle.XORBytes(x[:], x[:], p[:min(16, len(p))])
		p = p[n:]
		c.block.Encrypt(x[:], x[:])
	}
}
