package workshop

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"xmppscope/decode"
)

// Table is who is where, for the teacher.
type Table struct {
	Lesson string   `json:"lesson"`
	Title  string   `json:"title"`
	Titles []string `json:"titles"`
	Step   int      `json:"step"` // of the teacher, from 1
	// Shown is what is mirrored, Cursor where.
	Shown  string `json:"shown,omitempty"`
	Cursor Span   `json:"cursor"`
	// Lessons are those that can be gone to.
	Lessons  []string   `json:"lessons"`
	Locked   bool       `json:"locked"`
	Secrets  bool       `json:"secrets"`
	Students []TableRow `json:"students"`
	Over     string     `json:"over,omitempty"`
}

// TableRow is one student.
type TableRow struct {
	Name string `json:"name"`
	Addr string `json:"addr"`
	// Here is set where a page or a terminal of theirs listens.
	Here  bool   `json:"here"`
	Step  int    `json:"step"` // from 1
	Marks string `json:"marks"`
	Done  int    `json:"done"`
	// Tries and Hints are those of the step, AllTries and AllHints of the lesson;
	// Shown is how many answers were shown.
	Tries    int  `json:"tries"`
	Hints    int  `json:"hints"`
	AllTries int  `json:"allTries"`
	AllHints int  `json:"allHints"`
	Shown    int  `json:"shown"`
	Finished bool `json:"finished"`
	Playing  bool `json:"playing"`
}

// Table tells who is where, in the order in which they joined.
func (c *Class) Table() Table {
	c.mu.Lock()
	t := Table{Lesson: c.lesson.ID, Title: c.lesson.Title, Step: c.at + 1, Cursor: c.cursor, Locked: c.locked, Secrets: c.secrets, Over: c.over, Students: []TableRow{}}
	for i := range c.lesson.Steps {
		t.Titles = append(t.Titles, c.lesson.Steps[i].Title)
	}
	if c.shown != nil {
		t.Shown = c.shown.title
	}
	students := slices.Clone(c.students)
	c.mu.Unlock()
	for _, l := range c.o.Lessons {
		t.Lessons = append(t.Lessons, l.ID)
	}
	for _, s := range students {
		s.mu.Lock()
		n := s.now
		t.Students = append(t.Students, TableRow{Name: s.name, Addr: addrText(s.addr), Here: len(s.streams) > 0, Step: n.step + 1, Marks: n.marks, Done: n.done,
			Tries: n.tries, Hints: n.hints, AllTries: n.allTries, AllHints: n.allHints, Shown: n.shown, Finished: n.finished, Playing: s.stage != nil})
		s.mu.Unlock()
	}
	return t
}

func addrText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// Text is the table for a terminal: a line a student, the widest cells first.
func (t *Table) Text() string {
	rows := [][]string{{"", "name", "step", "done", "tries", "hints", "way"}}
	for _, s := range t.Students {
		here := " "
		if s.Here {
			here = "•"
		}
		way := s.Marks
		switch {
		case s.Finished:
			way += "  finished"
		case s.Playing:
			way += "  plays"
		}
		if s.Shown > 0 {
			way += fmt.Sprintf("  %d shown", s.Shown)
		}
		rows = append(rows, []string{here, s.Name, fmt.Sprint(s.Step), fmt.Sprintf("%d/%d", s.Done, len(t.Titles)),
			fmt.Sprintf("%d (%d)", s.Tries, s.AllTries), fmt.Sprintf("%d (%d)", s.Hints, s.AllHints), way})
	}
	widths := make([]int, len(rows[0]))
	total := 0
	for i := range widths {
		for _, r := range rows {
			widths[i] = max(widths[i], uniseg.StringWidth(r[i]))
		}
		total += widths[i] + 2
	}
	// Names are cut only where the table would not stand on a screen.
	widths[nameColumn] = min(widths[nameColumn], max(leastName, widths[nameColumn]-(total-2-tableWidth)))
	var b strings.Builder
	for _, r := range rows {
		line := ""
		r[nameColumn] = fit(r[nameColumn], widths[nameColumn])
		for i, cell := range r {
			line += cell + strings.Repeat(" ", widths[i]-uniseg.StringWidth(cell)+2)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// A table is to stand on a terminal of the usual width, in columns.
const (
	tableWidth = 80
	nameColumn = 1
	leastName  = 12
)

// fit cuts a text to so many columns.
func fit(s string, width int) string {
	if uniseg.StringWidth(s) <= width {
		return s
	}
	short := ""
	for g := uniseg.NewGraphemes(s); g.Next() && uniseg.StringWidth(short)+g.Width() < width; {
		short += g.Str()
	}
	return short + "…"
}

// Verb is one thing that a teacher does, at the prompt or on the page.
type Verb struct {
	// Do is step (with everybody), go (the teacher alone), lesson, show, kick,
	// secrets, lock.
	Do   string `json:"do"`
	N    int    `json:"n,omitempty"`    // of step and go, from 1
	Name string `json:"name,omitempty"` // of lesson and kick
	On   bool   `json:"on,omitempty"`   // of secrets and lock
	// Of show.
	Seq   decode.Seq `json:"seq,omitempty"`
	Start int        `json:"start,omitempty"`
	End   int        `json:"end,omitempty"`
}

// Do does it, and says what was done.
func (c *Class) Do(v Verb) (said string, err error) {
	switch v.Do {
	case "step":
		err = c.Everybody(v.N)
		return fmt.Sprintf("Everybody is at step %d.", v.N), err
	case "go":
		err = c.Go(v.N)
		return fmt.Sprintf("You are at step %d.", v.N), err
	case "lesson":
		err = c.SetLesson(v.Name)
		return "Everybody is at the lesson " + v.Name + ".", err
	case "show":
		if !c.Point(v.Seq, v.Start, v.End) {
			return "", fmt.Errorf("there is no event %d in what is shown", v.Seq)
		}
		return fmt.Sprintf("Everybody sees event %d.", v.Seq), nil
	case "kick":
		n := c.Kick(v.Name)
		if n == 0 {
			return "", fmt.Errorf("there is nobody called %s here", v.Name)
		}
		return fmt.Sprintf("%d sent out.", n), nil
	case "secrets":
		c.SetSecrets(v.On)
		return "Passwords are " + map[bool]string{true: "mirrored.", false: "hidden."}[v.On], nil
	case "lock":
		c.Lock(v.On)
		return "Newcomers are " + map[bool]string{true: "kept out.", false: "let in."}[v.On], nil
	}
	return "", fmt.Errorf("%q is nothing that a teacher can do here", v.Do)
}

func (c *Class) apiDo(r *http.Request) (any, error) {
	var v Verb
	if err := read(r, &v); err != nil {
		return nil, err
	}
	said, err := c.Do(v)
	if err != nil {
		return nil, refuse(http.StatusConflict, "%s", err)
	}
	return map[string]string{"said": said}, nil
}

// maxTeachers is how many pages of the teacher know the secret.
const maxTeachers = 8

func (c *Class) apiEnter(r *http.Request) (any, error) {
	if !c.knocks.take(addrOf(r), time.Now()) {
		return nil, errSlowly
	}
	var q struct {
		Secret string `json:"secret"`
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	if !sameToken(q.Secret, c.o.Teacher) {
		return nil, refuse(http.StatusForbidden, "this is not the secret of the teacher")
	}
	s := secretOf(6)
	c.mu.Lock()
	defer c.mu.Unlock()
	for t := range c.teachers {
		if len(c.teachers) < maxTeachers {
			break
		}
		delete(c.teachers, t)
	}
	c.teachers[s] = true
	return cookied{nil, cookie(c.teacherKey(), s)}, nil
}

// teacherLive tells a page of the teacher who is where.
func (c *Class) teacherLive(w http.ResponseWriter, r *http.Request) {
	if !c.isTeacher(r) {
		c.fail(w, refuse(http.StatusUnauthorized, "this is for the teacher"))
		return
	}
	if h, ok := r.Context().Value(heldKey{}).(*held); ok {
		h.door.owned(h, "\x00teacher")
	}
	ch := make(chan struct{}, 1)
	poke(ch)
	c.mu.Lock()
	c.watchers[ch] = true
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.watchers, ch)
		c.mu.Unlock()
	}()
	c.tell(w, r, &stream{wake: ch}, func() (any, bool) {
		t := c.Table()
		return t, t.Over != ""
	})
}
