package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xmppscope/decode"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/probe/probetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const extra = "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/></sasl-channel-binding>" +
	"<authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-256</mechanism><inline><bind xmlns='urn:xmpp:bind:0'/><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-EXPR</mechanism></fast></inline></authentication>" +
	"<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>262144</max-bytes><idle-seconds>600</idle-seconds></limits>"

// server starts one; change says how it differs from the usual.
func server(t *testing.T, change func(*probetest.Server)) (*probetest.Server, netip.AddrPort) {
	t.Helper()
	cert, roots, err := probetest.NewCertificate("capulet.test")
	if err != nil {
		t.Fatal(err)
	}
	s := &probetest.Server{Domain: "capulet.test", Cert: cert, Roots: roots, Mechanisms: []string{"SCRAM-SHA-256", "PLAIN"}, Extra: extra,
		Passwords: map[string]string{"juliet": "sesame"}}
	if change != nil {
		change(s)
	}
	at, err := s.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, at
}

func options(at netip.AddrPort) *Options {
	return &Options{Request: dial.Request{Domain: "capulet.test", To: at.String()}, Timeout: time.Minute, Trail: new(dial.Trail)}
}

func TestProbe(t *testing.T) {
	s, at := server(t, nil)
	o := options(at)
	var events []decode.Event
	var talks []decode.Conversation
	o.Event = func(e *decode.Event) { events = append(events, *e) }
	o.Conversation = func(c *decode.Conversation) { talks = append(talks, *c) }
	o.Roots, o.RootsName = s.Roots, "the test"
	r, err := Run(context.Background(), o)
	if err != nil || len(r.Doors) != 1 || !r.Reached() {
		t.Fatalf("%+v, %v", r, err)
	}
	d := r.Doors[0]
	if d.Err != nil || len(d.Menus) != 2 || d.TLS == nil || d.TLS.Version != tls.VersionTLS13 || d.Verdict == nil || !d.Verdict.OK {
		t.Fatalf("%+v", d)
	}
	if m := d.Menus[0]; m.Layer != decode.LayerPlain || len(m.Features) != 1 || m.Features[0].Local != "starttls" || !m.Features[0].Required || m.StreamID == "" || m.StreamID == d.Menus[1].StreamID {
		t.Errorf("before TLS: %+v", m)
	}
	m := d.Menus[1]
	got := fmt.Sprintln(m.Layer, m.Mechanisms(), m.SASL2(), m.Bindings(), m.Inline(), m.MaxBytes, m.IdleSeconds, m.Lang)
	if got != "tls [SCRAM-SHA-256 PLAIN] [SCRAM-SHA-256] [tls-exporter] [{urn:xmpp:bind:0 bind false false [] []} {urn:xmpp:fast:0 fast false false [HT-SHA-256-EXPR] []}] 262144 600 en\n" {
		t.Errorf("after TLS: %s", got)
	}
	if len(talks) != 1 || talks[0].Outcome != decode.OutcomeClosed || !talks[0].Decrypted || talks[0].TLS.Keys != "proxy" || talks[0].Receiver != at.String() {
		t.Errorf("%+v", talks)
	}
	if n := len(events); n < 15 || events[n-1].Conn != 1 || events[0].Name.Local != "connect" {
		t.Errorf("%d events", n)
	}
	if len(r.Versions) != 4 || r.Versions[0].Err != nil || r.Versions[1].Err != nil || r.Versions[2].Err == nil || r.Versions[3].Err == nil ||
		!strings.Contains(r.Versions[3].Why(), "protocol version") {
		t.Errorf("%+v", r.Versions)
	}
}

// TestNoCredentials: whatever a server offers, a probe sends nothing but
// headers, starttls and the end of the stream.
func TestNoCredentials(t *testing.T) {
	for _, direct := range []bool{false, true} {
		s, at := server(t, func(s *probetest.Server) { s.Direct = direct })
		o := options(at)
		if direct {
			o.Request.Wish = dial.TLS
		}
		if _, err := Run(context.Background(), o); err != nil {
			t.Fatal(err)
		}
		heard := s.Heard()
		for _, known := range []string{string(dial.Header(dial.Client, "capulet.test", "")), "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "</stream:stream>"} {
			if !strings.Contains(heard, known) && (known[1] != 's' || !direct) {
				t.Errorf("%s was not heard", known)
			}
			heard = strings.ReplaceAll(heard, known, "")
		}
		if heard != "" {
			t.Errorf("the server also heard %q", heard)
		}
	}
}

func TestHostileServers(t *testing.T) {
	const head = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>"
	say := func(c net.Conn, text string) { _, _ = io.WriteString(c, text) }
	rest := func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }
	for _, c := range []struct {
		name   string
		script func(net.Conn)
		is     error
		text   string
	}{
		{"silence", rest, dial.ErrUnreachable, "no answer within 200ms"},
		{"hangs up", func(c net.Conn) {}, dial.ErrRefused, ""},
		{"garbage", func(c net.Conn) { say(c, strings.Repeat("\x00\xff\x1b[2J", 1000)); rest(c) }, dial.ErrProtocol, ""},
		{"HTTP", func(c net.Conn) { say(c, "HTTP/1.1 400 Bad Request\r\n\r\n<html>"); rest(c) }, dial.ErrProtocol, "no XMPP"},
		{"endless features", func(c net.Conn) {
			say(c, head+"<stream:features>")
			for {
				if _, err := io.WriteString(c, strings.Repeat("<x xmlns='y'/>", 500)); err != nil {
					return
				}
			}
		}, dial.ErrProtocol, ""},
		{"endless stanzas", func(c net.Conn) {
			say(c, head+"<stream:features/>")
			for {
				if _, err := io.WriteString(c, strings.Repeat("<a/>", 5000)); err != nil {
					return
				}
			}
		}, nil, ""},
		{"a stream error", func(c net.Conn) {
			say(c, head+"<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>")
			rest(c)
		}, dial.ErrRefused, "host-unknown"},
		{"silence after the header", func(c net.Conn) { say(c, head); rest(c) }, dial.ErrUnreachable, ""},
		{"TLS that is none", func(c net.Conn) {
			say(c, head+"<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>")
			say(c, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
			rest(c)
		}, dial.ErrUnreachable, ""},
		{"an alert", func(c net.Conn) {
			say(c, head+"<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features><proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
			say(c, "\x15\x03\x03\x00\x02\x02\x28")
			rest(c)
		}, dial.ErrTLS, "handshake failure"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, at := server(t, func(s *probetest.Server) { s.Script = c.script })
			o := options(at)
			if c.is == dial.ErrUnreachable { // by its silence; nothing else depends on the time
				o.Timeout = 200 * time.Millisecond
			}
			var events int
			o.Event = func(*decode.Event) { events++ }
			r, err := Run(context.Background(), o)
			if err != nil || len(r.Doors) != 1 {
				t.Fatal(r, err)
			}
			if d := r.Doors[0]; !errors.Is(d.Err, c.is) || d.Err != nil && !strings.Contains(d.Err.Error(), c.text) {
				t.Errorf("%v, want %v: %s", d.Err, c.is, c.text)
			}
			if events < 2 {
				t.Errorf("%d events", events)
			}
		})
	}
}

func TestNobodyThere(t *testing.T) {
	at := netip.MustParseAddrPort("127.0.0.1:1") // a port of old, which nobody is given
	r, err := Run(context.Background(), options(at))
	if err != nil || r.Reached() || len(r.Doors) != 1 || !errors.Is(r.Doors[0].Err, dial.ErrUnreachable) {
		t.Errorf("%+v, %v", r, err)
	}
}
