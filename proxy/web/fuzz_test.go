package web

import (
	"bytes"
	"context"
	"maps"
	"net"
	"slices"
	"testing"
	"time"

	"xmppscope/decode"
)

// FuzzTalk: whatever both sides say and however it is cut, what a Talk cuts is
// what was said, and every message can be sent on as it came.
func FuzzTalk(f *testing.F) {
	f.Add([]byte(asks+text(opens)+text("<a/>")), []byte(agrees+unmasked("<b/>")), uint8(3))
	f.Add([]byte("POST / HTTP/1.1\r\nContent-Length: 50\r\n\r\n<body xmlns='http://jabber.org/protocol/httpbind'/>"), []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n32\r\n<body xmlns='http://jabber.org/protocol/httpbind'/>\r\n0\r\n\r\n"), uint8(200))
	f.Add([]byte("GET / HTTP/1.1\r\nUpgrade: x\r\n\r\nabc"), []byte("HTTP/1.1 101 x\r\nUpgrade: x\r\n\r\nabc"), uint8(0))
	f.Fuzz(func(t *testing.T, client, server []byte, size uint8) {
		talk := NewTalk(1 << 16)
		var said [2][]byte
		cut := func(d decode.Dir) {
			s := talk.Side(d)
			for {
				u, ok := s.Next()
				if !ok {
					return
				}
				m := s.Last()
				if !s.Spoiled() && m.Text != nil && !bytes.Equal(s.Carry(m, m.Text), u.Wire) {
					t.Fatalf("%q goes on as something else", u.Wire)
				}
				if m.Text != nil {
					s.Carry(m, []byte("<x/>"))
				}
				m.Aim("/x", "y")
				said[d] = append(said[d], u.Wire...)
			}
		}
		in := [2][]byte{client, server}
		for len(in[0])+len(in[1]) > 0 {
			for d := range in {
				n := min(int(size)+1, len(in[d]))
				talk.Side(decode.Dir(d)).Push(in[d][:n])
				in[d] = in[d][n:]
				cut(0)
				cut(1)
			}
		}
		for d, want := range [2][]byte{client, server} {
			s := talk.Side(decode.Dir(d))
			if got := append(said[d], s.Take()...); !bytes.Equal(got, want) {
				t.Fatalf("cut %q of %q", got, want)
			}
		}
	})
}

// FuzzAnswer: bodies of requests and of answers, heads of requests.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte("<?xml version='1.0'?><body xmlns='http://jabber.org/protocol/httpbind' rid='1' sid='s' wait='60' hold='1' requests='2'><a/><uri>x</uri></body>"))
	f.Add([]byte("<b:body xmlns:b='http://jabber.org/protocol/httpbind' type='terminate' condition='x'><b:a b:c=''/></b:body>"))
	f.Add([]byte(asks))
	f.Fuzz(func(_ *testing.T, p []byte) {
		if s := parseAnswer(p); s != nil {
			for _, part := range s.parts {
				parseAnswer(response("", part))
			}
		}
		if q, _ := parseBody(p); q != nil {
			request(house, q.head.creates(q.wait)+q.head.restarts(), bytes.Join(q.parts, nil))
		}
		ParseHead(p)
	})
}

// FuzzTranslations: whatever a client and the server behind a translation say,
// the translation ends when they do.
func FuzzTranslations(f *testing.F) {
	f.Add(uint8(0), []byte(asks+text(opens)+text("<a/>")+text("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")), []byte(headerS+"<a/></stream:stream>"))
	f.Add(uint8(1), []byte((&manager{}).post(1, " to='x'", "<a/>")+(&manager{}).post(2, "", "")), []byte(headerS+"<a/><stream:error><x/></stream:error></stream:stream>"))
	f.Add(uint8(2), []byte(headerC+"<a/></stream:stream>"), []byte(agrees+unmasked(opens)+unmasked("<a/>")))
	f.Add(uint8(3), []byte(headerC+"<a/></stream:stream>"), []byte(string(response(created, []byte("<a/>")))+string(response(" type='terminate' condition='x'", nil))))
	f.Fuzz(func(t *testing.T, which uint8, client, server []byte) {
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
		defer stop()
		near, far := Pipe()
		m := &manager{T: t}
		call := func() (net.Conn, error) {
			a, b := Pipe()
			m.work.Go(func() { drainAll(b) })
			m.work.Go(func() { sayAll(b, server) })
			return a, nil
		}
		o := Options{Most: 1 << 16, Opening: time.Second, Farewell: 5 * time.Millisecond, Idle: 5 * time.Millisecond, Wait: 5 * time.Millisecond, Sessions: 2}
		reach := func(string, string) (net.Conn, error) { return call() }
		m.work.Go(func() { drainAll(near) })
		m.work.Go(func() { sayAll(near, client) })
		switch which % 4 {
		case 0:
			_ = ServeSocket(ctx, far, reach, o)
		case 1:
			b := NewBOSH(o, func(f func()) { m.work.Go(f) })
			_ = b.Serve(ctx, far, reach)
			b.mu.Lock()
			all := slices.Collect(maps.Values(b.sessions)) // each may be forgotten at any moment
			b.mu.Unlock()
			for _, s := range all {
				s.mu.Lock()
				s.end("", "")
				s.mu.Unlock()
			}
		case 2:
			up, _ := call()
			_ = DialSocket(ctx, far, up, house, o)
		case 3:
			_ = DialBOSH(ctx, far, call, house, o)
		}
		_ = near.Close()
		_ = far.Close()
		m.work.Wait()
	})
}

func drainAll(c net.Conn) {
	var buf [4096]byte
	for {
		if _, err := c.Read(buf[:]); err != nil {
			return
		}
	}
}

// sayAll says everything and ends.
func sayAll(c net.Conn, p []byte) {
	_, _ = c.Write(p)
	_ = c.(interface{ CloseWrite() error }).CloseWrite()
}
