package proxy

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"xmppscope/decode"
)

// anyGate decides by the bytes of a script, whatever the unit is.
type anyGate struct {
	mu     sync.Mutex
	script []byte
	other  []byte
	at     [2]int
}

func (g *anyGate) Decide(_ *Conn, e *decode.Event) Verdict {
	g.mu.Lock()
	defer g.mu.Unlock()
	d := e.Dir & 1
	if len(g.script) == 0 {
		return Verdict{}
	}
	b := g.script[(g.at[d]*2+int(d))%len(g.script)]
	g.at[d]++
	v := Verdict{Do: Action(b % 6), XML: g.other, Delay: time.Duration(b>>4) * time.Millisecond, Why: "by chance"}
	if v.Do == Close {
		if g.at[d] < 8 { // not at once
			return Verdict{}
		}
		v.How = CloseHow{Layer: []string{CloseTCP, CloseTLS, CloseStream}[b>>3%3], To: decode.Dir(b >> 7), Both: b&64 != 0}
	}
	for i, ins := range []Insert{{Dir: d, XML: g.other, FreshID: true, Swallow: true}, {Dir: d.Other(), XML: g.other, Synthetic: true}} {
		if b>>(4+i)&1 != 0 {
			v.Before = append(v.Before, ins)
		}
		if b>>(6+i)&1 != 0 {
			v.After = append(v.After, ins)
		}
	}
	return v
}

// FuzzLane sends anything in both directions, in any pieces, through a gate that
// decides anything: nothing panics, nobody waits for ever, nothing stays behind.
func FuzzLane(f *testing.F) {
	f.Add([]byte(headC+msg("1")+"<iq type='get' id='1'/> </stream:stream>"), []byte(headS+msg("2")+"<iq type='result' id='1'/>"), []byte{0}, []byte("<presence/>"), uint8(0))
	f.Add([]byte(headC+"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\x16\x03\x01\x00\x05hello"), []byte(headS+"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\x16\x03\x03"), []byte{0, 0, 1}, []byte("<a"), uint8(7))
	f.Add([]byte(headC+"<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>x"), []byte(headS+"<compressed xmlns='http://jabber.org/protocol/compress'/>\x78\x9c"), []byte{2, 3, 0xF0}, []byte("</stream:stream>"), uint8(64))
	f.Add([]byte("GET /xmpp-websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n\x81\x85\x01\x02\x03\x04abcde"),
		[]byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n\x81\x04<a/>\x88\x00"), []byte{1, 2, 4, 0x31}, []byte("<message/>"), uint8(30))
	f.Add([]byte("POST /http-bind HTTP/1.1\r\nHost: a\r\nContent-Length: 49\r\n\r\n<body xmlns='http://jabber.org/protocol/httpbind'/>"),
		[]byte("HTTP/1.1 200 OK\r\nContent-Length: 51\r\n\r\n<body xmlns='http://jabber.org/protocol/httpbind'/>"), []byte{2, 5, 0x85}, []byte("<x/>"), uint8(200))
	f.Fuzz(func(t *testing.T, up, down, script, other []byte, size uint8) {
		if len(up)+len(down) > 64<<10 || len(script) > 1<<10 || len(other) > 4<<10 {
			return
		}
		synctest.Test(t, func(t *testing.T) {
			a, inner := net.Pipe()
			outer, b := net.Pipe()
			g := &anyGate{script: script, other: other}
			p, err := New(Options{Gate: g, Tap: nothing{}, Bounds: Bounds{Lane: 8 << 10, Unit: 16 << 10, Linger: time.Second},
				Dial: func(context.Context, Facts) (Upstream, error) { return Upstream{Conn: outer}, nil }})
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			over := make(chan struct{})
			go func() { p.Run(ctx); close(over) }()
			c := p.Serve(ctx, inner, DoorStartTLS)
			for _, peer := range []net.Conn{a, b} {
				go io.Copy(io.Discard, peer)
			}
			go chop(a, up, int(size)+1)
			go chop(b, down, int(size)*3+1)
			for range 20 {
				time.Sleep(time.Second)
				for i, h := range c.Held() {
					c.Release(h.ID, Verdict{Do: []Action{Forward, Drop, Edit}[(i+int(size))%3], XML: other})
				}
				c.Inject(Insert{Dir: decode.Dir(size & 1), XML: other, FreshID: size&2 != 0}, Place(size>>2&1))
			}
			a.Close()
			b.Close()
			time.Sleep(time.Minute)
			stop()
			<-over
		})
	})
}

// chop says bytes in pieces.
func chop(to net.Conn, p []byte, n int) {
	for len(p) > 0 {
		k := min(n, len(p))
		if _, err := to.Write(p[:k]); err != nil {
			return
		}
		p = p[k:]
	}
}
