package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLiveExternal: a login by certificate (XEP-0178). The proxy cannot show the
// server the client's, for it has not its key; it shows the one that it was given.
func TestLiveExternal(t *testing.T) {
	needs(t, "slixmpp")
	s := newStage(t)
	file := filepath.Join(s.dir, "juliet.pem")
	cert, key := s.issuer.person(t, "juliet@mantua.example")
	write(t, file, cert, key)
	h := s.ejabberd(t, house{Domain: "mantua.example", Strict: true})
	for name, x := range map[string]struct {
		args  []string
		scene string
		want  string
		note  string
	}{
		"given": {[]string{"--client-cert", file}, "login", "ok login juliet@mantua.example/balcony EXTERNAL", "it is shown that of --client-cert instead"},
		"none":  {nil, "refused", "ok refused", "it is shown none, and with --client-cert another"},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.behind(t, h, h.StartTLS, x.args...)
			v := &visit{t, r, r.door("starttls"), h, "starttls"}
			if out := v.play(x.scene, "MECH=EXTERNAL", "CERT="+file); !strings.Contains(out, x.want) {
				t.Error(out)
			}
			said := ""
			for _, e := range r.over(1) {
				said += e.str("note") + "\n"
			}
			if !strings.Contains(said, x.note) {
				t.Errorf("said: %s", said)
			}
		})
	}
}

// TestLiveServersExternal: two servers that take nothing but good certificates,
// with the proxy between them: it has that of the first.
func TestLiveServersExternal(t *testing.T) {
	needs(t, "slixmpp")
	for _, kinds := range [][2]string{{"prosody", "prosody"}, {"prosody", "ejabberd"}, {"ejabberd", "prosody"}} {
		t.Run(kinds[0]+" to "+kinds[1], func(t *testing.T) {
			s := newStage(t)
			run := map[string]func(*testing.T, house) *house{"prosody": s.prosody, "ejabberd": s.ejabberd}
			var there, here, door int
			free(t, &there, &here, &door)
			dns := names(t, map[string]int{"verona.example": here, "mantua.example": door})
			at := strings.Replace(dns.Addr.String(), ":", "@", 1)
			b := run[kinds[1]](t, house{Domain: "mantua.example", S2S: there, DNS: at, Strict: true})
			own := filepath.Join(s.dir, "verona.pem")
			cert, key := s.issuer.server(t, "verona.example")
			write(t, own, cert, key)
			r := s.behind(t, b, b.S2S, "--listen", b.at(door), "--client-cert", own)
			v := &visit{t, r, "", b, "starttls"}
			proxys, err := os.ReadFile(v.caFile())
			if err != nil {
				t.Fatal(err)
			}
			trusted := filepath.Join(s.dir, "both.pem")
			write(t, trusted, s.issuer.PEM(), proxys)
			a := run[kinds[0]](t, house{Domain: "verona.example", S2S: here, DNS: at, Strict: true, CA: trusted})
			v.addr, v.h = a.at(a.StartTLS), a
			out := v.play("s2s", "OTHER="+b.Domain, "OTHER_ADDR="+b.at(b.StartTLS), "CA="+s.trust())
			if !strings.Contains(out, "ok heard across") || !strings.Contains(out, "ok heard back") {
				t.Errorf("%s\n%s", out, a.log())
			}
			live := r.end()
			messages := 0
			for _, e := range live {
				if e.is("record", "event", "name", "message", "layer", "tls", "ns", "jabber:server") {
					messages++
				}
			}
			if e := only(t, live, "step", "s2s-external", "name", "auth"); messages == 0 || !strings.Contains(e.str("wire"), "EXTERNAL") {
				t.Errorf("%d messages, login %v", messages, e)
			}
		})
	}
}
