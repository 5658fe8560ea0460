package captures

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"xmppscope/captures/synth"
)

// Whatever way a network cuts, repeats and shuffles a stream, its bytes come out
// whole, in order and once.
func TestAnySegmentationGivesTheBytes(t *testing.T) {
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 7))
		want := [2][]byte{randomText(r, 1+r.IntN(4000)), randomText(r, 1+r.IntN(4000))}
		frames := scatter(r, want)
		rec := newRecord()
		play(t, synth.File{Link: []uint16{synth.Ethernet, synth.Raw, synth.SLL2}[r.IntN(3)], NG: r.IntN(2) == 0}.Bytes(frames), rec)
		if len(rec.flows) != 1 {
			t.Fatalf("seed %d: %d connections", seed, len(rec.flows))
		}
		for dir := range want {
			if got := rec.sent[rec.flows[0]][dir]; !bytes.Equal(got, want[dir]) {
				t.Fatalf("seed %d: direction %d has %d bytes, want %d; first difference at %d\n%s",
					seed, dir, len(got), len(want[dir]), firstDifference(got, want[dir]), rec.lines)
			}
		}
		if rec.gaps > 0 {
			t.Fatalf("seed %d: gaps where nothing is missing: %s", seed, rec.lines)
		}
	}
}

// scatter sends both streams at once: cut anywhere, some pieces twice, sometimes
// with other borders, and each frame up to five places from where it belongs.
func scatter(r *rand.Rand, want [2][]byte) []synth.Frame {
	s := synth.NewSession()
	if r.IntN(2) == 0 {
		s.V6()
	}
	s.Seq = [2]uint32{r.Uint32(), ^uint32(0) - uint32(r.IntN(3000))}
	s.Handshake()
	var at [2]int
	for at[0] < len(want[0]) || at[1] < len(want[1]) {
		side := r.IntN(2)
		left := len(want[side]) - at[side]
		if left == 0 {
			continue
		}
		n := 1 + r.IntN(min(left, 1400))
		s.At(side, 0, psh|ack, string(want[side][at[side]:at[side]+n]))
		at[side] += n
		s.Seq[side] += uint32(n)
		if r.IntN(4) == 0 {
			back := r.IntN(min(at[side], 800)) + 1
			again := want[side][at[side]-back:]
			s.At(side, -back, psh|ack, string(again[:1+r.IntN(back)]))
		}
		if r.IntN(6) == 0 {
			s.Fragment(len(s.Frames)-1, 8*(1+r.IntN(60)))
		}
	}
	s.Close(r.IntN(2))
	f := s.Frames[3:]
	for i := 0; i < len(f); i++ {
		if j := i + r.IntN(6); j < len(f) && r.IntN(3) == 0 {
			f[i].IP, f[j].IP = f[j].IP, f[i].IP
			i = j
		}
	}
	return s.Frames
}

func randomText(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('a' + r.IntN(26))
	}
	return b
}

func firstDifference(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// Where segments are lost, what comes out is the stream with holes: delivered
// bytes and gaps lie where they lay.
func TestLostSegmentsLeaveHolesOfTheirSize(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 8))
		want := randomText(r, 2000+r.IntN(3000))
		s := synth.NewSession().Handshake()
		s.MSS = 100
		s.NoACK = true
		for at := 0; at < len(want); {
			n := min(1+r.IntN(300), len(want)-at)
			s.Send(0, string(want[at:at+n]))
			s.At(1, 0, ack, "")
			at += n
		}
		s.Close(0)
		var lost []int
		for i := 3; i < len(s.Frames)-3; i++ {
			if r.IntN(8) == 0 {
				lost = append(lost, i)
			}
		}
		s.Drop(lost...)
		rec := newRecord()
		play(t, pcapOf(s.Frames), rec)
		got := rec.sent[rec.flows[0]][0]
		if len(got) != len(want) {
			t.Fatalf("seed %d: stream of %d bytes, want %d\n%s", seed, len(got), len(want), rec.lines)
		}
		for i := range got {
			if got[i] != want[i] && got[i] != '?' {
				t.Fatalf("seed %d: byte %d is %q, want %q", seed, i, got[i], want[i])
			}
		}
	}
}

// The same input gives the same calls.
func TestDeterminism(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	frames := scatter(r, [2][]byte{randomText(r, 9000), randomText(r, 9000)})
	file := pcapOf(frames)
	var first string
	for range 5 {
		rec := newRecord()
		play(t, file, rec)
		if got := fmt.Sprint(rec.lines); first == "" {
			first = got
		} else if got != first {
			t.Fatal("two runs differ")
		}
	}
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }
