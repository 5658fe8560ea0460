package inspector

import (
	"encoding/json"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/tlswire"
)

// What TLS hides is counted by its reason, and not as bytes of XMPP.
func TestStatsOfTLS(t *testing.T) {
	s := NewStats(onlyFaults())
	for _, e := range wrapped() {
		s.Add(e)
	}
	tls := decode.TLS{Version: tlswire.TLS12, Cipher: 0xc02f, SNI: "capulet.example"}
	s.AddConversation(decode.Conversation{Conn: 1, Transport: "direct-tls", Encrypted: true, TLS: tls})
	read := tls
	read.Version, read.Keys = tlswire.TLS13, "keylog"
	s.AddConversation(decode.Conversation{Conn: 2, Transport: "websocket", Encrypted: true, Decrypted: true, TLS: read})
	s.AddConversation(decode.Conversation{Conn: 3, Transport: "bosh"})
	r := s.Report()
	hidden := wrapped()[0]
	if len(r.Unread) != 1 || r.Unread[0].Why != "no-keys" || r.Unread[0].Bytes != int64(len(hidden.Wire)) || r.Unread[0].Text == "" {
		t.Errorf("unread: %+v", r.Unread)
	}
	if want := int64(len(wrapped()[2].Wire) + len(wrapped()[3].Wire)); r.Bytes != want {
		t.Errorf("%d bytes of XMPP, want %d", r.Bytes, want)
	}
	if r.Transports.Of("direct-tls") != 1 || r.Transports.Of("websocket") != 1 || r.Transports.Of("bosh") != 1 {
		t.Errorf("transports: %v", r.Transports)
	}
	if r.TLS == nil || r.TLS.Conversations != 2 || r.TLS.Decrypted != 1 || r.TLS.Versions.Of("TLS 1.2") != 1 || r.TLS.Keys.Of("keylog") != 1 {
		t.Errorf("TLS: %+v", r.TLS)
	}
	for i, want := range []string{"TLS 1.2 no keys", "TLS 1.3 read"} {
		if got := r.Conversations[i].TLS.Short; got != want {
			t.Errorf("conversation %d: %q, want %q", i+1, got, want)
		}
	}
	if r.Conversations[2].TLS != nil {
		t.Error("a conversation in the clear has TLS")
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"tls":{"version":"TLS 1.2"`, `"decrypted":false`, `"unread":[{"why":"no-keys"`, `"transports":{`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the JSON lacks %s: %s", want, text)
		}
	}
}

// Every reason of tlswire has a short name.
func TestWhysHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for w := tlswire.NoKeys; w.String() != ""; w++ {
		if int(w) >= maxWhys || whyNames[w] == "" || seen[whyNames[w]] {
			t.Errorf("%q has no name of its own", w)
			continue
		}
		seen[whyNames[w]] = true
		if got := (&ConnTLS{Version: "TLS 1.2"}).Words(w); len(got) > len("TLS 1.2 early refused") || got == "TLS 1.2 " {
			t.Errorf("%s: %q", w, got)
		}
	}
}

// While a conversation is still being read its TLS is known by its events.
func TestTLSWhileReading(t *testing.T) {
	s := NewStore(StoreOptions{})
	defer s.Close()
	now := &decode.State{Layer: decode.LayerTLS, TLS: decode.TLS{Version: tlswire.TLS13}}
	e := &decode.Event{Seq: 1, Conn: 1, Kind: decode.KindTLS, Layer: decode.LayerTLS, After: now}
	e.Name.Local = "server_hello"
	s.Append(e)
	for _, want := range []string{"TLS 1.3 not read", "TLS 1.3 read"} {
		c, _ := s.Conversation(1)
		if got := TLSOf(&c).Words(tlswire.Readable); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		keyed := *now
		keyed.TLS.Keys = "keylog"
		f := &decode.Event{Seq: 2, Conn: 1, Kind: decode.KindTLS, Layer: decode.LayerTLS, State: now, After: &keyed}
		f.Name.Local = "finished"
		s.Append(f)
	}
}
