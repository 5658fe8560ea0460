package captures

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"xmppscope/captures/synth"
	"xmppscope/decode"
)

// Keys that come while nothing is captured are put to use at once.
func TestKeysThatComeInSilence(t *testing.T) {
	var file, log bytes.Buffer
	truth, err := synth.Write(&file, synth.Options{Size: 20_000, Conns: 1, Seed: 5, KeyLog: &log})
	if err != nil {
		t.Fatal(err)
	}
	ended := behind(file.Bytes(), int(truth.Packets)-8)
	dir := t.TempDir()
	path, keys := filepath.Join(dir, "a.pcap"), filepath.Join(dir, "keys")
	begun := file.Bytes()[:file.Len()-len(ended)+24]
	if err := os.WriteFile(path, begun, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	k := &Keyring{}
	k.Watch(keys)
	stanzas := 0
	for item, err := range Read(ctx, []Input{File(path)}, Options{Keys: k, Follow: true}) {
		if err != nil {
			t.Fatal(err)
		}
		e := item.Event
		switch {
		case e == nil:
		case e.Name.Local == "server_hello":
			if err := os.WriteFile(keys, log.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		case e.Kind == decode.KindStanza && ctx.Err() == nil:
			if len(e.Frames) == 0 {
				t.Errorf("event %d has no frame", e.Seq)
			}
			stanzas++
			cancel()
		case e.Kind == decode.KindTLS && e.Name.Local == "" && ctx.Err() == nil:
			t.Fatalf("not read: %s", e.Note)
		}
	}
	if stanzas == 0 {
		t.Error("nothing was read until the end")
	}
}
