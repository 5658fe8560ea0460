package export

import (
	"bytes"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// TestHeldIsNoEventYet: what waits must not read like what has passed.
func TestHeldIsNoEventYet(t *testing.T) {
	for held, want := range map[bool]int{true: 1, false: 0} {
		var out bytes.Buffer
		f, ok := Lookup("text")
		if !ok {
			t.Fatal("no text")
		}
		w := f.New(&out, Options{})
		e := &decode.Event{Seq: 1, Conn: 1, Kind: decode.KindStanza, Held: held, Name: xmlstream.Name{Space: "jabber:client", Local: "message"},
			Wire: []byte("<message xmlns='jabber:client'/>")}
		if err := w.Event(e); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(strings.Join(strings.Fields(out.String()), " "), "held: it has not gone on"); got != want {
			t.Errorf("held %v:\n%s", held, out.String())
		}
	}
}
