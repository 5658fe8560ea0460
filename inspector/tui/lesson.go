package tui

import (
	"context"
	"strconv"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
	"xmppscope/lessons/course"
)

// Teaching is what the screen needs to give lessons, Stage a stage that it can look
// at.
type (
	Teaching = course.Teaching[*Source]
	Stage    = course.Viewed[*Source]
)

// lesson is a lesson that is being taken. It belongs to the event loop.
type lesson struct {
	u    *ui
	t    *Teaching
	walk *course.Walk
	// shown names the recording that the screen shows; empty where it shows none
	// of the lesson. stage is the stage that it shows, of the step stageOf.
	shown   string
	stage   Stage
	stageOf int
	places  map[string]decode.Seq // where recordings were left
	given   map[int]*given        // answers, by step
	seeking bool                  // the focus of the step is not found yet
	waiting int                   // grows with every stage that is asked for
	builds  bool                  // a stage is being built
	fault   string                // why there is nothing to look at
	player  *course.Player        // of the solution
	played  []string              // what it has done
	pace    int                   // ticks until it does more
	judged  int                   // events that the last check has seen
	limited string                // the filter that hides what comes next
	sure    bool                  // it was said that the step is not done
	typing  bool                  // letters go to the boxes of the step
	plays   bool                  // the solution is to be played on the next stage
	led     bool                  // the cursor was put on the event that decided the step
	over    bool                  // it was seen that the scene is over
	// complained is set when it was said that progress cannot be kept.
	complained bool
	seated
	lessonPage
}

// teach gives the lessons; nil where there are none. They are read when somebody
// first asks.
func (u *ui) teach() *Teaching {
	if u.teaching == nil && u.o.Teach != nil {
		u.teaching = u.o.Teach()
	}
	return u.teaching
}

// learn begins a lesson where the learner left it.
func (u *ui) learn(l *course.Lesson) {
	t := u.teach()
	begin := func() {
		n := &lesson{u: u, t: t, walk: course.Begin(l, t.Progress), places: map[string]decode.Seq{}, given: map[int]*given{}, stageOf: -1}
		u.shut()
		u.lesson, u.over = n, nil
		if n.walk.Finished() { // it is taken once more
			n.walk.Goto(0)
		}
		n.enter()
		u.focusOn(paneLesson)
		n.kept()
	}
	if u.lesson != nil {
		begin() // what is live is a stage
		return
	}
	u.leavingLive("what is live now", begin)
}

// enter shows the step at hand: what it looks at, and its text from the top.
func (n *lesson) enter() {
	n.forgetPage()
	n.lift()
	n.player, n.played, n.fault, n.sure, n.plays = nil, nil, "", false, false
	s := n.walk.Step()
	switch {
	case s.Live() != nil:
		if n.stage == nil || n.stageOf != n.walk.At() {
			n.raise()
		}
	case s.Capture != "" && n.shown != s.Capture:
		n.open(s.Capture)
	case n.u.cap == nil:
		n.lookAt(n.nothing())
	}
	n.seeking = s.Capture != "" && n.fault == ""
	n.beginTyping()
	n.seek()
	n.u.pump.wake() // a recording may still be read
}

// open shows a recording of the lesson.
func (n *lesson) open(name string) {
	n.keepPlace()
	c := n.capture(name)
	if c == nil {
		n.fault = "the lesson has no recording " + wire(name)
		return
	}
	src, err := n.t.Capture(n.walk.Lesson, c)
	if err != nil {
		n.fault = wire(err.Error())
		src = n.nothing()
	}
	n.lookAt(src)
	n.shown, n.stage, n.stageOf, n.limited = name, nil, -1, ""
}

func (n *lesson) capture(name string) *course.Capture {
	for i := range n.walk.Lesson.Captures {
		if c := &n.walk.Lesson.Captures[i]; c.Name == name {
			return c
		}
	}
	return nil
}

// keepPlace remembers where a recording is left.
func (n *lesson) keepPlace() {
	if n.shown != "" && n.u.cap != nil && n.u.cap.row() >= 0 {
		n.places[n.shown] = n.u.here()
	}
}

// lookAt shows a source of the lesson; the pane of the lesson keeps the focus.
func (n *lesson) lookAt(src *Source) {
	u, focus, over, told := n.u, n.u.focus, n.u.over, n.u.message
	u.lookFrom(src, nil)
	u.message = told
	if focus == paneLesson {
		u.focus = paneLesson
	}
	switch c := over.(type) {
	case *sheet, *glossary: // they are about no source
		u.over = over
	case *composer:
		if n.seat != nil && c.asks != "" {
			u.over = over // an answer that is being written
		}
	}
}

// nothing is a source without events.
func (n *lesson) nothing() *Source {
	store := inspector.NewStore(inspector.StoreOptions{})
	return &Source{Title: wire(n.walk.Lesson.Title), Store: store, Close: func() { store.Close() }}
}

// raise builds a stage for the step at hand. Until it stands the screen shows
// what it did.
func (n *lesson) raise() {
	if n.seat != nil {
		n.askStage()
		return
	}
	u, scene, at := n.u, n.walk.Step().Live(), n.walk.At()
	if n.t.Stage == nil {
		n.fault = "live steps cannot be played here"
		return
	}
	if u.cap == nil {
		n.lookAt(n.nothing())
	}
	n.keepPlace()
	n.waiting++
	n.builds = true
	turn := n.waiting
	u.away(u.ctx, func(ctx context.Context) (taken, lost func()) {
		st, err := n.t.Stage(ctx, *scene)
		lost = func() {
			if err == nil {
				st.Source().Close()
			}
		}
		return func() {
			switch {
			case u.lesson != n || turn != n.waiting || n.walk.At() != at:
				lost()
			case err != nil:
				n.builds, n.fault = false, wire(err.Error())
			default:
				n.builds = false
				n.mount(st, at)
			}
		}, lost
	})
}

// mount shows a stage that stands.
func (n *lesson) mount(st Stage, at int) {
	n.lookAt(st.Source())
	n.shown, n.stage, n.stageOf, n.judged, n.limited, n.over, n.led = "", st, at, -1, "", false, false
}

// endLesson gives the lesson up; what it shows stays.
func (u *ui) endLesson() {
	if u.lesson == nil {
		return
	}
	u.lesson.lift()
	u.lesson = nil
	if u.focus == paneLesson {
		u.focus = paneList
	}
}

// seek finds what the step looks at, once the recording was read. It tells
// whether something has changed.
func (n *lesson) seek() bool {
	c := n.u.cap
	if !n.seeking || !c.load.done() || !n.filled() {
		return false
	}
	n.seeking = false
	s := n.walk.Step()
	row, start, end := -1, 0, 0
	if s.Kind != "find" {
		row, start, end = n.locate()
	}
	n.limit(row)
	d := n.u.detail
	if row < 0 {
		d.markAll(stretch{})
		if seq, ok := n.places[n.shown]; ok && s.Focus.Event == "" {
			if at, found := c.store.Find(seq); found {
				c.session.Select(at)
			}
		} else if s.Kind == "find" {
			n.u.pick(0)
		}
		return true
	}
	n.pointAt(row, start, end)
	return true
}

// locate finds what the step looks at.
func (n *lesson) locate() (row, start, end int) {
	if n.seat != nil {
		own := n.stood.Own
		return own.Row, own.Start, own.End
	}
	return n.walk.Step().Locate(n.u.cap.store)
}

// pointAt goes to an event, and marks bytes of its wire.
func (n *lesson) pointAt(row, start, end int) {
	c, d := n.u.cap, n.u.detail
	c.unfoldTo(row)
	c.update()
	c.session.Select(row)
	c.follow, n.u.onHeld = false, false
	d.show(row)
	n.u.second.show(row)
	if end == 0 || d.event == nil {
		return
	}
	in := partOfWire(d.event)
	d.markAll(d.named(stretch{start: start, end: end, in: in}))
	if hasXML(d.event) {
		d.turn(tabXML)
	} else {
		d.turn(tabBytes)
	}
}

// partOfWire is the part in which bytes of the wire count: where they are the
// text, they have no part of their own.
func partOfWire(e *decode.Event) lint.Part {
	if e.XML != nil && len(e.Wire) > 0 {
		return inWire
	}
	return lint.InText
}

// limit hides what comes behind the event that a prediction is about, until it
// was made.
func (n *lesson) limit(row int) {
	u, s := n.u, n.walk.Step()
	if n.seat != nil {
		row = n.lastShown()
	}
	if row >= 0 && s.Kind == "predict" && !n.walk.Done() {
		text := "seq <= " + strconv.FormatUint(uint64(u.cap.store.Row(row).Seq()), 10)
		if text == n.limited {
			return
		}
		if f, err := inspector.Compile(text); err == nil {
			n.limited = text
			u.cap.setFilter(text, f)
			u.setVeil(u.cap.store.Row(row).Seq())
		}
		return
	}
	n.lift()
}

// lift shows again what was hidden.
func (n *lesson) lift() {
	if c := n.u.cap; n.limited != "" && c != nil && c.filterText == n.limited {
		c.setFilter("", nil)
	}
	n.u.setVeil(0)
	n.limited = ""
}
