package course

import (
	"context"
	"encoding/base64"
	"fmt"
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
	// Close ends everything.
	Close()
}

// Stages builds a stage and begins to play.
type Stages func(context.Context, Scene) (Stage, error)

// play does the written solution of a live step. Where it has nothing to do with
// what is held, that goes on. It returns when the solution was done and the
// clients have come to their end, or ctx ends.
func play(ctx context.Context, s Stage, deeds []Deed) error {
	const look = 5 * time.Millisecond
	next := 0
	tick := time.NewTicker(look)
	defer tick.Stop()
	over := false
	for {
		acted, err := perform(s, deeds, &next)
		if err != nil {
			return err
		}
		if next == len(deeds) && over && len(s.Watch().Held()) == 0 {
			return nil
		}
		if acted {
			continue
		}
		select {
		case <-ctx.Done():
			if next < len(deeds) {
				return fmt.Errorf("step %d of the solution (%s) waited in vain for %s", next+1, deeds[next].Do, deeds[next].Wait)
			}
			return ctx.Err()
		case <-s.Over():
			if over && next < len(deeds) && len(s.Watch().Held()) == 0 && !passedLater(s, &deeds[next]) {
				return fmt.Errorf("step %d of the solution (%s) waited in vain for %s", next+1, deeds[next].Do, deeds[next].Wait)
			}
			over = true
			<-tick.C
		case <-tick.C:
		}
	}
}

// passedLater tells whether a deed may still come without anything that is held.
func passedLater(s Stage, d *Deed) bool { return d.filter == nil || d.Passed && seen(s.Store(), d) > 0 }

// perform does the next deed, if it is its turn, or lets something go on.
func perform(s Stage, deeds []Deed, next *int) (acted bool, err error) {
	w := s.Watch()
	held := w.Held()
	if *next < len(deeds) {
		d := &deeds[*next]
		switch {
		case d.filter == nil:
			*next++
			return true, w.Do(d.act(nil))
		case d.Passed:
			if seq := seen(s.Store(), d); seq > 0 {
				*next++
				a := d.act(nil)
				a.Seq = seq
				return true, w.Do(a)
			}
		default:
			for _, h := range held {
				if !d.filter.Match(h.Event, inspector.Extra{}) {
					continue
				}
				*next++
				a := d.act(h.Event)
				a.Seq = h.Seq
				return true, w.Do(a)
			}
		}
	}
	if len(held) == 0 {
		return false, nil
	}
	// What the solution does not wait for goes on; an error means that it has gone.
	_ = w.Do(live.Act{Do: "forward", Seq: held[0].Seq})
	return true, nil
}

// seen is the first event that fits what a deed waits for, 0 for none.
func seen(store *inspector.Store, d *Deed) decode.Seq {
	for i := range store.Len() {
		if d.filter.MatchRow(store, i) {
			return store.Row(i).Seq()
		}
	}
	return 0
}

// act is what a deed means for a unit.
func (d *Deed) act(e *decode.Event) live.Act {
	a := live.Act{Do: d.Do, Dir: d.Dir, Place: d.Place, Fresh: d.Fresh, Layer: d.Layer, Condition: d.Condition, Expr: d.Expr, Once: d.Once}
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
		if len(d.Set) > 0 {
			text = setFields(text, d.Set)
		}
		if d.Do != "edit" && len(d.Replace)+len(d.Set) == 0 {
			text = "" // as it is
		}
	}
	if text != "" {
		a.XML, a.Force = &text, true
	}
	return a
}

// setFields changes the base64 inside an element: each pair is a text in it and
// what is to stand there instead; NUL is written as \0.
func setFields(text string, set [][]string) string {
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
	return text[:open+1] + base64.StdEncoding.EncodeToString([]byte(data)) + text[end:]
}
