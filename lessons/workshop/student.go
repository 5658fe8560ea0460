package workshop

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"

	"xmppscope/inspector"
	"xmppscope/lessons/course"
)

// student is one who has joined. The class knows the name for good, whether or
// not a page is open.
type student struct {
	name, key string
	code      codeHash
	addr      netip.Addr // of who joined, or came back first
	joined    time.Time

	mu       sync.Mutex
	walk     *course.Walk
	progress *course.Progress
	answers  bucket
	asks     bucket
	reels    bucket
	streams  []*stream // pages and terminals that listen
	seen     time.Time
	stage    *stage
	now      standing
	views    int64 // the number of the last look at a step
}

// standing is how far a student is, for the table.
type standing struct {
	lesson          string
	step, done      int // step from 0
	marks           string
	tries, hints    int // of the step
	allTries        int
	allHints, shown int
	finished        bool
}

// How often a student may do something: answer, ask for many events, and ask for
// anything.
func answerRate() rate { return rate{20, 2} }
func reelRate() rate   { return rate{60, 10} }
func askRate() rate    { return rate{120, 40} }

// maxName bounds a name, in characters.
const maxName = 40

// nameOf reads a name that a student has given: letters that can be seen, as in
// a nickname (RFC 8266).
func nameOf(given string) (name, key string, err error) {
	switch {
	case len(given) > 4*maxName || utf8.RuneCountInString(given) > maxName:
		return "", "", fmt.Errorf("a name has at most %d letters", maxName)
	case inspector.Harmful(given) || strings.ContainsRune(given, utf8.RuneError):
		return "", "", errors.New("a name has letters that can be seen, and no control characters")
	}
	if name, err = precis.Nickname.String(given); err == nil {
		key, err = precis.Nickname.CompareKey(given)
	}
	if err != nil || name == "" {
		return "", "", errors.New("a name has letters that can be seen; please choose one")
	}
	return name, key, nil
}

// nameKey is what names are compared by; empty for what is no name.
func nameKey(name string) string {
	_, key, _ := nameOf(name)
	return key
}

// join lets somebody in, or in again who has the code of that name. It gives the
// code back.
func (c *Class) join(given, code string, from netip.Addr) (*student, string, error) {
	name, key, err := nameOf(given)
	if err != nil {
		return nil, "", err
	}
	c.mu.Lock()
	defer c.wakeTeachers()
	defer c.mu.Unlock()
	if c.over != "" {
		return nil, "", errOver
	}
	here := 0
	for _, s := range c.students {
		if s.key == key {
			if hash, ok := hashOf(code); ok && hash.is(s.code) {
				return s, writtenToken(code), nil // with what was done
			}
			return nil, "", fmt.Errorf("there is somebody called %s in the class already; take another name, or, if that is you, give the code that you got when you joined", s.name)
		}
		if s.addr == from {
			here++
		}
	}
	switch {
	case c.locked:
		return nil, "", errLocked
	case len(c.students) >= c.o.Limits.Students:
		return nil, "", errFull
	case here >= c.o.Limits.PerAddress:
		return nil, "", errMany
	}
	now := time.Now()
	code = secretOf(4)
	hash, _ := hashOf(code)
	s := &student{name: name, key: key, code: hash, addr: from, joined: now, seen: now,
		progress: &course.Progress{Lessons: map[string]*course.LessonProgress{}}}
	s.walk = course.Begin(c.lesson, s.progress)
	s.walk.Goto(c.at)
	s.stand()
	c.students = append(c.students, s)
	return s, code, nil
}

// who finds a student by the secret that was given at the door.
func (c *Class) who(secret string, from netip.Addr) (*student, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if code, ok := hashOf(secret); ok {
		for _, s := range c.students {
			if code.is(s.code) {
				if !s.addr.IsValid() { // one of a class that goes on
					s.mu.Lock()
					s.addr = from
					s.mu.Unlock()
				}
				return s, nil
			}
		}
		if slices.ContainsFunc(c.kicked, code.is) {
			return nil, errKicked
		}
	}
	if c.over != "" {
		return nil, errOver
	}
	return nil, errUnknown
}

// in tells whether somebody is in the class still.
func (c *Class) in(s *student) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Contains(c.students, s)
}

// begin goes on with a lesson.
func (s *student) begin(l *course.Lesson) {
	s.endStage()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.walk = course.Begin(l, s.progress)
	s.stand()
}

// goTo goes to a step, from 0.
func (s *student) goTo(l *course.Lesson, n int) {
	s.mu.Lock()
	same := s.walk.Lesson == l && s.walk.At() == n
	s.mu.Unlock()
	if same {
		return // what was begun goes on
	}
	s.endStage()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.walk.Lesson != l {
		s.walk = course.Begin(l, s.progress)
	}
	s.walk.Goto(n)
	s.stand()
}

// stand notes how far the student is. The caller holds mu.
func (s *student) stand() {
	w := s.walk
	now := standing{lesson: w.Lesson.ID, step: w.At(), finished: w.Finished()}
	of := s.progress.Of(w.Lesson.ID)
	for i := range w.Lesson.Steps {
		p := of.Step(w.Lesson.Steps[i].ID)
		mark := "."
		switch {
		case p.Done:
			mark = "#"
			now.done++
		case p.Skipped:
			mark = "-"
		case p.Tries > 0:
			mark = "~"
		}
		now.marks += mark
		now.allTries += p.Tries
		now.allHints += p.Hints
		if p.Shown {
			now.shown++
		}
		if i == w.At() {
			now.tries, now.hints = p.Tries, p.Hints
		}
	}
	s.now = now
}

// wake tells every page of the student that something is otherwise now.
func (s *student) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.streams {
		poke(st.wake)
	}
}
