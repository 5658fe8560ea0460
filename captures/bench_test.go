package captures

import (
	"xmppscope/decode"

	"bytes"
	"io"
	"sync"
	"testing"

	"xmppscope/captures/synth"
)

// big is a capture of 100 MB, made once.
var big = sync.OnceValues(func() ([]byte, synth.Truth) {
	var b bytes.Buffer
	b.Grow(105 << 20)
	truth, err := synth.Write(&b, synth.Options{Conns: 100, Size: 100_000_000, Seed: 1})
	if err != nil {
		panic(err)
	}
	return b.Bytes(), truth
})

// counting is a handler that only counts.
type counting struct {
	n    [2]int64
	gaps int64
}

func (c *counting) Connect(*Flow)                  {}
func (c *counting) Data(_ *Flow, dir int, x Chunk) { c.n[dir] += int64(len(x.Bytes)) }
func (c *counting) Gap(*Flow, int, Gap)            { c.gaps++ }
func (*counting) Marks(*Flow, Mark, []decode.Mark) {}

func (c *counting) Conflict(*Flow, int, Conflict) {}
func (c *counting) End(*Flow, int, End)           {}

func benchmark(b *testing.B, file []byte, step func(src Source) error) {
	b.ReportAllocs()
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		src, err := Open(bytes.NewReader(file), OpenOptions{})
		if err != nil {
			b.Fatal(err)
		}
		if err := step(src); err != io.EOF {
			b.Fatal(err)
		}
	}
}

// Reading records only.
func BenchmarkRead(b *testing.B) {
	file, _ := big()
	benchmark(b, file, func(src Source) (err error) {
		var p Packet
		for err == nil {
			err = src.Next(&p)
		}
		return err
	})
}

// Records and headers.
func BenchmarkDecode(b *testing.B) {
	file, _ := big()
	d := newDecoder(AssemblerOptions{}.withDefaults())
	benchmark(b, file, func(src Source) (err error) {
		var p Packet
		for {
			if err = src.Next(&p); err != nil {
				return err
			}
			if d.packet(&p) != carriesTCP {
				b.Fatal("no TCP")
			}
		}
	})
}

// From the bytes of the file to ordered bytes per direction.
func BenchmarkAssemble(b *testing.B) {
	file, truth := big()
	benchmark(b, file, func(src Source) (err error) {
		h := &counting{}
		a := NewAssembler(h, AssemblerOptions{})
		var p Packet
		for err = src.Next(&p); err == nil; err = src.Next(&p) {
			a.Packet(&p)
		}
		a.Finish()
		if h.n != truth.XMLBytes || h.gaps > 0 {
			b.Fatalf("%d bytes and %d gaps, want %d", h.n, h.gaps, truth.XMLBytes)
		}
		return err
	})
}

// From the bytes of the file to events, on two goroutines.
func BenchmarkEvents(b *testing.B) {
	file, truth := big()
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if got := countAll(b, file); got != comparable(truth) {
			b.Fatalf("got %+v\nwant %+v", got, comparable(truth))
		}
	}
	b.ReportMetric(float64(truth.Stanzas())*float64(b.N)/b.Elapsed().Seconds(), "stanzas/s")
}
