package course

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/inspector/live"
)

// Want is something that is to pass, or not to pass, on the stage.
type Want struct {
	// When is a filter expression; Say is what is missing as long as nothing fits.
	When, Say string
	// Within is the longest time since the one before, as in "30s"; empty for any.
	Within string

	filter *inspector.Filter
	within time.Duration
}

func (w *Want) read() (err error) {
	if w.When == "" || w.Say == "" {
		return errors.New("each want and not has when, an expression, and say, what is missing in words")
	}
	if w.filter, err = inspector.Compile(w.When); err != nil {
		return fmt.Errorf("%s: %w", w.When, err)
	}
	if w.Within != "" {
		if w.within, err = time.ParseDuration(w.Within); err != nil {
			return fmt.Errorf("within: %w", err)
		}
	}
	return nil
}

// Deed is one thing that the written solution does on the stage.
type Deed struct {
	// Wait is a filter expression: the deed waits for a unit that is held and
	// fits, or, with Passed, for an event. Empty is at once.
	Wait   string
	Passed bool
	// Do is a verb of the proxy: forward, edit, drop, inject, replay, close,
	// break, continue …; or wait, for nothing but that; or misbehave and behave, of
	// the practice server.
	Do string
	// Of an edit: XML in place of what is held, or From, an expression for the
	// event whose XML is put there, or Replace, pairs of text in it, or Set, pairs
	// of text in its base64, where \0 is NUL, or Flip, a text in its base64 behind
	// which another letter is to stand, or Password, with which the last message of
	// a bound login is made anew for the server's own TLS connection.
	XML      string
	From     string
	Replace  [][]string
	Set      [][]string
	Flip     string
	Password string
	// Of inject and replay.
	Dir, Place     string
	Fresh, Swallow bool
	// Of close and break.
	Layer, Condition, Expr string
	Text                   string
	Once                   bool
	// Name is that of a misbehaviour, with its number where it has one.
	Name string

	filter, from *inspector.Filter
}

// read compiles the expressions.
func (d *Deed) read() (err error) {
	for text, into := range map[string]**inspector.Filter{d.Wait: &d.filter, d.From: &d.from} {
		if text == "" {
			continue
		}
		if *into, err = inspector.Compile(text); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
	}
	return nil
}

// do is a live step.
type do struct {
	Scene    Scene
	want     []Want
	not      []Want
	solution []Deed
}

func readDo(w *written) (Task, error) {
	d := &do{Scene: w.Scene, want: w.Want, not: w.Not, solution: w.Solution}
	if len(d.want) == 0 || len(d.solution) == 0 {
		return nil, errors.New("do needs a scene, at least one want, and a solution")
	}
	if err := d.Scene.check(); err != nil {
		return nil, err
	}
	for _, all := range [][]Want{d.want, d.not} {
		for i := range all {
			if err := all[i].read(); err != nil {
				return nil, err
			}
		}
	}
	for i := range d.solution {
		s := &d.solution[i]
		if err := s.check(); err != nil {
			return nil, err
		}
		if err := s.read(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Verbs of deeds that are none of the proxy.
const (
	justWait  = "wait"
	misbehave = "misbehave"
	behave    = "behave"
)

// check tells what cannot be right about a deed.
func (d *Deed) check() error {
	verbs, _ := live.Verbs()
	verbs = append(verbs, justWait, misbehave, behave)
	switch {
	case !slices.Contains(verbs, d.Do):
		return fmt.Errorf("each solution has do, one of %s; %q is none", strings.Join(verbs, ", "), d.Do)
	case d.Do == justWait && d.Wait == "":
		return errors.New("a solution that waits needs wait, an expression")
	case d.Passed && d.Wait == "":
		return errors.New("passed goes with wait, an expression")
	}
	return nil
}

// Check implements [Task]: what is wanted has passed, in order, and nothing that
// is not.
func (d *do) Check(_ Answer, at *Place) (v Verdict) {
	if at == nil || at.Store == nil {
		return Verdict{Missing: d.says(0)}
	}
	done, last := 0, time.Time{}
	var by decode.Seq // with which the last of it was done
	for i := range at.Store.Len() {
		for k := range d.not {
			if d.not[k].filter.MatchRow(at.Store, i) {
				return Verdict{Said: d.not[k].Say + " Begin again.", Seq: at.Store.Row(i).Seq()}
			}
		}
		if done == len(d.want) {
			break
		}
		w, now := &d.want[done], at.Store.Row(i).Time()
		if !w.filter.MatchRow(at.Store, i) {
			continue
		}
		if w.within > 0 && !last.IsZero() && now.Sub(last) > w.within {
			return Verdict{Said: fmt.Sprintf("It came too late: more than %s after what was before. Begin again.", w.Within), Seq: at.Store.Row(i).Seq()}
		}
		done, last, by = done+1, now, at.Store.Row(i).Seq()
	}
	v = Verdict{Done: done == len(d.want), Missing: d.says(done)}
	if v.Done {
		v.Seq = by
	}
	return v
}

func (d *do) says(from int) (all []string) {
	for _, w := range d.want[from:] {
		all = append(all, w.Say)
	}
	return all
}

// Solution implements [Task]; that of a live step is played.
func (d *do) Solution(*Place) Answer { return Answer{} }

// Problems implements [Task].
func (d *do) Problems(*Place) []string { return nil }

// Deeds are the written solution of a live step.
func Deeds(t Task) []Deed {
	if d, ok := t.(*do); ok {
		return d.solution
	}
	return nil
}
