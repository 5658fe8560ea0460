package workshop

import (
	"context"
	"slices"
	"sync"
	"time"

	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
	"xmppscope/lessons/course"
)

// farStage is the student's own stage, which is played on the teacher's computer.
// It implements [live.Watch].
type farStage struct {
	s  *Seat
	id string

	mu      sync.Mutex
	held    []live.Waiting
	news    []string
	playing bool
	looked  [2]int // events and units that were held when what is held was asked for
}

// stageNow is how it stands with the stage. The caller holds the mutex of the seat.
func (s *Seat) stageNow(g *Stage) *course.SeatStage {
	if s.stage == nil || s.stage.id != g.Recording {
		s.stage = &farStage{s: s, id: g.Recording, looked: [2]int{-1, -1}}
	}
	s.stage.mu.Lock()
	s.stage.playing = g.Playing
	s.stage.mu.Unlock()
	x := s.shown(g.Recording, "your own stage", nil)
	x.Len = g.Len
	return &course.SeatStage{Shown: x, Watch: s.stage, Playing: g.Playing, Said: g.Said, Missing: g.Missing, Told: g.Told}
}

// fetchHeld asks what is held, where that may have changed.
func (s *Seat) fetchHeld(ctx context.Context) {
	s.mu.Lock()
	g, f := s.stage, s.state.You.Stage
	s.mu.Unlock()
	if g == nil || f == nil {
		return
	}
	at := [2]int{f.Len, f.Held}
	g.mu.Lock()
	same := g.looked == at
	g.mu.Unlock()
	if same {
		return
	}
	all, err := s.c.Held(ctx)
	if err != nil {
		return // it is told again
	}
	film := s.filmOf(g.id)
	if film == nil {
		return
	}
	var held []live.Waiting
	for i := range all {
		if w := &all[i]; w.Event != nil {
			e := film.event(w.Event)
			held = append(held, live.Waiting{Seq: w.Seq, Conn: e.Conn, Dir: e.Dir, Event: e, Since: w.Since, Why: w.Why, Decided: w.Done})
		}
	}
	s.change(func() {
		g.mu.Lock()
		g.held, g.looked = held, at
		g.mu.Unlock()
	})
}

func (s *Seat) filmOf(id string) *film {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.films[id]
}

// Status implements [live.Watch], like the methods below.
func (g *farStage) Status() live.Status {
	g.mu.Lock()
	defer g.mu.Unlock()
	st := live.Status{News: g.news}
	if g.news = nil; g.playing {
		st.Open = 1
	}
	return st
}

// Held implements [live.Watch].
func (g *farStage) Held() []live.Waiting {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.held)
}

// maxAct bounds how long the class may take to do something.
const maxAct = 15 * time.Second

// Do implements [live.Watch]. It does not wait: what went wrong is told among the
// news.
func (g *farStage) Do(a live.Act) error {
	go func() {
		ctx, stop := context.WithTimeout(context.Background(), maxAct)
		defer stop()
		err := g.s.c.Act(ctx, a)
		g.s.change(func() {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.looked = [2]int{-1, -1} // a decision leaves the counts as they are
			if err != nil {
				g.news = append(g.news, err.Error())
			}
		})
		poke(g.s.poked)
	}()
	return nil
}

// Breaks implements [live.Watch]: they are the teacher's to set.
func (g *farStage) Breaks() []gate.Break { return nil }

// Switch implements [live.Watch].
func (g *farStage) Switch(int, bool) bool { return false }
