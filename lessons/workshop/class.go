package workshop

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/lessons/course"
)

// Options of a class.
type Options struct {
	// Lessons are those that it may have; it begins with the first.
	Lessons []*course.Lesson
	// Open reads a capture of a lesson whole.
	Open func(*course.Lesson, *course.Capture) (*inspector.Store, error)
	// Stages plays live steps, one stage a student; nil for none.
	Stages course.Stages
	// Token lets students in, Teacher whoever opens the page of the teacher. An
	// empty one is made.
	Token, Teacher string
	// ShowSecrets mirrors passwords too.
	ShowSecrets bool
	// Anyone takes students from addresses that are neither of this computer nor
	// of its own network.
	Anyone bool
	// Names are those that browsers may call the computer by, besides addresses.
	Names  []string
	Limits Limits
}

// Limits of a class. Zero values mean the defaults.
type Limits struct {
	Students   int           // in the class, 100
	PerAddress int           // from one address, 60
	Conns      int           // connections, 1024
	Stages     int           // live steps that are played at once, 64
	Write      time.Duration // that a reader may take for an answer, 10 s
	Read       time.Duration // that a request may take to come, 10 s
}

func (l *Limits) fill() {
	for _, d := range []struct {
		value *int
		def   int
	}{{&l.Students, 100}, {&l.PerAddress, 60}, {&l.Conns, 1024}, {&l.Stages, 64}} {
		if *d.value <= 0 {
			*d.value = d.def
		}
	}
	if l.Write <= 0 {
		l.Write = 10 * time.Second
	}
	if l.Read <= 0 {
		l.Read = 10 * time.Second
	}
}

// Class is a lesson that a teacher gives to students. Any goroutine may use it.
type Class struct {
	o Options
	// id is that of its cookies: on one host all ports have them in common; run
	// tells its recordings from those of a class that it goes on with.
	id, run string

	joins, knocks flood // of students, and of teachers

	ctx  context.Context
	stop context.CancelFunc
	wg   sync.WaitGroup

	stages chan struct{} // as many as may be played at once

	mu       sync.Mutex
	lesson   *course.Lesson
	at       int // the step of the teacher, from 0
	shown    *recording
	pointed  bool // the teacher has chosen the event, else the step has
	cursor   Span
	secrets  bool
	locked   bool
	over     string
	students []*student
	kicked   []codeHash // of the codes of those who may not come back
	teachers map[string]bool
	opened   map[string]*recording
	watchers map[chan struct{}]bool // of the teacher's pages and screens
}

// Errors of a class, as students read them.
var (
	errFull    = errors.New("the class is full")
	errLocked  = errors.New("the teacher lets nobody in any more")
	errOver    = errors.New("the class is over")
	errMany    = errors.New("there are too many from your address in the class already")
	errToken   = errors.New("this is not the token of this class; ask the teacher for it")
	errSlowly  = errors.New("that was too much at once; wait a little and try again")
	errKicked  = errors.New("the teacher has sent you out of the class")
	errUnknown = errors.New("you are not in this class; join it with its token")
)

// New makes a class. Close ends it.
func New(o Options) (*Class, error) {
	if len(o.Lessons) == 0 {
		return nil, errors.New("a class needs a lesson")
	}
	for _, t := range []*string{&o.Token, &o.Teacher} {
		if *t == "" {
			*t = NewToken()
		} else if err := CheckToken(*t); err != nil {
			return nil, err
		}
	}
	if sameToken(o.Token, o.Teacher) {
		return nil, errors.New("the token of the students and that of the teacher must not be the same")
	}
	o.Limits.fill()
	c := &Class{o: o, id: plainToken(secretOf(2)), run: secretOf(1), secrets: o.ShowSecrets, teachers: map[string]bool{},
		opened: map[string]*recording{}, watchers: map[chan struct{}]bool{}, stages: make(chan struct{}, o.Limits.Stages),
		joins:  flood{one: rate{90, 1}, all: rate{300, 10}},
		knocks: flood{one: rate{10, 0.2}, all: rate{60, 1}},
	}
	c.ctx, c.stop = context.WithCancel(context.Background())
	if err := c.SetLesson(o.Lessons[0].ID); err != nil {
		c.stop()
		return nil, err
	}
	c.wg.Go(c.grow)
	return c, nil
}

// grow wakes those who look on when what is shown grows.
func (c *Class) grow() {
	tick := time.NewTicker(400 * time.Millisecond)
	defer tick.Stop()
	var last *recording
	length := 0
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-tick.C:
		}
		c.mu.Lock()
		r := c.shown
		c.mu.Unlock()
		if r == nil {
			continue
		}
		if n := r.store.Len(); r == last && n != length {
			c.wake()
			length = n
		} else {
			last, length = r, n
		}
	}
}

// Token lets students in.
func (c *Class) Token() string { return c.o.Token }

// Teacher opens the page of the teacher.
func (c *Class) Teacher() string { return c.o.Teacher }

// Close ends the class: everybody is told, stages end, recordings are given back.
// What still comes is answered with a word that it is over.
func (c *Class) Close() {
	c.mu.Lock()
	if c.over != "" {
		c.mu.Unlock()
		return
	}
	c.over = "The class is over. Thank you for coming."
	students, opened := slices.Clone(c.students), c.opened
	c.opened = nil
	c.mu.Unlock()
	for _, s := range students {
		s.endStage()
	}
	c.wake()
	c.stop()
	c.wg.Wait()
	for _, r := range opened {
		r.store.Close()
	}
}

// Lesson is the lesson at hand, and the teacher's step in it, from 0.
func (c *Class) Lesson() (*course.Lesson, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lesson, c.at
}

// Lessons are those that the class may have.
func (c *Class) Lessons() []*course.Lesson { return c.o.Lessons }

// SetLesson goes to another lesson with everybody: each to where they left it.
func (c *Class) SetLesson(id string) error {
	i := slices.IndexFunc(c.o.Lessons, func(l *course.Lesson) bool { return l.ID == id })
	if i < 0 {
		var names []string
		for _, l := range c.o.Lessons {
			names = append(names, l.ID)
		}
		if near := inspector.Nearest(id, names); near != "" {
			return fmt.Errorf("there is no lesson %q; did you mean %s?", id, near)
		}
		return fmt.Errorf("there is no lesson %q", id)
	}
	c.mu.Lock()
	c.lesson = c.o.Lessons[i]
	students := slices.Clone(c.students)
	c.mu.Unlock()
	for _, s := range students {
		s.begin(c.o.Lessons[i])
	}
	return c.Go(1)
}

// Go goes to a step, from 1, with the teacher alone. Whoever looks on sees its
// recording.
func (c *Class) Go(n int) error {
	c.mu.Lock()
	l := c.lesson
	c.mu.Unlock()
	if n < 1 || n > len(l.Steps) {
		return fmt.Errorf("the lesson has steps 1 to %d", len(l.Steps))
	}
	r, err := c.recordingOf(l, &l.Steps[n-1])
	c.mu.Lock()
	c.at, c.pointed, c.cursor = n-1, false, Span{Row: -1}
	if r != nil {
		c.shown = r
		c.cursor = focusOf(&l.Steps[n-1], r)
	}
	c.mu.Unlock()
	c.wake()
	return err
}

// Everybody goes to a step, from 1, with the whole class.
func (c *Class) Everybody(n int) error {
	err := c.Go(n)
	l, at := c.Lesson()
	if at != n-1 {
		return err
	}
	for _, s := range c.all() {
		s.goTo(l, n-1)
	}
	c.wake()
	return err
}

// focusOf is what a step looks at. That of a step which asks for it is its
// answer, and nowhere.
func focusOf(s *course.Step, r *recording) Span {
	if r == nil || s.Kind == "find" {
		return Span{Row: -1}
	}
	row, start, end := s.Locate(r.store)
	return Span{row, start, end}
}

// Show mirrors another recording than that of the step, such as what the teacher
// has open on a screen. The store belongs to the caller, who keeps it open until
// something else is shown or the class is closed.
func (c *Class) Show(title string, store *inspector.Store) {
	c.mu.Lock()
	if c.shown == nil || c.shown.store != store {
		c.shown = &recording{id: "t" + strconv.FormatInt(time.Now().UnixNano(), 36), title: title, store: store}
	}
	c.cursor, c.pointed = Span{Row: -1}, false
	c.mu.Unlock()
	c.wake()
}

// Point mirrors where the teacher looks: an event of what is shown, and bytes of
// its wire. It tells whether there is such an event.
func (c *Class) Point(seq decode.Seq, start, end int) bool {
	c.mu.Lock()
	defer c.wake()
	defer c.mu.Unlock()
	if c.shown == nil {
		return false
	}
	row, ok := c.shown.store.Find(seq)
	if !ok {
		return false
	}
	n := c.shown.store.Row(row).Len()
	start = max(0, min(start, n))
	c.cursor, c.pointed = Span{row, start, max(start, min(end, n))}, true
	return true
}

// Shown is what is mirrored: the recording, its title, and the cursor. The store
// is nil where nothing is.
func (c *Class) Shown() (title string, store *inspector.Store, cursor Span) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shown == nil {
		return "", nil, Span{Row: -1}
	}
	return c.shown.title, c.shown.store, c.cursor
}

// SetSecrets tells whether passwords are mirrored too.
func (c *Class) SetSecrets(on bool) { c.set(func() { c.secrets = on }) }

// Lock lets nobody in any more who is not in the class, or again.
func (c *Class) Lock(on bool) { c.set(func() { c.locked = on }) }

func (c *Class) set(change func()) {
	c.mu.Lock()
	change()
	c.mu.Unlock()
	c.wake()
}

// Kick sends somebody out, by name, or all from an address. It tells how many.
func (c *Class) Kick(who string) int {
	addr, err := netip.ParseAddr(who)
	key := nameKey(who)
	c.mu.Lock()
	var out []*student
	c.students = slices.DeleteFunc(c.students, func(s *student) bool {
		is := key != "" && s.key == key || err == nil && s.addr == addr.Unmap()
		if is {
			out = append(out, s)
			if c.kicked = append(c.kicked, s.code); len(c.kicked) > maxKicked {
				c.kicked = c.kicked[1:]
			}
		}
		return is
	})
	c.mu.Unlock()
	for _, s := range out {
		s.endStage()
		s.wake()
	}
	c.wakeTeachers()
	return len(out)
}

// maxKicked is how many of those who were sent out are told so when they come back.
const maxKicked = 1000

func (c *Class) all() []*student {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.students)
}

// wake tells everybody that something is otherwise now.
func (c *Class) wake() {
	for _, s := range c.all() {
		s.wake()
	}
	c.wakeTeachers()
}

func (c *Class) wakeTeachers() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for ch := range c.watchers {
		poke(ch)
	}
}

// poke wakes whoever waits, once however often it is done.
func poke(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// Watch wakes whoever reads the channel when something about the class has
// changed. They call stop at the end.
func (c *Class) Watch() (changed <-chan struct{}, stop func()) {
	ch := make(chan struct{}, 1)
	c.mu.Lock()
	c.watchers[ch] = true
	c.mu.Unlock()
	return ch, func() {
		c.mu.Lock()
		delete(c.watchers, ch)
		c.mu.Unlock()
	}
}

// recordingOf is the recording of a step; nil where it has none.
func (c *Class) recordingOf(l *course.Lesson, s *course.Step) (*recording, error) {
	if s.Capture == "" || c.o.Open == nil {
		return nil, nil
	}
	i := slices.IndexFunc(l.Captures, func(x course.Capture) bool { return x.Name == s.Capture })
	if i < 0 {
		return nil, nil
	}
	key := l.ID + "/" + s.Capture
	c.mu.Lock()
	r, over := c.opened[key], c.opened == nil
	c.mu.Unlock()
	if r != nil || over {
		return r, nil
	}
	store, err := c.o.Open(l, &l.Captures[i])
	if err != nil {
		return nil, fmt.Errorf("the recording %s cannot be read: %w", s.Capture, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.opened == nil || c.opened[key] != nil { // another one was faster
		store.Close()
		return c.opened[key], nil
	}
	r = &recording{id: "r" + strconv.Itoa(len(c.opened)+1) + "-" + c.run, title: s.Capture, store: store}
	c.opened[key] = r
	return r, nil
}
