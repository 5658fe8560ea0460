package proxy

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"xmppscope/decode"
)

// inTLS is a session in TLS; keep, where set, stands between the client and the
// network.
func inTLS(t *testing.T, set func(*Options), keep func(net.Conn) net.Conn) (*stage, *peer, *peer, *Conn) {
	t.Helper()
	s := newStage(t, set)
	c, u := s.switching()
	if keep != nil {
		c.Conn = keep(c.Conn)
	}
	c, u = both(t, c, u, anyTLS, serverTLS(t))
	login(c, u, false)
	return s, c, u, s.proxy.Conns()[0]
}

// TestCloseNotify: TLS is ended in order (RFC 8446 §6.1), on both legs.
func TestCloseNotify(t *testing.T) {
	for _, how := range []CloseHow{{Layer: CloseTLS, To: decode.FromReceiver}, {Layer: CloseTLS, Both: true}} {
		_, c, u, conn := inTLS(t, nil, nil)
		conn.Close(how)
		c.SetReadDeadline(time.Now().Add(slack))
		if text, err := io.ReadAll(c.Conn); err != nil || len(text) > 0 { // without close_notify it is an unexpected end
			t.Errorf("%+v: the client hears %q (%v)", how, text, err)
		}
		u.SetReadDeadline(time.Now().Add(slack))
		if text, err := io.ReadAll(u.Conn); err != nil || len(text) > 0 {
			t.Errorf("%+v: the server hears %q (%v)", how, text, err)
		}
		c.Close()
		u.Close()
		<-conn.Done()
	}
}

// TestCloseInHandshake: while a handshake waits for the server, closing TLS sends
// the client a fatal alert (RFC 8446 §6.2).
func TestCloseInHandshake(t *testing.T) {
	s := newStage(t, nil)
	c, u := s.switching()
	failed := make(chan error, 1)
	go func() { failed <- tls.Client(c.Conn, anyTLS).Handshake() }()
	u.SetReadDeadline(time.Now().Add(slack))
	if _, err := u.Read(make([]byte, 1)); err != nil { // the ClientHello, which nobody answers
		t.Fatal(err)
	}
	conn := s.proxy.Conns()[0]
	conn.Close(CloseHow{Layer: CloseTLS, To: decode.FromReceiver})
	var alert *net.OpError
	if err := <-failed; !errors.As(err, &alert) || alert.Op != "remote error" || !strings.Contains(err.Error(), "handshake failure") {
		t.Errorf("the client: %v", err)
	}
	<-conn.Done()
	if n := s.tap.notes(); !strings.Contains(n, "alert handshake_failure, as asked") {
		t.Errorf("notes: %s", n)
	}
	if said := s.tap.said(1, LegClient, decode.FromReceiver); !strings.HasSuffix(said, "\x15\x03\x03\x00\x02\x02\x28") {
		t.Errorf("recorded: %q", said)
	}
}

// spoiler changes what is read when it is told to.
type spoiler struct {
	net.Conn
	on *atomic.Bool
}

func (s spoiler) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	if n > 6 && s.on.Load() {
		p[n-1] ^= 1
	}
	return n, err
}

// TestAlertInMidStream: a peer that cannot read a record says so and leaves. It
// is told, the other side hears the end, and others do not notice.
func TestAlertInMidStream(t *testing.T) {
	var on atomic.Bool
	s, c, u, conn := inTLS(t, nil, func(c net.Conn) net.Conn { return spoiler{c, &on} })
	other, beyond := s.meet(headC)
	login(other, beyond, true)
	on.Store(true)
	u.say(msg("x"))
	c.SetReadDeadline(time.Now().Add(slack))
	if _, err := c.Read(make([]byte, 99)); err == nil || !strings.Contains(err.Error(), "bad record MAC") {
		t.Fatalf("the client: %v", err)
	}
	c.Close()
	u.SetReadDeadline(time.Now().Add(slack))
	if _, err := io.ReadAll(u.Conn); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the server: %v", err)
	}
	u.Close()
	<-conn.Done()
	if n := s.tap.notes(); !strings.Contains(n, "the connection to the client broke: remote error: tls: bad record MAC") {
		t.Errorf("notes: %s", n)
	}
	other.say(msg("y"))
	beyond.hears(msg("y"))
}

// TestSlowLoris: who sends a byte now and then does not stay.
func TestSlowLoris(t *testing.T) {
	for first, kind := range map[string]DoorKind{"<stream:stream ": DoorStartTLS, "GET / HTTP/1.1\r\nHost: ": DoorWS, "\x16\x03\x01\x02": DoorTLS, "CONNECT x": DoorConnect} {
		s := newStage(t, func(o *Options) {
			o.Doors[0].Kind = kind
			o.Bounds.Opening, o.Bounds.Handshake, o.Bounds.Dial = 200*time.Millisecond, 100*time.Millisecond, 100*time.Millisecond
		})
		c, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, first)
		begun := time.Now()
		for err == nil && time.Since(begun) < slack {
			time.Sleep(10 * time.Millisecond)
			_, err = io.WriteString(c, "a")
		}
		if err == nil {
			t.Errorf("%q: it is let stay", first)
		}
		c.Close()
		eventually(t, "it is gone", func() bool { return len(s.proxy.Conns()) == 0 })
	}
}

// seen is a filter that notes what it is asked about.
type seen struct{ note func(string) }

func (f seen) Rewrite(p Passing) (r Rewritten) { f.note(string(p.XML)); return r }

func (seen) Shifted() bool { return false }

// TestCutIsNoDrop: what is lost with a connection is not counted as dropped, or
// who resumes its session would not send it again (XEP-0198 §5).
func TestCutIsNoDrop(t *testing.T) {
	var asked atomic.Pointer[[]string]
	asked.Store(&[]string{})
	_, c, u, conn := inSession(t, func(o *Options) {
		o.Gate = gate(func(_ *Conn, e *decode.Event) Verdict {
			if e.ID == "lost" {
				return Verdict{Do: Close, How: CloseHow{Layer: CloseTCP, Both: true}}
			}
			return Verdict{}
		})
		o.Filters = append(o.Filters, func(*Conn) Filter {
			return seen{func(xml string) { all := append([]string{xml}, *asked.Load()...); asked.Store(&all) }}
		})
	})
	c.say("<message id='sent'/><message id='lost'/>")
	<-conn.Done()
	u.Close()
	all := strings.Join(*asked.Load(), " ")
	if !strings.Contains(all, "sent") || strings.Contains(all, "lost") {
		t.Errorf("asked about %s", all)
	}
}
