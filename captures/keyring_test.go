package captures

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"xmppscope/captures/samples"
)

// secretLine is a line of a key log: the random and the secret are made of one
// byte each.
func secretLine(label string, random, secret byte) string {
	return fmt.Sprintf("%s %s %s\n", label, strings.Repeat(hex.EncodeToString([]byte{random}), 32), strings.Repeat(hex.EncodeToString([]byte{secret}), 48))
}

func randomOf(b byte) *[32]byte { return (*[32]byte)(bytes.Repeat([]byte{b}, 32)) }

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A key log file that is written while we read: half a line, the rest of it,
// nothing, another file under its name, a shorter one, none for a while.
func TestKeyringFollowsItsFiles(t *testing.T) {
	path := t.TempDir() + "/a.keys"
	line := secretLine("CLIENT_RANDOM", 7, 1)
	write(t, path, "# nothing yet\n"+line[:50])
	k := &Keyring{}
	if err := k.AddFile(path); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		name string
		do   func()
		grew bool
		have map[byte]byte // random: first byte of its secret
	}{
		{"half a line", func() {}, false, nil},
		{"the rest", func() { write(t, path, "# nothing yet\n"+line) }, true, map[byte]byte{7: 1}},
		{"nothing new", func() {}, false, map[byte]byte{7: 1}},
		{"another file of the same length", func() {
			write(t, path+".new", "# nothing yet\n"+secretLine("CLIENT_RANDOM", 8, 2))
			if err := os.Rename(path+".new", path); err != nil {
				t.Fatal(err)
			}
		}, true, map[byte]byte{7: 1, 8: 2}},
		{"a shorter one", func() { write(t, path, secretLine("CLIENT_RANDOM", 9, 3)) }, true, map[byte]byte{7: 1, 8: 2, 9: 3}},
		{"none", func() { os.Remove(path) }, false, map[byte]byte{7: 1, 8: 2, 9: 3}},
		{"again", func() { write(t, path, secretLine("CLIENT_RANDOM", 10, 4)) }, true, map[byte]byte{9: 3, 10: 4}},
	}
	for _, s := range steps {
		s.do()
		if grew := k.Poll(); grew != s.grew {
			t.Errorf("%s: grew is %v", s.name, grew)
		}
		for r := byte(7); r <= 10; r++ {
			secret, from := k.Secret("CLIENT_RANDOM", randomOf(r))
			if want, ok := s.have[r]; ok && (len(secret) != 48 || secret[0] != want || from != "keylog") {
				t.Errorf("%s: random %d has %x from %q", s.name, r, secret, from)
			} else if !ok && secret != nil && s.have == nil {
				t.Errorf("%s: random %d is known", s.name, r)
			}
		}
	}
}

// What is named must be there; what is only looked for need not.
func TestKeyringFilesThatAreNoFiles(t *testing.T) {
	dir := t.TempDir()
	k := &Keyring{}
	for _, path := range []string{dir, dir + "/missing"} {
		if k.AddFile(path) == nil {
			t.Errorf("%s is no error", path)
		}
		k.Watch(path)
	}
	if s, _ := k.Secret("CLIENT_RANDOM", randomOf(1)); s != nil || k.Poll() {
		t.Error("something was found")
	}
	write(t, dir+"/missing", secretLine("CLIENT_RANDOM", 1, 1))
	if !k.Poll() || k.Lines(randomOf(1)) == nil {
		t.Error("a file that comes later is not read")
	}
}

// Lines take every label once, from whichever source has it, and nothing of
// other handshakes.
func TestKeyringLines(t *testing.T) {
	path := t.TempDir() + "/a.keys"
	write(t, path, secretLine("CLIENT_TRAFFIC_SECRET_0", 1, 1)+secretLine("CLIENT_TRAFFIC_SECRET_0", 2, 2))
	k := &Keyring{}
	if err := k.AddFile(path); err != nil {
		t.Fatal(err)
	}
	k.Add(Secret{Type: SecretTLS, Data: []byte(secretLine("CLIENT_TRAFFIC_SECRET_0", 1, 9) + secretLine("SERVER_TRAFFIC_SECRET_0", 1, 3) + secretLine("SERVER_TRAFFIC_SECRET_0", 2, 4))})
	want := secretLine("CLIENT_TRAFFIC_SECRET_0", 1, 1) + secretLine("SERVER_TRAFFIC_SECRET_0", 1, 3)
	if got := string(k.Lines(randomOf(1))); got != want {
		t.Errorf("lines are\n%swant\n%s", got, want)
	}
	if got := k.Lines(randomOf(3)); got != nil {
		t.Errorf("lines of an unknown handshake: %q", got)
	}
}

func TestSiblings(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"cap.pcap", "cap.pcap.gz", "cap.keylog", "cap.txt", "other.keys", ".keys", "a.b.pcapng.zst", "a.b.sslkeylog", "a.b.keys"} {
		write(t, dir+"/"+name, "")
	}
	for name, want := range map[string][]string{
		"cap.pcap":       {"cap.keylog"},
		"cap.pcap.gz":    {"cap.keylog"},
		"a.b.pcapng.zst": {"a.b.keys", "a.b.sslkeylog"},
		"other.keys":     nil, // itself
		"none.pcap":      nil,
		".pcap":          nil,
	} {
		var full []string
		for _, w := range want {
			full = append(full, dir+"/"+w)
		}
		if got := Siblings(dir + "/" + name); strings.Join(got, " ") != strings.Join(full, " ") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// The same blocks are found by the scan as by reading everything, whatever the
// packing; damage and hostile lengths end it and cost no memory.
func TestScanSecrets(t *testing.T) {
	one, two := secretLine("CLIENT_RANDOM", 1, 1), secretLine("CLIENT_RANDOM", 2, 2)
	var file bytes.Buffer
	w := NewWriter(&file, []byte(one))
	big := Packet{Data: make([]byte, 200_000), Link: LinkEthernet}
	for range 3 {
		w.Packet(&big, "")
	}
	w.secrets([]byte(two))
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	whole := file.Bytes()
	hostile := bytes.Clone(whole)
	at := bytes.LastIndex(hostile, []byte{blockSecrets, 0, 0, 0})
	copy(hostile[at+4:], []byte{0xfc, 0xff, 0xff, 0xff})
	long := bytes.Clone(whole)
	copy(long[at+12:], []byte{0xff, 0xff, 0xff, 0xff})
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"whole":                            {whole, one + two},
		"gzip":                             {zipped(t, whole), one + two},
		"zstd":                             {zstdded(t, whole), one + two},
		"cut in the last block":            {whole[:len(whole)-8], one},
		"two sections":                     {append(bytes.Clone(whole), whole...), one + two + one + two},
		"a block of 4 GB":                  {hostile, one},
		"secrets longer than their block":  {long, one + two},
		"no pcapng":                        {[]byte{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0}, ""},
		"a byte order that there is not":   {append(bytes.Clone(whole), 0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 1, 2, 3, 4), one + two},
		"zeros after the last whole block": {append(bytes.Clone(whole), make([]byte, 100)...), one + two},
	} {
		path := t.TempDir() + "/file"
		if err := os.WriteFile(path, c.file, 0o600); err != nil {
			t.Fatal(err)
		}
		found, err := ScanSecrets(context.Background(), path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := joinSecrets(found); strings.TrimRight(got, "\x00") != c.want {
			t.Errorf("%s: found %q", name, got)
		}
	}
	if _, err := ScanSecrets(context.Background(), t.TempDir()+"/missing"); err == nil {
		t.Error("a missing file is no error")
	}
}

func joinSecrets(all []Secret) (text string) {
	for _, s := range all {
		text += string(s.Data)
	}
	return text
}

// FuzzScanSecrets holds the scan to the reader: where it walks through a file
// that the reader finds whole, both find the same.
func FuzzScanSecrets(f *testing.F) {
	var file bytes.Buffer
	w := NewWriter(&file, []byte(secretLine("CLIENT_RANDOM", 1, 1)))
	w.Packet(&Packet{Data: []byte("packet"), Link: LinkEthernet}, "comment")
	w.secrets([]byte("x"))
	w.Flush()
	f.Add(file.Bytes())
	f.Add(file.Bytes()[:100])
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 4 || [4]byte(b) != sectionMagic {
			return
		}
		s := blockScan{f: bytes.NewReader(b)}
		if !s.run(context.Background()) {
			return
		}
		r, err := Open(bytes.NewReader(b), OpenOptions{})
		if err != nil {
			return
		}
		var p Packet
		for r.Next(&p) == nil {
		}
		if len(r.Notices()) == 0 && joinSecrets(r.Secrets()) != joinSecrets(s.found) {
			t.Fatalf("scan %q, reader %q", joinSecrets(s.found), joinSecrets(r.Secrets()))
		}
	})
}

// A secrets block at the end of a file decrypts what stands before it.
func TestSecretsBehindThePackets(t *testing.T) {
	file, _, err := samples.Open("starttls")
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	moved := moveSecretsLast(t, all)
	path := t.TempDir() + "/late.pcapng"
	if err := os.WriteFile(path, moved, 0o600); err != nil {
		t.Fatal(err)
	}
	decrypted := 0
	for _, f := range readAll(t, Options{}, File(path)) {
		if f.sum.Decrypted {
			decrypted++
		}
	}
	if decrypted != 1 {
		t.Fatalf("%d conversations were decrypted", decrypted)
	}
}

func moveSecretsLast(t *testing.T, file []byte) []byte {
	t.Helper()
	var rest, secrets []byte
	for len(file) > 0 {
		n := int(file[4]) | int(file[5])<<8 | int(file[6])<<16
		if file[0] == blockSecrets && file[1] == 0 {
			secrets = append(secrets, file[:n]...)
		} else {
			rest = append(rest, file[:n]...)
		}
		file = file[n:]
	}
	if len(secrets) == 0 {
		t.Fatal("the sample has no secrets")
	}
	return append(rest, secrets...)
}
