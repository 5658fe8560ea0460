package proxy

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestVanish: either peer may go at any point, in order or not. The other hears
// of it, and nothing is left.
func TestVanish(t *testing.T) {
	lines := []struct {
		server bool
		text   string
	}{{false, headC}, {true, headS + features}, {false, starttls}, {true, proceed}}
	for after := 1; after <= len(lines); after++ {
		for _, server := range []bool{false, true} {
			for _, reset := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d server %v reset %v", after, server, reset), func(t *testing.T) {
					s := newStage(t, func(o *Options) {
						gated(o)
						o.Bounds.Handshake, o.Bounds.Dial = 100*time.Millisecond, time.Second
					})
					c, u := s.meet(headC)
					u.hears(headC)
					for _, l := range lines[1:after] {
						from, to := c, u
						if l.server {
							from, to = u, c
						}
						from.say(l.text)
						to.hears(l.text)
					}
					gone, left := c, u
					if server {
						gone, left = u, c
					}
					if reset {
						gone.Conn.(*net.TCPConn).SetLinger(0)
					}
					gone.Close()
					left.SetReadDeadline(time.Now().Add(slack))
					if _, err := io.Copy(io.Discard, left.Conn); err != nil && !isReset(err) {
						t.Errorf("the other side: %v", err)
					}
					left.Close()
					eventually(t, "nothing is left", func() bool { return len(s.proxy.Conns()) == 0 })
				})
			}
		}
	}
}

// TestHalfClose: one direction ends and the other goes on.
func TestHalfClose(t *testing.T) {
	_, c, u, _ := inSession(t, nil)
	c.say("</stream:stream>")
	c.Conn.(*net.TCPConn).CloseWrite()
	u.hearsEnd("</stream:stream>")
	u.say(msg("still here") + "</stream:stream>")
	u.Conn.(*net.TCPConn).CloseWrite()
	c.hearsEnd(msg("still here") + "</stream:stream>")
}

// TestAlert: garbage where TLS is due ends both legs, and is said.
func TestAlert(t *testing.T) {
	s := newStage(t, nil)
	c, u := s.switching()
	ct, ut := both(t, c, u, anyTLS, serverTLS(t))
	login(ct, ut, false)
	c.say("\x15\x03\x03\x00\x02\x02\x28") // an alert in the clear
	ut.SetReadDeadline(time.Now().Add(slack))
	if _, err := io.ReadAll(ut.Conn); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the server: %v", err)
	}
	c.Close()
	u.Close()
	eventually(t, "nothing is left", func() bool { return len(s.proxy.Conns()) == 0 })
	if n := s.tap.notes(); !strings.Contains(n, "the connection to the client broke") {
		t.Errorf("notes: %s", n)
	}
}

// TestGiant: a stanza longer than the bound passes, and is not kept.
func TestGiant(t *testing.T) {
	for _, set := range []func(*Options){gated, nil} {
		s, c, u, conn := inSession(t, func(o *Options) {
			if set != nil {
				set(o)
			}
			o.Bounds.Unit = 1 << 20
			o.Tap.(*heard).short = true
		})
		const size = 64 << 20
		go func() {
			c.say("<message><body>")
			piece := strings.Repeat("x", 1<<16)
			for range size / len(piece) {
				c.say(piece)
			}
			c.say("</body></message>" + msg("behind"))
		}()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		u.SetReadDeadline(time.Now().Add(30 * time.Second))
		want := int64(len("<message><body></body></message>") + size + len(msg("behind")))
		if n, err := io.CopyN(io.Discard, u.Conn, want); err != nil {
			t.Fatalf("%v behind %d bytes", err, n)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if more := int64(after.HeapAlloc) - int64(before.HeapAlloc); more > 8<<20 {
			t.Errorf("%d MiB are kept", more>>20)
		}
		u.say(msg("down"))
		c.hears(msg("down"))
		conn.State()
		if n := s.tap.notes(); !strings.Contains(n, "from here on bytes are relayed as they come") {
			t.Errorf("notes: %s", n)
		}
	}
}

// TestManyRequests: 100,000 iqs without an answer, and white space without end.
func TestManyRequests(t *testing.T) {
	_, c, u, conn := inSession(t, nil)
	u.SetReadDeadline(time.Now().Add(time.Minute)) // not that of what was heard last
	done := make(chan error)
	go func() {
		_, err := io.CopyN(io.Discard, u.Conn, 100_000*int64(len("<iq type='get' id='000000'><ping xmlns='urn:xmpp:ping'/></iq>"))+4<<20)
		done <- err
	}()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var b bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&b, "<iq type='get' id='%06d'><ping xmlns='urn:xmpp:ping'/></iq>", i)
		if b.Len() > 32<<10 {
			c.say(b.String())
			b.Reset()
		}
	}
	c.say(b.String() + strings.Repeat(" ", 4<<20))
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	conn.State()
	b = bytes.Buffer{}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if more := int64(after.HeapAlloc) - int64(before.HeapAlloc); more > 48<<20 {
		t.Errorf("%d MiB are kept", more>>20)
	}
}

// TestSilentInTLS: who makes TLS and then says nothing is let go.
func TestSilentInTLS(t *testing.T) {
	var s *stage
	var raw net.Conn
	c := &peer{t: t}
	// A busy computer may need longer for TLS than is given to whoever is silent.
	for opening := 150 * time.Millisecond; c.Conn == nil; opening *= 4 {
		if opening > slack {
			t.Fatal("TLS is never made")
		}
		s = newStage(t, func(o *Options) { o.Bounds.Opening = opening })
		var err error
		if raw, err = net.Dial("tcp", s.addr); err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		go func(server net.Listener, config *tls.Config) {
			u, err := server.Accept()
			if err != nil {
				return
			}
			defer u.Close()
			_, _ = io.Copy(io.Discard, tls.Server(u, config))
		}(s.server, serverTLS(t))
		if made := tls.Client(raw, anyTLS); made.Handshake() == nil {
			c.Conn = made
		}
	}
	c.SetReadDeadline(time.Now().Add(slack))
	if _, err := c.Read(make([]byte, 1)); err == nil || isTimeout(err) {
		t.Errorf("the client: %v", err)
	}
	raw.Close()
	eventually(t, "it is gone", func() bool { return len(s.proxy.Conns()) == 0 })
}

// TestOthersUnharmed: while one connection stands still, others do not.
func TestOthersUnharmed(t *testing.T) {
	s, c, _, conn := inSession(t, gated)
	c.say(msg("HOLD"))
	eventually(t, "it is held", func() bool { return len(conn.Held()) == 1 })
	c2, u2 := s.meet(headC)
	login(c2, u2, true)
	c2.say(msg("x"))
	u2.hears(msg("x"))
}

// TestTooMany: over the limit a connection is closed, below it served again.
func TestTooMany(t *testing.T) {
	s := newStage(t, func(o *Options) { o.MaxConns = 1 })
	c, u := s.meet(headC)
	u.hears(headC)
	over, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	(&peer{t: t, Conn: over}).hearsEnd("")
	c.Close()
	u.Close()
	eventually(t, "it is gone", func() bool { return len(s.proxy.Conns()) == 0 })
	_, u = s.meet(headC)
	u.hears(headC)
}

// TestAcceptFails: that no more files can be opened is said and survived.
func TestAcceptFails(t *testing.T) {
	var log lockedBuffer
	p, err := New(Options{Dial: func(context.Context, Facts) (Upstream, error) { return Upstream{}, errors.New("no") },
		Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	here, there := net.Pipe()
	defer there.Close()
	l := &failing{errs: 3, conn: here, over: make(chan struct{})}
	p.doors = append(p.doors, openDoor{DoorStartTLS, l})
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { p.Run(ctx); close(over) }()
	eventually(t, "a connection is taken", func() bool { return len(p.Conns()) == 1 })
	stop()
	<-over
	if text := log.String(); strings.Count(text, "no connection can be taken") != 1 || !strings.Contains(text, "taken again") {
		t.Errorf("the log says %s", text)
	}
}

type failing struct {
	errs int
	conn net.Conn
	over chan struct{}
	once sync.Once
}

func (f *failing) Accept() (net.Conn, error) {
	if f.errs--; f.errs >= 0 {
		return nil, &net.OpError{Op: "accept", Err: syscall.EMFILE}
	}
	if c := f.conn; c != nil {
		f.conn = nil
		return c, nil
	}
	<-f.over
	return nil, net.ErrClosed
}

func (f *failing) Close() error   { f.once.Do(func() { close(f.over) }); return nil }
func (f *failing) Addr() net.Addr { return &net.TCPAddr{} }

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}
func (l *lockedBuffer) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }
