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
	c, u := s.meet(headC)
	u.hears(headC)
	u.say(headS + features)
	c.hears(headS + features)
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
	if n := s.tap.notes(); !strings.Contains(n, "1 bytes of clear text") {
		t.Errorf("the line break is not told of: %s", n)
	}
}
