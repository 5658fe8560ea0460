package live

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector/gate"
	"xmppscope/proxy"
	"xmppscope/proxy/dial"
)

const (
	hello = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='verona.example' version='1.0'>"
	note1 = "<message id='1'><body>Ay me</body></message>"
	note2 = "<message id='2'/>"
	note3 = "<message id='3'/>"
)

// wing is a proxy between two pipes, and a session on it.
type wing struct {
	*testing.T
	s              *Session
	client, server net.Conn
	conn           *proxy.Conn
	heard          [2]chan string // by whose side it is: what the server hears, what the client hears
	told           map[uint32]bool
	seq            decode.Seq
}

func newWing(t *testing.T) *wing {
	t.Helper()
	w := &wing{T: t, told: map[uint32]bool{}}
	g := gate.New(nil)
	far := make(chan net.Conn, 1)
	p, err := proxy.New(proxy.Options{Gate: g, Keepalive: -1, Dial: func(context.Context, proxy.Facts) (proxy.Upstream, error) {
		here, there := net.Pipe()
		far <- there
		return proxy.Upstream{Conn: here, Wrapping: dial.Plain}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() { defer close(over); _ = p.Run(ctx) }()
	a, inner := net.Pipe()
	w.client, w.s = a, New(p, g)
	w.conn = p.Serve(ctx, inner, proxy.DoorStartTLS)
	w.say(w.client, hello)
	w.server = <-far
	for i, c := range []net.Conn{w.server, w.client} {
		ch := make(chan string, 100)
		w.heard[i] = ch
		go func() {
			buf := make([]byte, 4096)
			for {
				n, err := c.Read(buf)
				if n > 0 {
					ch <- string(buf[:n])
				}
				if err != nil {
					close(ch)
					return
				}
			}
		}()
	}
	t.Cleanup(func() {
		stop()
		w.client.Close()
		w.server.Close()
		<-over
	})
	w.s.Begin(decode.Conversation{Conn: 1, Initiator: netip.AddrPort{}.String()})
	w.hears(decode.FromInitiator, hello)
	w.say(w.server, strings.Replace(hello, "to=", "id='s' from=", 1))
	w.hears(decode.FromReceiver, "id='s'")
	return w
}

func (w *wing) say(c net.Conn, text string) {
	w.Helper()
	_ = c.SetWriteDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(c, text); err != nil {
		w.Fatal(err)
	}
}

// hears waits until the side that a direction leads to has heard a text.
func (w *wing) hears(dir decode.Dir, want string) {
	w.Helper()
	got := ""
	late := time.After(time.Minute)
	for !strings.Contains(got, want) {
		select {
		case text, ok := <-w.heard[dir]:
			got += text
			if !ok {
				w.Fatalf("heard %q and the end, not %q", got, want)
			}
		case <-late:
			w.Fatalf("heard %q, not %q", got, want)
		}
	}
}

// holds waits until so many units are held, and tells the session of them, as
// what is read of the recording would.
func (w *wing) holds(n int) {
	w.Helper()
	var all []proxy.Held
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if all = w.conn.Held(); len(all) == n && (n == 0 || all[0].Event != nil) {
			break
		}
		if time.Now().After(end) {
			w.Fatalf("%d units are held, not %d", len(all), n)
		}
	}
	for _, h := range all {
		if w.told[h.ID] || h.Event == nil {
			continue
		}
		w.told[h.ID] = true
		w.seq++
		e := *h.Event
		e.Seq, e.Conn, e.HeldID = w.seq, 1, h.ID
		w.s.Hold(&e)
	}
}

// does reads an action and does it; want is a part of the error, empty for none.
func (w *wing) does(line, want string) {
	w.Helper()
	a, err := ParseAct([]byte(line))
	if err == nil {
		err = w.s.Do(a)
	}
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		w.Fatalf("%s: %v, want %q", line, err, want)
	}
}

// TestVerbs: each begins with one message of the client's that is held as event 1.
func TestVerbs(t *testing.T) {
	up, down := decode.FromInitiator, decode.FromReceiver
	for name, play := range map[string]func(*wing){
		"forward": func(w *wing) { w.does(`{"do":"forward","seq":1}`, ""); w.hears(up, note1) },
		"edit": func(w *wing) {
			w.does(`{"do":"edit","seq":1}`, "edit needs xml")
			w.does(`{"do":"edit","seq":1,"xml":"<message>"}`, "force sends it all the same")
			w.does(`{"do":"edit","seq":1,"xml":"<message id='e'/>"}`, "")
			w.hears(up, "<message id='e'/>")
		},
		"edit by force": func(w *wing) {
			w.does(`{"do":"edit","seq":1,"xml":"<a></b>","force":true}`, "")
			w.hears(up, "<a></b>")
		},
		"drop": func(w *wing) {
			w.does(`{"do":"drop","seq":1}`, "")
			w.does(`{"do":"continue"}`, "")
			w.say(w.client, note2)
			w.hears(up, note2)
		},
		"hold": func(w *wing) {
			w.does(`{"do":"hold","seq":1}`, "")
			w.does(`{"do":"hold","seq":7}`, "event 7 is not held")
			w.holds(1)
		},
		"inject": func(w *wing) {
			w.does(`{"do":"inject","xml":"<a/>"}`, "dir is initiator or receiver")
			w.does(`{"do":"inject","dir":"initiator"}`, "inject needs xml")
			w.does(`{"do":"inject","dir":"initiator","xml":"<a>"}`, "force sends it all the same")
			w.does(`{"do":"inject","dir":"initiator","xml":"<a/>","place":"beside"}`, "place is before or after")
			w.does(`{"do":"inject","dir":"initiator","xml":"<a/>","conn":9}`, "conversation 9 is not open")
			w.does(`{"do":"inject","dir":"receiver","xml":"<message id='in'/>"}`, "")
			w.hears(down, "<message id='in'/>")
			w.does(`{"do":"inject","dir":"initiator","xml":"<message id='front'/>","place":"before"}`, "")
			w.hears(up, "<message id='front'/>")
			w.does(`{"do":"inject","dir":"initiator","xml":"<message id='back'/>"}`, "")
			w.does(`{"do":"forward","seq":1}`, "")
			w.hears(up, note1+"<message id='back'/>")
		},
		"replay": func(w *wing) {
			w.does(`{"do":"forward","seq":1}`, "")
			w.hears(up, note1)
			w.does(`{"do":"replay","seq":1}`, "cannot be replayed")
			w.s.Event(&decode.Event{Seq: 1, Conn: 1, Kind: decode.KindStanza, Wire: []byte(note1)})
			w.does(`{"do":"replay","seq":1}`, "")
			w.hears(up, note1)
			w.does(`{"do":"replay","seq":1,"dir":"receiver","xml":"<message id='r'/>"}`, "")
			w.hears(down, "<message id='r'/>")
		},
		"close": func(w *wing) {
			w.does(`{"do":"close","layer":"door"}`, "layer is tcp, tls or stream")
			w.does(`{"do":"close","condition":"policy-violation","text":"enough"}`, "")
			w.hears(down, "enough</text></stream:error></stream:stream>")
			w.hears(up, "</stream:stream>")
		},
		"close at a unit": func(w *wing) {
			w.does(`{"do":"close","seq":1,"dir":"initiator"}`, "")
			w.hears(up, "</stream:stream>")
		},
		"cable cut": func(w *wing) {
			w.does(`{"do":"close","layer":"stream","condition":"reset","dir":"both"}`, "")
			w.hears(down, "<reset ")
			w.hears(up, "<reset ")
		},
		"break": func(w *wing) {
			w.does(`{"do":"break"}`, "break needs expr")
			w.does(`{"do":"break","expr":"id =="}`, "the expression stops in its middle")
			w.does(`{"do":"break","expr":"id == \"2\"","once":true}`, "")
			w.does(`{"do":"break","seq":1}`, "")
			w.does(`{"do":"continue"}`, "")
			w.hears(up, note1)
			w.say(w.client, note2)
			w.holds(1)
			all := w.s.Gate().Breaks()
			w.does(fmt.Sprintf(`{"do":"unbreak","id":%d}`, all[len(all)-1].ID), "")
			w.does(`{"do":"unbreak","id":99}`, "there is no breakpoint 99")
			w.does(`{"do":"forward","seq":2}`, "")
			w.hears(up, note2)
		},
		"step": func(w *wing) {
			w.say(w.client, note2)
			w.holds(2)
			w.does(`{"do":"step"}`, "")
			w.hears(up, note1)
			w.holds(1)
			w.does(`{"do":"continue"}`, "")
			w.hears(up, note2)
		},
		"continue, of what nobody has been told of": func(w *wing) {
			w.does(`{"do":"forward","seq":1}`, "")
			w.hears(up, note1)
			w.s.Event(&decode.Event{Seq: 1, Conn: 1, Kind: decode.KindStanza, Wire: []byte(note1)})
			w.say(w.client, note2)
			for len(w.conn.Held()) == 0 {
				time.Sleep(time.Millisecond)
			}
			w.does(`{"do":"continue"}`, "")
			w.hears(up, note2)
			w.holds(0)
		},
		"continue, up to a breakpoint about what waits behind": func(w *wing) {
			w.say(w.client, note2)
			w.say(w.client, note3)
			w.holds(3)
			w.s.Hold(&decode.Event{Seq: 2, Conn: 1, HeldID: 2})
			w.s.Hold(&decode.Event{Seq: 3, Conn: 1, HeldID: 3})
			w.told[2], w.told[3] = true, true
			w.does(`{"do":"break","expr":"id == \"3\""}`, "")
			w.does(`{"do":"continue"}`, "")
			w.hears(up, note1+note2)
			w.holds(1)
			if got := w.conn.Held(); len(got) != 1 || !got[0].Asked || !strings.Contains(got[0].Why, "breakpoint") {
				w.Errorf("what waits is %+v", got)
			}
			decided := ""
			for _, h := range w.s.Held() {
				decided += h.Decided + " "
			}
			if decided != "forward forward  " {
				w.Errorf("decided is %q", decided)
			}
			w.does(`{"do":"forward","seq":3}`, "")
			w.hears(up, note3)
		},
		"continue, of what is frozen": func(w *wing) {
			w.does(`{"do":"continue"}`, "")
			w.hears(up, note1)
			w.does(`{"do":"freeze","dir":"initiator"}`, "")
			w.say(w.client, note2)
			for len(w.conn.Held()) == 0 {
				time.Sleep(time.Millisecond)
			}
			w.does(`{"do":"continue"}`, "")
			w.hears(up, note2)
			w.say(w.client, note3)
			for len(w.conn.Held()) == 0 {
				time.Sleep(time.Millisecond)
			}
			w.does(`{"do":"thaw","dir":"initiator"}`, "")
			w.hears(up, note3)
		},
		"next, from the phase of what is held": func(w *wing) {
			w.say(w.client, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
			w.holds(2)
			w.does(`{"do":"next"}`, "")
			w.hears(up, note1)
			w.holds(1)
			if got := w.conn.Held(); !got[0].Asked || got[0].Event.Phase != decode.PhaseStartTLS {
				w.Errorf("what waits is %+v", got)
			}
		},
		"next": func(w *wing) { w.does(`{"do":"next"}`, ""); w.hears(up, note1) },
		"pause": func(w *wing) {
			w.does(`{"do":"continue"}`, "")
			w.hears(up, note1)
			w.does(`{"do":"pause"}`, "")
			w.say(w.client, note2)
			w.holds(1)
		},
		"freeze": func(w *wing) {
			w.does(`{"do":"continue"}`, "")
			w.hears(up, note1)
			w.does(`{"do":"freeze","dir":"sideways"}`, "dir is initiator or receiver")
			w.does(`{"do":"freeze","dir":"initiator"}`, "")
			w.say(w.client, note2)
			w.say(w.server, note2)
			w.hears(down, note2)
			for len(w.conn.Held()) == 0 { // nobody is asked about what is frozen
				time.Sleep(time.Millisecond)
			}
			w.does(`{"do":"thaw","conn":1}`, "")
			w.hears(up, note2)
		},
		"no action": func(w *wing) {
			w.does(`{"do":"foward","seq":1}`, "did you mean forward?")
			w.does(`{"do":"forward","sequence":1}`, "this is no action")
			w.does(`[]`, "this is no action")
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWing(t)
			w.does(`{"do":"pause"}`, "")
			w.say(w.client, note1)
			w.holds(1)
			play(w)
		})
	}
}

// TestVerbsAreDocumented: each has a name of its own and a line about it.
func TestVerbsAreDocumented(t *testing.T) {
	names, docs := Verbs()
	seen := map[string]bool{}
	for i, n := range names {
		if seen[n] || len(docs[i]) < 10 {
			t.Errorf("%s: %q", n, docs[i])
		}
		seen[n] = true
	}
}
