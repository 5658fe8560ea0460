package tui

import (
	"errors"
	"strconv"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/inspector/live"
	"xmppscope/lessons/course"
)

// seatStage is a stage that is played in the class.
type seatStage struct {
	id     string
	is     *course.SeatStage
	src    *Source
	over   chan struct{}
	closed bool
}

func newSeatStage(g *course.SeatStage) *seatStage {
	st := &seatStage{id: g.ID, over: make(chan struct{}), src: &Source{Title: "your own stage", Store: g.Store, Live: g.Watch, Follow: true}}
	st.now(g)
	return st
}

// now takes over how it stands.
func (st *seatStage) now(g *course.SeatStage) {
	if st.is = g; !g.Playing && !st.closed {
		st.closed = true
		close(st.over)
	}
}

// Store implements [Stage], like the methods below.
func (st *seatStage) Store() *inspector.Store { return st.src.Store }
func (st *seatStage) Watch() live.Watch       { return st.src.Live }
func (st *seatStage) Over() <-chan struct{}   { return st.over }
func (st *seatStage) Told() []string          { return st.is.Told }
func (st *seatStage) Close()                  {}
func (st *seatStage) Source() *Source         { return st.src }

// Misbehave implements [Stage].
func (st *seatStage) Misbehave(string, bool) error {
	return errors.New("in a class the scene tells the server what to do wrong")
}

// watched is what is said of what has passed on the stage.
func (n *lesson) watched() course.Verdict {
	if st, ok := n.stage.(*seatStage); ok {
		v := course.Verdict{Done: n.walk.Done(), Said: st.is.Said, Missing: st.is.Missing}
		if v.Done {
			v.Said, v.Missing = "", nil
		}
		return v
	}
	return n.walk.Watch(&course.Place{Store: n.u.cap.store, Row: -1})
}

// drawClass is the line of a class: how it stands with it, and who one is there.
func (n *lesson) drawClass(c canvas) {
	th, s := n.u.th, n.stood
	done := 0
	for i := range s.Lesson.Steps {
		if n.walk.Of(i).Done {
			done++
		}
	}
	you := capped(s.Name, 24) + " " + strconv.Itoa(done) + "/" + strconv.Itoa(len(s.Lesson.Steps)) + " "
	x := c.text(1, 0, c.w-1, " CLASS ", th.barStrong) + 1
	room := c.w - x - width(you) - 2
	text, style := n.classWords()
	c.text(x, 0, room, text, style)
	c.text(c.w-width(you), 0, width(you), you, th.dim)
}

// classWords says how it stands with the class.
func (n *lesson) classWords() (string, tcell.Style) {
	th, s := n.u.th, n.stood
	key := n.keyOf("class-follow")
	where := "step " + strconv.Itoa(s.TeacherAt+1)
	switch {
	case s.Over != "":
		return "✗ " + wire(s.Over) + " " + n.keyOf("quit") + " leaves", th.bad
	case s.Lost != "":
		return "✗ Connection lost; trying again. Your work is kept", th.bad
	case n.onOwn:
		return "On your own; the teacher is at " + where + " · " + key + " follows", th.base
	}
	text := "Following the teacher, at " + where
	switch t := s.Teacher; {
	case t.ID == "" || t.Row < 0:
	case t.Row < t.Store.Len():
		text += ", " + number(decode.Seq(t.Store.Row(t.Row).Seq())) + " in " + wire(t.Title)
	case t.Cut:
		text += ", in " + wire(t.Title) + " behind the " + plural(t.Store.Len(), "event") + " that are kept here"
	}
	if s.At != s.TeacherAt {
		return text + " · " + n.keyOf("class-step") + " goes there", th.base
	}
	return text + " · " + key + " stops", th.base
}
