package tlswire

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// peers is a connection between OpenSSL's two programs, which speak what
// crypto/tls does not. A relay between them is the tape recorder.
type peers struct {
	t              *testing.T
	dir            string
	server, client []string // flags
	// steps are what is typed: C: and S: lines are sent, "C! k" is a command.
	steps     []string
	port      int
	listening *typed
}

// typed is one program with its keyboard and screen.
type typed struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	screen *screen
}

// screen collects output and can be waited for.
type screen struct {
	b   bytes.Buffer
	got chan struct{}
	mu  chan struct{}
}

func newScreen() *screen {
	s := &screen{got: make(chan struct{}, 1), mu: make(chan struct{}, 1)}
	s.mu <- struct{}{}
	return s
}

func (s *screen) Write(p []byte) (int, error) {
	<-s.mu
	s.b.Write(p)
	s.mu <- struct{}{}
	select {
	case s.got <- struct{}{}:
	default:
	}
	return len(p), nil
}

func (s *screen) text() string {
	<-s.mu
	defer func() { s.mu <- struct{}{} }()
	return s.b.String()
}

// see waits until the text is on the screen.
func (s *screen) see(t *testing.T, text string) {
	t.Helper()
	limit := time.After(time.Minute)
	for !strings.Contains(s.text(), text) {
		select {
		case <-s.got:
		case <-limit:
			t.Fatalf("%q did not appear:\n%s", text, s.text())
		}
	}
}

func (p *peers) run(name string, args ...string) *typed {
	p.t.Helper()
	x := &typed{cmd: exec.Command("openssl", append([]string{name}, args...)...), screen: newScreen()}
	x.cmd.Dir = p.dir
	x.cmd.Stdout, x.cmd.Stderr = x.screen, x.screen
	var err error
	if x.in, err = x.cmd.StdinPipe(); err != nil {
		p.t.Fatal(err)
	}
	if err := x.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		x.cmd.Process.Kill()
		x.cmd.Wait()
	})
	return x
}

// certificate writes a key and certificate of a kind for OpenSSL.
func (p *peers) certificate(i int) {
	c := certificates()[i]
	key, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		p.t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]})...)
	if err := os.WriteFile(filepath.Join(p.dir, "server.pem"), text, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

func freePort(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// relay passes one connection on and records it.
func (p *peers) relay(l net.Listener, to string, tp *tape, done chan<- struct{}) {
	defer close(done)
	a, err := l.Accept()
	if err != nil {
		return
	}
	b, err := net.Dial("tcp", to)
	if err != nil {
		a.Close()
		return
	}
	ended := make(chan struct{}, 2)
	pass := func(side int, from, to net.Conn) {
		buf := make([]byte, 4096)
		for {
			n, err := from.Read(buf)
			tp.add(side, buf[:n])
			to.Write(buf[:n])
			if err != nil {
				to.(*net.TCPConn).CloseWrite()
				ended <- struct{}{}
				return
			}
		}
	}
	go pass(0, a, b)
	go pass(1, b, a)
	<-ended
	<-ended
}

// talk starts a server, plays the steps and returns the tape and what both
// screens show.
func (p *peers) talk() (*tape, string) {
	p.t.Helper()
	if _, err := os.Stat(filepath.Join(p.dir, "server.pem")); err != nil {
		p.certificate(0)
	}
	p.port = freePort(p.t)
	p.listening = p.run("s_server", append([]string{"-accept", fmt.Sprintf("127.0.0.1:%d", p.port), "-cert", "server.pem", "-key", "server.pem",
		"-keylogfile", "keys"}, p.server...)...)
	p.listening.screen.see(p.t, "ACCEPT")
	return p.connect()
}

// connect plays the steps with a new client of the server.
func (p *peers) connect() (*tape, string) {
	p.t.Helper()
	server := p.listening
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	defer l.Close()
	tp, done := &tape{}, make(chan struct{})
	go p.relay(l, fmt.Sprintf("127.0.0.1:%d", p.port), tp, done)
	client := p.run("s_client", append([]string{"-connect", l.Addr().String(), "-servername", "example.org"}, p.client...)...)
	client.screen.see(p.t, "---\n")
	for _, s := range p.steps {
		from, to := client, server
		if s[0] == 'S' {
			from, to = server, client
		}
		fmt.Fprintln(from.in, s[3:])
		if s[1] == ':' {
			to.screen.see(p.t, s[3:])
		} else {
			time.Sleep(200 * time.Millisecond) // a command has no answer that every version of OpenSSL shows
		}
	}
	fmt.Fprintln(client.in, "Q")
	select {
	case <-done:
	case <-time.After(time.Minute):
		p.t.Fatal("the connection does not end")
	}
	return tp, client.screen.text() + server.screen.text()
}

func (p *peers) keys() Keys {
	log := &KeyLog{}
	text, err := os.ReadFile(filepath.Join(p.dir, "keys"))
	if err != nil {
		p.t.Fatal(err)
	}
	log.Write(text)
	log.Flush()
	return ring{log}
}

// lines are what the steps send, in each direction.
func (p *peers) lines() (want [2]string) {
	for _, s := range p.steps {
		if s[1] == ':' {
			want[strings.Index("CS", s[:1])] += s[3:] + "\n"
		}
	}
	return want
}

func (p *peers) check(tp *tape, early string) decoded {
	p.t.Helper()
	r := tp.play(Options{Keys: p.keys()}, whole)
	want := p.lines()
	want[0] = early + want[0]
	for side := range want {
		if string(r.data[side]) != want[side] {
			p.t.Fatalf("side %d: decrypted %q, want %q; %s", side, r.data[side], want[side], problems(r.items))
		}
	}
	if got := essence(tp.play(Options{Keys: p.keys()}, random(5)).items); got != essence(r.items) {
		p.t.Fatal("the items depend on how the bytes are cut")
	}
	return r
}

var twoLines = []string{"C: <one/>", "S: <two/>", "C: <three/>"}

func needOpenSSL(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
}

// What crypto/tls lacks: encrypt-then-MAC, CCM, the oldest versions with CBC
// chains, KeyUpdate, renegotiation, external keys.
func TestDecryptsOpenSSL(t *testing.T) {
	needOpenSSL(t)
	for _, c := range []struct {
		name           string
		server, client []string
		steps          []string
		cert           int
		suite          uint16
		also           func(*testing.T, decoded)
	}{
		{name: "encrypt-then-MAC", client: []string{"-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"}, suite: 0xc013,
			also: func(t *testing.T, r decoded) {
				if !r.d.Info().EncryptThenMAC {
					t.Error("encrypt-then-MAC was not agreed on")
				}
			}},
		{name: "encrypt-then-MAC SHA384", client: []string{"-tls1_2", "-cipher", "ECDHE-RSA-AES256-SHA384"}, suite: 0xc028},
		{name: "CCM", cert: 1, server: []string{"-cipher", "ALL"}, client: []string{"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-CCM"}, suite: 0xc0ac},
		{name: "CCM_8", cert: 1, server: []string{"-cipher", "ALL"}, client: []string{"-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-CCM8"}, suite: 0xc0af},
		{name: "DHE", client: []string{"-tls1_2", "-cipher", "DHE-RSA-AES256-SHA256"}, suite: 0x006b},
		{name: "NULL", server: []string{"-cipher", "NULL:@SECLEVEL=0"}, client: []string{"-tls1_2", "-cipher", "NULL-SHA256:@SECLEVEL=0"}, suite: 0x003b},
		{name: "TLS 1.0", server: []string{"-cipher", "ALL:@SECLEVEL=0"}, client: []string{"-tls1", "-cipher", "AES128-SHA:@SECLEVEL=0"}, suite: 0x002f},
		{name: "TLS 1.1", server: []string{"-cipher", "ALL:@SECLEVEL=0"}, client: []string{"-tls1_1", "-cipher", "AES256-SHA:@SECLEVEL=0"}, suite: 0x0035},
		{name: "TLS 1.3 AES-256", client: []string{"-ciphersuites", "TLS_AES_256_GCM_SHA384"}, suite: 0x1302},
		{name: "TLS 1.3 ChaCha20", client: []string{"-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"}, suite: 0x1303},
		{name: "TLS 1.3 CCM", server: []string{"-ciphersuites", "TLS_AES_128_CCM_SHA256"}, client: []string{"-ciphersuites", "TLS_AES_128_CCM_SHA256"}, suite: 0x1304},
		{name: "TLS 1.3 CCM_8", server: []string{"-ciphersuites", "TLS_AES_128_CCM_8_SHA256"}, client: []string{"-ciphersuites", "TLS_AES_128_CCM_8_SHA256"}, suite: 0x1305},
		{name: "retry request", server: []string{"-groups", "P-384"}, client: []string{"-groups", "X25519:P-384"}, suite: 0x1302,
			also: func(t *testing.T, r decoded) {
				if !r.d.Info().Retry {
					t.Error("there was no retry request")
				}
			}},
		{name: "key updates", steps: []string{"C: <one/>", "C! k", "C: <two/>", "S! k", "S: <three/>", "C! K", "C: <four/>", "S: <five/>", "S! K", "S: <six/>", "C: <seven/>"}, suite: 0x1302,
			also: func(t *testing.T, r decoded) {
				n := 0
				for _, it := range r.items {
					if it.Kind == ItemHandshake && it.Bytes[0] == TypeKeyUpdate {
						n++
					}
				}
				if n < 4 {
					t.Errorf("%d key updates", n)
				}
			}},
		{name: "renegotiation", server: []string{"-client_renegotiation"}, client: []string{"-tls1_2"},
			steps: []string{"C: <one/>", "S: <two/>", "C! R", "C: <three/>", "S: <four/>"}, suite: 0xc030},
		{name: "external key", server: []string{"-psk", "0123456789abcdef0123456789abcdef", "-nocert"}, client: []string{"-psk", "0123456789abcdef0123456789abcdef", "-ciphersuites", "TLS_AES_128_GCM_SHA256"}, suite: 0x1301,
			also: func(t *testing.T, r decoded) {
				if !r.d.Info().Resumed {
					t.Error("no pre-shared key was used")
				}
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &peers{t: t, dir: t.TempDir(), server: c.server, client: c.client, steps: c.steps}
			if p.steps == nil {
				p.steps = twoLines
			}
			p.certificate(c.cert)
			tp, _ := p.talk()
			r := p.check(tp, "")
			if got := r.d.Info().Cipher; got != c.suite {
				t.Errorf("the suite is %s, want %s", CipherName(got), CipherName(c.suite))
			}
			if c.also != nil {
				c.also(t, r)
			}
		})
	}
}

// A session is gone on with by its number, by a ticket, and with early data
// that the server takes or passes over.
func TestResumesOpenSSL(t *testing.T) {
	needOpenSSL(t)
	for _, c := range []struct {
		name           string
		server, client []string
		early          bool
		accepted       bool
	}{
		{name: "by number", client: []string{"-tls1_2", "-no_ticket"}},
		{name: "by ticket", client: []string{"-tls1_2"}},
		{name: "TLS 1.3"},
		{name: "early data", server: []string{"-early_data", "-no_anti_replay"}, early: true, accepted: true},
		{name: "early data refused", server: []string{"-max_early_data", "1000", "-no_anti_replay"}, early: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &peers{t: t, dir: t.TempDir(), server: append([]string{"-naccept", "2"}, c.server...), client: append([]string{"-sess_out", "session"}, c.client...), steps: twoLines}
			p.talk()
			p.client, p.steps = append([]string{"-sess_in", "session"}, c.client...), []string{"C: <again/>", "S: <here/>"}
			early := ""
			if c.early {
				if err := os.WriteFile(filepath.Join(p.dir, "early"), []byte("<early/>\n"), 0o600); err != nil {
					t.Fatal(err)
				}
				p.client = append(p.client, "-early_data", "early")
				if c.accepted {
					early = "<early/>\n"
				}
			}
			tp, _ := p.connect()
			r := p.check(tp, early)
			i := r.d.Info()
			if !i.Resumed || i.EarlyAccepted != c.accepted || i.EarlyData != c.early {
				t.Errorf("resumed %v, early data offered %v, taken %v", i.Resumed, i.EarlyData, i.EarlyAccepted)
			}
			for _, it := range r.items {
				if it.Kind == ItemOpaque && it.Why != EarlyRefused {
					t.Errorf("opaque: %s", it.Why)
				}
				if it.Kind == ItemData && it.Early != (c.accepted && string(it.Bytes) == early) {
					t.Errorf("%q is early: %v", it.Bytes, it.Early)
				}
			}
		})
	}
}

// The exporter of TLS 1.3 is the one that OpenSSL computes.
func TestExporterOfOpenSSL(t *testing.T) {
	needOpenSSL(t)
	for _, version := range []string{"-tls1_3", "-tls1_2"} {
		p := &peers{t: t, dir: t.TempDir(), client: []string{version, "-keymatexport", exporterLabel, "-keymatexportlen", "32"}, steps: twoLines}
		tp, screens := p.talk()
		r := p.check(tp, "")
		m := regexp.MustCompile(`Keying material: ([0-9A-F]{64})`).FindStringSubmatch(screens)
		if m == nil {
			t.Fatalf("OpenSSL shows no keying material:\n%s", screens)
		}
		want, _ := hex.DecodeString(m[1])
		got, why := r.d.Binding("tls-exporter")
		// OpenSSL leaves the context out, which TLS 1.2 tells from an empty one.
		if version == "-tls1_3" && !bytes.Equal(got, want) {
			t.Errorf("%s: %x, OpenSSL has %x; %s", version, got, want, why)
		}
		if len(got) != 32 {
			t.Errorf("%s: %s", version, why)
		}
		if end, why := r.d.Binding("tls-server-end-point"); len(end) != 32 {
			t.Errorf("%s: %s", version, why)
		}
	}
}
