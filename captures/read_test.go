package captures

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"xmppscope/captures/samples"
	"xmppscope/decode"
)

func sampleInput(name string) Input {
	return Input{Name: name, Size: -1, Open: func(context.Context) (io.ReadCloser, error) {
		f, _, err := samples.Open(name)
		return f, err
	}}
}

func bytesInput(p []byte) Input {
	return Input{Name: "bytes", Size: int64(len(p)), Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(p)), nil
	}}
}

// followed is what a conversation's events say each side sent.
type followed struct {
	sum  decode.Conversation
	sent [2][]byte
	raw  [2]int64 // bytes of TCP that the events cover
	// wrapped is set where TLS or compression took bytes off.
	wrapped bool
	events  []decode.Event
}

func readAll(t testing.TB, o Options, inputs ...Input) map[decode.ConnID]*followed {
	t.Helper()
	all := map[decode.ConnID]*followed{}
	var seq decode.Seq
	for item, err := range Read(t.Context(), inputs, o) {
		if err != nil {
			t.Fatal(err)
		}
		if c := item.Conversation; c != nil {
			all[c.Conn].sum = *c
			continue
		}
		e := item.Event
		if seq++; e.Seq != seq {
			t.Fatalf("event %d has the number %d", seq, e.Seq)
		}
		f := all[e.Conn]
		if f == nil {
			f = &followed{}
			all[e.Conn] = f
		}
		if e.Kind == decode.KindDNS {
			continue
		}
		f.sent[e.Dir] = append(f.sent[e.Dir], e.Wire...)
		f.raw[e.Dir] = max(f.raw[e.Dir], e.Raw.End)
		f.wrapped = f.wrapped || e.Kind == decode.KindTLS || e.Layer != decode.LayerPlain
		f.events = append(f.events, *e)
	}
	return all
}

// The events of every sample tile exactly the bytes that tshark follows.
func TestSamplesTileWhatTsharkFollows(t *testing.T) {
	for _, s := range samples.All() {
		t.Run(s.Name, func(t *testing.T) {
			got := map[string]string{}
			if s.Name == "bosh" {
				t.Log("its events stand on several connections") // see TestBOSHIsOneConversation
				return
			}
			for _, f := range readAll(t, Options{}, sampleInput(s.Name)) {
				a, b := f.sum.Initiator, f.sum.Receiver
				for d, who := range [2]string{a + " " + b, b + " " + a} {
					h := sha256.Sum256(f.sent[d])
					got[who] = fmt.Sprint(len(f.sent[d]), " ", hex.EncodeToString(h[:]))
					if f.wrapped {
						got[who] = fmt.Sprint(f.raw[d])
					}
				}
			}
			text, err := os.ReadFile("samples/testdata/" + s.Name + ".follow")
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for l := range strings.Lines(string(text)) {
				_, l, _ = strings.Cut(strings.TrimSpace(l), " ")
				w := strings.SplitN(l, " ", 3)
				if len(w) != 3 {
					continue
				}
				n++
				have := got[w[0]+" "+w[1]]
				if !strings.Contains(have, " ") {
					w[2], _, _ = strings.Cut(w[2], " ") // what TLS took off is not in the events
				}
				if have != w[2] {
					t.Errorf("%s > %s: %s, tshark has %s", w[0], w[1], have, w[2])
				}
			}
			if n == 0 || n != len(got) {
				t.Errorf("%d directions, tshark has %d", len(got), n)
			}
		})
	}
}

// Every event with bytes names the frames that carried them, in order.
func TestFramesOfEvents(t *testing.T) {
	for _, f := range readAll(t, Options{}, sampleInput("plain-login")) {
		last := [2]uint32{}
		for i := range f.events {
			e := &f.events[i]
			if len(e.Frames) == 0 {
				t.Errorf("event %d (%s) has no frame", e.Seq, e.Kind)
				continue
			}
			if e.Frames[0] < last[e.Dir] {
				t.Errorf("event %d starts in frame %d, the one before ended in %d", e.Seq, e.Frames[0], last[e.Dir])
			}
			last[e.Dir] = e.Frames[len(e.Frames)-1]
		}
	}
}

func TestRecognise(t *testing.T) {
	for _, c := range []struct {
		in   string
		mid  bool
		want verdict
	}{
		{"<?xml version='1.0'?>\n<stream:stream ", false, isXMPP},
		{"\xef\xbb\xbf <s:stream xmlns:s='x'>", false, isXMPP},
		{"<stream xmlns='http://etherx.jabber.org/streams'>", false, isXMPP},
		{"<?xml versi", false, undecided},
		{"  ", false, undecided},
		{"<stre", false, undecided},
		{"<html><body>", false, notXMPP},
		{"<?xml version='1.0'?><soap:Envelope>", false, notXMPP},
		{"GET / HTTP/1.1\r\n", false, mayCarry},
		{"\x16\x03\x01\x00\x20\x01", false, mayCarry},
		{"\x16\x03\x01\x00\x20", false, undecided},
		{"\x16\x02\x01", false, notXMPP},
		{"\x17\x03\x03\x00\x20\x01", true, mayCarry},
		{"\x17\x03\x03\x00\x20\x01", false, notXMPP},
		{"\x17\x03\x03\xff\x20\x01", true, undecided},
		{"<message to='a@b'>", false, notXMPP},
		{"ody></message><presence/>", true, isXMPP},
		{"<iq type='get' id='1'>", true, isXMPP},
		{"<message name='op1'><part/></message>", true, undecided},
		{"POST /http-bind HTTP/1.1\r\n\r\n<body xmlns='http://jabber.org/protocol/httpbind'/>", true, mayCarry},
		{"</stream:stream>", true, isXMPP},
	} {
		if got := recognise([]byte(c.in), 0, c.mid); got != c.want {
			t.Errorf("%q (mid-stream %v): %d, want %d", c.in, c.mid, got, c.want)
		}
		// Byte by byte the verdict is the same, once there is one.
		got := undecided
		for n := 1; n <= len(c.in) && got == undecided; n++ {
			got = recognise([]byte(c.in[:n]), n-1, c.mid)
		}
		if got != c.want {
			t.Errorf("%q (mid-stream %v), byte by byte: %d, want %d", c.in, c.mid, got, c.want)
		}
	}
}

// A consumer that stops early stops the reading goroutine too.
func TestReadStopsEarly(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	for range Read(t.Context(), []Input{sampleInput("muc")}, Options{}) {
		break
	}
}

// Several captures are one time line: the two halves of a recording, given in
// the wrong order, make the conversation whole again.
func TestMergeByTime(t *testing.T) {
	f, _, err := samples.Open("plain-login")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	file, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	head, records := file[:24], file[24:]
	var half [2][]byte
	for i, at := 0, 0; at < len(records); i++ {
		n := 16 + int(records[at+8]) + int(records[at+9])<<8
		half[min(i/15, 1)] = append(half[min(i/15, 1)], records[at:at+n]...)
		at += n
	}
	whole := readAll(t, Options{}, bytesInput(file))
	merged := readAll(t, Options{}, bytesInput(append(bytes.Clone(head), half[1]...)), bytesInput(append(bytes.Clone(head), half[0]...)))
	if len(half[1]) == 0 || len(whole) != 1 || len(merged) != 1 {
		t.Fatalf("%d and %d conversations", len(whole), len(merged))
	}
	for d := range 2 {
		if !bytes.Equal(whole[1].sent[d], merged[1].sent[d]) {
			t.Errorf("direction %d differs", d)
		}
	}
}
