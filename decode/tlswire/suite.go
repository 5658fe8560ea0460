package tlswire

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rc4"
	"hash"

	"golang.org/x/crypto/chacha20poly1305"
)

// suite is how records of a cipher suite are protected.
type suite struct {
	id   uint16
	kind protection
	key  int // bytes
	// mac is the hash of the MAC of the kinds that have one.
	mac func() hash.Hash
	// prf is the hash of the key schedule.
	prf func() hash.Hash
}

type protection uint8

const (
	gcm protection = iota
	ccm
	ccm8
	chacha
	cbcAES
	cbc3DES
	streamRC4
	noCipher
)

// suites is the table of all suites that can be read, by number (IANA). Key
// exchange and signature do not matter here: the master secret is given.
var suites = func() map[uint16]*suite {
	m := map[uint16]*suite{}
	add := func(s suite, ids ...uint16) {
		for _, id := range ids {
			c := s
			c.id = id
			m[id] = &c
		}
	}
	// TLS 1.3 (RFC 8446 §B.4)
	add(suite{kind: gcm, key: 16, prf: sha256New}, 0x1301)
	add(suite{kind: gcm, key: 32, prf: sha384New}, 0x1302)
	add(suite{kind: chacha, key: 32, prf: sha256New}, 0x1303)
	add(suite{kind: ccm, key: 16, prf: sha256New}, 0x1304)
	add(suite{kind: ccm8, key: 16, prf: sha256New}, 0x1305)
	// AES-GCM (RFC 5288, 5289, 5487, 8442)
	add(suite{kind: gcm, key: 16, prf: sha256New}, 0x009c, 0x009e, 0x00a0, 0x00a2, 0x00a4, 0x00a6, 0x00a8, 0x00aa, 0x00ac, 0xc02b, 0xc02d, 0xc02f, 0xc031, 0xd001)
	add(suite{kind: gcm, key: 32, prf: sha384New}, 0x009d, 0x009f, 0x00a1, 0x00a3, 0x00a5, 0x00a7, 0x00a9, 0x00ab, 0x00ad, 0xc02c, 0xc02e, 0xc030, 0xc032, 0xd002)
	// AES-CCM (RFC 6655, 7251)
	add(suite{kind: ccm, key: 16, prf: sha256New}, 0xc09c, 0xc09e, 0xc0a4, 0xc0a6, 0xc0ac, 0xd005)
	add(suite{kind: ccm, key: 32, prf: sha256New}, 0xc09d, 0xc09f, 0xc0a5, 0xc0a7, 0xc0ad)
	add(suite{kind: ccm8, key: 16, prf: sha256New}, 0xc0a0, 0xc0a2, 0xc0a8, 0xc0aa, 0xc0ae, 0xd003)
	add(suite{kind: ccm8, key: 32, prf: sha256New}, 0xc0a1, 0xc0a3, 0xc0a9, 0xc0ab, 0xc0af)
	// ChaCha20-Poly1305 (RFC 7905)
	add(suite{kind: chacha, key: 32, prf: sha256New}, 0xcca8, 0xcca9, 0xccaa, 0xccab, 0xccac, 0xccad, 0xccae)
	// AES-CBC (RFC 5246, 5289, 8422, 4279, 5487, 5489)
	add(suite{kind: cbcAES, key: 16, mac: sha1New, prf: sha256New}, 0x002f, 0x0030, 0x0031, 0x0032, 0x0033, 0x0034, 0x008c, 0x0090, 0x0094, 0xc004, 0xc009, 0xc00e, 0xc013, 0xc018, 0xc01d, 0xc01e, 0xc01f, 0xc035)
	add(suite{kind: cbcAES, key: 32, mac: sha1New, prf: sha256New}, 0x0035, 0x0036, 0x0037, 0x0038, 0x0039, 0x003a, 0x008d, 0x0091, 0x0095, 0xc005, 0xc00a, 0xc00f, 0xc014, 0xc019, 0xc020, 0xc021, 0xc022, 0xc036)
	add(suite{kind: cbcAES, key: 16, mac: sha256New, prf: sha256New}, 0x003c, 0x003e, 0x003f, 0x0040, 0x0067, 0x006c, 0x00ae, 0x00b2, 0x00b6, 0xc023, 0xc025, 0xc027, 0xc029, 0xc037)
	add(suite{kind: cbcAES, key: 32, mac: sha256New, prf: sha256New}, 0x003d, 0x0068, 0x0069, 0x006a, 0x006b, 0x006d)
	add(suite{kind: cbcAES, key: 32, mac: sha384New, prf: sha384New}, 0x00af, 0x00b3, 0x00b7, 0xc024, 0xc026, 0xc028, 0xc02a, 0xc038)
	// 3DES and RC4 (RFC 5246, 4492, 4279)
	add(suite{kind: cbc3DES, key: 24, mac: sha1New, prf: sha256New}, 0x000a, 0x000d, 0x0010, 0x0013, 0x0016, 0x001b, 0x008b, 0x008f, 0x0093, 0xc003, 0xc008, 0xc00d, 0xc012, 0xc017, 0xc01a, 0xc01b, 0xc01c, 0xc034)
	add(suite{kind: streamRC4, key: 16, mac: md5New, prf: sha256New}, 0x0004, 0x0018)
	add(suite{kind: streamRC4, key: 16, mac: sha1New, prf: sha256New}, 0x0005, 0x008a, 0x008e, 0x0092, 0xc002, 0xc007, 0xc00c, 0xc011, 0xc016, 0xc033)
	// Integrity only (RFC 5246, 4492)
	add(suite{kind: noCipher, mac: md5New, prf: sha256New}, 0x0001)
	add(suite{kind: noCipher, mac: sha1New, prf: sha256New}, 0x0002, 0x002c, 0x002d, 0x002e, 0xc001, 0xc006, 0xc00b, 0xc010, 0xc015, 0xc039)
	add(suite{kind: noCipher, mac: sha256New, prf: sha256New}, 0x003b, 0x00b0, 0x00b4, 0x00b8, 0xc03a)
	add(suite{kind: noCipher, mac: sha384New, prf: sha384New}, 0x00b1, 0x00b5, 0x00b9, 0xc03b)
	return m
}()

// aead makes the cipher of the kinds that are one.
func (s *suite) aead(key []byte) cipher.AEAD {
	if s.kind == chacha {
		a, err := chacha20poly1305.New(key)
		if err != nil {
			return nil
		}
		return a
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil
	}
	switch s.kind {
	case gcm:
		a, err := cipher.NewGCM(block)
		if err != nil {
			return nil
		}
		return a
	case ccm:
		return newCCM(block, 16)
	case ccm8:
		return newCCM(block, 8)
	}
	return nil
}

// block makes the block cipher of the kinds that chain blocks.
func (s *suite) block(key []byte) cipher.Block {
	var b cipher.Block
	var err error
	if s.kind == cbc3DES {
		b, err = des.NewTripleDESCipher(key)
	} else {
		b, err = aes.NewCipher(key)
	}
	if err != nil {
		return nil
	}
	return b
}

func (s *suite) stream(key []byte) *rc4.Cipher {
	c, err := rc4.NewCipher(key)
	if err != nil {
		return nil
	}
	return c
}

func (s *suite) isAEAD() bool { return s.kind <= chacha }
