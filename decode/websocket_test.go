package decode

import (
	"bytes"
	"compress/flate"
	"fmt"
	"strings"
	"testing"
	"time"
)

// socket is a WebSocket that was agreed on, with the extensions that the server
// named.
func socket(extensions string) *Conn {
	c := NewConn(1, Options{})
	at := time.Unix(0, 0)
	feedAll(c, FromInitiator, at, []byte("GET /ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n"))
	feedAll(c, FromReceiver, at, []byte("HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: xmpp\r\n"+extensions+"\r\n"))
	return c
}

// wsFrame is one frame, masked with zeros where the client sends it.
func wsFrame(dir Dir, first byte, payload string) []byte {
	mask, key := byte(0x80), "\x00\x00\x00\x00"
	if dir == FromReceiver {
		mask, key = 0, ""
	}
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, mask|byte(n))
	case n < 1<<16:
		b = append(b, mask|126, byte(n>>8), byte(n))
	default:
		b = append(b, mask|127, 0, 0, 0, 0, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return append(append(b, key...), payload...)
}

const (
	wsOpenTag  = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='a' version='1.0'/>"
	wsCloseTag = "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"
)

// A control frame between fragments takes nothing from the message around it:
// that one still stands in TCP from its first byte on.
func TestPingBetweenFragments(t *testing.T) {
	c := socket("")
	at := time.Unix(0, 0)
	h := &c.half[FromInitiator]
	var events []Event
	for i, f := range [][]byte{wsFrame(0, 0x01, "<presence "), wsFrame(0, 0x89, "?"), wsFrame(0, 0x80, "xmlns='jabber:client'/>")} {
		h.marks.add(h.next+int64(len(f)), Extent{int64(1000 * i), int64(1000*i + 500)})
		events = append(events, feedAll(c, FromInitiator, at, f)...)
	}
	if len(events) != 2 || events[0].Name.Local != "ping" || events[0].Raw != (Extent{1000, 1500}) || events[0].Reply != 0 {
		t.Fatalf("%+v", events)
	}
	if e := &events[1]; e.Kind != KindStanza || e.Raw != (Extent{0, 2500}) || e.Name.Local != "presence" {
		t.Fatalf("%+v", e)
	}
}

// The same stanza whatever its size and its frames: as long as one on TCP may be.
func TestLongMessages(t *testing.T) {
	stanza := "<message xmlns='jabber:client'><body>" + strings.Repeat("x", 5<<20) + "</body></message>"
	for _, fragments := range []int{1, 7} {
		c := socket("")
		var events []Event
		step := len(stanza)/fragments + 1
		for i := 0; i < len(stanza); i += step {
			first := byte(0)
			if i == 0 {
				first = 1
			}
			if i+step >= len(stanza) {
				first |= 0x80
			}
			events = append(events, feedAll(c, FromReceiver, time.Unix(0, 0), wsFrame(FromReceiver, first, stanza[i:min(len(stanza), i+step)]))...)
		}
		if len(events) != 1 || events[0].Kind != KindStanza || string(events[0].XML) != stanza {
			t.Errorf("in %d frames: %d events", fragments, len(events))
		}
	}
}

// After both have closed, another stream may begin on the same WebSocket; that
// is no restart.
func TestTwoStreamsOnOneWebSocket(t *testing.T) {
	c := socket("")
	var steps []string
	for _, text := range []string{wsOpenTag, wsOpenTag, wsCloseTag, wsOpenTag} {
		for d := range Dir(2) {
			for _, e := range feedAll(c, d, time.Unix(0, 0), wsFrame(d, 0x81, text)) {
				steps = append(steps, e.Step.String())
			}
		}
	}
	want := "ws-open ws-open ws-restart ws-restart ws-close ws-close ws-open ws-open"
	if got := strings.Join(steps, " "); got != want {
		t.Fatalf("have %s", got)
	}
}

// Messages that cannot be what they should are told by what is wrong with them.
func TestOddMessages(t *testing.T) {
	for name, c := range map[string]struct {
		frame []byte
		want  string
	}{
		"binary":             {wsFrame(1, 0x82, "<presence xmlns='jabber:client'/>"), "ws-frame-shape"},
		"continuation":       {wsFrame(1, 0x80, "<presence/>"), "ws-frame-broken"},
		"masked by a server": {wsFrame(0, 0x81, "<presence xmlns='jabber:client'/>"), "ws-frame-broken"},
		"two elements":       {wsFrame(1, 0x81, "<presence xmlns='jabber:client'/><presence xmlns='jabber:client'/>"), "ws-frame-shape"},
		"half an element":    {wsFrame(1, 0x81, "<presence xmlns='jabber:client'>"), "ws-frame-shape"},
		"a stream header":    {wsFrame(1, 0x81, streamFrom), "ws-frame-shape"},
		"white space":        {wsFrame(1, 0x81, " "), "ws-frame-shape"},
		"text":               {wsFrame(1, 0x81, "hello"), "ws-frame-shape"},
		"compressed":         {wsFrame(1, 0xc1, "<presence xmlns='jabber:client'/>"), "ws-frame-broken"},
	} {
		t.Run(name, func(t *testing.T) {
			x := socket("")
			events := append(feedAll(x, FromReceiver, time.Unix(0, 0), c.frame), x.Finish(time.Unix(0, 0))...)
			if len(events) != 1 || len(events[0].Errs) == 0 || events[0].Errs[0].Rule != c.want {
				t.Fatalf("%+v", events)
			}
			for _, err := range events[0].Errs {
				if strings.Contains(err.Text, "binary") != (name == "binary") {
					t.Errorf("told as %q", err.Text)
				}
			}
		})
	}
}

// With compression over all messages, those behind a loss are read where they
// need nothing of what was lost.
func TestDeflateBehindALoss(t *testing.T) {
	c := socket("Sec-WebSocket-Extensions: permessage-deflate\r\n")
	var b bytes.Buffer
	z, _ := flate.NewWriter(&b, 9)
	var got []string
	for i := range 6 {
		if i == 4 {
			z.Reset(&b) // a peer may leave its window at any message
		}
		fmt.Fprintf(z, "<presence xmlns='jabber:client' id='%d'/>", i)
		z.Flush()
		f := wsFrame(FromReceiver, 0xc1, strings.TrimSuffix(b.String(), "\x00\x00\xff\xff"))
		b.Reset()
		if i == 1 {
			c.Gap(FromReceiver, time.Unix(0, 0), int64(len(f)))
			continue
		}
		for _, e := range feedAll(c, FromReceiver, time.Unix(0, 0), f) {
			got = append(got, e.ID)
		}
	}
	if strings.Join(got, "") != "045" {
		t.Fatalf("have %q", got)
	}
}

// A capture that begins behind the upgrade: each direction is read from its
// first frame on, however it is cut.
func TestWebSocketWithoutItsBeginning(t *testing.T) {
	for _, cut := range []func([]byte) [][]byte{whole, byByte} {
		c := NewConn(1, Options{MidStream: true})
		var got []string
		for i, dir := range []Dir{1, 0, 1, 0} {
			for _, p := range cut(wsFrame(dir, 0x81, fmt.Sprintf("<presence xmlns='jabber:client' id='%d'/>", i))) {
				for _, e := range feedAll(c, dir, time.Unix(0, 0), p) {
					if len(e.Errs) > 0 {
						t.Errorf("%+v", e.Errs)
					}
					got = append(got, e.Kind.String()+e.ID)
				}
			}
		}
		if strings.Join(got, " ") != "note stanza0 stanza1 stanza2 stanza3" || c.Summary().Transport != TransportWebSocket {
			t.Fatalf("have %q over %s", got, c.Summary().Transport)
		}
	}
}

// A handshake that asks for XMPP is XMPP, whatever becomes of it; one that names
// it nowhere is some other use of WebSocket.
func TestRefusedHandshake(t *testing.T) {
	for _, x := range []struct {
		upgrade, protocol, answer string
		want                      Verdict
	}{
		{"websocket", "xmpp", "HTTP/1.1 400 Bad Request", IsXMPP},
		{"WebSocket", "chat, XMPP", "HTTP/1.1 403 Forbidden", IsXMPP},
		{"h2c, websocket", "xmpp", "HTTP/1.1 200 OK", IsXMPP},
		{"websocket", "xmpp", "", IsXMPP},
		{"websocket", "mqtt", "HTTP/1.1 400 Bad Request", Undecided},
		{"websocket", "", "HTTP/1.1 400 Bad Request", Undecided},
		{"h2c", "xmpp", "HTTP/1.1 200 OK", Undecided},
	} {
		c := NewConn(1, Options{})
		at := time.Unix(0, 0)
		feedAll(c, FromInitiator, at, []byte("GET /ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: "+x.upgrade+"\r\nSec-WebSocket-Protocol: "+x.protocol+"\r\n\r\n"))
		if x.answer != "" {
			feedAll(c, FromReceiver, at, []byte(x.answer+"\r\nContent-Length: 0\r\n\r\n"))
		}
		if got := c.Verdict(); got != x.want {
			t.Errorf("%+v: %v", x, got)
		}
	}
}
