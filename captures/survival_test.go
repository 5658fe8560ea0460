package captures

import (
	"xmppscope/decode"

	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/captures/synth"
)

// specimens are captures of many shapes: made here, and the shipped recordings.
func specimens(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	s := synth.NewSession().Handshake()
	for i := range 20 {
		s.Send(i&1, fmt.Sprintf("<message id='%d'><body>%s</body></message>", i, strings.Repeat("x", 30*i)))
	}
	s.Close(0).Fragment(9, 64).Swap(20, 22)
	v6 := synth.NewSession().V6().Handshake().Transcript("C: <a/>\nS: <b/>").Fragment(3, 16, 1, 0).Reset(1)
	for name, o := range map[string]synth.File{
		"pcap": {}, "big-endian": {BigEndian: true, Nano: true}, "modified": {Modified: true}, "snap": {Snap: 90},
		"pcapng": {NG: true, Secrets: "CLIENT_RANDOM 1 2"}, "pcapng-big": {NG: true, BigEndian: true, Nano: true},
		"sll2": {NG: true, Link: synth.SLL2}, "pppoe": {PPPoE: true, Tags: []uint16{0x8100}},
	} {
		all[name] = o.Bytes(append(append([]synth.Frame{}, s.Frames...), v6.Frames...))
	}
	all["gzip"] = zipped(t, all["pcap"])
	all["zstd"] = zstdded(t, all["pcapng"])
	files, err := filepath.Glob(filepath.Join("samples", "*.pcap*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(f)] = b
	}
	return all
}

// strict fails when the assembler breaks a promise: offsets follow each other,
// times do not run back, nothing comes after an end, each direction ends once.
type strict struct {
	t     testing.TB
	off   map[*Flow]*[2]int64
	time  map[*Flow]*[2]int64
	ended map[*Flow]*[2]bool
}

func newStrict(t testing.TB) *strict {
	return &strict{t: t, off: map[*Flow]*[2]int64{}, time: map[*Flow]*[2]int64{}, ended: map[*Flow]*[2]bool{}}
}

func (s *strict) Connect(f *Flow) {
	s.off[f], s.time[f], s.ended[f] = &[2]int64{}, &[2]int64{}, &[2]bool{}
	if f.ID != uint32(len(s.off)) {
		s.t.Errorf("connection %d is the %d.", f.ID, len(s.off))
	}
}

func (s *strict) step(f *Flow, dir int, at Mark, off, n int64) {
	if s.ended[f][dir] {
		s.t.Error("bytes after the end")
	}
	if off != s.off[f][dir] || n <= 0 {
		s.t.Errorf("offset %d length %d, want offset %d", off, n, s.off[f][dir])
	}
	if old := &s.time[f][dir]; at.Time < *old {
		s.t.Errorf("time runs back from %d to %d", *old, at.Time)
	} else {
		*old = at.Time
	}
	s.off[f][dir] = off + n
}

func (s *strict) Data(f *Flow, dir int, c Chunk) { s.step(f, dir, c.Mark, c.Off, int64(len(c.Bytes))) }
func (s *strict) Gap(f *Flow, dir int, g Gap)    { s.step(f, dir, g.Mark, g.Off, g.N) }
func (*strict) Marks(*Flow, Mark, []decode.Mark) {}

func (s *strict) Conflict(_ *Flow, _ int, c Conflict) {
	if c.N <= 0 {
		s.t.Errorf("conflict over %d bytes", c.N)
	}
}
func (s *strict) End(f *Flow, dir int, e End) {
	if s.ended[f][dir] || e.Off != s.off[f][dir] {
		s.t.Errorf("end at %d (again: %v), want %d", e.Off, s.ended[f][dir], s.off[f][dir])
	}
	s.ended[f][dir] = true
}

// digest reads a file to its end, whatever it is, and checks the promises.
func digest(t testing.TB, file []byte) {
	src, err := Open(bytes.NewReader(file), OpenOptions{})
	if err != nil {
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("error of several lines: %q", err)
		}
		return
	}
	defer src.Close()
	s := newStrict(t)
	a := NewAssembler(s, AssemblerOptions{QueueBytes: 1 << 16, TotalBytes: 1 << 18, FragmentBytes: 1 << 18})
	var p Packet
	for n := 0; ; n++ {
		if err := src.Next(&p); err != nil {
			if err != io.EOF {
				t.Errorf("reading from memory failed: %v", err)
			}
			break
		}
		if n > 2*len(file) {
			t.Fatal("more packets than bytes")
		}
		a.Packet(&p)
	}
	a.Finish()
	for f, e := range s.ended {
		if !e[0] || !e[1] {
			t.Errorf("connection %d has not ended: %v", f.ID, *e)
		}
	}
	if a.queued != 0 {
		t.Errorf("%d bytes still counted as queued", a.queued)
	}
}

func TestCutAnywhere(t *testing.T) {
	for name, file := range specimens(t) {
		t.Run(name, func(t *testing.T) {
			for n := 0; n < len(file); n += 97 {
				digest(t, file[:n])
			}
		})
	}
}

func TestFlipAnything(t *testing.T) {
	flips := 1000
	if testing.Short() {
		flips = 50
	}
	for name, file := range specimens(t) {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(len(file)), 3))
			for range flips / 10 {
				b := bytes.Clone(file)
				for range 10 {
					b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
				}
				digest(t, b)
			}
		})
	}
}

// One damaged byte costs little: most packets of the file are still found.
func TestOneFlippedByteCostsLittle(t *testing.T) {
	for _, name := range []string{"pcap", "pcapng", "big-endian"} {
		file := specimens(t)[name]
		r := newRecord()
		_, a := play(t, file, r)
		whole := a.Tally().Packets
		for at := 32; at < len(file); at += 13 {
			b := bytes.Clone(file)
			b[at] ^= 0xff
			_, a := play(t, b, newRecord())
			if got := a.Tally().Packets; got < whole*3/4 {
				t.Fatalf("%s, byte %d: %d of %d packets", name, at, got, whole)
			}
		}
	}
}

// What tshark follows in the shipped recordings is what comes out here.
func TestSamplesEqualTshark(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("samples", "testdata", "*.follow"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no recordings with a witness")
	}
	for _, name := range files {
		stem := strings.TrimSuffix(filepath.Base(name), ".follow")
		t.Run(stem, func(t *testing.T) {
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			captures, err := filepath.Glob(filepath.Join("samples", stem+".pcap*"))
			if err != nil || len(captures) != 1 {
				t.Fatalf("recordings %v, %v", captures, err)
			}
			file, err := os.ReadFile(captures[0])
			if err != nil {
				t.Fatal(err)
			}
			r := newRecord()
			play(t, file, r)
			var got strings.Builder
			for i, f := range r.flows {
				for dir, b := range r.sent[f] {
					fmt.Fprintf(&got, "%d %v %v %d %x\n", i, f.Addr(dir), f.Addr(1-dir), len(b), sha256.Sum256(b))
				}
			}
			if got.String() != string(want) {
				t.Errorf("got\n%swant\n%s", got.String(), want)
			}
		})
	}
}
