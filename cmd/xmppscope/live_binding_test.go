package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"strings"
	"testing"

	"mellium.im/sasl"
	"mellium.im/xmpp"
	"mellium.im/xmpp/jid"
)

// TestLiveBinding: logins that are bound to TLS by tls-unique, on both legs
// anew, and one with a password that does not do. On TLS 1.3, where the type is
// not defined, slixmpp and ejabberd agree on the client's Finished all the same.
func TestLiveBinding(t *testing.T) {
	needs(t, "slixmpp")
	s := newStage(t)
	old := s.prosody(t, house{Domain: "verona.example", Old: true})
	e := s.ejabberd(t, house{Domain: "mantua.example"})
	for _, x := range []struct {
		h    *house
		wrap string
	}{{old, "starttls12"}, {e, "starttls12"}, {e, "starttls"}, {e, "direct"}} {
		t.Run(x.h.Kind+"/"+x.wrap, func(t *testing.T) {
			r := s.behind(t, x.h, x.h.port(x.wrap), "--password", "juliet@"+x.h.Domain+"=r0m30myr0m30")
			v := &visit{t, r, r.door("starttls"), x.h, x.wrap}
			if out := v.play("login", "MECH=SCRAM-SHA-1-PLUS"); !strings.Contains(out, "ok login juliet@"+x.h.Domain+"/balcony SCRAM-SHA-1-PLUS") {
				t.Error(out)
			}
			if out := v.play("refused", "MECH=SCRAM-SHA-1-PLUS", "PASSWORD=wrong"); !strings.Contains(out, "ok refused") {
				t.Error(out)
			}
			edited := map[string]int{}
			for _, e := range r.over(2) {
				if e.is("record", "event", "origin", "edited") {
					edited[e.str("step")]++
				}
			}
			if edited["sasl-response"] == 0 || edited["sasl-success"] != 1 {
				t.Errorf("bound anew: %v", edited)
			}
		})
	}
}

// TestLiveBindingOfEjabberd: ejabberd 23.01 knows no type but tls-unique, and
// answers others with "Invalid channel binding". Who binds by tls-exporter, as
// RFC 9266 says for TLS 1.3, has the same fate with the proxy and without.
func TestLiveBindingOfEjabberd(t *testing.T) {
	s := newStage(t)
	h := s.ejabberd(t, house{Domain: "mantua.example"})
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		r := s.behind(t, h, h.StartTLS, "--password", "juliet@mantua.example=r0m30myr0m30")
		alone := boundLogin(h.at(h.StartTLS), h.Domain, pool(t, s.trust()), version)
		through := boundLogin(r.door("starttls"), h.Domain, r.trust(), version)
		if fmt.Sprint(alone) != fmt.Sprint(through) {
			t.Errorf("%s: without the proxy %v, with it %v", tls.VersionName(version), alone, through)
		}
		t.Logf("%s: %v", tls.VersionName(version), alone)
		if version == tls.VersionTLS12 && alone != nil {
			t.Errorf("tls-unique of TLS 1.2: %v", alone)
		}
		r.over(1)
	}
}

// boundLogin is mellium's, with the type that is right for the version.
func boundLogin(addr, domain string, roots *x509.CertPool, version uint16) error {
	ctx, stop := context.WithTimeout(context.Background(), patient)
	defer stop()
	nc, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer nc.Close()
	conf := &tls.Config{RootCAs: roots, ServerName: domain, MinVersion: version, MaxVersion: version}
	s, err := xmpp.NewClientSession(ctx, jid.MustParse("juliet@"+domain), nc, xmpp.StartTLS(conf), xmpp.SASL("", people["juliet"], sasl.ScramSha1Plus), xmpp.BindResource())
	if err != nil {
		return err
	}
	return s.Close()
}
