package tlswire

import (
	"bytes"
	"encoding/hex"
	"slices"
	"sync"
)

// Limits of a key log (RFC 9850 §2): lines longer than this are ignored, and
// no more secrets than this are kept.
const (
	maxLine    = 4 << 10
	maxSecrets = 8 << 20
	maxSecret  = 64 // bytes of one secret: the longest hash
	maxArena   = 1 << 30
)

// labels are those of the file, by the number that stands for them here.
var labels = [...]string{
	"CLIENT_RANDOM",
	"CLIENT_EARLY_TRAFFIC_SECRET", "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET",
	"CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0",
	"EXPORTER_SECRET", "EARLY_EXPORTER_SECRET",
	"ECH_SECRET", "ECH_CONFIG",
}

// KeyLog holds the secrets of a key log. The zero value is empty and ready. It
// is safe for concurrent use.
type KeyLog struct {
	mu      sync.RWMutex
	line    []byte // the last one, without its end
	long    bool   // which is too long to be kept
	first   map[[32]byte]int32
	entries []entry
	arena   []byte
	rsa     map[[8]byte][]byte // premaster by the beginning of its encrypted form
	session map[string][]byte  // master by session id
	ignored int
}

// entry is one secret; next is another of the same random, or -1.
type entry struct {
	at    uint32
	next  int32
	label uint8
	size  uint8
	room  uint8 // bytes of the arena that are its own
}

// Write takes the next bytes of a key log, cut anywhere. It never fails: lines
// that are none are counted and ignored.
func (k *KeyLog) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := len(p)
	for len(p) > 0 {
		i := bytes.IndexAny(p, "\r\n")
		if i < 0 {
			k.keep(p)
			break
		}
		if len(k.line) == 0 && !k.long {
			k.take(p[:i])
		} else {
			k.keep(p[:i])
			k.end()
		}
		p = p[i+1:]
	}
	return n, nil
}

func (k *KeyLog) keep(p []byte) {
	if len(k.line)+len(p) > maxLine {
		k.long = true
		return
	}
	k.line = append(k.line, p...)
}

// Flush takes the last line, whose end did not come.
func (k *KeyLog) Flush() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.end()
}

func (k *KeyLog) end() {
	if k.long {
		k.ignored++
	} else {
		k.take(k.line)
	}
	k.line, k.long = k.line[:0], false
}

// Peek takes the last line as far as it has come. Should it go on, it is read
// again as a whole.
func (k *KeyLog) Peek() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.long {
		before := k.ignored
		k.take(k.line)
		k.ignored = before
	}
}

// take reads one line: label, random, secret.
func (k *KeyLog) take(line []byte) {
	line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")))
	if len(line) == 0 || line[0] == '#' {
		return
	}
	label, rest, _ := bytes.Cut(line, []byte(" "))
	name, value, ok := bytes.Cut(bytes.TrimSpace(rest), []byte(" "))
	value = bytes.TrimSpace(value)
	if string(label) == "RSA" {
		if !k.takeRSA(name, value, ok) {
			k.ignored++
		}
		return
	}
	n := slices.Index(labels[:], string(label))
	var random [32]byte
	if n < 0 || len(name) != 64 || len(value) == 0 || len(value) > 2*maxSecret && label[0] != 'E' || len(value)%2 != 0 || len(k.entries) >= maxSecrets || len(k.arena) >= maxArena {
		k.ignored++
		return
	}
	if _, err := hex.Decode(random[:], name); err != nil {
		k.ignored++
		return
	}
	if len(value) > 2*255 {
		return // an ECH configuration, of no use here
	}
	at := len(k.arena)
	k.arena = append(k.arena, value[:len(value)/2]...)
	if _, err := hex.Decode(k.arena[at:], value); err != nil {
		k.arena = k.arena[:at]
		k.ignored++
		return
	}
	k.add(&random, uint8(n), at)
}

// add files the secret at the end of the arena. One that was known is replaced.
func (k *KeyLog) add(random *[32]byte, label uint8, at int) {
	if k.first == nil {
		k.first = map[[32]byte]int32{}
	}
	head, known := k.first[*random]
	if !known {
		head = -1
	}
	for i := head; i >= 0; i = k.entries[i].next {
		e := &k.entries[i]
		if e.label != label {
			continue
		}
		size := len(k.arena) - at
		if size <= int(e.room) {
			copy(k.arena[e.at:], k.arena[at:]) // in its place, or the arena would grow with every repeat
			k.arena = k.arena[:at]
		} else {
			e.at, e.room = uint32(at), uint8(size)
		}
		e.size = uint8(size)
		return
	}
	k.first[*random] = int32(len(k.entries))
	size := uint8(len(k.arena) - at)
	k.entries = append(k.entries, entry{at: uint32(at), next: head, label: label, size: size, room: size})
}

// takeRSA reads the two forms of TLS up to 1.2 that browsers once wrote.
func (k *KeyLog) takeRSA(name, value []byte, ok bool) bool {
	if id, is := bytes.CutPrefix(name, []byte("Session-ID:")); is {
		master, is := bytes.CutPrefix(value, []byte("Master-Key:"))
		sid, err1 := hex.DecodeString(string(id))
		key, err2 := hex.DecodeString(string(master))
		if !is || err1 != nil || err2 != nil || len(key) != 48 || len(sid) == 0 || len(sid) > 32 || len(k.session) >= maxSecrets {
			return false
		}
		if k.session == nil {
			k.session = map[string][]byte{}
		}
		k.session[string(sid)] = key
		return true
	}
	var begin [8]byte
	key, err := hex.DecodeString(string(value))
	if !ok || len(name) != 16 || err != nil || len(key) != 48 || len(k.rsa) >= maxSecrets {
		return false
	}
	if _, err := hex.Decode(begin[:], name); err != nil {
		return false
	}
	if k.rsa == nil {
		k.rsa = map[[8]byte][]byte{}
	}
	k.rsa[begin] = key
	return true
}

func (k *KeyLog) secret(e *entry) []byte { return k.arena[e.at : e.at+uint32(e.size)] }

// Secret is the secret of a label for a client random; nil where it is not
// known. The caller may keep it.
func (k *KeyLog) Secret(label string, random *[32]byte) []byte {
	k.mu.RLock()
	defer k.mu.RUnlock()
	i, ok := k.first[*random]
	if !ok {
		return nil
	}
	for ; i >= 0; i = k.entries[i].next {
		if e := &k.entries[i]; labels[e.label] == label {
			return slices.Clone(k.secret(e))
		}
	}
	return nil
}

// All gives every secret of a label, in no order, until yield has enough; a
// secret is valid until it returns. There is none where the log holds more
// secrets than most: those are not for trying.
func (k *KeyLog) All(label string, most int, yield func(random *[32]byte, secret []byte) bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if len(k.entries) > most {
		return
	}
	for random, i := range k.first {
		for ; i >= 0; i = k.entries[i].next {
			if e := &k.entries[i]; labels[e.label] == label && !yield(&random, k.secret(e)) {
				return
			}
		}
	}
}

// Premaster is the premaster secret whose encrypted form begins with these
// bytes (the old form RSA of the file).
func (k *KeyLog) Premaster(encrypted []byte) []byte {
	if len(encrypted) < 8 {
		return nil
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	return slices.Clone(k.rsa[[8]byte(encrypted)])
}

// Session is the master secret of a session id (the old form RSA Session-ID).
func (k *KeyLog) Session(id []byte) []byte {
	if len(id) == 0 {
		return nil
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	return slices.Clone(k.session[string(id)])
}

// Lines are all that the log says about a client random, as lines of a key
// log.
func (k *KeyLog) Lines(random *[32]byte) []byte {
	k.mu.RLock()
	defer k.mu.RUnlock()
	i, ok := k.first[*random]
	if !ok {
		return nil
	}
	var b []byte
	for ; i >= 0; i = k.entries[i].next {
		e := &k.entries[i]
		b = append(append(b, labels[e.label]...), ' ')
		b = append(hex.AppendEncode(b, random[:]), ' ')
		b = append(hex.AppendEncode(b, k.secret(e)), '\n')
	}
	return b
}

// Counts are how many secrets are known and how many lines were ignored.
func (k *KeyLog) Counts() (secrets, ignored int) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return len(k.entries) + len(k.rsa) + len(k.session), k.ignored
}
