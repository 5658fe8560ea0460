package proxy

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"
)

// TestOrder: whatever is held, delayed, dropped, edited and inserted, and in
// whatever pieces it comes, what arrives is in its order and nothing else.
func TestOrder(t *testing.T) {
	words := []string{"", "", "", "HOLD", "DROP", "EDIT", "DELAY", "AROUND"}
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 7))
		_, c, u, conn := inSession(t, gated)
		script := func() (said, want string) {
			var s, w strings.Builder
			for i := range 150 {
				word := words[r.IntN(len(words))]
				m := msg(fmt.Sprintf("%d %s %s", i, word, strings.Repeat("x", r.IntN(200))))
				s.WriteString(m)
				switch word {
				case "DROP":
				case "EDIT":
					w.WriteString("<message>edited</message>")
				case "AROUND":
					w.WriteString("<a/>" + m + "<b/>")
				default:
					w.WriteString(m)
				}
				if r.IntN(5) == 0 {
					s.WriteString(" ")
					w.WriteString(" ")
				}
			}
			return s.String(), w.String()
		}
		up, wantUp := script()
		down, wantDown := script()
		got := func(p *peer) chan []byte {
			ch := make(chan []byte, 1)
			go func() {
				p.SetReadDeadline(time.Now().Add(slack))
				all, err := io.ReadAll(p.Conn)
				if err != nil {
					t.Error(err)
				}
				ch <- all
			}()
			return ch
		}
		atServer, atClient := got(u), got(c)
		over := make(chan bool)
		go func() {
			defer close(over)
			for {
				held := conn.Held()
				for _, h := range held {
					if h.Asked && h.Until.IsZero() {
						conn.Release(h.ID, Verdict{})
					}
				}
				select {
				case <-conn.Done():
					return
				case <-time.After(time.Millisecond):
				}
			}
		}()
		go trickle(c, up, seed)
		go trickle(u, down, seed+100)
		if all := <-atServer; !bytes.Equal(all, []byte(wantUp)) {
			t.Errorf("seed %d: the server heard %d bytes, not %d: %s", seed, len(all), len(wantUp), differ(all, wantUp))
		}
		if all := <-atClient; !bytes.Equal(all, []byte(wantDown)) {
			t.Errorf("seed %d: the client heard %d bytes, not %d: %s", seed, len(all), len(wantDown), differ(all, wantDown))
		}
		c.Close()
		u.Close()
		<-over
	}
}

func differ(got []byte, want string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("at %d %q, not %q", i, got[i:min(len(got), i+60)], want[i:min(len(want), i+60)])
		}
	}
	return "one ends early"
}

// trickle says bytes in small random pieces and ends.
func trickle(p *peer, data string, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 3))
	for len(data) > 0 {
		n := min(len(data), 1+r.IntN(700))
		p.Write([]byte(data[:n]))
		data = data[n:]
		time.Sleep(time.Duration(r.IntN(300)) * time.Microsecond)
	}
	p.Conn.(*net.TCPConn).CloseWrite()
}
