package sasl

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"hash"
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

// maxKeys bounds what a Secret remembers.
const maxKeys = 32

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
	s.mu.Lock()
	defer s.mu.Unlock()
	if key, ok := s.keys[d]; ok {
		return key
	}
	key, err := pbkdf2.Key(h.new, password, salt, iterations, h.size())
	if err != nil { // only where the runtime forbids the hash: an all-zero key verifies nothing
		key = make([]byte, h.size())
	}
	if s.keys == nil {
		s.keys = map[derivation][]byte{}
	}
	if len(s.order) == maxKeys {
		delete(s.keys, s.order[0])
		s.order = s.order[1:]
	}
	s.keys[d], s.order = key, append(s.order, d)
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
