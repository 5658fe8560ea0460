package captures

import (
	"bytes"
	"os"
	"testing"

	"xmppscope/captures/synth"
	"xmppscope/decode"
)

// encrypted is a capture of many TLS connections and its key log.
func encrypted(t testing.TB, size int64) (file []byte, keys string, truth synth.Truth) {
	t.Helper()
	var b, log bytes.Buffer
	truth, err := synth.Write(&b, synth.Options{Size: size, Conns: 20, Seed: 3, KeyLog: &log})
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir() + "/synth.keys"
	if err := os.WriteFile(path, log.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), path, truth
}

// With a key log every stanza is counted exactly, segments overtaken and sent
// twice and all; every frame is one that carried the event.
func TestTLSCountsAreExact(t *testing.T) {
	file, keys, truth := encrypted(t, 3_000_000)
	k := &Keyring{}
	if err := k.AddFile(keys); err != nil {
		t.Fatal(err)
	}
	var got synth.Truth
	conversations := 0
	for item, err := range Read(t.Context(), []Input{bytesInput(file)}, Options{Keys: k}) {
		if err != nil {
			t.Fatal(err)
		}
		if c := item.Conversation; c != nil {
			conversations++
			if !c.Decrypted || c.TLS.Version != 0x0304 || c.TLS.Keys != "keylog" || c.Outcome != decode.OutcomeClosed {
				t.Fatalf("conversation %d: %+v %s", c.Conn, c.TLS, c.Outcome)
			}
			continue
		}
		e := item.Event
		if len(e.Wire) > 0 && len(e.Frames) == 0 {
			t.Fatalf("event %d has bytes and no frame", e.Seq)
		}
		switch e.Kind {
		case decode.KindStanza:
			*map[string]*int64{"message": &got.Message[e.Dir], "presence": &got.Presence[e.Dir], "iq": &got.IQ[e.Dir]}[e.Name.Local]++
		case decode.KindOpen:
			got.Open[e.Dir]++
		case decode.KindFeatures:
			got.Features[e.Dir]++
		case decode.KindNonza:
			got.Nonza[e.Dir]++
		case decode.KindClose:
			got.Close[e.Dir]++
		case decode.KindBroken, decode.KindGap:
			t.Fatalf("event %d is %s", e.Seq, e.Kind)
		}
	}
	for name, pair := range map[string][2][2]int64{"message": {got.Message, truth.Message}, "presence": {got.Presence, truth.Presence}, "iq": {got.IQ, truth.IQ},
		"open": {got.Open, truth.Open}, "features": {got.Features, truth.Features}, "nonza": {got.Nonza, truth.Nonza}, "close": {got.Close, truth.Close}} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %v, the truth is %v", name, pair[0], pair[1])
		}
	}
	if conversations != truth.Conns {
		t.Errorf("%d conversations, the truth is %d", conversations, truth.Conns)
	}
}

// Without keys the same capture is opaque after STARTTLS, all of it, and closed
// as far as can be seen.
func TestTLSWithoutKeysIsOpaque(t *testing.T) {
	file, _, truth := encrypted(t, 300_000)
	stanzas, opaque, conversations := 0, 0, 0
	for item, err := range Read(t.Context(), []Input{bytesInput(file)}, Options{}) {
		switch {
		case err != nil:
			t.Fatal(err)
		case item.Event == nil:
			conversations++
			if c := item.Conversation; c.Decrypted || !c.Encrypted || c.TLS.Version != 0x0304 || c.TLS.Keys != "" {
				t.Fatalf("conversation %d: %+v", c.Conn, c.TLS)
			}
		case item.Event.Kind == decode.KindStanza:
			stanzas++
		case item.Event.Kind == decode.KindTLS && item.Event.Name.Local == "":
			opaque++
		}
	}
	if stanzas > 0 || opaque == 0 || conversations != truth.Conns {
		t.Fatalf("%d stanzas, %d opaque runs, %d conversations", stanzas, opaque, conversations)
	}
}

// BenchmarkReadTLS decrypts and decodes.
func BenchmarkReadTLS(b *testing.B) {
	file, keys, _ := encrypted(b, 20_000_000)
	k := &Keyring{}
	if err := k.AddFile(keys); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		for _, err := range Read(b.Context(), []Input{bytesInput(file)}, Options{Keys: k}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
