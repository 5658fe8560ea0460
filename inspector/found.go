package inspector

import (
	"sync"

	"xmppscope/decode"
)

// maxFound is how many findings are kept; more are only counted.
const maxFound = 100_000

// Found keeps findings by the event they are about. One goroutine may add while
// any number read.
type Found struct {
	mu     sync.RWMutex
	all    []Finding
	bySeq  map[decode.Seq][]int32
	levels [4]int
}

// Add keeps findings.
func (f *Found) Add(found []Finding) {
	if len(found) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.bySeq == nil {
		f.bySeq = map[decode.Seq][]int32{}
	}
	for _, x := range found {
		f.levels[x.Level&3]++
		if len(f.all) < maxFound {
			f.bySeq[x.Seq] = append(f.bySeq[x.Seq], int32(len(f.all)))
			f.all = append(f.all, x)
		}
	}
}

// Of are the findings about an event, in the order in which they were made.
func (f *Found) Of(seq decode.Seq) []Finding {
	f.mu.RLock()
	defer f.mu.RUnlock()
	var of []Finding
	for _, i := range f.bySeq[seq] {
		of = append(of, f.all[i])
	}
	return of
}

// Level is the gravest level of the findings about an event.
func (f *Found) Level(seq decode.Seq) Level {
	f.mu.RLock()
	defer f.mu.RUnlock()
	worst := LevelNone
	for _, i := range f.bySeq[seq] {
		worst = max(worst, f.all[i].Level)
	}
	return worst
}

// From are the findings that were added as number i and later: the first is
// number 0. What they hold is immutable.
func (f *Found) From(i int) []Finding {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if i >= len(f.all) {
		return nil
	}
	return f.all[i:len(f.all):len(f.all)]
}

// Len is how many findings are kept.
func (f *Found) Len() int {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return len(f.all)
}

// Count is how many findings of a level there are, those not kept included.
func (f *Found) Count(l Level) int {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.levels[l&3]
}
