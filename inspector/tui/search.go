package tui

import (
	"context"
	"strconv"
	"sync/atomic"

	"xmppscope/inspector"
)

// search is what a person looks for. The language is that of filters; text
// that is no expression is looked for in the bytes as it stands.
type search struct {
	text   string
	filter *inspector.Filter
	job    *searchJob
}

// searchJob looks through a store in a goroutine of its own, so that keys work
// meanwhile however large the store is.
type searchJob struct {
	cancel context.CancelFunc
	done   atomic.Bool
	looked atomic.Int64
	row    int  // valid once done; -1 for nothing found
	wraps  bool // valid once done: found beyond the end
	total  int
	ended  chan struct{}
}

func (s *search) running() bool { return s.job != nil && !s.job.done.Load() }

func (s *search) looked() int {
	if s.job == nil {
		return 0
	}
	return int(s.job.looked.Load())
}

// compileSearch understands the text as an expression, or else as plain text.
func compileSearch(text string) (f *inspector.Filter, plain bool, err error) {
	f, err = inspector.Compile(text)
	if err == nil {
		return f, false, nil
	}
	f, plainErr := inspector.Compile("wire contains " + strconv.Quote(text))
	if plainErr != nil {
		return nil, false, err
	}
	return f, true, nil
}

func (u *ui) askSearch() {
	p := &prompt{th: u.th, label: "search", keys: []hint{
		{"Enter", "next hit"}, {"↑ ↓", "previous, next hit"}, {"Esc", "close"}}}
	p.typed.set(u.search.text)
	p.note = func(text string) (string, int, noteKind) {
		if u.search.running() {
			return "searching … " + thousands(u.search.looked()) + " of " + thousands(u.search.job.total), -1, noteInfo
		}
		if u.message.text != "" {
			return u.message.text, -1, u.message.kind
		}
		return searchNote(text)
	}
	p.enter = func(text string) { u.searchFor(text, 1) }
	p.down = func() { u.searchFor(p.typed.text, 1) }
	p.up = func() { u.searchFor(p.typed.text, -1) }
	p.quit = func() {
		u.stopSearch()
		u.close()
	}
	u.over = p
}

func searchNote(text string) (string, int, noteKind) {
	if text == "" {
		return "a word, or an expression as in f: error == \"not-authorized\"", -1, noteInfo
	}
	_, plain, err := compileSearch(text)
	switch {
	case err != nil:
		return err.Error(), -1, noteBad
	case plain:
		return "looks for exactly these characters on the wire", -1, noteInfo
	}
	return "looks for events for which this holds", -1, noteInfo
}

// searchFor starts looking from the cursor, forward (1) or backward (-1).
func (u *ui) searchFor(text string, dir int) {
	if text == "" {
		return
	}
	if text != u.search.text || u.search.filter == nil {
		f, _, err := compileSearch(text)
		if err != nil {
			u.say(noteBad, err.Error())
			return
		}
		u.search.text, u.search.filter = text, f
	}
	u.stopSearch()
	c := u.cap
	ctx, cancel := context.WithCancel(u.ctx)
	j := &searchJob{cancel: cancel, row: -1, ended: make(chan struct{}), total: c.store.Len()}
	u.search.job = j
	in := searchIn{store: c.store, conn: c.conn, shown: c.filter, wanted: u.search.filter, from: c.row(), dir: dir, n: j.total}
	u.alive.Store(true)
	go func() {
		defer close(j.ended)
		j.row, j.wraps = in.run(ctx, &j.looked)
		j.done.Store(true)
		u.pump.wake()
	}()
}

func (u *ui) searchAgain(dir int) {
	if u.search.text == "" {
		u.say(noteInfo, "/ searches; there is no search yet")
		return
	}
	u.searchFor(u.search.text, dir)
}

// stopSearch ends a search that is running.
func (u *ui) stopSearch() {
	if j := u.search.job; j != nil {
		j.cancel()
		<-j.ended // it looks at its context often
		u.search.job = nil
	}
}

// takeHit goes to what a search has found.
func (u *ui) takeHit() {
	j := u.search.job
	if j == nil || !j.done.Load() {
		return
	}
	j.cancel()
	u.search.job = nil
	if j.row < 0 {
		u.say(noteBad, "nothing found for "+wire(cut(u.search.text, 40))+" in "+plural(j.total, "event"))
		return
	}
	if i, ok := u.cap.find(j.row); ok {
		u.moveTo(i)
	}
	text := "found in " + number(u.cap.store.Row(j.row).Seq())
	if j.wraps {
		text += ", beyond the end and on from the other one"
	}
	u.say(noteGood, text)
}
