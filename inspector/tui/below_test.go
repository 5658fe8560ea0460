package tui

import (
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

// Where there is little room the domain stays, and of the machine its port.
func TestWhoShort(t *testing.T) {
	for _, c := range []struct {
		v    decode.Conversation
		want string
	}{
		{decode.Conversation{Initiator: "127.0.0.1:54132", Receiver: "127.0.0.1:5222", Domain: "secure.example"}, ":54132 → secure.example"},
		{decode.Conversation{Initiator: "[::1]:54132", Receiver: "[::1]:5222"}, ":54132 → [::1]:5222"},
		{decode.Conversation{Initiator: "127.0.0.1:1", JID: "juliet@capulet.example/balcony"}, "juliet@capulet.example/balcony"},
		{decode.Conversation{Initiator: "somewhere", Domain: "secure.example"}, "somewhere → secure.example"},
		{decode.Conversation{Profile: decode.ProfileS2S, Initiator: "192.0.2.1:9", JID: "a.example", Domain: "b.example"}, "a.example → b.example"},
	} {
		if got := whoShort(&c.v); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// What carried the bytes is said in words, layer by layer, and not where they
// stood in TCP as they are.
func TestCarriers(t *testing.T) {
	tls13 := &decode.State{TLS: decode.TLS{Version: 0x0304, Cipher: 0x1301}}
	tls12 := &decode.State{TLS: decode.TLS{Version: 0x0303, Cipher: 0xc02f}}
	ten := make([]byte, 10)
	for _, c := range []struct {
		e    decode.Event
		want string
	}{
		{decode.Event{Layer: decode.LayerTLS, Kind: decode.KindStanza, Wire: ten, After: tls13, Raw: decode.Extent{Start: 10, End: 42}},
			"TCP       bytes 10 to 41 of its direction, 32 bytes|TLS       1 record of its own: a header of 5 bytes, then 10 bytes encrypted and 1 byte for what it is and a tag of 16 bytes that proves it unchanged"},
		{decode.Event{Layer: decode.LayerTLS, Kind: decode.KindStanza, Wire: ten, After: tls12, Raw: decode.Extent{Start: 0, End: 39}},
			"TCP       bytes 0 to 38 of its direction, 39 bytes|TLS       1 record of its own: a header of 5 bytes, then 10 bytes encrypted and 8 bytes of nonce and a tag of 16 bytes that proves it unchanged"},
		{decode.Event{Layer: decode.LayerTLS, Kind: decode.KindStanza, Wire: ten, After: tls13, Raw: decode.Extent{Start: 0, End: 99}},
			"TCP       bytes 0 to 98 of its direction, 99 bytes|TLS       each record has a header of 5 bytes (type, version, length), then ciphertext; together with what else stood in the same records 99 bytes"},
		{decode.Event{Layer: decode.LayerZlib, Kind: decode.KindStanza, Wire: ten, Raw: decode.Extent{Start: 1, End: 3}},
			"TCP       bytes 1 to 2 of its direction, 2 bytes|zlib      compressed, one stream for the whole direction: 2 bytes for what is 10 bytes here"},
		{decode.Event{Layer: decode.LayerTLS, Kind: decode.KindTLS, Name: xmlstream.Name{Local: "finished"}, Wire: make([]byte, 4), Raw: decode.Extent{Start: 0, End: 9}},
			"TCP       bytes 0 to 8 of its direction, 9 bytes|TLS       one record in the clear: a header of 5 bytes (type, version, length), then the message"},
		{decode.Event{Kind: decode.KindStanza, Raw: decode.Extent{Start: 0, End: 9}, Frames: []uint32{3, 4, 9}}, "capture   frames 3–4, 9"},
	} {
		p := &hexPage{th: newTheme("", true)}
		p.carriers(&tabInput{event: &c.e, links: linksOf(&c.e)})
		var got []string
		for _, s := range p.sections {
			for _, l := range s.lines {
				got = append(got, l.plain())
			}
		}
		if text := strings.Join(got, "|"); text != c.want {
			t.Errorf("%q, want %q", text, c.want)
		}
	}
}

// Where several frames carried an event, each has its run of bytes.
func TestRunsOfFrames(t *testing.T) {
	e := decode.Event{Kind: decode.KindStanza, Wire: make([]byte, 30), Raw: decode.Extent{Start: 100, End: 130}, Frames: []uint32{4, 6, 7}, Seams: []int64{110, 111}}
	wrapped := e
	wrapped.Layer = decode.LayerTLS
	for _, c := range []struct {
		e    *decode.Event
		want string
	}{{&e, "Which frame carried what|  frame 4  bytes 0 to 9, 10 bytes|  frame 6  byte 10, 1 byte|  frame 7  bytes 11 to 29, 19 bytes"},
		{&wrapped, "Which frame carried what, in bytes of TCP|  frame 4  bytes 100 to 109, 10 bytes|  frame 6  byte 110, 1 byte|  frame 7  bytes 111 to 129, 19 bytes"}} {
		p := &hexPage{th: newTheme("", true)}
		p.runs(&tabInput{event: c.e}, lint.InText)
		var got []string
		for _, l := range p.sections[0].lines[1:] {
			got = append(got, l.plain())
		}
		if text := strings.Join(got, "|"); text != c.want {
			t.Errorf("%q, want %q", text, c.want)
		}
	}
}

// What a certificate says in the same bytes has its place named once.
func TestBytesNameAPlaceOnce(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "tls12"), NoColor: true}, 100, 90)
	for i := range th.u.cap.store.Len() {
		if e, _ := th.u.cap.store.Event(i); e.Kind == decode.KindTLS && e.Name.Local == "certificate" {
			th.u.goTo(i)
			break
		}
	}
	th.tick()
	th.press("4").has("What they mean").has("not after")
	if n := strings.Count(th.screen(), "000a–"); n != 1 {
		t.Errorf("the place of the certificate is named %d times:\n%s", n, th.screen())
	}
}

// The names of servers are long: where they do not fit over the ladder the
// sides are named all the same.
func TestLadderNamesServers(t *testing.T) {
	for _, c := range []struct {
		w    int
		want string
	}{{80, " initiator "}, {140, " initiating server "}} {
		src := transcripts(t, "plain")
		src.Store.SetConversation(decode.Conversation{Conn: 1, Profile: decode.ProfileS2S, Events: 1})
		perform(t, Options{Source: src, NoColor: true}, c.w, 30).press("l").has(c.want)
	}
}

// Whose bytes they are is said by the same name in every tab, also before the
// conversation has told of what sort it is.
func TestBytesHaveTheNameOfTheirSide(t *testing.T) {
	perform(t, Options{Source: transcripts(t, "plain"), NoColor: true}, 100, 30).press("Home 4").has("0 bytes from the client")
}

// Where no XML stands the tab says what there is instead.
func TestWhatStandsInPlaceOfXML(t *testing.T) {
	th := locked(t, 100, 40, "tls12")
	th.press("2").has("No XML stands here: this happened to the TCP connection").press("s").has("a message of TLS: 1 Explain takes it apart")
	th.u.jump(9)
	th.tick()
	th.has("What stands here is hidden by TLS: 1 Explain says why")
	dns := &decode.Event{Seq: 1, Conn: 1, Kind: decode.KindDNS, Step: decode.StepDNSSRV, Type: "SRV", To: "_xmpp-client._tcp.capulet.example",
		Wire: []byte("\x00\x02\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x0c_xmpp-client\x04_tcp\x07capulet\x07example\x00\x00\x21\x00\x01")}
	store := inspector.NewStore(inspector.StoreOptions{})
	store.Append(dns)
	th = perform(t, Options{Source: &Source{Store: store, Close: func() { store.Close() }}, NoColor: true}, 100, 40)
	th.press("2").has("a message of DNS: 1 Explain takes it apart").press("4").has("51 bytes from the").lacks("offset 0")
}
