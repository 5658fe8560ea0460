package workshop

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// How things are told (server-sent events, HTML standard §9.2): not oftener than
// each pause, and at least each pulse, so that a dead connection is found.
const (
	pause = 60 * time.Millisecond
	pulse = 15 * time.Second
	// maxStreams is how many pages of one student listen; the latest count.
	maxStreams = 4
)

// stream is a page or a terminal that listens.
type stream struct {
	wake chan struct{}
	gone chan struct{} // closed when a later one took its place
}

// State is how things are, for one student.
type State struct {
	Lesson string   `json:"lesson"`
	Title  string   `json:"title"`
	Titles []string `json:"titles"` // of its steps
	// Teacher is where the teacher is.
	Teacher Mirror `json:"teacher"`
	You     Own    `json:"you"`
	// Secrets is set where passwords are mirrored too.
	Secrets bool `json:"secrets"`
	// Over is why there is nothing more to come; empty where there is.
	Over string `json:"over,omitempty"`
}

// Mirror is what the teacher looks at.
type Mirror struct {
	Step      int    `json:"step"` // from 1
	Recording string `json:"recording,omitempty"`
	Title     string `json:"title,omitempty"`
	Len       int    `json:"len"`
	Cursor    Span   `json:"cursor"`
}

// Own is where a student is.
type Own struct {
	Name     string `json:"name"`
	Step     int    `json:"step"`  // from 1
	Marks    string `json:"marks"` // one for each step: # done, - skipped, ~ tried, . open
	Done     int    `json:"done"`
	Finished bool   `json:"finished,omitempty"`
	Stage    *Stage `json:"stage,omitempty"`
}

// state is how things are for a student now.
func (c *Class) state(s *student) State {
	c.mu.Lock()
	st := State{Lesson: c.lesson.ID, Title: c.lesson.Title, Secrets: c.secrets, Over: c.over,
		Teacher: Mirror{Step: c.at + 1, Cursor: c.cursor}}
	for i := range c.lesson.Steps {
		st.Titles = append(st.Titles, c.lesson.Steps[i].Title)
	}
	shown := c.shown
	c.mu.Unlock()
	s.mu.Lock()
	st.You = Own{Name: s.name, Step: s.now.step + 1, Marks: s.now.marks, Done: s.now.done, Finished: s.now.finished, Stage: s.stage.view()}
	s.mu.Unlock()
	if shown != nil && st.Over == "" {
		v := c.mirrored(s, shown)
		st.Teacher.Recording, st.Teacher.Title, st.Teacher.Len = shown.id, shown.title, v.len()
	}
	if st.Over == "" && !c.in(s) {
		st.Over = upper(errKicked.Error())
	}
	return st
}

// live tells a student how things are, whenever they have changed.
func (c *Class) live(w http.ResponseWriter, r *http.Request) {
	s, err := c.whose(r)
	if err != nil {
		c.fail(w, err)
		return
	}
	st := s.listen()
	defer s.unlisten(st)
	c.wakeTeachers()
	defer c.wakeTeachers()
	c.tell(w, r, st, func() (any, bool) {
		now := c.state(s)
		return now, now.Over != ""
	})
}

func (s *student) listen() *stream {
	st := &stream{wake: make(chan struct{}, 1), gone: make(chan struct{})}
	poke(st.wake)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams = append(s.streams, st)
	if len(s.streams) > maxStreams {
		close(s.streams[0].gone)
		s.streams = s.streams[1:]
	}
	return st
}

func (s *student) unlisten(st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.streams {
		if other == st {
			s.streams = append(s.streams[:i:i], s.streams[i+1:]...)
		}
	}
	s.seen = time.Now()
}

// tell writes how things are until the reader goes, reads too slowly, or there is
// nothing more to come.
func (c *Class) tell(w http.ResponseWriter, r *http.Request, st *stream, now func() (v any, last bool)) {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(time.Time{}) // nothing more is to be read
	write := func(format string, args ...any) bool {
		_ = rc.SetWriteDeadline(time.Now().Add(c.o.Limits.Write))
		_, err := fmt.Fprintf(w, format, args...)
		return err == nil && rc.Flush() == nil
	}
	if !write("retry: 1000\n\n") {
		return
	}
	beat := time.NewTicker(pulse)
	defer beat.Stop()
	said := ""
	over := c.ctx.Done()
	for {
		select {
		case <-st.wake:
		case <-over:
			over = nil
		case <-beat.C:
			if !write(": here\n\n") {
				return
			}
			continue
		case <-r.Context().Done():
			return
		case <-st.gone:
			write("event: gone\ndata: {\"why\":\"This page is open elsewhere too; that one goes on.\"}\n\n")
			return
		}
		v, last := now()
		text, err := json.Marshal(v)
		if err != nil {
			return
		}
		if string(text) != said && !write("event: state\ndata: %s\n\n", text) {
			return
		}
		if said = string(text); last {
			return
		}
		select {
		case <-time.After(pause):
		case <-r.Context().Done():
			return
		}
	}
}
