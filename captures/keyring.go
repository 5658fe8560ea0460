package captures

import (
	"bytes"
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
	fromProxy    = "proxy"
)

// Keyring is all the secrets that a capture can be decrypted with: key log
// files, which may still grow, and the secrets inside pcapng files. It is safe
// for concurrent use. The zero value is empty and ready.
type Keyring struct {
	embedded tlswire.KeyLog
	proxy    tlswire.KeyLog
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
	last []byte      // the bytes before at: where they differ it is another file
	was  fs.FileInfo // when it was read last; nil while it was never there
}

// AddFile reads a key log file (RFC 9850), which may be a pipe. What is
// appended to a regular one later is read by Poll.
func (k *Keyring) AddFile(path string) error {
	f := &keyFile{path: path}
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, err := f.read(); err != nil {
		return err
	}
	k.files = append(k.files, f)
	return nil
}

// Watch adds a key log file that need not be there yet: Poll looks for it. It
// never waits, and what is no regular file is left alone.
func (k *Keyring) Watch(path string) {
	f := &keyFile{path: path}
	k.mu.Lock()
	defer k.mu.Unlock()
	f.poll()
	k.files = append(k.files, f)
}

// mayGrow tells whether there is a file that may still get the keys of a
// connection.
func (k *Keyring) mayGrow() bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return slices.ContainsFunc(k.files, func(f *keyFile) bool { return f.was == nil || f.was.Mode().IsRegular() })
}

// Poll reads what was appended to the files, and says whether there was
// anything. One that was cut or replaced is read from its beginning.
func (k *Keyring) Poll() (grew bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, f := range k.files {
		grew = f.poll() || grew
	}
	return grew
}

// poll reads on where there is something new. A file that is gone for a moment
// may come back.
func (f *keyFile) poll() (grew bool) {
	if f.was != nil && !f.was.Mode().IsRegular() {
		return false // what a pipe had was read
	}
	st, err := os.Stat(f.path)
	if err != nil || !st.Mode().IsRegular() {
		return false
	}
	if f.was != nil && os.SameFile(f.was, st) && st.Size() == f.at && st.ModTime().Equal(f.was.ModTime()) {
		return false
	}
	n, err := f.read()
	return err == nil && n > 0
}

const (
	maxKeyLog = 4 << 30 // bytes of one key log file that are read at a time
	tellTale  = 64      // bytes by which a file is known again
)

// read takes what was not read yet and returns how much that was.
func (f *keyFile) read() (int64, error) {
	r, err := os.Open(f.path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	st, err := r.Stat()
	if err != nil {
		return 0, err
	}
	if st.IsDir() {
		return 0, &fs.PathError{Op: "read", Path: f.path, Err: errors.New("is a directory")}
	}
	if st.Mode().IsRegular() {
		if !f.goesOn(r) {
			f.at, f.last = 0, nil
			f.log.Flush() // the rest of its last line will not come
		}
		if _, err := r.Seek(f.at, io.SeekStart); err != nil {
			return 0, err
		}
	}
	f.was = st
	n, err := io.Copy(f, io.LimitReader(r, maxKeyLog))
	f.at += n
	f.log.Peek() // the last line may go on; until then it counts as it is
	return n, err
}

// goesOn tells whether what was read of a file still stands in it.
func (f *keyFile) goesOn(r io.ReaderAt) bool {
	b := make([]byte, len(f.last))
	_, err := r.ReadAt(b, f.at-int64(len(b)))
	return (err == nil || err == io.EOF) && bytes.Equal(b, f.last)
}

// Write takes the next bytes of the file.
func (f *keyFile) Write(p []byte) (int, error) {
	f.last = append(f.last, p[max(0, len(p)-tellTale):]...)
	f.last = slices.Clone(f.last[max(0, len(f.last)-tellTale):])
	return f.log.Write(p)
}

// Add takes a secret that came with the packets. One that is no TLS key log is
// passed over.
func (k *Keyring) Add(s Secret) {
	log := &k.embedded
	switch {
	case s.Type != SecretTLS:
		return
	case s.Proxy:
		log = &k.proxy
	}
	_, _ = log.Write(s.Data)
	log.Flush()
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
	if s := ask(&k.proxy); s != nil {
		return s, fromProxy
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

// All gives every secret of a label, of the logs with no more than most
// secrets, until yield has enough.
func (k *Keyring) All(label string, most int, yield func(random *[32]byte, secret []byte, from string) bool) {
	k.miss()
	k.mu.RLock()
	defer k.mu.RUnlock()
	more := true
	each := func(l *tlswire.KeyLog, from string) {
		if more {
			l.All(label, most, func(random *[32]byte, secret []byte) bool {
				more = yield(random, secret, from)
				return more
			})
		}
	}
	for _, f := range k.files {
		each(&f.log, fromKeyLog)
	}
	each(&k.proxy, fromProxy)
	each(&k.embedded, fromEmbedded)
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

// Lines are what is known about a client random, as lines of a key log, every
// label once.
func (k *Keyring) Lines(random *[32]byte) []byte {
	var all []byte
	k.any(func(l *tlswire.KeyLog) []byte {
		for line := range bytes.Lines(l.Lines(random)) {
			label, _, _ := bytes.Cut(line, []byte(" "))
			if !slices.ContainsFunc(labelsOf(all), func(have []byte) bool { return bytes.Equal(have, label) }) {
				all = append(all, line...)
			}
		}
		return nil
	})
	return all
}

func labelsOf(lines []byte) (labels [][]byte) {
	for line := range bytes.Lines(lines) {
		label, _, _ := bytes.Cut(line, []byte(" "))
		labels = append(labels, label)
	}
	return labels
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
		secrets, err := ScanSecrets(o.Stop, path)
		if err != nil {
			return // who reads the packets will tell
		}
		for _, s := range secrets {
			if s.Type == SecretTLS {
				k.Add(s)
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
	for _, sibling := range SiblingNames(name) {
		if st, err := os.Stat(dir + sibling); err == nil && st.Mode().IsRegular() {
			found = append(found, dir+sibling)
		}
	}
	return found
}

// SiblingNames are the names that a key log beside a capture of this name may
// have, in the same folder; it is not asked whether there is one.
func SiblingNames(name string) (all []string) {
	stem := name
	for _, packed := range [...]string{".gz", ".zst"} {
		stem = strings.TrimSuffix(stem, packed)
	}
	stem = strings.TrimSuffix(stem, filepath.Ext(stem))
	if stem == "" {
		return nil
	}
	for _, ending := range siblingEndings {
		if sibling := stem + ending; sibling != name {
			all = append(all, sibling)
		}
	}
	return all
}
