package inflate

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

func drain(r *Reader) (all []byte) {
	for p := r.Read(); p != nil; p = r.Read() {
		all = append(all, p...)
	}
	return all
}

func samples() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 200000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	return map[string][]byte{
		"empty": nil, "one": []byte("x"), "noise": noise,
		"xml":  []byte(strings.Repeat("<message to='romeo@example.net'><body>Wherefore art thou?</body></message>", 3000)),
		"same": bytes.Repeat([]byte("a"), 300000),
	}
}

// What the standard library compresses comes out again, at every level and
// however it is cut.
func TestAllLevels(t *testing.T) {
	for name, want := range samples() {
		for level := -2; level <= 9; level++ {
			var b bytes.Buffer
			w, _ := zlib.NewWriterLevel(&b, level)
			w.Write(want)
			w.Close()
			r := rand.New(rand.NewPCG(3, uint64(level+5)))
			z := NewZlib(Limits{Ratio: 2000})
			var got []byte
			for in := b.Bytes(); len(in) > 0; {
				n := 1 + r.IntN(min(len(in), 3000))
				z.Write(in[:n])
				in = in[n:]
				got = append(got, drain(z)...)
			}
			if !bytes.Equal(got, want) || z.Err() != nil || !z.Done() {
				t.Fatalf("%s level %d: %d bytes, want %d; %v", name, level, len(got), len(want), z.Err())
			}
		}
	}
}

// Every flush gives out what was written before it.
func TestFlushGivesAll(t *testing.T) {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	z := NewZlib(Limits{})
	for i := range 50 {
		line := strings.Repeat("<presence/>", i)
		io.WriteString(w, line)
		w.Flush()
		z.Write(b.Bytes())
		b.Reset()
		if got := string(drain(z)); got != line {
			t.Fatalf("flush %d: have %q", i, got)
		}
	}
}

// Z_PARTIAL_FLUSH of zlib 1.2.13: three stanzas, each flushed so. The last block
// of each ends within a byte.
func TestPartialFlush(t *testing.T) {
	for i, piece := range partial {
		p, err := hex.DecodeString(piece.in)
		if err != nil {
			t.Fatal(err)
		}
		partialReader.Write(p)
		if got := string(drain(partialReader)); got != piece.out {
			t.Fatalf("piece %d: have %q, want %q", i, got, piece.out)
		}
	}
}

var partialReader = NewZlib(Limits{})

func TestBombs(t *testing.T) {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write(make([]byte, 64<<20))
	w.Close()
	for what, l := range map[string]Limits{"ratio": {}, "total": {Ratio: 5000, Total: 1 << 20}} {
		z := NewZlib(l)
		z.Write(b.Bytes())
		n := len(drain(z))
		if z.Err() == nil || z.Err().Rule != "zlib-bomb" || n > 2<<20 || cap(z.out) > 512<<10 {
			t.Errorf("%s: %d bytes came out, %v, %d bytes of memory", what, n, z.Err(), cap(z.out))
		}
	}
}

func TestCorrupt(t *testing.T) {
	for in, want := range map[string]string{
		"<stream:stream>":                  "no zlib stream",
		"\x78\xbb":                         "preset dictionary",
		"\x78\x9c\x07":                     "does not exist",
		"\x78\x9c\x00\x01\x00\x00\x00":     "complement",
		"\x78\x9c\x03\x00\x00\x00\x00\x02": "checksum",
		"\x78\x9c\x03\x02":                 "before the beginning",
	} {
		z := NewZlib(Limits{})
		z.Write([]byte(in))
		drain(z)
		if z.Err() == nil || !strings.Contains(z.Err().Text, want) {
			t.Errorf("%q: have %v, want %s", in, z.Err(), want)
		}
	}
}

// A flood of empty blocks costs little each: ten bits are no work.
func BenchmarkEmptyBlocks(b *testing.B) {
	in := bytes.Repeat([]byte{0x02, 0x08, 0x20, 0x80, 0x00}, 20000) // 4 blocks with the fixed codes, in 40 bits
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		z := NewRaw(Limits{})
		z.Write(in)
		if drain(z); z.Err() != nil || z.Consumed() < int64(len(in)-2) {
			b.Fatal(z.Err(), z.Consumed())
		}
	}
}

func FuzzInflate(f *testing.F) {
	for _, s := range samples() {
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, 6)
		w.Write(s[:min(len(s), 2000)])
		w.Close()
		f.Add(b.Bytes(), uint64(1))
	}
	f.Fuzz(func(t *testing.T, in []byte, seed uint64) {
		want, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(in)), 1<<20))
		z := NewRaw(Limits{Ratio: 5000})
		r := rand.New(rand.NewPCG(seed, 1))
		var got []byte
		for p := in; len(p) > 0 && len(got) < 1<<20; {
			n := 1 + r.IntN(len(p))
			z.Write(p[:n])
			p = p[n:]
			got = append(got, drain(z)...)
		}
		if len(got) < 1<<20 && err == nil && len(want) < 1<<20 && (z.Err() != nil || !bytes.Equal(got, want)) {
			t.Fatalf("%d bytes, the standard library has %d; %v", len(got), len(want), z.Err())
		}
		if n := min(len(got), len(want)); !bytes.Equal(got[:n], want[:n]) {
			t.Fatal("other bytes than the standard library's")
		}
	})
}

func BenchmarkInflate(b *testing.B) {
	want := samples()["xml"]
	var c bytes.Buffer
	w, _ := flate.NewWriter(&c, 6)
	for i := range 2000 {
		w.Write(want[i*70 : i*70+50+i%37])
	}
	w.Close()
	b.Run("ours", func(b *testing.B) {
		for b.Loop() {
			z := NewRaw(Limits{Ratio: 5000})
			z.Write(c.Bytes())
			n := 0
			for p := z.Read(); p != nil; p = z.Read() {
				n += len(p)
			}
			b.SetBytes(int64(n))
		}
	})
	b.Run("standard", func(b *testing.B) {
		for b.Loop() {
			n, _ := io.Copy(io.Discard, flate.NewReader(bytes.NewReader(c.Bytes())))
			b.SetBytes(n)
		}
	})
}
