package course

import (
	"errors"
	"fmt"
	"slices"
)

// order asks for things in their order. They are shown in another one.
type order struct {
	items []string // as they are right
	shown []string
	from  []int // where the shown ones stand in items
}

func readOrder(w *written) (Task, error) {
	if len(w.Items) < 2 {
		return nil, errors.New("order needs items, in their right order")
	}
	o := &order{items: w.Items}
	// The order that is shown is always the same, and never the right one.
	for i := range w.Items {
		o.from = append(o.from, i)
	}
	seed := uint32(len(w.Items))
	for _, s := range w.Items {
		for _, r := range s {
			seed = seed*31 + uint32(r)
		}
	}
	for i := len(o.from) - 1; i > 0; i-- {
		seed = seed*1664525 + 1013904223
		k := int(seed>>8) % (i + 1)
		o.from[i], o.from[k] = o.from[k], o.from[i]
	}
	if slices.IsSorted(o.from) {
		slices.Reverse(o.from)
	}
	for _, i := range o.from {
		o.shown = append(o.shown, o.items[i])
	}
	return o, nil
}

// sorted says how many stand right, from the first on.
func sorted(n int) string {
	switch n {
	case 0:
		return "Something else comes first."
	case 1:
		return "The first is right; number 2 is not."
	}
	return fmt.Sprintf("The first %d are right; number %d is not.", n, n+1)
}

// Check implements [Task]. The answer names what is shown, from 1.
func (o *order) Check(a Answer, _ *Place) Verdict {
	if len(a.Order) != len(o.items) {
		return Verdict{Missing: []string{fmt.Sprintf("put all %d in order", len(o.items))}}
	}
	seen := map[int]bool{}
	for at, n := range a.Order {
		if n < 1 || n > len(o.shown) || seen[n] {
			return Verdict{Missing: []string{"each one once"}}
		}
		seen[n] = true
		if o.items[o.from[n-1]] != o.items[at] {
			return Verdict{Said: sorted(at)}
		}
	}
	return Verdict{Done: true}
}

// Solution implements [Task].
func (o *order) Solution(*Place) (a Answer) {
	a.Order = make([]int, len(o.from))
	for shown, item := range o.from {
		a.Order[item] = shown + 1
	}
	return a
}

// Problems implements [Task].
func (o *order) Problems(*Place) []string { return nil }
