package workshop

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"xmppscope/lessons/course"
)

// This file keeps a class, so that it can go on after the program of its teacher
// has died. What is kept lets nobody in: of the codes of students there are only
// hashes, and no token is among it. Who was in the class comes back with the code;
// who comes new needs the token of the class that goes on, which the teacher
// gives anew.

// keptVersion is that of the form; another one is not read.
const keptVersion = 1

// MaxKept bounds what is read of a class that was kept, in bytes.
const MaxKept = 16 << 20

// kept is a class as it is kept.
type kept struct {
	Version  int           `json:"version"`
	ID       string        `json:"id"` // of its cookies
	Lesson   string        `json:"lesson"`
	At       int           `json:"at"`
	Locked   bool          `json:"locked,omitempty"`
	Students []keptStudent `json:"students"`
	Kicked   []string      `json:"kicked,omitempty"`
}

// keptStudent is one of its students.
type keptStudent struct {
	Name    string                            `json:"name"`
	Hash    string                            `json:"hash"`
	Joined  time.Time                         `json:"joined"`
	Lessons map[string]*course.LessonProgress `json:"lessons"`
}

// codeHash is what the class knows of a code. Codes have 78 bits of chance in
// them: nobody finds one that fits.
type codeHash [sha256.Size]byte

// hashOf is the hash of a code; false for what is too long to be one.
func hashOf(code string) (codeHash, bool) {
	if len(code) > maxToken || code == "" {
		return codeHash{}, false
	}
	return sha256.Sum256([]byte(plainToken(code))), true
}

// is compares in a time that tells nothing of where they differ.
func (h codeHash) is(other codeHash) bool { return subtle.ConstantTimeCompare(h[:], other[:]) == 1 }

// Keep writes the class down. It is empty where nobody has joined.
func (c *Class) Keep() ([]byte, error) {
	c.mu.Lock()
	k := kept{Version: keptVersion, ID: c.id, Lesson: c.lesson.ID, At: c.at, Locked: c.locked}
	students := slices.Clone(c.students)
	for _, h := range c.kicked {
		k.Kicked = append(k.Kicked, hex.EncodeToString(h[:]))
	}
	c.mu.Unlock()
	if len(students) == 0 {
		return nil, nil
	}
	all := make([]json.RawMessage, len(students))
	for i, s := range students {
		s.mu.Lock()
		text, err := json.Marshal(keptStudent{s.name, hex.EncodeToString(s.code[:]), s.joined, s.progress.Lessons})
		s.mu.Unlock()
		if err != nil {
			return nil, err
		}
		all[i] = text
	}
	return json.Marshal(struct {
		kept
		Students []json.RawMessage `json:"students"`
	}{k, all})
}

// errKept says that there is nothing to go on with.
var errKept = errors.New("what was kept of the class cannot be read")

// GoOn goes on with a class that was kept, before anybody has joined. It tells how
// many students can come back.
func (c *Class) GoOn(text []byte) (students int, err error) {
	var k kept
	if len(text) > MaxKept || json.Unmarshal(text, &k) != nil || k.Version != keptVersion || len(k.ID) == 0 || len(k.ID) > maxName || plainToken(k.ID) != k.ID {
		return 0, errKept
	}
	i := slices.IndexFunc(c.o.Lessons, func(l *course.Lesson) bool { return l.ID == k.Lesson })
	if i < 0 {
		return 0, errKept
	}
	if err := c.SetLesson(k.Lesson); err != nil {
		return 0, err
	}
	_ = c.Go(min(max(0, k.At), len(c.o.Lessons[i].Steps)-1) + 1) // what cannot be read is told at the step
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.students) > 0 {
		return 0, errors.New("the class has begun already")
	}
	c.id, c.locked = k.ID, k.Locked
	for _, h := range k.Kicked[max(0, len(k.Kicked)-maxKicked):] {
		if code, ok := readHash(h); ok {
			c.kicked = append(c.kicked, code)
		}
	}
	for _, s := range k.Students {
		code, ok := readHash(s.Hash)
		name, key, err := nameOf(s.Name)
		if !ok || err != nil || len(c.students) >= c.o.Limits.Students || slices.ContainsFunc(c.students, func(o *student) bool { return o.key == key }) {
			continue
		}
		back := &student{name: name, key: key, code: code, joined: s.Joined, progress: &course.Progress{Lessons: c.known(s.Lessons)}}
		back.walk = course.Begin(c.lesson, back.progress)
		back.stand()
		c.students = append(c.students, back)
	}
	return len(c.students), nil
}

func readHash(text string) (h codeHash, ok bool) {
	raw, err := hex.DecodeString(text)
	return h, err == nil && copy(h[:], raw) == len(h) && len(raw) == len(h)
}

// known is the progress in lessons that the class may have. The caller holds mu.
func (c *Class) known(all map[string]*course.LessonProgress) map[string]*course.LessonProgress {
	out := map[string]*course.LessonProgress{}
	for _, l := range c.o.Lessons {
		p := all[l.ID]
		if p == nil {
			continue
		}
		steps := map[string]*course.StepProgress{}
		for i := range l.Steps {
			if s := p.Steps[l.Steps[i].ID]; s != nil {
				steps[l.Steps[i].ID] = s
			}
		}
		out[l.ID] = &course.LessonProgress{At: p.At, Steps: steps}
	}
	return out
}
