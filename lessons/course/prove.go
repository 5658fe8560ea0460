package course

import (
	"context"
	"fmt"
	"strings"
	"time"

	"xmppscope/inspector"
)

// Prover proves lessons to their authors: every check fails before the solution
// and passes after it, every place exists, every section is one that is known.
type Prover struct {
	// Open reads a capture of a lesson whole.
	Open func(*Lesson, *Capture) (*inspector.Store, error)
	// Stages plays live steps; nil leaves them out.
	Stages Stages
	// Ref tells whether a section is known, as "RFC 6120 §5.4"; nil asks nobody.
	Ref func(string) bool
	// Lesson tells whether there is a lesson of this name; nil asks nobody.
	Lesson func(id string) bool
	// Patience is how long a live step may take.
	Patience time.Duration
}

// Problem is something wrong with a lesson.
type Problem struct {
	Step string // its title; empty for the lesson
	Text string
}

func (p Problem) String() string {
	if p.Step == "" {
		return p.Text
	}
	return p.Step + ": " + p.Text
}

// Prove gives all that is wrong with a lesson; nothing where it is sound.
func (p *Prover) Prove(ctx context.Context, l *Lesson) (all []Problem) {
	say := func(step, format string, args ...any) {
		all = append(all, Problem{step, fmt.Sprintf(format, args...)})
	}
	for name, text := range map[string]string{"goal": l.Goal, "wrong, the misconception": l.Wrong} {
		if strings.TrimSpace(text) == "" {
			say("", "has no %s", name)
		}
	}
	if l.Minutes < 1 {
		say("", "minutes is how long it takes, at least 1")
	}
	if len(l.Refs) == 0 {
		say("", "refs names no section that it rests on")
	}
	for _, r := range l.Refs {
		if p.Ref != nil && !p.Ref(r) {
			say("", "%s is no section on record", r)
		}
	}
	for _, id := range l.After {
		if p.Lesson != nil && !p.Lesson(id) {
			say("", "after names %s, which is no lesson", id)
		}
	}
	stores := map[string]*inspector.Store{}
	defer func() {
		for _, s := range stores {
			s.Close()
		}
	}()
	for i := range l.Captures {
		c := &l.Captures[i]
		s, err := p.Open(l, c)
		if err != nil {
			say("", "capture %s: %s", c.Name, err)
			continue
		}
		stores[c.Name] = s
	}
	for i := range l.Steps {
		s := &l.Steps[i]
		for _, text := range p.step(ctx, s, stores[s.Capture]) {
			say(s.Title, "%s", text)
		}
	}
	all = append(all, p.links(l)...)
	return all
}

// threeHints is how many hints a task has.
const threeHints = 3

// step proves one step.
func (p *Prover) step(ctx context.Context, s *Step, store *inspector.Store) (all []string) {
	if len(s.Text) == 0 {
		all = append(all, "says nothing")
	}
	if s.Task == nil {
		return append(all, s.Focus.problems(store)...)
	}
	if n := len(s.Hints); n != threeHints {
		all = append(all, fmt.Sprintf("has %d hints, not %d", n, threeHints))
	}
	at := &Place{Store: store, Row: -1}
	if store != nil {
		at.Row, at.Start, at.End = s.Locate(store)
	}
	if s.Live() != nil {
		return append(all, p.live(ctx, s)...)
	}
	if s.Focus.Event != "" {
		all = append(all, s.Focus.problems(store)...)
	}
	all = append(all, s.Task.Problems(at)...)
	if s.Task.Check(Answer{}, at).Done {
		all = append(all, "its check passes without an answer")
	}
	if v := s.Task.Check(s.Task.Solution(at), at); !v.Done {
		all = append(all, "its check fails after the solution: "+strings.Join(append([]string{v.Said}, v.Missing...), " "))
	}
	return all
}

// live proves a live step: the scene without and with the solution.
func (p *Prover) live(ctx context.Context, s *Step) (all []string) {
	if p.Stages == nil {
		return nil
	}
	for _, deeds := range [][]Deed{nil, Deeds(s.Task)} {
		v, err := p.scene(ctx, s, deeds)
		switch {
		case err != nil && (deeds != nil || v.Done):
			all = append(all, err.Error())
		case deeds == nil && v.Done:
			all = append(all, "its check passes without the solution")
		case deeds != nil && !v.Done:
			all = append(all, "its check fails after the solution: "+strings.Join(append([]string{v.Said}, v.Missing...), " "))
		}
	}
	return all
}

func (p *Prover) scene(ctx context.Context, s *Step, deeds []Deed) (Verdict, error) {
	ctx, stop := context.WithTimeout(ctx, p.Patience)
	defer stop()
	stage, err := p.Stages(ctx, *s.Live())
	if err != nil {
		return Verdict{}, err
	}
	err = play(ctx, stage, deeds)
	stage.Close()
	return s.Task.Check(Answer{}, &Place{Store: stage.Store(), Row: -1}), err
}

// links are the links of the text that lead nowhere: to a lesson that is not
// there. Those to pages are not followed.
func (p *Prover) links(l *Lesson) (all []Problem) {
	var look func(step string, blocks []Block)
	look = func(step string, blocks []Block) {
		for _, b := range blocks {
			texts := append([][]Run{b.Text}, b.Cells...)
			for _, text := range texts {
				for _, r := range text {
					id, ok := strings.CutPrefix(r.Link, "lesson:")
					switch {
					case r.Link == "" || strings.HasPrefix(r.Link, "https://") || strings.HasPrefix(r.Link, "term:"):
					case !ok:
						all = append(all, Problem{step, "a link leads to " + r.Link + ", which is neither https nor lesson: nor term:"})
					case p.Lesson != nil && !p.Lesson(id):
						all = append(all, Problem{step, "a link leads to the lesson " + id + ", which is not there"})
					}
				}
			}
			look(step, b.Inside)
		}
	}
	look("", l.Intro)
	for i := range l.Steps {
		look(l.Steps[i].Title, l.Steps[i].Text)
		look(l.Steps[i].Title, l.Steps[i].After)
	}
	return all
}
