package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"xmppscope/captures"
	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
	"xmppscope/inspector/export"
)

// flushSoon is how long what was written may wait for more: who watches wants to
// see it now, but not for the price of a system call each.
const flushSoon = 5 * time.Millisecond

// headless writes the events as they come, and takes actions from standard
// input where they come as JSON.
func (j *proxying) headless(ctx context.Context, stop func()) error {
	name := "text"
	if j.flags.json {
		name = "json"
	}
	f, _ := export.Lookup(name)
	r := j.r
	r.judging = &judging{}
	o := export.Options{Findings: r.judging.of, Session: r.judging.session, Secrets: r.secrets, Color: j.e.colored(j.e.out), Width: j.e.width()}
	var mu sync.Mutex // errors of actions come in between
	w := f.New(j.e.out, o)
	begin := w.Begin
	if late, can := w.(export.LateFinder); can {
		r.judging.tell = func(f *lint.Finding) error {
			if !r.filter.All() {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			return late.Late(f)
		}
	}
	r.begin = func(c *decode.Conversation) error {
		j.session.Begin(*c)
		mu.Lock()
		defer mu.Unlock()
		return begin(c)
	}
	var failed error
	waits := false // something is to be flushed soon
	soon := func() {
		if waits {
			return
		}
		waits = true
		time.AfterFunc(flushSoon, func() {
			mu.Lock()
			defer mu.Unlock()
			waits = false
			if err := w.Flush(); err != nil && failed == nil {
				failed = err
				stop()
			}
		})
	}
	j.follow(func(e *decode.Event) {
		mu.Lock()
		defer mu.Unlock()
		if failed == nil {
			failed = j.writeHeld(w, e)
		}
	})
	if j.flags.json {
		go j.acts(j.e.in, func(_ []byte, err error) {
			mu.Lock()
			defer mu.Unlock()
			_ = w.Flush() // its lines are whole then; who reads them hears of an error of its own
			_ = export.WriteJSON(j.e.out, struct {
				Record string `json:"record"`
				Text   string `json:"text"`
			}{"error", inspector.Disarm(err.Error())})
		})
	}
	err := r.each(ctx, func(i captures.Item) error {
		mu.Lock()
		defer mu.Unlock()
		if failed != nil {
			return failed
		}
		if i.Event == nil {
			if err := w.Conversation(i.Conversation); err != nil {
				return err
			}
		} else if err := w.Event(i.Event); err != nil {
			return err
		}
		soon()
		return nil
	})
	stop()
	mu.Lock()
	defer mu.Unlock()
	if closed := w.Close(); closed != nil && err == nil {
		err = closed
	}
	return err
}

// writeHeld announces a unit that waits.
func (j *proxying) writeHeld(w export.Writer, e *decode.Event) error {
	if !j.r.filter.Match(e, inspector.Extra{}) {
		return nil
	}
	if err := w.Event(e); err != nil {
		return err
	}
	if !j.flags.json {
		j.heldHint.Do(func() {
			fmt.Fprintf(j.e.err, "xmppscope: event %d is held, and nobody here can let it go\nhint: with --json, standard input takes actions; without --headless, keys do\n", e.Seq)
		})
	}
	return w.Flush()
}
