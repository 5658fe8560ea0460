package captures

import (
	"bytes"
	"encoding/binary"
	"maps"
	"testing"

	"xmppscope/decode"
)

// behind is a pcap file without its first packets.
func behind(file []byte, packets int) []byte {
	const fileHead, packetHead = 24, 16
	at := fileHead
	for range packets {
		at += packetHead + int(binary.LittleEndian.Uint32(file[at+8:]))
	}
	return append(append([]byte{}, file[:fileHead]...), file[at:]...)
}

// A capture that begins in the middle of TLS 1.3 is read where the key log has
// few connections: what belongs to it is found by trying. Without keys it is
// counted.
func TestTLSFromItsMiddle(t *testing.T) {
	file, keys, _ := encrypted(t, 400_000)
	k := &Keyring{}
	if err := k.AddFile(keys); err != nil {
		t.Fatal(err)
	}
	read := func(file []byte, k *Keyring) (conversations, stanzas int, tally Tally) {
		for item, err := range Read(t.Context(), []Input{bytesInput(file)}, Options{Keys: k, Tally: &tally}) {
			switch {
			case err != nil:
				t.Fatal(err)
			case item.Conversation != nil:
				conversations++
				if c := item.Conversation; k != nil && (!c.Decrypted || c.TLS.Version != 0x0304 || c.TLS.Cipher == 0 || c.TLS.Keys != "keylog" || len(c.Randoms) != 1 || c.Transport != decode.TransportTCP) {
					t.Errorf("conversation %d: %+v", c.Conn, c)
				}
			case item.Event.Kind == decode.KindStanza:
				stanzas++
			case item.Event.Kind == decode.KindBroken:
				t.Errorf("event %d is broken: %q", item.Event.Seq, item.Event.Wire)
			}
		}
		return conversations, stanzas, tally
	}
	all, stanzas, full := read(file, k)
	if all == 0 || stanzas == 0 {
		t.Fatal("nothing is read of the whole")
	}
	late := behind(file, int(full.Packets)/2)
	conversations, some, tally := read(late, k)
	if conversations != int(tally.Connections) || some < stanzas/3 || some > stanzas*2/3 || tally.Hidden > 0 {
		t.Errorf("%d conversations of %d, %d stanzas of %d, %d hidden", conversations, tally.Connections, some, stanzas, tally.Hidden)
	}
	if conversations, some, tally = read(late, nil); some > 0 || int64(conversations)+tally.Hidden != tally.Connections || tally.Hidden == 0 {
		t.Errorf("without keys: %d conversations and %d hidden of %d, %d stanzas", conversations, tally.Hidden, tally.Connections, some)
	}
}

// Where both ports are high, only the keys tell who began the connection: what
// is read is the same, whichever port is the higher one.
func TestTLSFromItsMiddleTellsTheSides(t *testing.T) {
	file, keys, _ := encrypted(t, 400_000)
	k := &Keyring{}
	if err := k.AddFile(keys); err != nil {
		t.Fatal(err)
	}
	type seen struct {
		dir  decode.Dir
		kind decode.Kind
	}
	read := func(file []byte) (all map[seen]int) {
		all = map[seen]int{}
		for item, err := range Read(t.Context(), []Input{bytesInput(file)}, Options{Keys: k}) {
			if err != nil {
				t.Fatal(err)
			}
			if e := item.Event; item.Conversation == nil {
				all[seen{e.Dir, e.Kind}]++
			}
		}
		return all
	}
	for _, packets := range []int{101, 200, 500} {
		late := behind(file, packets)
		want := read(late)
		if got := read(withPort(late, 5222, 65000)); !maps.Equal(got, want) {
			t.Errorf("behind %d packets: with a high port %v, want %v", packets, got, want)
		}
	}
}

// withPort is a pcap file with another port of TCP.
func withPort(file []byte, old, port uint16) []byte {
	const fileHead, packetHead, tcp = 24, 16, 14 + 20
	file = bytes.Clone(file)
	for at := fileHead; at < len(file); {
		size := int(binary.LittleEndian.Uint32(file[at+8:]))
		at += packetHead
		for _, place := range []int{at + tcp, at + tcp + 2} {
			if binary.BigEndian.Uint16(file[place:]) == old {
				binary.BigEndian.PutUint16(file[place:], port)
			}
		}
		at += size
	}
	return file
}

// The same before TLS, where the first stream header tells it.
func TestHeaderTellsTheSides(t *testing.T) {
	file, keys, _ := encrypted(t, 400_000)
	k := &Keyring{}
	if err := k.AddFile(keys); err != nil {
		t.Fatal(err)
	}
	late := withPort(behind(file, 3), 5222, 65000)
	for item, err := range Read(t.Context(), []Input{bytesInput(late)}, Options{Keys: k}) {
		if err != nil {
			t.Fatal(err)
		}
		if e := item.Event; e != nil && e.Kind == decode.KindOpen && (e.ID != "") != (e.Dir == decode.FromReceiver) {
			t.Fatalf("event %d: a header with the id %q from the %s", e.Seq, e.ID, e.Dir)
		}
	}
}
