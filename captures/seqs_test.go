package captures

import (
	"math/rand/v2"
	"testing"

	"xmppscope/decode"
)

func TestSeqs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var s seqs
	var want []decode.Seq
	next := decode.Seq(0)
	for i := range 40 * seqsTogether {
		if next++; i%100 == 0 {
			next += decode.Seq(r.IntN(1 << 25))
		} else {
			next += decode.Seq(r.IntN(200))
		}
		s.add(next)
		want = append(want, next)
		if s.len() != len(want) {
			t.Fatalf("%d numbers of %d", s.len(), len(want))
		}
	}
	for i := range want {
		if got := s.at(i); got != want[i] {
			t.Fatalf("number %d is %d, want %d", i, got, want[i])
		}
	}
	if size := len(s.more) + 8*len(s.blocks) + 4*cap(s.tail); size > 2*len(want) {
		t.Errorf("%d numbers take %d bytes", len(want), size)
	}
}
