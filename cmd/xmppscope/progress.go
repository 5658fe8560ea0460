package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progress tells on standard error how far a long reading has come. It stays
// silent for the first moment, so that short work shows nothing. The reader
// calls it on a goroutine of its own.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	name  string
	began time.Time
	last  time.Time
	shown bool
	over  bool
}

const (
	progressDelay = 500 * time.Millisecond
	progressEvery = 100 * time.Millisecond
)

// watch shows the progress of a reading. It returns nil where nobody would see
// it: standard error is no terminal, or the output itself scrolls over one.
func (r *reading) watch() *progress {
	_, seen := terminal(r.e.err)
	_, scrolls := terminal(r.e.out)
	if !seen || scrolls || r.flags.live() {
		return nil
	}
	p := &progress{w: r.e.err, name: "reading", began: time.Now()}
	r.options.Progress = p.tell
	return p
}

// tell is called by the reader with bytes taken and bytes in all, 0 or less
// where the size is not known.
func (p *progress) tell(read, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.over || now.Sub(p.began) < progressDelay || now.Sub(p.last) < progressEvery {
		return
	}
	p.last, p.shown = now, true
	if total > 0 {
		fmt.Fprintf(p.w, "\r\x1b[K%s: %d %% of %.1f MB", p.name, min(100*read/total, 100), float64(total)/1e6)
		return
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s: %.1f MB", p.name, float64(read)/1e6)
}

// done wipes the line; nothing is shown after it.
func (p *progress) done() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	p.shown, p.over = false, true
}
