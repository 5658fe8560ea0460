package synth

import (
	"bytes"
	"crypto/sha256"
	"io"
	"testing"
)

func TestWriteIsDeterministic(t *testing.T) {
	sum := func(seed uint64) ([32]byte, Truth) {
		var b bytes.Buffer
		truth, err := Write(&b, Options{Conns: 7, Size: 300_000, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		if truth.FileBytes != int64(b.Len()) {
			t.Errorf("truth has %d bytes, the file %d", truth.FileBytes, b.Len())
		}
		return sha256.Sum256(b.Bytes()), truth
	}
	a, ta := sum(1)
	b, tb := sum(1)
	if a != b || ta != tb {
		t.Error("the same seed gave different files")
	}
	if c, _ := sum(2); c == a {
		t.Error("another seed gave the same file")
	}
	if ta.Stanzas() < 300 || ta.Close != [2]int64{7, 7} || ta.Open != [2]int64{14, 14} {
		t.Errorf("truth %+v", ta)
	}
}

type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestWriteReportsErrors(t *testing.T) {
	if _, err := Write(&failing{left: 400_000}, Options{Size: 2_000_000}); err != io.ErrShortWrite {
		t.Errorf("error is %v", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		truth, err := Write(io.Discard, Options{Size: 100_000_000, Seed: 1})
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(truth.FileBytes)
	}
}
