package dial

import (
	"fmt"
	"sync"
	"time"
)

// Act is what an entry of a trail tells.
type Act uint8

const (
	Asked    Act = iota + 1 // a question went to DNS or to a web server
	Answered                // and this came back
	Decided                 // a choice, with its reason
	Tried                   // an address was dialled, or a negotiation begun
	Failed                  // and this is why it did not work
	Reached                 // and it worked
)

var actNames = [...]string{"", "asked", "answered", "decided", "tried", "failed", "reached"}

func (a Act) String() string { return actNames[a] }

// Entry is one thing that was done on the way to a server.
type Entry struct {
	Time time.Time
	Act  Act
	// Text says it in words. It may hold what DNS and servers said: views make
	// it safe to show.
	Text string
}

// maxEntries bounds a trail: DNS decides how much there is to try.
const maxEntries = 256

// Trail is what was done, in order. It may be used by several goroutines; a nil
// Trail takes everything and keeps nothing.
type Trail struct {
	// Tell, where set, gets each entry as it is made. It is called by whoever
	// adds it, one at a time.
	Tell func(Entry)

	mu  sync.Mutex
	all []Entry
}

// Add adds an entry. Past 256 nothing is kept or told any more.
func (t *Trail) Add(act Act, format string, values ...any) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.all) >= maxEntries {
		return
	}
	e := Entry{Time: time.Now(), Act: act, Text: fmt.Sprintf(format, values...)}
	if len(t.all) == maxEntries-1 {
		e.Text = "more was done than is told here"
	}
	t.all = append(t.all, e)
	if t.Tell != nil {
		t.Tell(e)
	}
}

// Entries is what there is so far.
func (t *Trail) Entries() []Entry {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Entry(nil), t.all...)
}
