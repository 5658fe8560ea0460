package practice

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// TestWebSocketQuiet: a client that has said nothing for longer than it waits for
// anything still answers a ping.
func TestWebSocketQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer far.Close()
		const patience = 10 * time.Second
		pong := make(chan []byte, 1)
		go func() {
			defer close(pong)
			br := bufio.NewReader(far)
			r, err := http.ReadRequest(br)
			if err != nil {
				return
			}
			sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
			_, _ = io.WriteString(far, "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: "+base64.StdEncoding.EncodeToString(sum[:])+"\r\n\r\n")
			said := make([]byte, 6+len("<presence xmlns='jabber:client'/>"))
			if _, err := io.ReadFull(br, said); err != nil {
				return
			}
			time.Sleep(patience + time.Second)
			_, _ = far.Write([]byte{0x80 | opPing, 0})
			got := make([]byte, 6)
			_, _ = io.ReadFull(br, got)
			pong <- got
			far.Close()
		}()
		c := New(Options{Door: WebSocket, Patience: patience, Dial: func(context.Context) (net.Conn, error) { return near, nil }})
		if err := c.connect(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := c.Send(t.Context(), "<presence/>"); err != nil {
			t.Fatal(err)
		}
		for !c.ended {
			if err := c.read(t.Context(), time.Now().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if got := <-pong; len(got) != 6 || got[0] != 0x80|opPong {
			t.Errorf("the ping is answered with %q", got)
		}
		c.lose()
	})
}
