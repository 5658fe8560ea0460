package captures

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"xmppscope/captures/synth"
	"xmppscope/decode"
)

const (
	clientRoot = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a.test' version='1.0'>"
	serverRoot = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='a.test' id='7' version='1.0'>"
)

// briefly writes each event as one word with what matters here.
func briefly(t testing.TB, file []byte, o Options) (lines []string) {
	t.Helper()
	o.Begin = func(c decode.Conversation) {
		lines = append(lines, fmt.Sprintf("%d begins %s > %s", c.Conn, c.Initiator, c.Receiver))
	}
	for item, err := range Read(t.Context(), []Input{bytesInput(file)}, o) {
		if err != nil {
			t.Fatal(err)
		}
		if c := item.Conversation; c != nil {
			lines = append(lines, fmt.Sprintf("%d %s > %s %s", c.Conn, c.Initiator, c.Receiver, c.Outcome))
			continue
		}
		e := item.Event
		name := e.Name.Local
		if e.Kind == decode.KindGap {
			name = fmt.Sprint(e.Lost)
		}
		lines = append(lines, fmt.Sprintf("%d %s %s %s #%d", e.Conn, "CS"[e.Dir:e.Dir+1], e.Kind, name, e.Frames))
	}
	return lines
}

func TestConversations(t *testing.T) {
	for _, c := range []struct {
		name  string
		build func(s *synth.Session)
		want  string
	}{
		{"a whole one", func(s *synth.Session) {
			s.Handshake().Transcript("C: " + clientRoot + "\nS: " + serverRoot + "\nC: <presence/>\nC: </stream:stream>\nS: </stream:stream>").Close(0)
		}, `
			1 begins 192.0.2.10:40000 > 192.0.2.20:5222
			1 C tcp connect #[1 2 3]
			1 C open stream #[4]
			1 S open stream #[6]
			1 C stanza presence #[8]
			1 C close stream #[10]
			1 S close stream #[12]
			1 C tcp end #[14]
			1 S tcp end #[15]
			1 192.0.2.10:40000 > 192.0.2.20:5222 closed`},
		{"a stanza in three segments, one overtaken", func(s *synth.Session) {
			s.Handshake().Send(0, clientRoot).Send(0, "<message><bo").Send(0, "dy>hi</body>").Send(0, "</message>").Swap(5, 7)
		}, `
			1 begins 192.0.2.10:40000 > 192.0.2.20:5222
			1 C tcp connect #[1 2 3]
			1 C open stream #[4]
			1 C stanza message #[8 6 10]
			1 192.0.2.10:40000 > 192.0.2.20:5222 truncated`},
		{"a lost segment", func(s *synth.Session) {
			s.Handshake().Send(0, clientRoot).Send(0, "<message/>").Send(0, "<presence/>").Drop(5)
		}, `
			1 begins 192.0.2.10:40000 > 192.0.2.20:5222
			1 C tcp connect #[1 2 3]
			1 C open stream #[4]
			1 C gap 10 #[7]
			1 C stanza presence #[7]
			1 192.0.2.10:40000 > 192.0.2.20:5222 truncated`},
		{"one direction captured", func(s *synth.Session) {
			s.NoACK = true
			s.At(0, 0, syn, "")
			s.Seq[0]++
			s.Send(0, clientRoot).Send(0, "<presence/>")
		}, `
			1 begins 192.0.2.10:40000 > 192.0.2.20:5222
			1 C tcp connect #[1]
			1 C open stream #[2]
			1 C stanza presence #[3]
			1 192.0.2.10:40000 > 192.0.2.20:5222 truncated`},
		{"reset", func(s *synth.Session) {
			s.Handshake().Send(0, clientRoot).Reset(1)
		}, `
			1 begins 192.0.2.10:40000 > 192.0.2.20:5222
			1 C tcp connect #[1 2 3]
			1 C open stream #[4]
			1 S tcp reset #[6]
			1 192.0.2.10:40000 > 192.0.2.20:5222 reset`},
		{"who has ended its side resets it, too", func(s *synth.Session) {
			s.Handshake().Send(0, clientRoot).At(0, 0, fin|ack, "")
			s.Seq[0]++
			s.Send(1, serverRoot).Reset(0)
		}, `
			1 begins 192.0.2.10:40000 > 192.0.2.20:5222
			1 C tcp connect #[1 2 3]
			1 C open stream #[4]
			1 C tcp end #[6]
			1 S open stream #[7]
			1 C tcp reset #[9]
			1 192.0.2.10:40000 > 192.0.2.20:5222 reset`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := synth.NewSession()
			c.build(s)
			compareLines(t, briefly(t, pcapOf(s.Frames), Options{}), c.want)
		})
	}
}

// Without a SYN the lower port receives, unless the content says otherwise.
func TestWhoIsWhoInMidstream(t *testing.T) {
	s := synth.NewSession()
	s.Addr[0], s.Addr[1] = s.Addr[1], s.Addr[0] // the client has port 5222
	s.Send(1, "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>").Send(0, "<presence/>")
	lines := briefly(t, pcapOf(s.Frames), Options{})
	if want := "1 192.0.2.20:5222 > 192.0.2.10:40000 truncated"; len(lines) == 0 || lines[len(lines)-1] != want {
		t.Errorf("got %q, want %s", lines, want)
	}
	if want := "1 S features features #[1]"; !strings.Contains(strings.Join(lines, "\n"), want) {
		t.Errorf("got %q, want %s", lines, want)
	}
}

// XMPP stands on any port; what else is in a capture is counted, not shown.
func TestOtherTraffic(t *testing.T) {
	var frames []synth.Frame
	port := uint16(40000)
	talk := func(server uint16, text string) {
		s := synth.NewSession()
		port++
		s.Addr[0] = addrPort("192.0.2.10", port)
		s.Addr[1] = addrPort("192.0.2.20", server)
		frames = append(frames, s.Handshake().Transcript(text).Close(0).Frames...)
	}
	talk(80, "C: GET / HTTP/1.1\nS: HTTP/1.1 200 OK<html>")
	talk(8080, "C: POST /soap HTTP/1.1<?xml?><Envelope/>\nS: HTTP/1.1 200 OK")
	talk(443, "C: \x16\x03\x01\x00\x05hello\nS: \x16\x03\x03\x00\x05hello")
	talk(22, "S: SSH-2.0-x\nC: SSH-2.0-y")
	talk(9000, "C: <?xml version='1.0'?><order/>\nS: <ok/>")
	var tally Tally
	if got := briefly(t, pcapOf(frames), Options{Tally: &tally}); len(got) > 0 {
		t.Errorf("other traffic is shown: %q", got)
	}
	want := "50 packets, 5 TCP connections (port 22: 1, port 80: 1, port 443: 1, port 8080: 1, port 9000: 1), 1 of them inside TLS, without the keys to tell what"
	if tally.String() != want {
		t.Errorf("tally %q, want %q", tally.String(), want)
	}
	talk(81, "C: \xef\xbb\xbf\n<?xml version='1.0'?> <x:stream xmlns:x='http://etherx.jabber.org/streams' to='a.test'>")
	if got := briefly(t, pcapOf(frames), Options{}); len(got) == 0 {
		t.Error("XMPP on port 81 is not recognised")
	}
}

// Counts equal the generator's on lines that are bad in every way it knows.
func TestCountsEqualTheTruth(t *testing.T) {
	for seed := range uint64(3) {
		var file bytes.Buffer
		want, err := synth.Write(&file, synth.Options{Conns: 20, Size: 4_000_000, Seed: seed, Retrans: 0.05, Reorder: 0.05})
		if err != nil {
			t.Fatal(err)
		}
		if got := countAll(t, file.Bytes()); got != comparable(want) {
			t.Errorf("seed %d: got %+v\nwant %+v", seed, got, comparable(want))
		}
	}
}

// comparable leaves of a truth what reading tells too.
func comparable(w synth.Truth) synth.Truth {
	w.Packets, w.FileBytes, w.Retrans, w.Reordered = 0, 0, 0, 0
	return w
}

func countAll(t testing.TB, file []byte) (got synth.Truth) {
	for item, err := range Read(t.Context(), []Input{bytesInput(file)}, Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if item.Conversation != nil {
			got.Conns++
			continue
		}
		e := item.Event
		got.XMLBytes[e.Dir] += int64(len(e.Wire))
		switch e.Kind {
		case decode.KindOpen:
			got.Open[e.Dir]++
		case decode.KindFeatures:
			got.Features[e.Dir]++
		case decode.KindNonza:
			got.Nonza[e.Dir]++
		case decode.KindClose:
			got.Close[e.Dir]++
		case decode.KindTCP:
		case decode.KindStanza:
			switch e.Name.Local {
			case "message":
				got.Message[e.Dir]++
			case "presence":
				got.Presence[e.Dir]++
			case "iq":
				got.IQ[e.Dir]++
			}
		default:
			t.Errorf("event %d is %s: %q", e.Seq, e.Kind, e.Wire)
		}
	}
	return got
}

// However many goroutines decode, the items are the same and in the same order.
func TestOrderDoesNotDependOnTheMachine(t *testing.T) {
	var file bytes.Buffer
	if _, err := synth.Write(&file, synth.Options{Conns: 30, Size: 2_000_000, Seed: 5, Retrans: 0.02, Reorder: 0.02}); err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var first string
	for _, n := range []int{1, 2, 3, 4} {
		runtime.GOMAXPROCS(n)
		h := sha256.New()
		var last decode.Seq
		asked := map[decode.Seq]string{}
		for item, err := range Read(t.Context(), []Input{bytesInput(file.Bytes())}, Options{}) {
			if err != nil {
				t.Fatal(err)
			}
			if c := item.Conversation; c != nil {
				fmt.Fprintln(h, *c)
				continue
			}
			e := item.Event
			if e.Seq != last+1 || e.Reply >= e.Seq {
				t.Fatalf("event %d after %d, answers %d", e.Seq, last, e.Reply)
			}
			last = e.Seq
			if e.Name.Local == "iq" {
				who := fmt.Sprint(e.Conn, " ", e.ID)
				asked[e.Seq] = who
				if e.Type == "result" && asked[e.Reply] != who {
					t.Fatalf("event %d, %s, answers %d, %s", e.Seq, who, e.Reply, asked[e.Reply])
				}
			}
			fmt.Fprintln(h, e.Seq, e.Conn, e.Dir, e.Kind, e.Name, e.Reply, e.Off, e.Frames, e.Time.UnixNano())
		}
		if sum := fmt.Sprintf("%x", h.Sum(nil)); first == "" {
			first = sum
		} else if sum != first {
			t.Errorf("%d goroutines give another order", n)
		}
	}
}

// What has come through a pipe is shown before more comes.
func TestPipesArePrompt(t *testing.T) {
	s := synth.NewSession().Handshake().Send(0, clientRoot)
	first := pcapOf(s.Frames)
	whole := pcapOf(s.Send(0, "<presence/>").Frames)
	r, w := io.Pipe()
	next, late := make(chan bool), false
	go func() {
		w.Write(first)
		select {
		case <-next:
		case <-time.After(time.Minute): // so that the test ends
			late = true
		}
		w.Write(whole[len(first):])
		w.Close()
	}()
	in := Input{Name: "pipe", Size: -1, Open: func(context.Context) (io.ReadCloser, error) { return r, nil }}
	for item, err := range Read(t.Context(), []Input{in}, Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if e := item.Event; e != nil && e.Kind == decode.KindOpen {
			close(next)
		}
	}
	if late {
		t.Error("the header was shown only when more came")
	}
}

// A pipe that stays silent ends with the context.
func TestSilentPipeEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, _ := io.Pipe()
	p := newPipe(io.MultiReader(bytes.NewReader(pcapOf(hello())), r), ctx)
	src, err := Open(p, OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var pk Packet
	for range hello() {
		if err := src.Next(&pk); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if err := src.Next(&pk); err != io.EOF || len(src.Notices()) > 0 {
		t.Errorf("end is %v, notices %v", err, src.Notices())
	}
}

// Whatever happens to a file, the events of each direction tile its bytes.
func TestEventsTileDamagedCaptures(t *testing.T) {
	for name, file := range specimens(t) {
		r := rand.New(rand.NewPCG(uint64(len(file)), 5))
		for range 40 {
			b := bytes.Clone(file)
			for range r.IntN(12) {
				b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
			}
			tiles(t, b[:len(b)-r.IntN(len(b)/2)])
		}
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

func tiles(t *testing.T, file []byte) {
	t.Helper()
	type side struct {
		conn decode.ConnID
		dir  decode.Dir
	}
	at := map[side]int64{}
	joined := map[decode.ConnID]bool{} // of several connections, each with offsets of its own
	o := Options{Begin: func(c decode.Conversation) { joined[c.Conn] = c.Transport == decode.TransportBOSH }}
	for item, err := range Read(t.Context(), []Input{bytesInput(file)}, o) {
		if err != nil {
			return
		}
		e := item.Event
		if e == nil || len(e.Wire) == 0 && e.Lost == 0 || e.Kind == decode.KindDNS || joined[e.Conn] {
			continue
		}
		k := side{e.Conn, e.Dir}
		// Several events may stand in one record; of compressed bytes the last may
		// have given nothing yet.
		if e.Raw.Start > at[k] && e.Layer&decode.LayerZlib == 0 {
			t.Errorf("event %d (%s) starts at %d, the one before ended at %d", e.Seq, e.Kind, e.Raw.Start, at[k])
		}
		if len(e.Wire) > 0 && len(e.Frames) == 0 {
			t.Errorf("event %d has bytes and no frame", e.Seq)
		}
		at[k] = max(at[k], e.Raw.End)
	}
}
