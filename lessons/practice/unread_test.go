package practice

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// TestUnread: a client that ends with something unread lets TCP end, and not with
// a reset; one that is cut does not wait.
func TestUnread(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	ended := make(chan error, 1)
	go func() {
		for {
			nc, err := ln.Accept()
			if err != nil {
				return
			}
			buf := make([]byte, 100)
			_, _ = nc.Read(buf)
			_, _ = io.WriteString(nc, strings.Repeat("<message/>", 200))
			time.Sleep(20 * time.Millisecond) // it is there, and nobody has read it
			_, err = io.ReadAll(nc)
			nc.Close()
			ended <- err
		}
	}()
	script, err := Parse("C: <presence/>\nwait 40ms")
	if err != nil {
		t.Fatal(err)
	}
	dial := func(ctx context.Context) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", ln.Addr().String())
	}
	c := New(Options{Dial: func(ctx context.Context) (net.Conn, error) {
		nc, err := dial(ctx)
		return unreadable{nc.(*net.TCPConn)}, err
	}})
	_ = c.Play(t.Context(), script)
	if err := <-ended; err != nil {
		t.Errorf("TCP ended with %v", err)
	}
}

// unreadable keeps what came from being read until the connection is being
// closed.
type unreadable struct{ *net.TCPConn }

func (u unreadable) Read(p []byte) (int, error) {
	time.Sleep(50 * time.Millisecond)
	return 0, io.EOF
}

func (u unreadable) WriteTo(w io.Writer) (int64, error) { return u.TCPConn.WriteTo(w) }
