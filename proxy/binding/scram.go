package binding

import (
	"bytes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"hash"
	"strconv"
	"strings"

	"github.com/xdg-go/stringprep"
)

type newHash func() hash.Hash

// hashes are those of the SCRAM and HT families, by the names of the registry of
// hash functions.
var hashes = map[string]newHash{
	"SHA-1":    sha1.New,
	"SHA-224":  sha256.New224,
	"SHA-256":  sha256.New,
	"SHA-384":  sha512.New384,
	"SHA-512":  sha512.New,
	"SHA3-512": func() hash.Hash { return sha3.New512() },
}

// scramHash is the hash of a SCRAM mechanism; false for any other mechanism.
func scramHash(mechanism string) (newHash, bool) {
	name, ok := strings.CutPrefix(mechanism, "SCRAM-")
	if !ok {
		return nil, false
	}
	h, ok := hashes[strings.TrimSuffix(name, "-PLUS")]
	return h, ok
}

func (h newHash) sum(data []byte) []byte {
	d := h()
	d.Write(data)
	return d.Sum(nil)
}

func (h newHash) mac(key []byte, data ...[]byte) []byte {
	d := hmac.New(h, key)
	for _, p := range data {
		d.Write(p)
	}
	return d.Sum(nil)
}

// keys are what a password is worth in SCRAM (RFC 5802 §3).
type keys struct{ stored, server []byte }

func (h newHash) keys(password string, salt []byte, iterations int) (keys, bool) {
	if prepared, err := stringprep.SASLprep.Prepare(password); err == nil {
		password = prepared // where it is refused, peers go on with it as it is
	}
	salted, err := pbkdf2.Key(h, password, salt, iterations, h().Size())
	if err != nil {
		return keys{}, false
	}
	return keys{stored: h.sum(h.mac(salted, []byte("Client Key"))), server: h.mac(salted, []byte("Server Key"))}, true
}

// clientKey is what a proof says that the client's key is: proof XOR
// ClientSignature. It is right where its hash is StoredKey.
func (k keys) clientKey(h newHash, proof, auth []byte) []byte {
	return xor(proof, h.mac(k.stored, auth))
}

// proof is the proof over another AuthMessage for the same ClientKey. A wrong key
// gives a wrong proof again.
func (k keys) proof(h newHash, clientKey, auth []byte) []byte {
	return xor(clientKey, h.mac(k.stored, auth))
}

func (k keys) owns(h newHash, clientKey []byte) bool {
	return subtle.ConstantTimeCompare(h.sum(clientKey), k.stored) == 1
}

// xor needs two slices of one length.
func xor(a, b []byte) []byte {
	out := make([]byte, len(a))
	subtle.XORBytes(out, a, b)
	return out
}

// complement makes sure that what was right is wrong.
func complement(p []byte) []byte {
	out := make([]byte, len(p))
	for i := range p {
		out[i] = ^p[i]
	}
	return out
}

// gs2 is the head of a first message: flag and authorization identity with their
// commas (RFC 5802 §7).
type gs2 struct {
	head []byte
	flag string // n, y or p=type
}

func (g gs2) typ() string {
	t, _ := strings.CutPrefix(g.flag, "p=")
	if t == g.flag {
		return ""
	}
	return t
}

// with is the head with another flag.
func (g gs2) with(flag string) gs2 {
	return gs2{head: append([]byte(flag), g.head[len(g.flag):]...), flag: flag}
}

// cutFirst takes a client's first message apart.
func cutFirst(data []byte) (head gs2, bare []byte, ok bool) {
	first := bytes.IndexByte(data, ',')
	if first < 0 {
		return gs2{}, nil, false
	}
	second := bytes.IndexByte(data[first+1:], ',')
	if second < 0 {
		return gs2{}, nil, false
	}
	end := first + second + 2
	head = gs2{head: data[:end], flag: string(data[:first])}
	if head.flag != "n" && head.flag != "y" && head.typ() == "" {
		return gs2{}, nil, false
	}
	return head, data[end:], true
}

// attr is the value of the first attribute with that letter; nil without one.
func attr(msg []byte, letter byte) []byte {
	for part := range bytes.SplitSeq(msg, []byte{','}) {
		if len(part) > 2 && part[0] == letter && part[1] == '=' {
			return part[2:]
		}
	}
	return nil
}

// withAttr is the message with another value for the first attribute of that
// letter.
func withAttr(msg []byte, letter byte, value []byte) []byte {
	parts := bytes.Split(msg, []byte{','})
	for i, part := range parts {
		if len(part) > 2 && part[0] == letter && part[1] == '=' {
			parts[i] = append([]byte{letter, '='}, value...)
			break
		}
	}
	return bytes.Join(parts, []byte{','})
}

// userName is the name of n= with its escapes replaced (RFC 5802 §5.1).
func userName(bare []byte) string {
	return strings.NewReplacer("=2C", ",", "=3D", "=").Replace(string(attr(bare, 'n')))
}

func authMessage(bare, server, final []byte) []byte {
	return bytes.Join([][]byte{bare, server, final}, []byte{','})
}

func decode64(text []byte) ([]byte, bool) {
	data, err := base64.StdEncoding.Strict().DecodeString(string(text))
	return data, err == nil && len(data) > 0
}

// iterationsOf reads i=; false for what is no count from 1 to limit.
func iterationsOf(text []byte, limit int) (int, bool) {
	n, err := strconv.Atoi(string(text))
	return n, err == nil && n > 0 && n <= limit && text[0] != '+'
}
