package captures

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
)

// A conversation over lo is seen while it goes on, once although lo shows every
// packet twice, and the capture ends when the context does.
func TestLive(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	probe, err := Live("lo").source(ctx, OpenOptions{})
	if err != nil {
		if !errors.Is(err, ErrUnreadable) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error is %q", err)
		}
		t.Skip("no right to capture on lo:", err)
	}
	probe.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback:", err)
	}
	defer l.Close()
	go serveHello(l)
	const root = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='live.test' version='1.0'>"
	go func() {
		for ctx.Err() == nil { // the first ones may come before the capture runs
			if c, err := net.Dial("tcp", l.Addr().String()); err == nil {
				c.Write([]byte(root))
				c.Read(make([]byte, 5))
				c.Close()
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	seen := false
	for item, err := range Read(ctx, []Input{Live("lo")}, Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if e := item.Event; e != nil && e.Kind == decode.KindOpen && e.To == "live.test" && !seen {
			seen = true
			if string(e.Wire) != root {
				t.Errorf("header is %q", e.Wire)
			}
			cancel()
		}
	}
	if !seen {
		t.Error("the stream header was not seen")
	}
}

func serveHello(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			c.Read(make([]byte, 1000))
			c.Write([]byte("bye"))
		}()
	}
}

func TestLiveOnNoInterface(t *testing.T) {
	for _, err := range Read(t.Context(), []Input{Live("nosuchif0")}, Options{}) {
		if !errors.Is(err, ErrUnreadable) || !strings.Contains(err.Error(), "nosuchif0") {
			t.Errorf("error is %v", err)
		}
		return
	}
	t.Error("no error")
}
