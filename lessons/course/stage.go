package course

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime/metrics"
	"slices"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/inspector/live"
)

// Stage is a scene that is being played: the practice server, clients, and the
// proxy between them, in this process.
type Stage interface {
	// Store has what passes.
	Store() *inspector.Store
	// Watch has what is held, and does things to it.
	Watch() live.Watch
	// Over is closed when the clients have come to the end of their scripts.
	Over() <-chan struct{}
	// Told is what the clients said went wrong, in words; text of the wire in it
	// is disarmed.
	Told() []string
	// Misbehave turns something that the practice server does wrong on or off.
	Misbehave(name string, on bool) error
	// Close ends everything.
	Close()
}

// Stages builds a stage and begins to play.
type Stages func(context.Context, Scene) (Stage, error)

// Bounds of a play: how often it looks, and how long nothing may happen before it
// counts as over. Time alone says little where a computer has much else to do: as
// many looks, too, must have found that nobody here had anything to do.
const (
	look      = 5 * time.Millisecond
	quiet     = 3 * time.Second
	calmLooks = 60
)

// play does the written solution of a live step. Where it has nothing to do with
// what is held, that goes on, but for what the solution comes back to later. It
// returns when the solution was done and the clients have come to their end, or
// nothing happens any more, or ctx ends.
func play(ctx context.Context, s Stage, deeds []Deed) error {
	next, events, calm := 0, 0, 0
	var all crowd
	tick := time.NewTicker(look)
	defer tick.Stop()
	still := time.Now() // since when nothing has happened
	for {
		acted, err := perform(s, deeds, &next)
		if err != nil {
			return fmt.Errorf("step %d of the solution (%s): %w", next, deeds[next-1].Do, err)
		}
		if n := s.Store().Len(); acted || n != events {
			events, calm, still = n, 0, time.Now()
		}
		if all.calm() {
			calm++
		}
		idle := calm > calmLooks && time.Since(still) > quiet
		over := isOver(s) && len(s.Watch().Held()) == 0
		switch {
		case next == len(deeds) && over && calm > 2:
			return nil // what passed last has been read
		case acted:
			continue
		case idle && next == len(deeds):
			return nil // a client waits for what never comes
		case idle, over && calm > calmLooks/2 && time.Since(still) > quiet/2:
			return inVain(next, deeds)
		}
		select {
		case <-ctx.Done():
			switch {
			case next < len(deeds):
				return inVain(next, deeds)
			case errors.Is(ctx.Err(), context.DeadlineExceeded):
				return nil // something always happens, but nothing more is to be done
			}
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// crowd is who has something to do in this process: everybody else waits for
// somebody, for the network or for the time to come. Of those outside of Go, as
// for a disk, some may always be there, such as one who waits for signals.
type crowd struct {
	looked  bool
	outside uint64 // the fewest
}

// calm tells whether nobody but the caller has.
func (c *crowd) calm() bool {
	at := []metrics.Sample{{Name: "/sched/goroutines/running:goroutines"}, {Name: "/sched/goroutines/runnable:goroutines"}, {Name: "/sched/goroutines/not-in-go:goroutines"}}
	metrics.Read(at)
	var n [3]uint64
	for i, m := range at {
		if m.Value.Kind() == metrics.KindUint64 {
			n[i] = m.Value.Uint64()
		}
	}
	return c.judge(n[0], n[1], n[2])
}

// judge tells it of how many run, could run and are outside of Go now.
func (c *crowd) judge(running, runnable, outside uint64) bool {
	if !c.looked || outside < c.outside {
		c.looked, c.outside = true, outside
	}
	return running+runnable <= 1 && outside == c.outside
}

func inVain(next int, deeds []Deed) error {
	return fmt.Errorf("step %d of the solution (%s) waited in vain for %s", next+1, deeds[next].Do, deeds[next].Wait)
}

func isOver(s Stage) bool {
	select {
	case <-s.Over():
		return true
	default:
		return false
	}
}

// perform does the next deed, if it is its turn, or lets something go on.
func perform(s Stage, deeds []Deed, next *int) (acted bool, err error) {
	held := slices.DeleteFunc(slices.Clone(s.Watch().Held()), func(h live.Waiting) bool { return h.Decided != "" })
	if *next < len(deeds) {
		d := &deeds[*next]
		switch {
		case d.filter == nil:
			*next++
			return true, d.perform(s, d.act(nil))
		case d.Passed:
			if row := seen(s.Store(), d.filter); row >= 0 {
				*next++
				a := d.act(nil)
				a.Conn = s.Store().Row(row).Conn()
				if d.Do == "replay" || d.Do == "break" {
					a.Seq = s.Store().Row(row).Seq()
				}
				return true, d.perform(s, a)
			}
		default:
			for _, h := range held {
				if !d.filter.Match(h.Event, inspector.Extra{}) {
					continue
				}
				*next++
				a := d.act(h.Event)
				if d.from != nil {
					if a.XML, err = copied(s.Store(), d); err != nil {
						return false, err
					}
				}
				if d.Password != "" {
					if a.XML, err = bindAnew(s.Store(), string(h.Event.Text()), d.Password); err != nil {
						return false, err
					}
					a.Force = true
				}
				a.Seq = h.Seq
				if d.Do == "inject" {
					a.Conn = h.Conn
				}
				return true, d.perform(s, a)
			}
		}
	}
	if len(held) == 0 {
		return false, nil
	}
	// What the solution does not wait for goes on; an error means that it has gone.
	for _, h := range held {
		if later(deeds, *next, h.Event) {
			continue
		}
		_ = s.Watch().Do(live.Act{Do: "forward", Seq: h.Seq})
		return true, nil
	}
	return false, nil
}

// later tells whether a unit that is held stays so while the solution waits for
// something to pass, since it comes to it afterwards.
func later(deeds []Deed, next int, e *decode.Event) bool {
	if next >= len(deeds) || !deeds[next].Passed {
		return false
	}
	return slices.ContainsFunc(deeds[next+1:], func(d Deed) bool {
		return d.filter != nil && !d.Passed && d.filter.Match(e, inspector.Extra{})
	})
}

func (d *Deed) perform(s Stage, a live.Act) error {
	switch d.Do {
	case justWait:
		return nil
	case misbehave, behave:
		return s.Misbehave(d.Name, d.Do == misbehave)
	}
	return s.Watch().Do(a)
}

// seen is the row of the first event that fits, -1 for none.
func seen(store *inspector.Store, f *inspector.Filter) int {
	for i := range store.Len() {
		if f.MatchRow(store, i) {
			return i
		}
	}
	return -1
}

// copied is the XML of the event that a deed names.
func copied(store *inspector.Store, d *Deed) (*string, error) {
	row := seen(store, d.from)
	if row < 0 {
		return nil, fmt.Errorf("nothing fits %s, which the solution (%s) is to send", d.From, d.Do)
	}
	e, err := store.Event(row)
	if err != nil {
		return nil, err
	}
	text := string(e.Text())
	return &text, nil
}

// act is what a deed means for a unit.
func (d *Deed) act(e *decode.Event) live.Act {
	a := live.Act{Do: d.Do, Dir: d.Dir, Place: d.Place, Fresh: d.Fresh, Swallow: d.Swallow, Text: d.Text, Layer: d.Layer, Condition: d.Condition, Expr: d.Expr, Once: d.Once}
	text := d.XML
	if e != nil && text == "" {
		text = string(e.XML)
		if text == "" {
			text = string(e.Wire)
		}
		for _, pair := range d.Replace {
			if len(pair) == 2 {
				text = strings.ReplaceAll(text, pair[0], pair[1])
			}
		}
		text = setFields(text, d.Set, d.Flip)
		if d.Do != "edit" && len(d.Replace)+len(d.Set)+len(d.Flip) == 0 {
			text = "" // as it is
		}
	}
	if text != "" {
		a.XML, a.Force = &text, true
	}
	return a
}

// setFields changes the base64 inside an element: each pair is a text in it and
// what is to stand there instead; NUL is written as \0. Behind the text flip
// another letter is put.
func setFields(text string, set [][]string, flip string) string {
	if len(set) == 0 && flip == "" {
		return text
	}
	open, end := strings.IndexByte(text, '>'), strings.LastIndex(text, "</")
	if open < 0 || end <= open {
		return text
	}
	raw, err := base64.StdEncoding.DecodeString(text[open+1 : end])
	if err != nil {
		return text
	}
	data := string(raw)
	for _, pair := range set {
		if len(pair) == 2 {
			data = strings.ReplaceAll(data, strings.ReplaceAll(pair[0], `\0`, "\x00"), strings.ReplaceAll(pair[1], `\0`, "\x00"))
		}
	}
	if before, after, ok := strings.Cut(data, flip); ok && flip != "" && after != "" {
		other := "A"
		if after[0] == 'A' {
			other = "B"
		}
		data = before + flip + other + after[1:]
	}
	return text[:open+1] + base64.StdEncoding.EncodeToString([]byte(data)) + text[end:]
}
