package sasl

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"hash"
	"sync"
)

// namedHash is a hash function as mechanism names write it.
type namedHash struct {
	name string
	new  func() hash.Hash
}

// hashes are those of the SCRAM and HT families. The empty entry stands for
// one that is not known.
var hashes = []namedHash{
	{"SHA-1", sha1.New},
	{"SHA-224", sha256.New224},
	{"SHA-256", sha256.New},
	{"SHA-384", sha512.New384},
	{"SHA-512", sha512.New},
	{"SHA3-224", func() hash.Hash { return sha3.New224() }},
	{"SHA3-256", func() hash.Hash { return sha3.New256() }},
	{"SHA3-384", func() hash.Hash { return sha3.New384() }},
	{"SHA3-512", func() hash.Hash { return sha3.New512() }},
}

func hashNamed(name string) namedHash {
	for _, h := range hashes {
		if h.name == name {
			return h
		}
	}
	return namedHash{}
}

func (h namedHash) size() int { return h.new().Size() }

func (h namedHash) sum(data []byte) []byte {
	d := h.new()
	d.Write(data)
	return d.Sum(nil)
}

func (h namedHash) mac(key []byte, data ...[]byte) []byte {
	d := hmac.New(h.new, key)
	for _, p := range data {
		d.Write(p)
	}
	return d.Sum(nil)
}

// derivation is everything a salted password depends on.
type derivation struct {
	hash       string
	password   string
	salt       string
	iterations int
}

// Bounds on what a KeyCache remembers: keys, and bytes of a salt.
const (
	maxKeys       = 32
	maxCachedSalt = 1024
)

// KeyCache remembers derived keys, the latest 32. The zero value is ready; it
// may be shared by secrets and goroutines. A nil one remembers nothing.
type KeyCache struct {
	mu    sync.Mutex
	keys  map[derivation][]byte
	order []derivation
}

func (c *KeyCache) get(d derivation) ([]byte, bool) {
	if c == nil {
		return nil, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key, ok := c.keys[d]
	return key, ok
}

func (c *KeyCache) put(d derivation, key []byte) {
	if c == nil || len(d.salt) > maxCachedSalt {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, there := c.keys[d]; there {
		return
	}
	if c.keys == nil {
		c.keys = map[derivation][]byte{}
	}
	if len(c.order) == maxKeys {
		delete(c.keys, c.order[0])
		c.order = c.order[1:]
	}
	c.keys[d], c.order = key, append(c.order, d)
}

// limit is the highest iteration count that is computed.
func (s *Secret) limit() int {
	if s.MaxIterations > 0 {
		return s.MaxIterations
	}
	return DefaultMaxIterations
}

// salted is PBKDF2 with the password, RFC 5802 §2.2 Hi(), remembered.
// The caller has checked iterations against limit.
func (s *Secret) salted(h namedHash, password string, salt []byte, iterations int) []byte {
	d := derivation{h.name, password, string(salt), iterations}
	if key, ok := s.Keys.get(d); ok {
		return key
	}
	key, err := pbkdf2.Key(h.new, password, salt, iterations, h.size())
	if err != nil { // only where the runtime forbids the hash: an all-zero key verifies nothing
		return make([]byte, h.size())
	}
	s.Keys.put(d, key)
	return key
}

// firstRounds computes U1, U2 and U3 of PBKDF2's only block, RFC 8018 §5.2:
// enough to see how the rounds hang together.
func firstRounds(h namedHash, password string, salt []byte, iterations int) [][]byte {
	var rounds [][]byte
	last := h.mac([]byte(password), salt, []byte{0, 0, 0, 1})
	for range min(iterations, 3) {
		rounds = append(rounds, last)
		last = h.mac([]byte(password), last)
	}
	return rounds
}
