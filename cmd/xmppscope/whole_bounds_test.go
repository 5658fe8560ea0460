package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestWholeIsBounded: what hostile peers send without end passes the program, the
// whole way with JSON, in bounded memory: a stanza of 1 GB, 100,000 requests that
// nobody answers, white space. In the ordinary run it is a tenth of each.
func TestWholeIsBounded(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells what a process takes of memory")
	}
	// In KiB; on an idle machine it takes a fifth. The file that a burst waits in is
	// none of it. Beside all other tests the collector comes late.
	part, most := 10, 1500<<10
	if whole() {
		part, most = 1, 900<<10
	}
	for _, c := range []struct {
		name        string
		head, piece string
		n           int
		tail        string
	}{
		{"stanza", "<message><body>", strings.Repeat("x", 64<<10), 1 << 30 / (64 << 10), "</body></message>"},
		{"requests", "", "<iq type='get' id='%06d' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>", 100_000, ""},
		{"space", "", strings.Repeat(" ", 64<<10), 1 << 28 / (64 << 10), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := relays(t, false)
			conn, err := loadClient(all[2].addr, false)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			n := c.n / part
			sent := make(chan int64, 1)
			go func() {
				var size int64
				say := func(s string) { io.WriteString(conn, s); size += int64(len(s)) }
				say(c.head)
				for i := range n {
					if strings.Contains(c.piece, "%") {
						say(fmt.Sprintf(c.piece, i))
					} else {
						say(c.piece)
					}
				}
				say(c.tail + loadStanza)
				sent <- size
			}()
			peak, done := 0, make(chan int64, 1)
			go func() { done <- back(conn) }()
			for {
				select {
				case got := <-done:
					if want := <-sent; got != want {
						t.Fatalf("%d of %d bytes came back", got, want)
					}
					if peak = max(peak, resident(t, all[2].cmd.Process.Pid)); peak > most {
						t.Errorf("it took %d MiB", peak>>10)
					}
					t.Logf("%d MiB at most", peak>>10)
					return
				case <-time.After(50 * time.Millisecond):
					peak = max(peak, resident(t, all[2].cmd.Process.Pid))
				}
			}
		})
	}
}

// back counts what comes back, up to the stanza that ends it.
func back(c net.Conn) (size int64) {
	buf := make([]byte, 64<<10)
	last := ""
	for !strings.HasSuffix(last, loadStanza) {
		c.SetReadDeadline(time.Now().Add(slack))
		n, err := c.Read(buf)
		if err != nil {
			return size
		}
		size += int64(n)
		last += string(buf[:n])
		last = last[max(0, len(last)-len(loadStanza)):]
	}
	return size
}

// resident is the memory of a process that is no file, in KiB.
func resident(t *testing.T, pid int) (n int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\nRssAnon:")
	fmt.Sscan(rest, &n)
	return n
}
