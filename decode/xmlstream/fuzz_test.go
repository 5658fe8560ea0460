package xmlstream

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// FuzzFramer holds laws 2, 3 and 6 against any bytes, in four situations.
func FuzzFramer(f *testing.F) {
	for _, c := range framing {
		f.Add(strings.NewReplacer("{H}", hdr, "{E}", end).Replace(c.in), uint64(1))
	}
	for _, c := range searching {
		f.Add(strings.NewReplacer("{H}", hdr, "{E}", end).Replace(c.in), uint64(2))
	}
	f.Add(hdr+conversation+end, uint64(3))
	f.Fuzz(func(t *testing.T, in string, seed uint64) {
		small := Options{MaxUnit: 64 + int(seed%64), MaxDepth: 3, MaxAttrs: 3}
		for _, start := range []func() *Framer{
			func() *Framer { return NewFramer(Options{}) },
			func() *Framer { return NewMidStream(Options{}) },
			func() *Framer { return NewFramer(small) },
			func() *Framer { return NewMidStream(small) },
		} {
			units := feed(start(), in, whole)
			checkTiling(t, in, units)
			want := showAll(units)
			r := rand.New(rand.NewPCG(seed, 5))
			for _, portion := range []func() int{bytewise, random(r)} {
				if got := showAll(feed(start(), in, portion)); got != want {
					t.Fatalf("other cuts, other units for %q:\n%swant\n%s", in, got, want)
				}
			}
		}
	})
}
