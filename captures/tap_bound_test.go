package captures

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
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
		full = tap.log.size > tapAhead
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

// TestABurstWaitsInTheFile: what comes faster than it is read does not make who
// sends it wait, takes bounded memory, and arrives whole and in order.
func TestABurstWaitsInTheFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	tap := NewTap(TapOptions{Live: true})
	tap.Open(1, false, tapClient, tapDoor, time.Unix(1, 0))
	const parts, size = 6000, 10000 // 60 MB
	p := make([]byte, size)
	for i := range parts {
		binary.BigEndian.PutUint32(p, uint32(i))
		tap.Data(1, false, decode.FromInitiator, time.Unix(1, int64(i)), p)
		if i%1000 == 500 {
			tap.Mark(1, time.Unix(1, int64(i)), decode.Mark{Do: decode.MarkNote, Note: fmt.Sprint(i)})
		}
	}
	if tap.log.size > tapAhead {
		t.Errorf("%d bytes in memory", tap.log.size)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 && runtime.GOOS != "windows" {
		t.Error("the file has a name")
	}
	in := tap.Input()
	src, err := in.source(context.Background(), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	tap.Close()
	n, marks := 0, 0
	var pk Packet
	for src.Next(&pk) == nil {
		if len(pk.Marks) > 0 {
			marks++
			if n%1000 != 501 {
				t.Errorf("a mark stands behind packet %d", n)
			}
		}
		if len(pk.Data) < size {
			continue
		}
		if got := binary.BigEndian.Uint32(pk.Data[len(pk.Data)-size:]); int(got) != n {
			t.Fatalf("packet %d is %d", n, got)
		}
		n++
	}
	if n != parts || marks != 6 {
		t.Errorf("%d packets, %d marks", n, marks)
	}
	src.Close()
	tap.quiet.Wait()
	if tap.log.file.f != nil {
		t.Error("the file is not closed")
	}
}
