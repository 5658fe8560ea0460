package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/lessons/practice"
	"xmppscope/lessons/sandbox"
)

// bound makes a client insist on a type of channel binding and a version of TLS.
func bound(kind string, version uint16) func(*practice.Options) {
	return func(o *practice.Options) {
		o.Binding, o.Attempts = kind, 1
		o.TLS = o.TLS.Clone()
		o.TLS.MinVersion, o.TLS.MaxVersion = version, version
	}
}

// TestProxyRecomputes: logins that are bound to TLS work through the proxy, for
// each type and hash, and a wrong password is refused still.
func TestProxyRecomputes(t *testing.T) {
	for _, c := range []struct {
		kind    string
		version uint16
	}{{"tls-unique", tls.VersionTLS12}, {"tls-server-end-point", tls.VersionTLS12}, {"tls-server-end-point", tls.VersionTLS13}, {"tls-exporter", tls.VersionTLS13}} {
		t.Run(c.kind+" "+tls.VersionName(c.version), func(t *testing.T) {
			r := newRig(t, rigOptions{sandbox: sandbox.Options{Bindings: sandbox.AllBindings()}, args: []string{"--password", "mbed@localhost=mirror"}})
			for _, mechanism := range []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512-PLUS", "SCRAM-SHA-256"} {
				r.client(bound(c.kind, c.version)).do("open\nstarttls\nlogin " + mechanism + " mbed mirror\nbind board\nclose")
			}
			a := r.client(bound(c.kind, c.version))
			if err := a.try("open\nstarttls\nlogin SCRAM-SHA-256-PLUS mbed wrong"); err == nil || !strings.Contains(err.Error(), "not-authorized") {
				t.Errorf("a wrong password: %v", err)
			}
			a.Drop()
			bound := 0
			for _, e := range r.over(5) {
				if e.is("record", "event", "step", "sasl-success", "origin", "edited") && e.str("note") != "" {
					bound++
					if s, _ := e["sasl"].(map[string]any); s["verified"] != true || strings.Contains(fmt.Sprint(e["findings"]), "scram-") {
						t.Errorf("a login that worked is judged: %v", e)
					}
				}
			}
			if bound != 3 {
				t.Errorf("%d logins were bound anew, want 3", bound)
			}
		})
	}
}

// TestProxyStrips: what is bound is not offered any more; a client that can do
// without logs in, and the banner says what that means.
func TestProxyStrips(t *testing.T) {
	r := newRig(t, rigOptions{sandbox: sandbox.Options{Bindings: sandbox.AllBindings()}, args: []string{"--binding", "strip"}})
	r.client().do("open\nstarttls\nlogin SCRAM-SHA-256 mbed mirror\nbind board\nclose")
	if !strings.Contains(r.said.all(), "channel binding is removed") {
		t.Errorf("no banner: %s", r.said.all())
	}
	stripped := 0
	for _, e := range r.over(1) {
		if e.is("record", "event", "kind", "features") && strings.Contains(e.str("original"), "-PLUS") {
			stripped++
			if strings.Contains(e.str("wire"), "-PLUS") || strings.Contains(e.str("wire"), "sasl-channel-binding") || e.str("note") == "" {
				t.Errorf("%v", e)
			}
		}
	}
	if stripped != 1 {
		t.Errorf("%d lists were changed", stripped)
	}
	r = newRig(t, rigOptions{sandbox: sandbox.Options{Bindings: sandbox.AllBindings()}, args: []string{"--binding", "strip"}})
	a := r.client(bound("tls-exporter", tls.VersionTLS13))
	if err := a.try("open\nstarttls\nlogin SCRAM-SHA-256-PLUS mbed mirror"); err == nil {
		t.Error("a client that insists on binding logged in")
	}
	a.Drop()
	r.over(1)
}

// TestProxyObserves: TLS goes through untouched, so that a login bound to it
// works; with the client's keys it is read.
func TestProxyObserves(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "client.keys")
	log, err := os.OpenFile(keys, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	r := newRig(t, rigOptions{sandbox: sandbox.Options{Bindings: sandbox.AllBindings()}, args: []string{"--binding", "observe", "--keylog", keys}})
	_, addr, _ := strings.Cut(r.doors[0], " ")
	a := &actor{r, practice.New(practice.Options{
		Dial:     func(ctx context.Context) (net.Conn, error) { return (&net.Dialer{}).DialContext(ctx, "tcp", addr) },
		TLS:      &tls.Config{RootCAs: pool(t, filepath.Join(r.dir, "server.pem")), KeyLogWriter: log},
		Patience: slack, Binding: "tls-exporter",
	})}
	a.do("open\nstarttls\nlogin SCRAM-SHA-256-PLUS mbed mirror\nbind board\nclose")
	live := r.over(1)
	if c := summed(live); !c.is("jid", "mbed@localhost/board") {
		t.Errorf("%v", c)
	}
	if _, err := os.Stat(filepath.Join(r.dir, "data", "xmppscope", "ca.pem")); err == nil {
		t.Error("an authority was made that nobody needs")
	}
}
