package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"xmppscope/lessons/practice"
)

// came is what the server sends next that fits.
func (a *actor) came(text string) string {
	a.Helper()
	p, err := practice.ParsePattern(text)
	if err != nil {
		a.Fatal(err)
	}
	e, err := a.Expect(a.Context(), p)
	if err != nil {
		a.Fatalf("%s: %v", text, err)
	}
	return e.XML
}

func authenticate(mechanism, first, more string) string {
	return "C: <authenticate xmlns='urn:xmpp:sasl:2' mechanism='" + mechanism + "'><initial-response>" + first + "</initial-response>" + more + "</authenticate>"
}

// TestSASL2: a login, a resource and a token in one; then the token logs in, and
// the session goes on.
func TestSASL2(t *testing.T) {
	s := newHouse(t, Options{SASL2: true})
	a := s.actor()
	a.do("open\nstarttls\n" + authenticate("PLAIN", "AG1iZWQAbWlycm9y", "<bind xmlns='urn:xmpp:bind:0'><tag>lamp</tag><enable xmlns='urn:xmpp:sm:3' resume='true'/></bind>"+
		"<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/>"))
	success := a.came("success")
	if !strings.Contains(success, "<authorization-identifier>mbed@localhost/lamp.") {
		t.Fatal(success)
	}
	_, rest, _ := strings.Cut(success, "<enabled")
	id, _ := attrOf(rest, "id")
	_, rest, _ = strings.Cut(success, "<token")
	ticket, _ := attrOf(rest, "token")
	if id == "" || ticket == "" {
		t.Fatal(success)
	}
	a.do("S: features\nC: <presence/>\nS: presence\nC: <message to='mbed@localhost' id='long'><body>" + strings.Repeat("x", 40<<10) + "</body></message>\nS: message\ncut")

	m := hmac.New(sha256.New, []byte(ticket))
	m.Write([]byte("Initiator"))
	proof := base64.StdEncoding.EncodeToString(append([]byte("mbed\x00"), m.Sum(nil)...))
	b := s.actor()
	b.do("open\nstarttls\n" + authenticate("HT-SHA-256-NONE", proof, "<fast xmlns='urn:xmpp:fast:0'/><resume xmlns='urn:xmpp:sm:3' h='1' previd='"+id+"'/>"))
	success = b.came("success")
	m = hmac.New(sha256.New, []byte(ticket))
	m.Write([]byte("Responder"))
	if !strings.Contains(success, base64.StdEncoding.EncodeToString(m.Sum(nil))) || !strings.Contains(success, "<resumed") {
		t.Error(success)
	}
	b.do("S: message id=long")
	if p, err := practice.ParsePattern("features"); err != nil || b.Has(p) != nil {
		t.Error("features came behind <resumed/>")
	}

	c := s.actor()
	c.do("open\nstarttls\n" + authenticate("HT-SHA-256-NONE", "bWJlZAB4", "<fast xmlns='urn:xmpp:fast:0'/>") + "\nS: failure/malformed-request\n" +
		authenticate("HT-SHA-256-NONE", base64.StdEncoding.EncodeToString([]byte("mbed\x00"+strings.Repeat("x", 32))), "<fast xmlns='urn:xmpp:fast:0'/>") + "\nS: failure/not-authorized\n" +
		"C: <abort xmlns='urn:xmpp:sasl:2'/>\nS: failure/aborted\n" + authenticate("NONE", "", "") + "\nS: failure/invalid-mechanism")
	d := s.actor()
	d.do("open\n" + authenticate("PLAIN", "AG1iZWQAbWlycm9y", "") + "\nS: failure/encryption-required")
	e := s.actor()
	e.do("open\nstarttls\n" + authenticate("PLAIN", "AG1iZWQAbWlycm9y", "<resume xmlns='urn:xmpp:sm:3' h='0' previd='none'/>") + "\nS: success/failed\nS: features\nbind again\nclose")
}

// TestTokens: a token is for one mechanism, each login by it brings the next,
// and the old one is good until the next is used (XEP-0484 §3.3).
func TestTokens(t *testing.T) {
	s := newHouse(t, Options{SASL2: true})
	for _, v := range []struct {
		version   uint16
		mechanism string
		kind      string
	}{
		{0x0304, "HT-SHA-256-EXPR", "tls-exporter"}, {0x0303, "HT-SHA-256-UNIQ", "tls-unique"},
		{0x0304, "HT-SHA-256-ENDP", "tls-server-end-point"}, {0x0303, "HT-SHA-256-NONE", ""},
	} {
		proof := func(token, said string, bound []byte) string {
			m := hmac.New(sha256.New, []byte(token))
			m.Write([]byte(said))
			m.Write(bound)
			return base64.StdEncoding.EncodeToString(m.Sum(nil))
		}
		client := func() *actor {
			a := s.actor(func(o *practice.Options) {
				o.TLS.MinVersion, o.TLS.MaxVersion = v.version, v.version
			})
			a.do("open\nstarttls")
			return a
		}
		bound := func() []byte {
			for _, b := range s.latest().tls.possible {
				if string(b.Type) == v.kind {
					return b.Data
				}
			}
			return nil
		}
		login := func(mechanism, token, more string) *actor {
			a := client()
			first, _ := base64.StdEncoding.DecodeString(proof(token, "Initiator", bound()))
			a.do(authenticate(mechanism, base64.StdEncoding.EncodeToString(append([]byte("mbed\x00"), first...)), "<fast xmlns='urn:xmpp:fast:0'"+more+"/>"))
			return a
		}
		next := func(token, more string) string {
			t.Helper()
			success := login(v.mechanism, token, more).came("success")
			if !strings.Contains(success, proof(token, "Responder", bound())) {
				t.Errorf("%s: %s", v.mechanism, success)
			}
			return tokenIn(success)
		}
		a := client()
		a.do(authenticate("PLAIN", "AG1iZWQAbWlycm9y", "<request-token xmlns='urn:xmpp:fast:0' mechanism='"+v.mechanism+"'/>"))
		one := tokenIn(a.came("success"))
		two := next(one, " count='1'")
		again := next(one, " count='2'") // two never came through
		if one == "" || two == "" || again == "" || two == again || two == one {
			t.Fatalf("%s: tokens %q %q %q", v.mechanism, one, two, again)
		}
		refused := func(mechanism, token, more string) {
			t.Helper()
			login(mechanism, token, more).do("S: failure/not-authorized")
		}
		refused(v.mechanism, one, " count='2'") // not a second time
		refused(v.mechanism, two, "")           // another has taken its place
		refused(map[bool]string{true: "HT-SHA-256-NONE", false: "HT-SHA-256-ENDP"}[v.kind != ""], one, "")
		if next(again, "") == "" {
			t.Errorf("%s: no token after one that logged in", v.mechanism)
		}
		refused(v.mechanism, one, "") // the next was used
		if next(again, " invalidate='true'") != "" {
			t.Errorf("%s: a token for somebody who wants none", v.mechanism)
		}
		refused(v.mechanism, again, "") // it was given up
	}
}

// latest is the server's side of the connection that came last.
func (s *house) latest() (c *conn) {
	s.life.Lock()
	defer s.life.Unlock()
	for other := range s.conns {
		if c == nil || other.begun.After(c.begun) {
			c = other
		}
	}
	return c
}

func tokenIn(success string) string {
	_, rest, _ := strings.Cut(success, "<token")
	text, _ := attrOf(rest, "token")
	return text
}
