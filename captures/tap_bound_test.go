package captures

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"xmppscope/decode"
)

// TestATapIsBounded: connections and marks that carry no bytes wait for their
// reader too, and the keys that it has are not kept.
func TestATapIsBounded(t *testing.T) {
	tap := NewTap(TapOptions{Live: true})
	done := make(chan bool)
	go func() {
		defer close(done)
		for flow := range uint64(1 << 18) {
			tap.Open(flow, false, tapClient, tapDoor, time.Unix(1, 0))
			tap.Mark(flow, time.Unix(1, 0), decode.Mark{Do: decode.MarkDrop, Dir: decode.FromReceiver, Text: bytes.Repeat([]byte("x"), 100)})
			tap.Forget(flow)
		}
	}()
	for full := false; !full; {
		select {
		case <-done:
			t.Fatal("nobody reads, and nobody waits")
		case <-time.After(time.Millisecond):
		}
		tap.mu.Lock()
		full = tap.size > tapAhead
		tap.mu.Unlock()
	}
	tap.Close()
	<-done

	tap = NewTap(TapOptions{Live: true})
	in := tap.Input()
	src, err := in.source(context.Background(), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer tap.Close()
	for i := range 5 {
		line := fmt.Sprintf("CLIENT_RANDOM %064x %096x\n", i, i)
		tap.Keys([]byte(line))
		tap.Open(uint64(i), false, tapClient, tapDoor, time.Unix(1, 0))
		if err := src.Next(&Packet{}); err != nil {
			t.Fatal(err)
		}
		all := src.Secrets()
		if len(all) != i+1 || string(all[i].Data) != line {
			t.Fatalf("%d secrets, not %d", len(all), i+1)
		}
		for _, old := range all[:i] {
			if old.Data != nil {
				t.Error("a key that was taken is kept")
			}
		}
		for range 2 { // the rest of the handshake of TCP
			src.Next(&Packet{})
		}
	}
}
