package course

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/BurntSushi/toml"
)

// FileName is the file of a lesson in its folder.
const FileName = "lesson.md"

// maxFile is how long it may be, in bytes.
const maxFile = 1 << 20

// Error is what is wrong with a lesson, and where.
type Error struct {
	Lesson string
	Step   string // its title; empty for the front of the lesson
	Line   int    // of its file, from 1; 0 where that is not known
	Text   string
}

func (e *Error) Error() string {
	where := e.Lesson
	if e.Line > 0 {
		where += fmt.Sprintf(", line %d", e.Line)
	}
	if e.Step != "" {
		where += fmt.Sprintf(", %q", e.Step)
	}
	return where + ": " + e.Text
}

// front is the TOML at the beginning of a lesson.
type front struct {
	Title   string
	Goal    string
	Wrong   string
	Minutes int
	Refs    []string
	After   []string
	Capture []frontCapture
}

type frontCapture struct {
	Name, File, Sample string
}

// written is the TOML of a step.
type written struct {
	Kind     string
	Capture  string
	Event    string
	Nth      int
	Span     string
	Question string
	Hints    []string
	// Of predict.
	Choices []string
	Because []string
	Answer  any
	XML     string
	// Of decode.
	Given  string
	Fields map[string]string
	Secret []string
	Turns  map[string]string

	fieldNames []string // in the order of the TOML
	// Of order.
	Items []string
	// Of explain.
	Model string
	Words []string
	// Of do.
	Scene    Scene
	Want     []Want
	Not      []Want
	Solution []Deed
}

// Parse reads a lesson from its folder. The error tells the step.
func Parse(id string, folder fs.FS) (*Lesson, error) {
	source, err := readFile(folder, FileName)
	if err != nil {
		return nil, &Error{Lesson: id, Text: err.Error()}
	}
	return ParseText(id, source, folder)
}

// ParseText reads a lesson from its text; its captures are in folder.
func ParseText(id string, source []byte, folder fs.FS) (*Lesson, error) {
	head, body, err := cutFront(source)
	if err != nil {
		return nil, &Error{Lesson: id, Line: 1, Text: err.Error()}
	}
	var f front
	if _, err := strict(fence{head, 2}, &f); err != nil {
		return nil, at(err, id, "", 1)
	}
	above := strings.Count(head, "\n") + 3 // lines above the Markdown
	l := &Lesson{ID: id, Title: f.Title, Goal: f.Goal, Wrong: f.Wrong, Minutes: f.Minutes, Refs: f.Refs, After: f.After, Folder: folder}
	for _, c := range f.Capture {
		l.Captures = append(l.Captures, Capture(c))
	}
	taken := map[string]bool{}
	for i, s := range sections(body) {
		if i == 0 {
			l.Intro = s.blocks
			continue
		}
		for k := range s.steps {
			s.steps[k].line += above
		}
		step, err := l.step(&s)
		if err != nil {
			return nil, at(err, id, s.title, s.line+above)
		}
		step.Line = s.line + above
		for base, n := step.ID, 2; taken[step.ID]; n++ {
			step.ID = fmt.Sprintf("%s-%d", base, n)
		}
		taken[step.ID] = true
		l.Steps = append(l.Steps, *step)
	}
	if l.Title == "" || len(l.Steps) == 0 {
		return nil, &Error{Lesson: id, Line: 1, Text: "a lesson has a title and at least one step (a heading that begins with ##)"}
	}
	return l, nil
}

func readFile(folder fs.FS, name string) ([]byte, error) {
	st, err := fs.Stat(folder, name)
	if err != nil {
		return nil, err
	}
	if st.Size() > maxFile {
		return nil, fmt.Errorf("%s has %d bytes, more than %d", name, st.Size(), maxFile)
	}
	return fs.ReadFile(folder, name)
}

// cutFront parts the TOML from the Markdown.
func cutFront(source []byte) (head string, body []byte, err error) {
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	rest, ok := bytes.CutPrefix(source, []byte("+++\n"))
	if !ok {
		return "", nil, errors.New("it does not begin with a line +++ and TOML")
	}
	before, after, ok := bytes.Cut(rest, []byte("\n+++\n"))
	if !ok {
		return "", nil, errors.New("the TOML at its beginning does not end with a line +++")
	}
	return string(before), after, nil
}

// lineError is an error at a line of the file.
type lineError struct {
	line int
	text string
}

func (e *lineError) Error() string { return e.text }

// at is an error of a lesson, at the line that it knows itself, else at line.
func at(err error, lesson, step string, line int) error {
	var l *lineError
	if errors.As(err, &l) {
		line = l.line
	}
	return &Error{Lesson: lesson, Step: step, Line: line, Text: err.Error()}
}

// strict reads TOML in which nothing is unknown. It returns the settings that
// were given, in their order.
func strict(f fence, into any) ([]toml.Key, error) {
	meta, err := toml.Decode(f.text, into)
	var bad toml.ParseError
	switch {
	case errors.As(err, &bad):
		return nil, &lineError{f.line + bad.Position.Line - 1, "its TOML: " + bad.Message}
	case err != nil:
		return nil, err
	}
	for _, key := range meta.Undecoded() {
		if !readByServer(key) {
			return nil, &lineError{f.line, fmt.Sprintf("%s is no setting here", key)}
		}
	}
	return meta.Keys(), nil
}

// readByServer tells whether a setting is one of a practice server, which reads
// it as strictly: the decoder calls what stands in a list of any kind unread.
func readByServer(key toml.Key) bool {
	text := key.String()
	return strings.HasPrefix(text, "scene.server.") || strings.HasPrefix(text, "scene.peer.server.")
}

// step makes a step of a section.
func (l *Lesson) step(s *section) (*Step, error) {
	step := &Step{ID: slug(s.title), Title: s.title, Kind: "read", Text: s.blocks, After: s.more}
	if len(s.steps) > 1 {
		return nil, errors.New("it has more than one fence with the word step")
	}
	var w written
	if len(s.steps) == 1 {
		keys, err := strict(s.steps[0], &w)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			if len(k) == 2 && k[0] == "fields" {
				w.fieldNames = append(w.fieldNames, k[1])
			}
		}
	}
	if w.Kind != "" {
		step.Kind = w.Kind
	}
	k, ok := kindNamed(step.Kind)
	if !ok {
		names, _ := Kinds()
		return nil, fmt.Errorf("%q is no kind of step; there are %s", w.Kind, strings.Join(names, ", "))
	}
	step.Focus = Focus{Event: w.Event, Nth: w.Nth, Span: w.Span}
	step.Question, step.Hints, step.Capture = w.Question, w.Hints, w.Capture
	if step.Capture == "" && len(l.Captures) > 0 && step.Kind != "do" {
		step.Capture = l.Captures[0].Name
	}
	if step.Capture != "" && l.capture(step.Capture) == nil {
		return nil, fmt.Errorf("there is no capture %q", step.Capture)
	}
	if k.read == nil {
		return step, nil
	}
	var err error
	step.Task, err = k.read(&w)
	return step, err
}

func (l *Lesson) capture(name string) *Capture {
	for i := range l.Captures {
		if l.Captures[i].Name == name {
			return &l.Captures[i]
		}
	}
	return nil
}

// slug is a title as an id.
func slug(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return "step"
}

// ParseAll reads all lessons of a folder: every folder in it that has a file
// lesson.md, in the order of their names.
func ParseAll(root fs.FS) (all []*Lesson, err error) {
	files, err := fs.Glob(root, path.Join("*", FileName))
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		id := path.Dir(f)
		folder, err := fs.Sub(root, id)
		if err != nil {
			return nil, err
		}
		l, err := Parse(id, folder)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}
