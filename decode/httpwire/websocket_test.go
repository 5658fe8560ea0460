package httpwire

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// frame writes one frame.
func frame(first byte, masked bool, payload []byte) []byte {
	b := []byte{first}
	mask := byte(0)
	if masked {
		mask = 0x80
	}
	switch n := len(payload); {
	case n < 126:
		b = append(b, mask|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, mask|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, mask|127), uint64(n))
	}
	if !masked {
		return append(b, payload...)
	}
	key := []byte{1, 2, 3, 4}
	b = append(b, key...)
	for i, c := range payload {
		b = append(b, c^key[i&3])
	}
	return b
}

func read(o WSOptions, in []byte, cut func([]byte) [][]byte) (all []WSMessage) {
	w := NewWebSocket(o)
	for _, p := range cut(in) {
		all = append(all, w.Feed(p)...)
	}
	return append(all, w.Flush()...)
}

func list(all []WSMessage) string {
	var b strings.Builder
	for _, m := range all {
		if m.Broken && len(m.Faults) == 0 {
			continue
		}
		fmt.Fprintf(&b, "%d %q %d+%d x%d", m.Opcode, m.Payload, m.Off, len(m.Wire), m.Frames)
		if m.Code != 0 {
			fmt.Fprintf(&b, " %d %s", m.Code, m.Reason)
		}
		if m.Inside {
			b.WriteString(" inside")
		}
		for _, f := range m.Faults {
			b.WriteString(" !" + f.Rule)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func one(p []byte) [][]byte { return [][]byte{p} }

func each(p []byte) (all [][]byte) {
	for i := range p {
		all = append(all, p[i:i+1])
	}
	return all
}

func TestFrames(t *testing.T) {
	for _, c := range []struct {
		name string
		o    WSOptions
		in   [][]byte
		want string
	}{
		{"text", WSOptions{Masked: true}, [][]byte{frame(0x81, true, []byte("<a/>"))}, "1 \"<a/>\" 0+10 x1\n"},
		{"fragments", WSOptions{}, [][]byte{frame(0x01, false, []byte("<a")), frame(0x89, false, []byte("?")), frame(0x80, false, []byte("/>"))},
			"9 \"?\" 4+0 x1 inside\n1 \"<a/>\" 0+11 x2\n"},
		{"long", WSOptions{}, [][]byte{frame(0x81, false, bytes.Repeat([]byte("x"), 200)), frame(0x81, false, bytes.Repeat([]byte("y"), 70000))},
			fmt.Sprintf("1 %q 0+204 x1\n1 %q 204+70010 x1\n", strings.Repeat("x", 200), strings.Repeat("y", 70000))},
		{"close", WSOptions{}, [][]byte{frame(0x88, false, []byte("\x03\xe8bye"))}, "8 \"\\x03\\xe8bye\" 0+7 x1 1000 bye\n"},
		{"after the end", WSOptions{}, [][]byte{frame(0x88, false, nil), frame(0x81, false, []byte("<a/>"))}, "8 \"\" 0+2 x1\n1 \"<a/>\" 2+6 x1 !ws-frame-broken\n"},
		{"bad code", WSOptions{}, [][]byte{frame(0x88, false, []byte("\x03\xee"))}, "8 \"\\x03\\xee\" 0+4 x1 1006  !ws-frame-broken\n"},
		{"compressed ping", WSOptions{Deflate: true}, [][]byte{frame(0xc9, false, nil)}, "9 \"\" 0+2 x1 !ws-frame-broken\n"},
		{"unmasked", WSOptions{Masked: true}, [][]byte{frame(0x81, false, []byte("<a/>"))}, "1 \"<a/>\" 0+6 x1 !ws-frame-broken\n"},
		{"reserved", WSOptions{}, [][]byte{{0xb1, 0}}, "0 \"\" 0+2 x0 !ws-frame-broken\n"},
		{"not the shortest", WSOptions{}, [][]byte{{0x81, 126, 0, 1, 'x'}}, "1 \"x\" 0+5 x1 !ws-frame-broken\n"},
		{"no UTF-8", WSOptions{}, [][]byte{frame(0x81, false, []byte("\xff"))}, "1 \"\\xff\" 0+3 x1 !xml-encoding\n"},
		{"incomplete", WSOptions{}, [][]byte{{0x81, 5, 'x'}}, "0 \"\" 0+3 x0 !ws-incomplete\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := bytes.Join(c.in, nil)
			got := list(read(c.o, in, one))
			if got != c.want {
				t.Errorf("have %s want %s", got, c.want)
			}
			if again := list(read(c.o, in, each)); c.name != "reserved" && again != got {
				t.Errorf("byte by byte %s", again)
			}
		})
	}
}

// RFC 7692: one compressor over all messages, or one for each.
func TestDeflate(t *testing.T) {
	for _, takeover := range []bool{true, false} {
		var b bytes.Buffer
		z, _ := flate.NewWriter(&b, 9)
		var in []byte
		want := ""
		for i := range 5 {
			text := strings.Repeat("<presence/>", i+1)
			want += text
			z.Write([]byte(text))
			z.Flush()
			in = append(in, frame(0xc1, false, bytes.TrimSuffix(b.Bytes(), []byte("\x00\x00\xff\xff")))...)
			b.Reset()
			if !takeover {
				z.Reset(&b)
			}
		}
		got := ""
		for _, m := range read(WSOptions{Deflate: true, NoContext: !takeover}, in, one) {
			got += string(m.Payload)
			if len(m.Faults) > 0 {
				t.Fatal(m.Faults)
			}
		}
		if got != want {
			t.Errorf("takeover %v: %q", takeover, got)
		}
	}
}

func TestDeflateBomb(t *testing.T) {
	var b bytes.Buffer
	z, _ := flate.NewWriter(&b, 9)
	z.Write(make([]byte, 50<<20))
	z.Flush()
	all := read(WSOptions{Deflate: true}, frame(0xc1, false, b.Bytes()), one)
	if len(all) != 1 || !all[0].Broken || len(all[0].Payload) > 2<<20 {
		t.Fatalf("%d messages, %d bytes", len(all), len(all[0].Payload))
	}
}

func TestExtensions(t *testing.T) {
	got := ParseExtensions("foo, permessage-deflate; client_no_context_takeover; server_max_window_bits=12")
	if !got[0].Masked || got[1].Masked || !got[0].Deflate || !got[1].Deflate || !got[0].NoContext || got[1].NoContext {
		t.Fatalf("%+v", got)
	}
}

func FuzzWebSocket(f *testing.F) {
	f.Add(frame(0x81, true, []byte("<a/>")), true, false, uint64(1))
	f.Add(append(frame(0x01, false, []byte("<a")), frame(0x80, false, []byte("/>"))...), false, false, uint64(2))
	f.Add(frame(0xc1, false, []byte("\xf2H\xcd\xc9\xc9\x07\x00")), false, true, uint64(3))
	f.Fuzz(func(t *testing.T, in []byte, masked, deflate bool, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 1))
		var wire []byte
		for _, m := range read(WSOptions{Masked: masked, Deflate: deflate, MaxMessage: 4000}, in, func(p []byte) (all [][]byte) {
			for len(p) > 0 {
				n := 1 + r.IntN(len(p))
				all = append(all, p[:n])
				p = p[n:]
			}
			return all
		}) {
			if m.Off != int64(len(wire)) && !m.Inside {
				t.Fatalf("a message at %d, want %d", m.Off, len(wire))
			}
			wire = append(wire, m.Wire...)
		}
		if !bytes.Equal(wire, in) {
			t.Fatalf("the messages hold %x of %x", wire, in)
		}
	})
}
