package inspector

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A set of rows is what a sorted list of them would be.
func TestRowSet(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, spread := range []int{3, 900, 40_000} {
		var s rowSet
		var want []int
		next := 0
		for range 3000 {
			row, in := next, true
			if next > 0 && r.IntN(3) == 0 {
				row, in = r.IntN(next+spread), r.IntN(2) == 0
			} else {
				next += 1 + r.IntN(spread)
			}
			s.put(row, in)
			switch i, is := slices.BinarySearch(want, row); {
			case in && !is:
				want = slices.Insert(want, i, row)
			case !in && is:
				want = slices.Delete(want, i, i+1)
			}
			if s.len() != len(want) {
				t.Fatalf("%d rows, want %d", s.len(), len(want))
			}
		}
		for i, row := range want {
			if got := s.at(i); got != row {
				t.Fatalf("row %d is %d, want %d", i, got, row)
			}
		}
		for range 3000 {
			row := r.IntN(next+3*blockRows) - 5
			if i, is := slices.BinarySearch(want, row); s.below(row) != i || s.has(row) != is {
				t.Fatalf("%d rows below %d (in it: %v), want %d, %v", s.below(row), row, s.has(row), i, is)
			}
		}
	}
}
