package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"text/template"
	"time"

	"xmppscope/proxy/dial/dnstest"
)

// house is a real server on ports of its own, in a folder of its own.
type house struct {
	Kind, Domain, Dir, Addr, CA, DNS                     string
	StartTLS, Old12, Direct, S2S, HTTP, HTTPS, Component int
	Root, Old                                            bool
	// Strict wants certificates that are good from other servers, and of clients
	// where they have any.
	Strict bool
	// More has modules beyond what the proxy is tried with.
	More bool
}

// stage is what all live tests share: an authority for the servers, and names.
type stage struct {
	dir    string
	issuer *issuer
}

func newStage(t *testing.T) *stage {
	t.Helper()
	if testing.Short() {
		t.Skip("short: no real servers")
	}
	s := &stage{dir: t.TempDir(), issuer: newIssuer(t)}
	write(t, s.trust(), s.issuer.PEM())
	return s
}

// trust is the file with the authority of the servers.
func (s *stage) trust() string { return filepath.Join(s.dir, "servers.pem") }

// needs skips the test, and says so, where a program is missing.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if p == "slixmpp" {
			if exec.Command("/usr/bin/python3", "-c", "import slixmpp").Run() == nil {
				continue
			}
		} else if _, err := exec.LookPath(p); err == nil {
			continue
		}
		t.Skipf("%s is not installed: the proxy is not tried with it", p)
	}
}

// free finds ports that nobody has. They are below those that systems hand out by
// themselves, so that no other test gets one of them meanwhile.
func free(t *testing.T, ports ...*int) {
	t.Helper()
	for _, p := range ports {
		for *p = 0; *p == 0; {
			ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000)))
			if err != nil {
				continue // it is somebody's
			}
			defer ln.Close()
			*p = ln.Addr().(*net.TCPAddr).Port
		}
	}
}

// prepare makes the folder of a house: its certificate, and its settings from a
// template.
func (s *stage) prepare(t *testing.T, h *house, settings string) {
	t.Helper()
	h.Dir, h.Addr, h.Root = filepath.Join(s.dir, h.Domain), "127.0.0.1", os.Geteuid() == 0
	if h.CA == "" {
		h.CA = s.trust()
	}
	if err := os.MkdirAll(filepath.Join(h.Dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	chain, secret := s.issuer.server(t, h.Domain, "rooms."+h.Domain, "echo."+h.Domain)
	text, err := template.ParseFiles(filepath.Join("testdata", "live", settings))
	if err != nil {
		t.Fatal(err)
	}
	var filled bytes.Buffer
	if h.S2S == 0 {
		free(t, &h.S2S)
	}
	free(t, &h.StartTLS, &h.Old12, &h.Direct, &h.HTTP, &h.HTTPS, &h.Component)
	if err := text.Execute(&filled, h); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(h.Dir, "own.crt"), chain)
	write(t, filepath.Join(h.Dir, "own.key"), secret)
	write(t, filepath.Join(h.Dir, "own.pem"), chain, secret)
	write(t, filepath.Join(h.Dir, settings), filled.Bytes())
}

// prosody starts one; old knows no TLS above 1.2.
func (s *stage) prosody(t *testing.T, h house) *house {
	t.Helper()
	needs(t, "prosody", "prosodyctl")
	h.Kind = "prosody"
	s.prepare(t, &h, "prosody.cfg.lua")
	config := filepath.Join(h.Dir, "prosody.cfg.lua")
	for user, password := range people {
		if out, err := exec.Command("prosodyctl", "--root", "--config", config, "register", user, h.Domain, password).CombinedOutput(); err != nil {
			t.Fatalf("prosodyctl: %v\n%s", err, out)
		}
	}
	h.start(t, nil, "prosody", "--root", "--config", config, "-F")
	return &h
}

// people are those who have accounts on the servers.
var people = map[string]string{"juliet": "r0m30myr0m30", "romeo": "wherefore"}

func (s *stage) ejabberd(t *testing.T, h house) *house {
	t.Helper()
	needs(t, "erl")
	found, _ := filepath.Glob("/usr/lib/*/ejabberd-*/ebin")
	if len(found) == 0 {
		t.Skip("ejabberd is not installed: the proxy is not tried with it")
	}
	h.Kind = "ejabberd"
	s.prepare(t, &h, "ejabberd.yml")
	ready := filepath.Join(h.Dir, "ready")
	var accounts strings.Builder
	for user, password := range people {
		fmt.Fprintf(&accounts, `ok = ejabberd_auth:try_register(<<"%s">>, <<"%s">>, <<"%s">>), `, user, h.Domain, password)
	}
	inetrc := filepath.Join(h.Dir, "inetrc")
	lookup := "{resolv_conf,\"\"}.\n{lookup,[file,dns]}.\n"
	if at, port, ok := strings.Cut(h.DNS, "@"); ok {
		lookup += fmt.Sprintf("{nameserver,{%s},%s}.\n", strings.ReplaceAll(at, ".", ","), port)
	}
	write(t, inetrc, []byte(lookup))
	h.start(t, []string{"ERL_INETRC=" + inetrc, "ERL_LIBS=" + filepath.Dir(filepath.Dir(found[len(found)-1])), "EJABBERD_CONFIG_PATH=" + filepath.Join(h.Dir, "ejabberd.yml"),
		"EJABBERD_LOG_PATH=" + filepath.Join(h.Dir, "log"), "ERL_CRASH_DUMP=" + filepath.Join(h.Dir, "crash"), "HOME=" + h.Dir},
		"erl", "-noinput", "-mnesia", "dir", `"`+filepath.Join(h.Dir, "spool")+`"`, "-s", "ejabberd",
		"-eval", accounts.String()+`file:write_file("`+ready+`", <<>>).`)
	for deadline := time.Now().Add(starting); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if _, err := os.Stat(ready); err == nil {
			return &h
		}
	}
	t.Fatalf("ejabberd does not get ready:\n%s", h.log())
	return nil
}

// starting is how long a server may take until it listens, on a busy computer.
const starting = 3 * time.Minute

// start runs the server until the end of the test, and waits until it listens.
func (h *house) start(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir, c.Env = h.Dir, append(os.Environ(), env...)
	endGroup := inGroup(c)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() { _ = c.Wait(); close(over) }()
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		select {
		case <-over:
		case <-time.After(20 * time.Second):
		}
		endGroup() // helpers that it has started
	})
	for deadline := time.Now().Add(starting); time.Now().Before(deadline); {
		nc, err := net.Dial("tcp", h.at(h.StartTLS))
		if err == nil {
			nc.Close()
			return
		}
		select {
		case <-over:
			t.Fatalf("%s ended at once:\n%s", name, h.log())
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatalf("%s does not listen:\n%s", name, h.log())
}

func (h *house) log() string {
	text, _ := os.ReadFile(filepath.Join(h.Dir, "log"))
	return string(text[max(0, len(text)-2000):])
}

func (h *house) at(port int) string { return fmt.Sprintf("%s:%d", h.Addr, port) }

// port is where a wrapping is spoken.
func (h *house) port(wrap string) int {
	switch wrap {
	case "direct":
		return h.Direct
	case "starttls12":
		if h.Kind == "ejabberd" {
			return h.Old12
		}
	}
	return h.StartTLS
}

// names is a DNS server that leads to servers of a domain at these ports.
func names(t *testing.T, ports map[string]int) *dnstest.Server {
	t.Helper()
	z := dnstest.Zone{SRV: map[string][]dnstest.SRV{}, Addr: map[string][]netip.Addr{}}
	for domain, port := range ports {
		// ejabberd asks the system for the address of the target.
		z.SRV["_xmpp-server._tcp."+domain+"."] = []dnstest.SRV{{Port: uint16(port), Target: "localhost."}}
		z.Addr["localhost."] = []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1})}
	}
	s, err := dnstest.Serve(z)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// behind runs the proxy before a port of a house, with a recording.
func (s *stage) behind(t *testing.T, h *house, port int, args ...string) *rig {
	t.Helper()
	r := &rig{T: t, dir: home(t)}
	r.file = filepath.Join(r.dir, "live.pcapng")
	r.args = append([]string{"proxy", "--to", h.at(port), "--ca-file", s.trust(), "--headless", "--json", "--record", r.file}, args...)
	doors := 0
	for _, a := range args {
		if a == "--listen" {
			doors++
		}
	}
	if doors == 0 {
		r.args, doors = append(r.args, "--listen", "127.0.0.1:0"), 1
	}
	r.start(doors)
	return r
}

// rest lets minutes pass.
func rest(t *testing.T, minutes string) {
	t.Helper()
	d, err := time.ParseDuration(minutes + "m")
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(d)
}
