package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net"
	"strings"
	"testing"

	"xmppscope/lessons/practice"
)

// TestProxyDistrusted: a client that does not trust us is a failure that lists as
// one, with what to do about it, whether it says so or just leaves.
func TestProxyDistrusted(t *testing.T) {
	for name, x := range map[string]struct {
		config *tls.Config
		what   string // the event that is to blame
		text   string
	}{
		"alert":     {&tls.Config{}, "alert", "the TLS handshake ends with the alert bad_certificate"},
		"alert 1.2": {&tls.Config{MaxVersion: tls.VersionTLS12}, "alert", "the TLS handshake ends with the alert bad_certificate"},
		"leaves":    {&tls.Config{InsecureSkipVerify: true}, "end", "TCP ends in the middle of the TLS handshake"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, rigOptions{})
			a := r.client(func(o *practice.Options) {
				o.TLS = x.config
				if name != "leaves" {
					return
				}
				var nc net.Conn
				dial := o.Dial
				o.Dial = func(ctx context.Context) (c net.Conn, err error) { nc, err = dial(ctx); return nc, err }
				o.TLS.VerifyPeerCertificate = func([][]byte, [][]*x509.Certificate) error { return errors.Join(errors.New("no"), nc.Close()) }
			})
			if err := a.try("open\nstarttls"); err == nil {
				t.Fatal("the client took the certificate")
			}
			a.Drop()
			var found []string
			for _, e := range r.over(1) {
				text, _ := json.Marshal(e["findings"])
				if e.is("record", "event") && strings.Contains(string(text), "tls-failed") {
					found = append(found, e.str("name")+": "+string(text))
				}
			}
			if len(found) != 1 || !strings.HasPrefix(found[0], x.what+": ") || !strings.Contains(found[0], x.text) || !strings.Contains(found[0], "xmppscope ca tells") {
				t.Errorf("found: %q", found)
			}
		})
	}
}
