package proxy

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/httpwire"
	"xmppscope/proxy/web"
)

const (
	wsAsk    = "GET /ws HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n"
	wsAnswer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: xmpp\r\n"
	wsOpen   = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' version='1.0'/>"
	wsOpened = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='example.org' id='1' version='1.0'/>"
	wsBound  = "<iq xmlns='jabber:client' type='result' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>mbed@example.org/x</jid></bind></iq>"
)

func wsMsg(text string) string { return "<message xmlns='jabber:client'>" + text + "</message>" }

// witness is a tap that reads leg A as the reader of a recording does.
type witness struct {
	mu   sync.Mutex
	c    *decode.Conn
	said strings.Builder
}

func newWitness() *witness { return &witness{c: decode.NewConn(1, decode.Options{})} }

func (w *witness) Open(uint64, Leg, netip.AddrPort, netip.AddrPort, time.Time) {}
func (w *witness) Close(uint64, Leg, decode.Dir, time.Time, bool)              {}
func (w *witness) Keys([]byte)                                                 {}

func (w *witness) Mark(_ uint64, t time.Time, marks ...decode.Mark) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range marks {
		if m.Do != decode.MarkNote {
			w.list(w.c.Mark(t, m))
		}
	}
}

func (w *witness) Data(flow uint64, leg Leg, dir decode.Dir, t time.Time, p []byte, marks ...decode.Mark) {
	w.Mark(flow, t, marks...)
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(p) > 0 && leg == LegClient {
		events, n := w.c.Feed(dir, t, p)
		p = p[n:]
		w.list(events)
	}
}

func (w *witness) list(all []decode.Event) {
	for i := range all {
		e := &all[i]
		if e.Kind == decode.KindStanza || e.Origin != decode.OriginWire || e.Held {
			held := ""
			if e.Held {
				held = " held"
			}
			text := e.XML
			if text == nil {
				text = e.Wire
			}
			fmt.Fprintf(&w.said, "%v %v%s %s", e.Dir, e.Origin, held, text)
			if e.Original != nil {
				fmt.Fprintf(&w.said, " was %s", e.Original)
			}
			w.said.WriteByte('\n')
		}
	}
}

func (w *witness) all() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said.String()
}

// socket is a peer that speaks WebSocket.
type socket struct {
	*peer
	r     *httpwire.WebSocket
	queue []string
	mask  bool
}

func (s *socket) tell(text string) { s.say(string(web.Frame(web.OpText, []byte(text), s.mask))) }

// gets waits for messages and control frames, those as @opcode.
func (s *socket) gets(want ...string) {
	s.t.Helper()
	s.SetReadDeadline(time.Now().Add(slack))
	var buf [4096]byte
	for _, w := range want {
		for len(s.queue) == 0 {
			n, err := s.Read(buf[:])
			if err != nil {
				s.t.Fatalf("waiting for %q: %v", w, err)
			}
			s.read(buf[:n])
		}
		if s.queue[0] != w {
			s.t.Fatalf("got %q, not %q", s.queue[0], w)
		}
		s.queue = s.queue[1:]
	}
}

func (s *socket) read(p []byte) {
	for _, m := range s.r.Feed(p) {
		text := string(m.Payload)
		if m.Opcode != web.OpText {
			text = fmt.Sprintf("@%d%s", m.Opcode, m.Payload)
		}
		if len(m.Faults) > 0 || m.Broken {
			text += fmt.Sprint(m.Faults)
		}
		s.queue = append(s.queue, text)
	}
}

// overSocket is a session over WebSocket through the proxy.
func overSocket(t *testing.T, extensions string, set func(*Options)) (s *stage, c, u *socket, w *witness) {
	t.Helper()
	w = newWitness()
	s = newStage(t, func(o *Options) {
		o.Tap = w
		if set != nil {
			set(o)
		}
	})
	cp, up := s.meet(wsAsk)
	up.hears(wsAsk)
	answer := wsAnswer + extensions + "\r\n"
	up.say(answer)
	cp.hears(answer)
	o := httpwire.ParseExtensions(strings.TrimPrefix(strings.TrimSpace(extensions), "Sec-WebSocket-Extensions: "))
	c = &socket{peer: cp, r: httpwire.NewWebSocket(o[1]), mask: true}
	u = &socket{peer: up, r: httpwire.NewWebSocket(o[0])}
	c.tell(wsOpen)
	u.gets(wsOpen)
	u.tell(wsOpened)
	c.gets(wsOpened)
	u.tell(wsBound)
	c.gets(wsBound)
	return s, c, u, w
}

func TestSocketGate(t *testing.T) {
	for _, x := range []struct {
		name         string
		said, heard  []string
		toServer, to string // what a witness sees, said by the client and by the server
	}{
		{"forward", []string{wsMsg("x"), wsMsg("y")}, []string{wsMsg("x"), wsMsg("y")},
			"initiator wire <message xmlns='jabber:client'>x</message>\ninitiator wire <message xmlns='jabber:client'>y</message>\n",
			"receiver wire <message xmlns='jabber:client'>x</message>\nreceiver wire <message xmlns='jabber:client'>y</message>\n"},
		{"drop", []string{wsMsg("DROP"), wsMsg("y")}, []string{wsMsg("y")},
			"initiator dropped <message xmlns='jabber:client'>DROP</message>\ninitiator wire <message xmlns='jabber:client'>y</message>\n",
			"receiver dropped <message xmlns='jabber:client'>DROP</message>\nreceiver wire <message xmlns='jabber:client'>y</message>\n"},
		{"edit", []string{wsMsg("EDIT"), wsMsg("y")}, []string{"<message>edited</message>", wsMsg("y")},
			"initiator edited <message>edited</message> was <message xmlns='jabber:client'>EDIT</message>\ninitiator wire <message xmlns='jabber:client'>y</message>\n",
			"receiver edited <message>edited</message> was <message xmlns='jabber:client'>EDIT</message>\nreceiver wire <message xmlns='jabber:client'>y</message>\n"},
		{"around", []string{wsMsg("AROUND")}, []string{"<a/>", wsMsg("AROUND"), "<b/>"},
			"initiator injected <a/>\ninitiator wire <message xmlns='jabber:client'>AROUND</message>\ninitiator injected <b/>\n",
			"receiver injected <a/>\nreceiver wire <message xmlns='jabber:client'>AROUND</message>\nreceiver injected <b/>\n"},
	} {
		t.Run(x.name, func(t *testing.T) {
			for d := range 2 {
				_, c, u, w := overSocket(t, "", gated)
				from, to, want := c, u, x.toServer
				if d == 1 {
					from, to, want = u, c, x.to
				}
				before := len(w.all())
				for _, text := range x.said {
					from.tell(text)
				}
				to.gets(x.heard...)
				eventually(t, "the witness has seen it all", func() bool { return len(w.all())-before >= len(want) })
				if got := w.all()[before:]; got != want {
					t.Errorf("the witness sees\n%snot\n%s", got, want)
				}
			}
		})
	}
}

// TestSocketHold: pings overtake what is held; what is put in stands where it
// was put.
func TestSocketHold(t *testing.T) {
	s, c, u, w := overSocket(t, "", gated)
	conn := s.proxy.Conns()[0]
	before := len(w.all())
	c.tell(wsMsg("HOLD"))
	c.tell(wsMsg("y"))
	c.say(string(web.Frame(web.OpPing, []byte("p"), true)))
	u.gets("@9p")
	u.say(string(web.Frame(web.OpPong, []byte("p"), false)))
	c.gets("@10p")
	held := conn.Held()
	if len(held) != 2 || string(held[0].XML) != wsMsg("HOLD") || held[0].Event.Name.Local != "message" {
		t.Fatalf("held: %+v", held)
	}
	if err := conn.Inject(Insert{Dir: decode.FromInitiator, XML: []byte("<i/>")}, BeforeHeld); err != nil {
		t.Fatal(err)
	}
	u.gets("<i/>")
	if err := conn.Release(held[0].ID, Verdict{Do: Edit, XML: []byte("<message>new</message>")}); err != nil {
		t.Fatal(err)
	}
	u.gets("<message>new</message>", wsMsg("y"))
	want := "initiator wire held " + wsMsg("HOLD") + "\ninitiator injected <i/>\ninitiator edited <message>new</message> was " + wsMsg("HOLD") + "\ninitiator wire held " + wsMsg("y") + "\ninitiator wire " + wsMsg("y") + "\n"
	eventually(t, "the witness has seen it all", func() bool { return len(w.all())-before >= len(want) })
	if got := w.all()[before:]; got != want {
		t.Errorf("the witness sees\n%snot\n%s", got, want)
	}
}

// deflater compresses messages as one side of a connection.
type deflater struct {
	b bytes.Buffer
	w *flate.Writer
}

func (d *deflater) frame(text string, masked bool) string {
	if d.w == nil {
		d.w, _ = flate.NewWriter(&d.b, 9)
	}
	d.b.Reset()
	io.WriteString(d.w, text)
	d.w.Flush()
	p := web.Frame(web.OpText, bytes.TrimSuffix(d.b.Bytes(), []byte{0, 0, 0xff, 0xff}), masked)
	p[0] |= 0x40
	return string(p)
}

// TestSocketDeflate: units are read through compression, and what the receiver
// cannot read any more, because something before it was not sent, is sent anew.
func TestSocketDeflate(t *testing.T) {
	for _, extra := range []string{"", "; client_no_context_takeover; server_no_context_takeover"} {
		_, c, u, _ := overSocket(t, "Sec-WebSocket-Extensions: permessage-deflate"+extra+"\r\n", gated)
		for _, x := range []struct{ from, to *socket }{{c, u}, {u, c}} {
			d := &deflater{}
			for _, text := range []string{wsMsg("one long text"), wsMsg("DROP another long text"), wsMsg("another long text"), wsMsg("EDIT"), wsMsg("one more long text")} {
				if extra != "" {
					d.w = nil
				}
				x.from.say(d.frame(text, x.from.mask))
			}
			x.to.gets(wsMsg("one long text"), wsMsg("another long text"), "<message>edited</message>", wsMsg("one more long text"))
		}
	}
}

// TestSocketCut: the same whatever the pieces are that TCP delivers, and
// messages in fragments with a ping between them.
func TestSocketCut(t *testing.T) {
	_, c, u, _ := overSocket(t, "", gated)
	first, rest := web.Frame(web.OpText, []byte(wsMsg("EDIT"))[:9], true), web.Frame(0, []byte(wsMsg("EDIT"))[9:], true)
	first[0] &^= 0x80
	all := string(first) + string(web.Frame(web.OpPing, []byte("in"), true)) + string(rest) + string(web.Frame(web.OpText, []byte(wsMsg("z")), true))
	for i := range len(all) {
		c.say(all[i : i+1])
	}
	u.gets("@9in", "<message>edited</message>", wsMsg("z"))
	c.say(string(web.CloseFrame(web.CloseNormal, "", true)))
	u.gets("@8\x03\xe8")
}

// TestSocketPass: where nobody looks, frames go on as they come, unfinished
// too, and gating begins at the next one.
func TestSocketPass(t *testing.T) {
	g := &watch{off: true}
	s, c, u, _ := overSocket(t, "", func(o *Options) { o.Gate = g })
	eventually(t, "the negotiation is over", func() bool { return s.proxy.Conns()[0].settled.Load() })
	p := string(web.Frame(web.OpText, []byte(wsMsg("DROP")), true))
	c.say(p[:10])
	u.hears(p[:10])
	g.set(true)
	c.say(p[10:])
	u.hears(p[10:])
	c.tell(wsMsg("DROP"))
	c.tell(wsMsg("x"))
	u.gets(wsMsg("x"))
}

// TestSocketEnds: the end of a stream is said as WebSocket says it.
func TestSocketEnds(t *testing.T) {
	_, c, u, _ := overSocket(t, "", gated)
	c.tell(wsMsg("CLOSE"))
	c.gets("<stream:error xmlns:stream='http://etherx.jabber.org/streams'><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>no</text></stream:error>",
		"<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", "@8\x03\xe8")
	u.gets("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", "@8\x03\xe8")
}

// TestSocketNoServer: a client of HTTP is told in HTTP.
func TestSocketNoServer(t *testing.T) {
	s := newStage(t, nil)
	s.server.Close()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, Conn: c}
	p.say(wsAsk)
	p.hearsEnd("HTTP/1.1 502 Bad Gateway")
	p.Close()
}
