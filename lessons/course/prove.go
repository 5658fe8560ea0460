package course

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
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
	// Term tells whether a word is explained; nil asks nobody.
	Term func(word string) bool
	// Patience is how long a live step may take.
	Patience time.Duration
	// Together is how many scenes may be played at the same time; 0 is one.
	Together int

	once  sync.Once
	slots chan struct{}
}

// Problem is something wrong with a lesson.
type Problem struct {
	Step string // its title; empty for the lesson
	Line int    // of the file, where the step begins; 0 where there is none
	Text string
}

func (p Problem) String() string {
	if p.Step == "" {
		return p.Text
	}
	return p.Step + ": " + p.Text
}

// Prove gives all that is wrong with a lesson; nothing where it is sound. It may
// be called by several goroutines.
func (p *Prover) Prove(ctx context.Context, l *Lesson) (all []Problem) {
	all = p.front(l)
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
			all = append(all, Problem{Line: 1, Text: fmt.Sprintf("capture %s: %s", c.Name, err)})
			continue
		}
		stores[c.Name] = s
	}
	found := make([][]string, len(l.Steps))
	var playing sync.WaitGroup
	for i := range l.Steps {
		s := &l.Steps[i]
		found[i] = p.step(s, stores[s.Capture])
		if s.Live() != nil && p.Stages != nil {
			playing.Go(func() { found[i] = append(found[i], p.live(ctx, s)...) })
		}
	}
	playing.Wait()
	for i := range l.Steps {
		for _, text := range found[i] {
			all = append(all, l.Steps[i].problem(text))
		}
	}
	all = append(all, p.links(l)...)
	slices.SortStableFunc(all, func(a, b Problem) int { return a.Line - b.Line })
	return all
}

// words is what an author is told of a verdict.
func (v Verdict) words() string {
	return strings.TrimSpace(v.Said + " " + strings.Join(v.Missing, "; "))
}

func (s *Step) problem(text string) Problem { return Problem{Step: s.Title, Line: s.Line, Text: text} }

// front proves what stands before the steps.
func (p *Prover) front(l *Lesson) (all []Problem) {
	say := func(format string, args ...any) {
		all = append(all, Problem{Line: 1, Text: fmt.Sprintf(format, args...)})
	}
	if strings.TrimSpace(l.Goal) == "" {
		say("has no goal")
	}
	if strings.TrimSpace(l.Wrong) == "" {
		say("has no wrong, the misconception that it corrects")
	}
	if l.Minutes < 1 {
		say("minutes is how long it takes, at least 1")
	}
	if len(l.Refs) == 0 {
		say("refs names no section that it rests on")
	}
	for _, r := range l.Refs {
		if p.Ref != nil && !p.Ref(r) {
			say("refs: %s is no section on record", r)
		}
	}
	for _, id := range l.After {
		if p.Lesson != nil && !p.Lesson(id) {
			say("after names %s, which is no lesson", id)
		}
	}
	return all
}

// threeHints is how many hints a task has.
const threeHints = 3

// step proves one step, but for what has to be played.
func (p *Prover) step(s *Step, store *inspector.Store) (all []string) {
	if len(s.Text) == 0 && s.Question == "" {
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
		return all
	}
	if s.Focus.Event != "" {
		all = append(all, s.Focus.problems(store)...)
	}
	all = append(all, s.Task.Problems(at)...)
	if s.Task.Check(Answer{}, at).Done {
		all = append(all, "its check passes without an answer")
	}
	if v := s.Task.Check(s.Task.Solution(at), at); !v.Done {
		all = append(all, "its check fails after the solution: "+v.words())
	}
	return all
}

// live proves a live step: the scene without and with the solution. Where that
// fails, what the clients told is part of what is wrong.
func (p *Prover) live(ctx context.Context, s *Step) (all []string) {
	for _, deeds := range [][]Deed{nil, Deeds(s.Task)} {
		v, told, err := p.scene(ctx, s, deeds)
		before := len(all)
		switch {
		case err != nil && (deeds != nil || v.Done):
			all = append(all, err.Error())
		case deeds == nil && v.Done:
			all = append(all, "its check passes without the solution")
		case deeds != nil && !v.Done:
			all = append(all, "its check fails after the solution: "+v.words())
		}
		if len(all) == before {
			continue
		}
		for _, line := range told {
			all = append(all, "in its scene: "+line)
		}
	}
	return all
}

// scene plays a live step. What the clients told comes with the verdict.
func (p *Prover) scene(ctx context.Context, s *Step, deeds []Deed) (v Verdict, told []string, err error) {
	p.once.Do(func() { p.slots = make(chan struct{}, max(1, p.Together)) })
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return v, nil, ctx.Err()
	}
	ctx, stop := context.WithTimeout(ctx, p.Patience)
	defer stop()
	stage, err := p.Stages(ctx, *s.Live())
	if err != nil {
		return v, nil, err
	}
	defer func() { stage.Store().Close() }()
	err = play(ctx, stage, deeds)
	stage.Close()
	return s.Task.Check(Answer{}, &Place{Store: stage.Store(), Row: -1}), stage.Told(), err
}

// links are the links of the text that lead nowhere: to a lesson that is not
// there. Those to pages are not followed.
func (p *Prover) links(l *Lesson) (all []Problem) {
	var look func(s *Step, blocks []Block)
	look = func(step *Step, blocks []Block) {
		for _, b := range blocks {
			texts := append([][]Run{b.Text}, b.Cells...)
			for _, text := range texts {
				if b.Kind != Code && strings.Contains(plainOf(slices.DeleteFunc(slices.Clone(text), func(r Run) bool { return r.Style == Literal })), "](") {
					all = append(all, step.problem("a link is not one: where its address has blanks it stands between < and >"))
				}
				for _, r := range text {
					if text := p.link(r.Link); text != "" {
						all = append(all, step.problem(text))
					}
				}
			}
			look(step, b.Inside)
		}
	}
	look(&Step{Line: 1}, l.Intro)
	for i := range l.Steps {
		look(&l.Steps[i], l.Steps[i].Text)
		look(&l.Steps[i], l.Steps[i].After)
	}
	return all
}

// link says what is wrong with a link; empty for nothing.
func (p *Prover) link(to string) string {
	sort, name, _ := strings.Cut(to, ":")
	switch {
	case to == "" || strings.HasPrefix(to, "https://"):
	case sort == "lesson":
		if p.Lesson != nil && !p.Lesson(name) {
			return "a link leads to the lesson " + name + ", which is not there"
		}
	case sort == "term":
		if word, err := url.PathUnescape(name); p.Term != nil && (err != nil || !p.Term(word)) {
			return "a link leads to the word " + name + ", which is not explained"
		}
	default:
		return "a link leads to " + to + ", which is neither https:// nor lesson: nor term:"
	}
	return ""
}
