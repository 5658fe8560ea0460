package xmlstream

import (
	"math/rand/v2"
	"testing"
)

// TestBlank: what the framer says of what is pending is so, however it came there.
func TestBlank(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	parts := []string{" ", "\n\t", "  \r\n  ", "<a>", "</a>", "<b/>", "x", "<!-- c -->", "<stream:stream xmlns:stream='s'>", "</stream:stream>"}
	for range 2000 {
		f := NewFramer(Options{MaxUnit: 256})
		for range 30 {
			switch r.IntN(12) {
			case 0:
				f.Gap(3)
			case 1:
				f.Return(f.Place())
			case 2:
				f.Take()
			case 3:
				f.Push(f.Detach())
			case 4:
				f.Rest()
			case 5:
				f.Flush()
			default:
				f.Push([]byte(parts[r.IntN(len(parts))]))
			}
			for r.IntN(3) > 0 {
				if _, ok := f.Next(); !ok {
					break
				}
			}
			if r.IntN(2) == 0 {
				continue
			}
			want := true
			for _, b := range f.Unread() {
				want = want && (b == ' ' || b == '\n' || b == '\r' || b == '\t')
			}
			if got := f.Blank(); got != want {
				t.Fatalf("%q is blank: %t", f.Unread(), got)
			}
		}
	}
}
