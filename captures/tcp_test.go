package captures

import (
	"bytes"
	"testing"

	"xmppscope/captures/synth"
)

const (
	fin = synth.FIN
	syn = synth.SYN
	rst = synth.RST
	psh = synth.PSH
	ack = synth.ACK
)

// Each case builds packets and says what must come out. Frames 1 to 3 are the
// handshake where there is one.
func TestReassembly(t *testing.T) {
	for _, c := range []struct {
		name  string
		build func(s *synth.Session)
		want  string
	}{
		{"in order", func(s *synth.Session) {
			s.Handshake().Transcript("C: hello\nS: yes\nC: bye").Close(0)
		}, `
			C 0 #4 "hello"
			S 0 #6 "yes"
			C 5 #8 "bye"
			C 8 closed
			S 3 closed`},
		{"overtaken segment", func(s *synth.Session) {
			s.Handshake().At(0, 5, psh|ack, "world").At(0, 0, psh|ack, "hello")
		}, `
			C 0 #5 "hello"
			C 5 #4 "world"`},
		{"retransmission, whole, longer and shorter", func(s *synth.Session) {
			s.Handshake().At(0, 0, ack, "hello").At(0, 0, ack, "hello").At(0, 0, ack, "hello world").At(0, 2, ack, "llo")
		}, `
			C 0 #4 "hello"
			C 5 #6 " world"`},
		{"retransmission with other content keeps the first", func(s *synth.Session) {
			s.Handshake().At(0, 0, ack, "hello").At(0, 1, ack, "ELLO world")
		}, `
			C 0 #4 "hello"
			C 1 differs 4
			C 5 #5 " world"`},
		{"overlap of waiting segments keeps the first", func(s *synth.Session) {
			s.Handshake().At(0, 5, ack, "abcde").At(0, 8, ack, "DEfgh").At(0, 3, ack, "12a").At(0, 0, ack, "000")
		}, `
			C 8 differs 2
			C 0 #7 "000"
			C 3 #6 "12"
			C 5 #4 "abcde"
			C 10 #5 "fgh"`},
		{"a waiting segment inside a later one", func(s *synth.Session) {
			s.Handshake().At(0, 3, ack, "de").At(0, 1, ack, "bcdefg").At(0, 0, ack, "a")
		}, `
			C 0 #6 "a"
			C 1 #5 "bc"
			C 3 #4 "de"
			C 5 #5 "fg"`},
		{"sequence numbers wrap", func(s *synth.Session) {
			s.Seq[0] = 0xffffffff - 4
			s.Handshake().At(0, 4, ack, "efgh").At(0, 0, ack, "abcd").At(0, 0, ack, "abcdefgh").At(0, 8, ack, "ij")
		}, `
			C 0 #5 "abcd"
			C 4 #4 "efgh"
			C 8 #7 "ij"`},
		{"keep-alives carry nothing", func(s *synth.Session) {
			s.Handshake().Send(0, "hello").At(0, -1, ack, "\x00").At(1, 0, ack, "").At(0, -1, ack, "").Send(0, "x")
		}, `
			C 0 #4 "hello"
			C 5 #9 "x"`},
		{"FIN before the data it follows", func(s *synth.Session) {
			s.Handshake().At(0, 5, fin|ack, "").At(0, 0, ack, "hello")
		}, `
			C 0 #5 "hello"
			C 5 closed`},
		{"FIN with data, twice", func(s *synth.Session) {
			s.Handshake().At(0, 0, fin|ack, "hello").At(0, 0, fin|ack, "hello")
		}, `
			C 0 #4 "hello"
			C 5 closed`},
		{"FIN whose data was lost", func(s *synth.Session) {
			s.Handshake().At(0, 5, fin|ack, "")
			s.Seq[0] += 6
			s.At(1, 0, ack, "")
		}, `
			C 0 gap 5
			C 5 closed`},
		{"reset", func(s *synth.Session) {
			s.Handshake().Send(0, "hello").Reset(1)
		}, `
			C 0 #4 "hello"
			S 0 reset
			C 5 reset`},
		{"bytes that were on their way when the reset came", func(s *synth.Session) {
			s.Handshake().Send(0, "hello").Reset(1).At(0, 0, ack, " world")
		}, `
			C 0 #4 "hello"
			S 0 reset
			C 5 #7 " world"
			C 11 reset`},
		{"stale reset", func(s *synth.Session) {
			s.Handshake().Send(0, "hello").At(0, -5, rst|ack, "").Send(0, "more")
		}, `
			C 0 #4 "hello"
			C 5 #7 "more"`},
		{"refused connection", func(s *synth.Session) {
			s.At(0, 0, syn, "")
			s.Seq[0]++
			s.Seq[1] = 0
			s.Reset(1)
		}, `
			S 0 reset
			C 0 reset`},
		{"data in the SYN", func(s *synth.Session) {
			s.At(0, 0, syn, "early")
			s.Seq[0] += 6
			s.At(1, 0, syn|ack, "")
			s.Seq[1]++
			s.Send(0, "late")
		}, `
			C 0 #1 "early"
			C 5 #3 "late"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := synth.NewSession()
			c.build(s)
			r := newRecord()
			play(t, pcapOf(s.Frames), r)
			compareLines(t, r.lines, c.want)
		})
	}
}

// Connections of which the beginning is not in the capture.
func TestMidstream(t *testing.T) {
	for _, c := range []struct {
		name  string
		build func(s *synth.Session)
		want  string
	}{
		{"both sides", func(s *synth.Session) {
			s.Send(0, "hello").Send(1, "yes").Send(0, "bye")
		}, `
			C 0 #1 "hello"
			S 0 #3 "yes"
			C 5 #5 "bye"`},
		{"the first segments overtook each other", func(s *synth.Session) {
			s.At(0, 5, psh|ack, "world").At(0, 0, psh|ack, "hello")
			s.Seq[0] += 10
			s.At(1, 0, ack, "")
		}, `
			C 0 #2 "hello"
			C 5 #1 "world"`},
		{"one side only, overtaken, nothing acknowledges", func(s *synth.Session) {
			s.At(0, 5, ack, "b").At(0, 4, ack, "a").At(0, 6, ack, "c").At(0, 7, ack, "d")
		}, `
			C 0 #2 "a"
			C 1 #1 "b"
			C 2 #3 "c"
			C 3 #4 "d"`},
		{"the lower port receives", func(s *synth.Session) {
			s.Send(1, "server speaks first").Send(0, "yes")
		}, `
			S 0 #1 "server speaks first"
			C 0 #3 "yes"`},
		{"an empty segment tells where data begins", func(s *synth.Session) {
			s.At(0, 0, ack, "").At(0, 0, ack, "now")
		}, `
			C 0 #2 "now"`},
		{"a SYN that comes late", func(s *synth.Session) {
			s.Handshake().Send(0, "hello").Swap(0, 3)
		}, `
			C 0 #1 "hello"`},
		{"the answer to the SYN comes first", func(s *synth.Session) {
			s.Handshake().Send(0, "hello").Swap(0, 1)
		}, `
			C 0 #4 "hello"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := synth.NewSession()
			c.build(s)
			r := newRecord()
			_, a := play(t, pcapOf(s.Frames), r)
			compareLines(t, r.lines, c.want)
			if got := a.Tally().Connections; got != 1 {
				t.Errorf("%d connections, want 1", got)
			}
			if got := r.flows[0].Addr(1).Port(); got != 5222 {
				t.Errorf("receiver's port is %d", got)
			}
		})
	}
}

// Bytes that are not in the capture.
func TestLoss(t *testing.T) {
	for _, c := range []struct {
		name  string
		build func(s *synth.Session)
		want  string
	}{
		{"acknowledged, and the connection goes on", func(s *synth.Session) {
			s.Handshake().Send(0, "one").Send(0, "two").Send(0, "three").Drop(5)
			for range 5 {
				s.Send(1, "x")
			}
		}, `
			C 0 #4 "one"
			S 0 #9 "x"
			S 1 #11 "x"
			S 2 #13 "x"
			C 3 gap 3
			C 6 #7 "three"
			S 3 #15 "x"
			S 4 #17 "x"`},
		{"acknowledged, and time passes", func(s *synth.Session) {
			s.Handshake().Send(0, "one").Send(0, "two").Send(0, "three").Drop(5)
			s.Now += 60e9
			s.Send(1, "answer")
		}, `
			C 0 #4 "one"
			C 3 gap 3
			C 6 #7 "three"
			S 0 #9 "answer"`},
		{"acknowledged, but found further down", func(s *synth.Session) {
			s.Handshake().Send(0, "one").Send(0, "two").Send(0, "three").Swap(5, 8)
		}, `
			C 0 #4 "one"
			C 3 #9 "two"
			C 6 #8 "three"`},
		{"lost on the way and sent again", func(s *synth.Session) {
			s.Handshake().At(0, 3, ack, "two")
			for range 20 {
				s.At(1, 0, ack, "")
			}
			s.Now += 60e9
			s.At(0, 0, ack, "one")
		}, `
			C 0 #25 "one"
			C 3 #4 "two"`},
		{"at the end of the capture", func(s *synth.Session) {
			s.Handshake().Send(0, "one").At(0, 3, ack, "two")
		}, `
			C 0 #4 "one"
			C 3 gap 3
			C 6 #6 "two"`},
		{"the last segment", func(s *synth.Session) {
			s.Handshake().Send(0, "one").Send(0, "two").Drop(5)
		}, `
			C 0 #4 "one"
			C 3 gap 3`},
		{"an acknowledged FIN that was not captured is no byte", func(s *synth.Session) {
			s.Handshake().Send(0, "one").Close(0).Drop(5)
		}, `
			C 0 #4 "one"
			S 0 closed`},
		{"one side captured", func(s *synth.Session) {
			s.NoACK = true
			s.Send(0, "one").Send(0, "two").Send(0, "three").Send(0, "four").Send(0, "five").Drop(3)
			s.Now += 4e9
			s.Send(0, "six")
		}, `
			C 0 #1 "one"
			C 3 #2 "two"
			C 6 #3 "three"
			C 11 gap 4
			C 15 #4 "five"
			C 19 #5 "six"`},
		{"a segment from nowhere", func(s *synth.Session) {
			s.Handshake().Send(0, "one").At(0, 1<<30, ack, "junk").Send(0, "two")
		}, `
			C 0 #4 "one"
			C 3 #7 "two"`},
		{"an acknowledgement from nowhere", func(s *synth.Session) {
			s.Handshake().Send(0, "one")
			s.Seq[0] += 1 << 30
			s.At(1, 0, ack, "")
			s.Seq[0] -= 1 << 30
			s.NoACK = true
			for range 10 {
				s.Send(1, "x")
			}
			s.Send(0, "two")
		}, `
			C 0 #4 "one"
			S 0 #7 "x"
			S 1 #8 "x"
			S 2 #9 "x"
			S 3 #10 "x"
			S 4 #11 "x"
			S 5 #12 "x"
			S 6 #13 "x"
			S 7 #14 "x"
			S 8 #15 "x"
			S 9 #16 "x"
			C 3 #17 "two"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := synth.NewSession()
			c.build(s)
			r := newRecord()
			play(t, pcapOf(s.Frames), r)
			compareLines(t, r.lines, c.want)
		})
	}
}

// lo and any show each packet twice; what was seen first counts.
func TestSeenTwice(t *testing.T) {
	for _, o := range []synth.File{{}, {Link: synth.SLL}, {Link: synth.SLL2}} {
		s := synth.NewSession().Handshake().Transcript("C: hello\nS: yes\nC: bye").Close(0).Repeat()
		r := newRecord()
		play(t, o.Bytes(s.Frames), r)
		compareLines(t, r.lines, `
			C 0 #7 "hello"
			S 0 #11 "yes"
			C 5 #15 "bye"
			C 8 closed
			S 3 closed`)
	}
}

// A flood of connections is counted and forgotten: the table does not grow.
func TestFloodOfConnections(t *testing.T) {
	h := newStrict(t)
	a := NewAssembler(h, AssemblerOptions{MaxFlows: 1000})
	s := synth.NewSession()
	for i := range 20_000 {
		s.Frames = s.Frames[:0]
		s.Addr[0] = addrPort("192.0.2.10", uint16(1024+i%60_000))
		s.Seq = [2]uint32{uint32(i), 0}
		s.At(0, 0, syn, "")
		if i%3 == 0 {
			s.At(0, 5, ack, "out of order")
		}
		for n, f := range s.Frames {
			a.Packet(&Packet{Data: f.IP, OrigLen: uint32(len(f.IP)), Time: int64(i&^4095) * 1e6, Link: LinkRaw, Frame: uint32(2*i + n + 1)})
		}
		if len(a.v4) > 1000 || len(a.waiting) > 2100 {
			t.Fatalf("%d connections, %d waiting", len(a.v4), len(a.waiting))
		}
	}
	a.Finish()
	if a.Tally().Connections != 20_000 || a.queued != 0 {
		t.Errorf("%d connections counted, %d bytes still queued", a.Tally().Connections, a.queued)
	}
}

// The same ports again are another connection.
func TestPortReuse(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(s *synth.Session)
		want string
	}{
		{"after FIN", func(s *synth.Session) { s.Close(0) }, `
			1C 0 #4 "one"
			1C 3 closed
			1S 0 closed
			2C 0 #12 "two"
			2C 3 closed
			2S 0 closed`},
		{"without an end", func(s *synth.Session) {}, `
			1C 0 #4 "one"
			1C 3 replaced by a new connection
			1S 0 replaced by a new connection
			2C 0 #9 "two"
			2C 3 closed
			2S 0 closed`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := synth.NewSession()
			s.Handshake().Send(0, "one")
			c.end(s)
			s.Seq = [2]uint32{90000, 70000}
			s.Handshake().Send(0, "two").Close(0)
			r := newRecord()
			r.many = true
			play(t, pcapOf(s.Frames), r)
			compareLines(t, r.lines, c.want)
		})
	}
}

// The times of a direction never run back, and bytes that waited have the time
// at which the missing ones came.
func TestChunkTimes(t *testing.T) {
	s := synth.NewSession()
	s.Handshake().At(0, 5, ack, "world").At(0, 0, ack, "hello")
	h := &times{record: *newRecord()}
	a := NewAssembler(h, AssemblerOptions{})
	src, err := Open(bytes.NewReader(pcapOf(s.Frames)), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	run(t, src, a)
	if len(h.at) != 2 || h.at[0] != h.at[1] || h.at[1] != s.Frames[4].Time {
		t.Errorf("times %v, want twice %d", h.at, s.Frames[4].Time)
	}
}

type times struct {
	record
	at []int64
}

func (h *times) Data(f *Flow, dir int, c Chunk) { h.at = append(h.at, c.Time) }

// Of more than is kept to compare with the end is kept, and what is sent again is
// held against that.
func TestRetransmissionOfMoreThanIsKept(t *testing.T) {
	data := make([]byte, 6000) // in one packet; 4 KiB are kept
	for i := range data {
		data[i] = byte(i * 7)
	}
	changed := bytes.Clone(data)
	changed[5000], changed[5999] = changed[5000]+1, changed[5999]+1
	s := synth.NewSession()
	s.Handshake().At(0, 0, ack, string(data)).At(0, 0, ack, string(data)).At(0, 0, ack, string(changed))
	r := newRecord()
	play(t, pcapOf(s.Frames), r)
	compareLines(t, r.lines[1:], "C 5000 differs 1000")
}
