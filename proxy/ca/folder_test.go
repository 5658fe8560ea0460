package ca

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestOpenMakesOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "xmppscope")
	a, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if a.Fingerprint() != b.Fingerprint() || !a.Made() || b.Made() {
		t.Errorf("made %v and %v", a.Made(), b.Made())
	}
	for name, want := range map[string]os.FileMode{"": 0o700, KeyFile: 0o600, CertFile: 0o644} {
		st, err := os.Stat(filepath.Join(dir, name))
		if err != nil || runtime.GOOS != "windows" && st.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", name, st.Mode(), err)
		}
	}
	leaf, err := b.Leaf("example.org")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := leaf.Leaf.Verify(x509.VerifyOptions{Roots: a.Pool(), DNSName: "example.org"}); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(a.Path())
	if err != nil || string(text) != string(a.PEM()) || strings.Contains(string(text), "KEY") {
		t.Errorf("%s: %v", text, err)
	}
	// What was lost of the copy comes back.
	if err := os.WriteFile(a.Path(), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err != nil {
		t.Error(err)
	}
	if again, _ := os.ReadFile(a.Path()); string(again) != string(text) {
		t.Error("the certificate was not written again")
	}
}

func TestOpenAtOnce(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	seen, made := map[string]bool{}, 0
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			a, err := Open(dir)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
				return
			}
			seen[a.Fingerprint()] = true
			if a.Made() {
				made++
			}
		})
	}
	wait.Wait()
	if len(seen) != 1 || made != 1 {
		t.Errorf("%d authorities, %d times made", len(seen), made)
	}
	if files, _ := os.ReadDir(dir); len(files) != 2 {
		t.Errorf("left behind: %v", files)
	}
}

func TestOpenRefuses(t *testing.T) {
	whole := func(t *testing.T, dir string) []byte {
		if _, err := Open(dir); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, KeyFile))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for _, c := range []struct {
		name, want string
		spoil      func(t *testing.T, dir, key string)
	}{
		{"others may read", "others may use the key of the authority (mode 0640)", func(t *testing.T, dir, key string) {
			must(t, os.Chmod(key, 0o640))
		}},
		{"others may write", "others may write to the folder (mode 0770)", func(t *testing.T, dir, key string) {
			must(t, os.Chmod(dir, 0o770))
		}},
		{"empty", "there is no key in it", func(t *testing.T, dir, key string) {
			must(t, os.WriteFile(key, nil, 0o600))
		}},
		{"no certificate", "there is no certificate in it", func(t *testing.T, dir, key string) {
			block, _ := pem.Decode(whole(t, dir))
			must(t, os.WriteFile(key, pem.EncodeToMemory(block), 0o600))
		}},
		{"another's certificate", "do not belong together", func(t *testing.T, dir, key string) {
			block, _ := pem.Decode(whole(t, dir))
			must(t, os.WriteFile(key, append(pem.EncodeToMemory(block), newCA(t).PEM()...), 0o600))
		}},
		{"a folder", "it is no file", func(t *testing.T, dir, key string) {
			must(t, os.Remove(key))
			must(t, os.Mkdir(key, 0o700))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if runtime.GOOS == "windows" {
				t.Skip("no permission bits here")
			}
			dir := filepath.Join(t.TempDir(), "d")
			whole(t, dir)
			c.spoil(t, dir, filepath.Join(dir, KeyFile))
			_, err := Open(dir)
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	text := whole(t, filepath.Join(t.TempDir(), "d"))
	if _, why := parse(text, time.Now().Add(2*rootLife)); !strings.HasPrefix(why, "the authority has expired on ") {
		t.Error(why)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestOpenSSL: another implementation reads what we make.
func TestOpenSSL(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed: nobody else looks at our certificates")
	}
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	a, err := Open(dir)
	must(t, err)
	leaf, err := a.Leaf("münchen.example", "127.0.0.1")
	must(t, err)
	file := filepath.Join(dir, "leaf.pem")
	must(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: pemCertificate, Bytes: leaf.Leaf.Raw}), 0o600))
	for _, args := range [][]string{
		{"-purpose", "sslserver", "-verify_hostname", "xn--mnchen-3ya.example"},
		{"-purpose", "sslclient", "-verify_ip", "127.0.0.1"},
	} {
		args = append(append([]string{"verify", "-x509_strict", "-CAfile", a.Path()}, args...), file)
		if out, err := exec.Command(openssl, args...).CombinedOutput(); err != nil {
			t.Errorf("openssl %v: %v\n%s", args, err, out)
		}
	}
	out, err := exec.Command(openssl, "x509", "-in", file, "-noout", "-text", "-fingerprint", "-sha256").CombinedOutput()
	must(t, err)
	for _, want := range []string{
		"DNS:xn--mnchen-3ya.example", "SRVName", "_xmpp-client.xn--mnchen-3ya.example", "_xmpp-server.xn--mnchen-3ya.example",
		"XmppAddr", "IP Address:127.0.0.1", "CA:FALSE", "TLS Web Server Authentication, TLS Web Client Authentication",
		"Authority Key Identifier", "Subject Key Identifier", Fingerprint(leaf.Leaf),
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("openssl does not see %q:\n%s", want, out)
		}
	}
}

func TestLoadOwn(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, text, 0o600))
		return path
	}
	pair := func(name string) (cert, key []byte) {
		leaf, err := newCA(t).Leaf(name)
		must(t, err)
		der, err := x509.MarshalPKCS8PrivateKey(leaf.PrivateKey)
		must(t, err)
		return pem.EncodeToMemory(&pem.Block{Type: pemCertificate, Bytes: leaf.Leaf.Raw}), pem.EncodeToMemory(&pem.Block{Type: pemKey, Bytes: der})
	}
	cert, key := pair("example.org")
	_, otherKey := pair("example.net")
	certFile, keyFile := write("cert.pem", cert), write("key.pem", key)
	both := write("both.pem", append(append([]byte{}, key...), cert...))
	for _, c := range []struct{ name, cert, key, want string }{
		{"a pair", certFile, keyFile, ""},
		{"in one file", both, "", ""},
		{"another's key", certFile, write("other.pem", otherKey), "the key is not that of the first certificate"},
		{"the certificate alone", certFile, "", "there is no key in it"},
		{"exchanged", keyFile, certFile, "there is no certificate in it"},
		{"missing", filepath.Join(dir, "none.pem"), keyFile, "none.pem: it cannot be read: no such file"},
		{"DER", write("cert.der", []byte("\x30\x82\x01")), keyFile, "it is no PEM file"},
		{"locked", certFile, write("locked.pem", pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")})), "locked with a passphrase"},
		{"broken key", certFile, write("broken.pem", pem.EncodeToMemory(&pem.Block{Type: pemKey, Bytes: []byte("x")})), "the key in it cannot be read"},
		{"broken certificate", write("bad.pem", pem.EncodeToMemory(&pem.Block{Type: pemCertificate, Bytes: []byte("x")})), keyFile, "the certificate in it cannot be read"},
	} {
		own, err := LoadOwn(c.cert, c.key)
		switch {
		case c.want == "" && (err != nil || own.Certificate().Leaf.DNSNames[0] != "example.org"):
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
