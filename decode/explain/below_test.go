package explain

import (
	"slices"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/tlswire"
)

// beneath are events below XMPP, by kind and name.
var beneath = [...]struct {
	kind decode.Kind
	name string
}{
	{decode.KindTLS, ""}, {decode.KindTLS, "client_hello"}, {decode.KindTLS, "server_hello"}, {decode.KindTLS, "hello_retry_request"},
	{decode.KindTLS, "encrypted_extensions"}, {decode.KindTLS, "certificate"}, {decode.KindTLS, "certificate_request"},
	{decode.KindTLS, "certificate_verify"}, {decode.KindTLS, "server_key_exchange"}, {decode.KindTLS, "client_key_exchange"},
	{decode.KindTLS, "finished"}, {decode.KindTLS, "new_session_ticket"}, {decode.KindTLS, "key_update"}, {decode.KindTLS, "alert"},
	{decode.KindTLS, "change_cipher_spec"}, {decode.KindTLS, "handshake_99"},
	{decode.KindHTTP, "request"}, {decode.KindHTTP, "response"}, {decode.KindHTTP, ""}, {decode.KindHTTP, "ping"}, {decode.KindHTTP, "close"},
	{decode.KindDNS, "query"}, {decode.KindDNS, "response"}, {decode.KindStanza, "message"},
}

// FuzzBelowXMPP: whatever bytes an event below XMPP has, it is explained in
// bounded words, and its fields lie inside its bytes.
func FuzzBelowXMPP(f *testing.F) {
	for _, s := range []string{"", "\x16\x03\x01\x00\x05hello", "\x81\xfe\xff\xff", "\x88\x82\x00\x00\x00\x00\x03\xe8", "\x02\x28",
		"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"links\":[{}]}  ", "POST / HTTP/1.1\r\nHost: a\r\n\r\n<body rid='1'",
		"HTTP/1.1 200 OK\r\n\r\n<XRD><Link rel='urn:xmpp:alt-connections:websocket' href='ws:x'/></XRD>"} {
		for i := range beneath {
			f.Add(uint8(i), uint8(i), uint16(tlswire.TLS12), uint16(0xc02f), []byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, which, step uint8, version, cipher uint16, wire []byte) {
		b := beneath[int(which)%len(beneath)]
		s := &decode.State{TLS: decode.TLS{Version: version, Cipher: cipher}}
		e := &decode.Event{Kind: b.kind, Step: decode.Step(step), Dir: decode.Dir(which & 1), Wire: wire, State: s, After: s, Note: "inside TLS: " + tlswire.Lost.String()}
		e.Name.Local = b.name
		if b.kind == decode.KindStanza {
			e.XML = []byte("<message/>")
		}
		x := Event(e)
		if len([]rune(x.Title)) > 400 || x.Title == "" {
			t.Errorf("a title of %d characters", len([]rune(x.Title)))
		}
		if len(x.More) > maxLines || len(x.Notes) > maxLines {
			t.Errorf("%d lines and %d notes", len(x.More), len(x.Notes))
		}
		for _, f := range slices.Concat(Fields(e), Frames(e)) {
			if f.Start < 0 || f.End < f.Start || f.End > len(wire) {
				t.Errorf("%s lies at %d to %d of %d bytes", f.Name, f.Start, f.End, len(wire))
			}
		}
	})
}

func TestWordsOfHTTPAreSentences(t *testing.T) {
	for _, texts := range []map[string]string{statusTexts, closeTexts} {
		for code, text := range texts {
			sentence(t, code, text)
		}
	}
	for _, code := range []string{"100", "206", "301", "418", "599"} {
		sentence(t, code, statusText(code))
	}
	if statusText("") != "" || statusText("9999") != "" {
		t.Error("what is no status is explained as one")
	}
}

// Every record type and reason has words of its own.
func TestUnread(t *testing.T) {
	seen := map[string]bool{}
	for w := tlswire.NoKeys; w.String() != ""; w++ {
		e := &decode.Event{Kind: decode.KindTLS, Wire: []byte("\x17\x03\x03\x00\x02ab"), Note: "inside TLS: " + w.String()}
		got, ok := Unread(e)
		if !ok || got != w {
			t.Errorf("%q is taken for %q", w, got)
		}
		x := Event(e)
		if x.Expect == "" || seen[x.What] {
			t.Errorf("%s: says nothing of its own: %q", w, x.What)
		}
		seen[x.What] = true
	}
	if _, ok := Unread(&decode.Event{Kind: decode.KindTLS, Wire: []byte{1}}); !ok {
		t.Error("a run without a reason is not told")
	}
	if _, ok := Unread(&decode.Event{Kind: decode.KindStanza}); ok {
		t.Error("a stanza is taken for records")
	}
}

func TestSuites(t *testing.T) {
	for _, c := range []struct {
		id   uint16
		want string
	}{
		{0x1301, "in one go"}, {0xc02f, "anew for every connection"}, {0x002f, "whoever has that key"}, {0xc013, "CBC"},
		{0x0005, "RC4"}, {0x000a, "Triple DES"}, {0x0002, "does not encrypt"}, {0x00a8, "both sides had before"}, {0xfefe, ""}, {0, ""},
	} {
		if got := suiteWords(c.id); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%04x: %q, want %q in it", c.id, got, c.want)
		}
	}
}

func TestWhoBeforeTheStream(t *testing.T) {
	with := func(alpn string) *decode.State { return &decode.State{TLS: decode.TLS{ALPN: alpn}} }
	for _, c := range []struct {
		e    decode.Event
		want string
	}{
		{decode.Event{Kind: decode.KindTLS, After: with("xmpp-client")}, "client"},
		{decode.Event{Kind: decode.KindTLS, After: with("xmpp-server"), Dir: decode.FromReceiver}, "receiving server"},
		{decode.Event{Kind: decode.KindTLS, After: with("h2")}, "initiating entity"},
		{decode.Event{Kind: decode.KindHTTP, Dir: decode.FromReceiver}, "server"},
		{decode.Event{Kind: decode.KindDNS, To: "_xmpp-server._tcp.a.example"}, "initiating server"},
		{decode.Event{Kind: decode.KindDNS, To: "_xmpps-client._tcp.a.example"}, "client"},
		{decode.Event{Kind: decode.KindDNS, To: "a.example"}, "initiating entity"},
		{decode.Event{Kind: decode.KindDNS, To: "a.example", Dir: decode.FromReceiver}, "DNS server"},
		{decode.Event{Kind: decode.KindTLS, After: &decode.State{Profile: decode.ProfileComponent, TLS: decode.TLS{ALPN: "xmpp-client"}}}, "component"},
	} {
		if got := Who(&c.e); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.e.Kind, c.e.To, got, c.want)
		}
	}
}

func TestRelated(t *testing.T) {
	for step, want := range map[decode.Step]string{
		decode.StepS2SDialback2: "shown in event 5", decode.StepS2SDialback4: "checked in event 5", decode.StepSMResume: "begun in event 5",
		decode.StepStreamOpenInitial: "redirection of event 5", decode.StepExchange: "event 5",
	} {
		e := decode.Event{Kind: decode.KindNonza, Step: step, Related: 5}
		if x := Event(&e); !strings.Contains(x.What, want) {
			t.Errorf("%s: %q", step, x.What)
		}
		e.Related = 0
		if x := Event(&e); strings.Contains(x.What, "another connection") {
			t.Errorf("%s without a relation: %q", step, x.What)
		}
	}
}
