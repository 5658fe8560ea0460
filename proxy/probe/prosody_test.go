package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/probe/probetest"
)

// prosody starts one with an account juliet@capulet.test, password sesame, and
// returns its ports: for STARTTLS, for direct TLS, for HTTP.
func prosody(t *testing.T) (ports [3]uint16, roots *x509.CertPool) {
	t.Helper()
	for _, program := range []string{"prosody", "prosodyctl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed: nothing was tried against it", program)
		}
	}
	dir := t.TempDir()
	var taken []net.Listener
	for i := range ports {
		var l net.Listener
		var err error
		// Below those that systems hand out by themselves, so that no other test gets
		// one of them before prosody has it.
		for l == nil || err != nil {
			l, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000)))
		}
		ports[i] = uint16(l.Addr().(*net.TCPAddr).Port)
		taken = append(taken, l)
	}
	for _, l := range taken { // all at once, so that none is given twice
		l.Close()
	}
	cert, roots, err := probetest.NewCertificate("capulet.test")
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"c.crt": {Type: "CERTIFICATE", Bytes: cert.Certificate[0]}, "c.key": {Type: "PRIVATE KEY", Bytes: key}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config := fmt.Sprintf(`run_as_root = true
daemonize = false
pidfile = "%[1]s/prosody.pid"
data_path = "%[1]s/data"
interfaces = { "127.0.0.1" }
c2s_ports = { %[2]d }
c2s_direct_tls_ports = { %[3]d }
s2s_ports = {}
http_ports = { %[4]d }
https_ports = {}
consider_websocket_secure = true
http_host = "127.0.0.1"
modules_enabled = { "roster", "saslauth", "tls", "disco", "ping", "smacks", "websocket" }
modules_disabled = { "s2s" }
authentication = "internal_hashed"
ssl = { certificate = "%[1]s/c.crt", key = "%[1]s/c.key" }
log = { { levels = { min = "info" }, to = "file", filename = "%[1]s/log" } }
VirtualHost "capulet.test"
`, dir, ports[0], ports[1], ports[2])
	path := filepath.Join(dir, "prosody.cfg.lua")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("prosodyctl", "--root", "--config", path, "register", "juliet", "capulet.test", "sesame").CombinedOutput(); err != nil {
		t.Skipf("prosodyctl does not run here: %v: %s", err, out)
	}
	c := exec.Command("prosody", "--root", "--config", path, "-F")
	if err := c.Start(); err != nil {
		t.Skipf("prosody does not start here: %v", err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait() // it was killed
	})
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", ports[1]))
		if err == nil {
			conn.Close()
			return ports, roots
		}
	}
	log, _ := os.ReadFile(filepath.Join(dir, "log")) // for the message only
	t.Fatalf("prosody does not answer: %s", log)
	return ports, roots
}

func TestProsody(t *testing.T) {
	ports, roots := prosody(t)
	at := func(port uint16) string { return netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port).String() }
	for _, c := range []struct {
		to    string
		wish  dial.Wrapping
		menus int
		tls   bool
	}{
		{at(ports[0]), dial.Auto, 2, true},
		{at(ports[1]), dial.TLS, 1, true},
		{"ws://" + at(ports[2]) + "/xmpp-websocket", dial.Auto, 1, false},
	} {
		o := &Options{Request: dial.Request{Domain: "capulet.test", To: c.to, Wish: c.wish}, Roots: roots, Timeout: time.Minute}
		var talk decode.Conversation
		o.Conversation = func(c *decode.Conversation) { talk = *c }
		r, err := Run(context.Background(), o)
		if err != nil || len(r.Doors) != 1 {
			t.Fatal(r, err)
		}
		d := r.Doors[0]
		if d.Err != nil || len(d.Menus) != c.menus || (d.TLS != nil) != c.tls {
			t.Errorf("%s: %d menus, %v", c.to, len(d.Menus), d.Err)
			continue
		}
		last := d.Menus[c.menus-1]
		if !strings.Contains(strings.Join(last.Mechanisms(), " "), "SCRAM-SHA-1") {
			t.Errorf("%s: mechanisms %v", c.to, last.Mechanisms())
		}
		if c.tls && (d.Verdict == nil || !d.Verdict.OK || !talk.Decrypted || d.TLS.Version < tls.VersionTLS12) {
			t.Errorf("%s: %+v, %+v", c.to, d.Verdict, talk)
		}
		if talk.Outcome != decode.OutcomeClosed {
			t.Errorf("%s: it ended %s", c.to, talk.Outcome)
		}
		seen, err := asking(t, c.to, c.wish)
		if err != nil || !strings.Contains(seen, "id='p1'") || !strings.Contains(seen, "type='result'") {
			t.Errorf("%s: %v\n%s", c.to, err, seen)
		}
	}
}

// asking logs in, pings, and leaves.
func asking(t *testing.T, to string, wish dial.Wrapping) (string, error) {
	o := &Options{Request: dial.Request{Domain: "capulet.test", To: to, Wish: wish}, Timeout: time.Minute}
	return talk(t, o, func(s *Stream) error {
		if _, err := s.Login(context.Background(), Account{"juliet", "capulet.test", "balcony", "sesame"}); err != nil {
			return err
		}
		ping := "<iq xmlns='jabber:client' type='get' id='p1'><ping xmlns='urn:xmpp:ping'/></iq>\n"
		return s.Console(context.Background(), strings.NewReader(ping), 10*time.Second, func(text string) { t.Log(text) })
	})
}
