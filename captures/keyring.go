package captures

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"xmppscope/decode/tlswire"
)

// Words for where a secret was found (CONTRACT: keys).
const (
	fromKeyLog   = "keylog"
	fromEmbedded = "embedded"
)

// Keyring is all the secrets that a capture can be decrypted with: key log
// files, which may still grow, and the secrets inside pcapng files. It is safe
// for concurrent use. The zero value is empty and ready.
type Keyring struct {
	embedded tlswire.KeyLog
	mu       sync.RWMutex
	files    []*keyFile
	later    []func() // tried once when a secret is missing
	missed   sync.Once
}

// keyFile is a key log file and how far it was read.
type keyFile struct {
	path string
	log  tlswire.KeyLog
	at   int64
}

// AddFile reads a key log file (RFC 9850). What is appended to it later is
// read by Poll.
func (k *Keyring) AddFile(path string) error {
	f := &keyFile{path: path}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.read(f); err != nil {
		return err
	}
	k.files = append(k.files, f)
	return nil
}

// mayGrow tells whether there is a file that may still get the keys of a
// connection.
func (k *Keyring) mayGrow() bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return len(k.files) > 0
}

// Poll reads what was appended to the files. One that became shorter is read
// from its beginning.
func (k *Keyring) Poll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, f := range k.files {
		_ = k.read(f) // a file that is gone for a moment may come back
	}
}

// maxKeyLog is how much of one key log file is read, in bytes.
const maxKeyLog = 4 << 30

func (k *Keyring) read(f *keyFile) error {
	r, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer r.Close()
	st, err := r.Stat()
	if err != nil {
		return err
	}
	if st.IsDir() {
		return &fs.PathError{Op: "read", Path: f.path, Err: errors.New("it is a directory")}
	}
	if st.Mode().IsRegular() {
		if st.Size() < f.at {
			f.at = 0
		}
		if _, err := r.Seek(f.at, io.SeekStart); err != nil {
			return err
		}
	}
	n, err := io.Copy(&f.log, io.LimitReader(r, maxKeyLog))
	f.at += n
	f.log.Peek() // the last line may go on; until then it counts as it is
	return err
}

// AddEmbedded takes the content of a Decryption Secrets Block that holds a TLS
// key log.
func (k *Keyring) AddEmbedded(data []byte) {
	_, _ = k.embedded.Write(data)
	k.embedded.Flush()
}

// Later sets what to try, once, when a secret is missing.
func (k *Keyring) Later(try func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.later = append(k.later, try)
}

// Secret implements [tlswire.Keys].
func (k *Keyring) Secret(label string, random *[32]byte) ([]byte, string) {
	if s, from := k.find(label, random); s != nil {
		return s, from
	}
	if k.miss() {
		return k.find(label, random)
	}
	return nil, ""
}

func (k *Keyring) find(label string, random *[32]byte) ([]byte, string) {
	return k.any(func(l *tlswire.KeyLog) []byte { return l.Secret(label, random) })
}

// any asks the files first, then what is embedded.
func (k *Keyring) any(ask func(*tlswire.KeyLog) []byte) ([]byte, string) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	for _, f := range k.files {
		if s := ask(&f.log); s != nil {
			return s, fromKeyLog
		}
	}
	if s := ask(&k.embedded); s != nil {
		return s, fromEmbedded
	}
	return nil, ""
}

// miss tries what is left to try; it tells whether there was anything.
func (k *Keyring) miss() (tried bool) {
	k.missed.Do(func() {
		k.mu.Lock()
		later := k.later
		k.mu.Unlock()
		for _, try := range later {
			try()
			tried = true
		}
	})
	return tried
}

// Premaster is the premaster secret that an older key log has for its
// encrypted form.
func (k *Keyring) Premaster(encrypted []byte) ([]byte, string) {
	return k.any(func(l *tlswire.KeyLog) []byte { return l.Premaster(encrypted) })
}

// Session is the master secret of a session id.
func (k *Keyring) Session(id []byte) ([]byte, string) {
	return k.any(func(l *tlswire.KeyLog) []byte { return l.Session(id) })
}

// Lines are the lines of a key log for a client random.
func (k *Keyring) Lines(random *[32]byte) []byte {
	lines, _ := k.any(func(l *tlswire.KeyLog) []byte { return l.Lines(random) })
	return lines
}

// Counts are how many secrets there are, and how many lines were none.
func (k *Keyring) Counts() (secrets, ignored int) {
	k.any(func(l *tlswire.KeyLog) []byte {
		s, i := l.Counts()
		secrets, ignored = secrets+s, ignored+i
		return nil
	})
	return secrets, ignored
}

// scanLater makes the keyring look through a pcapng file for secrets that stand
// behind the packets which need them. It happens only where one is missing.
func (k *Keyring) scanLater(path string, o OpenOptions) {
	k.Later(func() {
		r, err := OpenFile(path, OpenOptions{Stop: o.Stop})
		if err != nil {
			return
		}
		defer r.Close()
		if _, ok := r.src.(*pcapng); !ok {
			return
		}
		var p Packet
		for r.Next(&p) == nil {
			if o.Stop != nil && o.Stop.Err() != nil {
				return
			}
		}
		for _, s := range r.Secrets() {
			if s.Type == SecretTLS {
				k.AddEmbedded(s.Data)
			}
		}
	})
}

// siblingEndings are those of key logs that belong to a capture with the same
// stem (CONTRACT: common flags).
var siblingEndings = [...]string{".keys", ".keylog", ".sslkeylog"}

// Siblings are the key logs beside a capture file.
func Siblings(path string) (found []string) {
	dir, name := filepath.Split(path)
	stem := name
	for _, packed := range [...]string{".gz", ".zst"} {
		stem = strings.TrimSuffix(stem, packed)
	}
	stem = strings.TrimSuffix(stem, filepath.Ext(stem))
	if stem == "" {
		return nil
	}
	for _, ending := range siblingEndings {
		p := dir + stem + ending
		if st, err := os.Stat(p); err == nil && st.Mode().IsRegular() && p != path && !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	return found
}
