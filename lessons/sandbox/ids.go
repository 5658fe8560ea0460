package sandbox

import (
	crand "crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"sync"
)

// ids makes what must not be guessed: ids of streams, nonces, salts. With a seed
// it makes the same each time.
type ids struct {
	mu     sync.Mutex
	seeded *rand.ChaCha8
}

// newIDs makes a source for one purpose; two purposes share no values.
func newIDs(seed *uint64, purpose string) *ids {
	if seed == nil {
		return &ids{}
	}
	key := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(purpose), *seed))
	return &ids{seeded: rand.NewChaCha8(key)}
}

func (g *ids) bytes(n int) []byte {
	b := make([]byte, n)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.seeded != nil {
		g.seeded.Read(b) // never fails
		return b
	}
	crand.Read(b) // never fails
	return b
}

// id is a new identifier of 2n hexadecimal digits.
func (g *ids) id(n int) string { return hex.EncodeToString(g.bytes(n)) }

// nonce is a new nonce for SCRAM: printable, without a comma (RFC 5802 §5.1).
func (g *ids) nonce() string { return base64.StdEncoding.EncodeToString(g.bytes(18)) }
