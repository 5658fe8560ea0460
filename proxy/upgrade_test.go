package proxy

import (
	"crypto/tls"
	"strings"
	"testing"
	"time"
)

// TestLineBreakBeforeHello: some clients end their request for TLS with a line
// break. It must not take a ClientHello with it that comes before the proxy has
// turned to TLS.
func TestLineBreakBeforeHello(t *testing.T) {
	s := newStage(t, nil)
	c, u := s.greeted()
	done := make(chan *tls.Conn)
	go func() {
		x := tls.Client(&eager{Conn: c.Conn, first: starttls + "\n", skip: len(proceed)}, anyTLS)
		if err := x.Handshake(); err != nil {
			t.Error(err)
		}
		done <- x
	}()
	u.hears(starttls)
	time.Sleep(20 * time.Millisecond)
	u.say(proceed)
	u = u.tls(true, serverTLS(t))
	login(&peer{t: t, Conn: <-done}, u, false)
	if n := s.tap.notes(); !strings.Contains(n, "1 byte of clear text") {
		t.Errorf("the line break is not told of: %s", n)
	}
}

// TestLongRequest: a request for TLS and an answer that are longer than anybody
// would make them are a request and an answer.
func TestLongRequest(t *testing.T) {
	long := strings.Repeat(" ", 5000)
	s := newStage(t, nil)
	c, u := s.greeted()
	ask := "<t:starttls" + long + " xmlns:t='urn:ietf:params:xml:ns:xmpp-tls'" + long + "/>"
	c.say(ask)
	u.hears(ask)
	agreed := "<proceed" + long + "xmlns='urn:ietf:params:xml:ns:xmpp-tls'>" + long + "</proceed>"
	u.say(agreed)
	c.hears(agreed)
	c, u = both(t, c, u, anyTLS, serverTLS(t))
	login(c, u, false)
}
