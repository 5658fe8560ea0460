package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"xmppscope/captures"
	"xmppscope/decode/explain"
	"xmppscope/decode/spec"
	"xmppscope/inspector"
	"xmppscope/inspector/export"
	"xmppscope/lessons"
	"xmppscope/lessons/course"
)

// scenePatience is how long a live step may take while it is proven.
const scenePatience = time.Minute

// proven is what came out about one lesson.
type proven struct {
	lesson   *course.Lesson
	problems []course.Problem
	took     time.Duration
}

// checkLessons proves the lessons of a folder, and shows how they read. Problems
// are told one a line, with the file and the line.
func (e *env) checkLessons(ctx context.Context, lf *learnFlags) error {
	all, broken, err := readLessons(lf.check)
	if err != nil {
		return err
	}
	file := func(id string) string {
		if isLesson(lf.check) {
			return filepath.Join(lf.check, course.FileName)
		}
		return filepath.Join(lf.check, id, course.FileName)
	}
	bad := 0
	tell := func(id string, p course.Problem) {
		bad++
		e.tellProblem(lf.json, file(id), id, p)
	}
	for _, b := range broken {
		tell(b.Lesson, course.Problem{Step: b.Step, Line: b.Line, Text: b.Text})
	}
	err = e.proveEach(ctx, all, func(r *proven) error {
		for _, p := range r.problems {
			tell(r.lesson.ID, p)
		}
		if lf.json {
			e.line(map[string]any{"record": "lesson", "lesson": r.lesson.ID, "title": r.lesson.Title, "steps": len(r.lesson.Steps), "minutes": r.lesson.Minutes, "sound": len(r.problems) == 0})
			return nil
		}
		if lf.preview || len(r.problems) == 0 {
			if err := e.previewLesson(r.lesson); err != nil {
				return err
			}
		}
		what := "sound"
		if n := len(r.problems); n > 0 {
			what = counted(n, "problem")
		}
		fmt.Fprintf(e.err, "%s: %s (%s, %.1f s)\n", inspector.Disarm(r.lesson.ID), what, counted(len(r.lesson.Steps), "step"), r.took.Seconds())
		return nil
	})
	if err != nil {
		return err
	}
	if !lf.json {
		fmt.Fprintf(e.err, "%s, %s\n", counted(len(all)+len(broken), "lesson"), counted(bad, "problem"))
	}
	if bad > 0 {
		return errQuiet(exitFindings)
	}
	return nil
}

// counted is a number of things.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// tellProblem writes a problem.
func (e *env) tellProblem(asJSON bool, file, id string, p course.Problem) {
	if asJSON {
		e.line(struct {
			Record string `json:"record"`
			Lesson string `json:"lesson"`
			File   string `json:"file"`
			Line   int    `json:"line,omitempty"`
			Step   string `json:"step,omitempty"`
			Text   string `json:"text"`
		}{"problem", id, file, p.Line, p.Step, p.Text})
		return
	}
	where := file
	if p.Line > 0 {
		where += fmt.Sprintf(":%d", p.Line)
	}
	fmt.Fprintf(e.out, "%s: %s\n", inspector.Disarm(where), inspector.Disarm(p.String()))
}

// line writes an object as a line of JSON.
func (e *env) line(v any) {
	_ = export.WriteJSON(e.out, v) // out keeps its own error
}

// proveAll proves lessons, several at a time.
func (e *env) proveAll(ctx context.Context, all []*course.Lesson) (results []proven, err error) {
	err = e.proveEach(ctx, all, func(r *proven) error {
		results = append(results, *r)
		return nil
	})
	return results, err
}

// proveEach proves lessons, several at a time, and tells of each in their order as
// soon as it is known.
func (e *env) proveEach(ctx context.Context, all []*course.Lesson, tell func(*proven) error) error {
	p, err := e.prover(all)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	slots := make(chan struct{}, 2*runtime.GOMAXPROCS(0))
	results := make([]chan *proven, len(all))
	for i := range all {
		results[i] = make(chan *proven, 1)
	}
	running.Go(func() {
		for i, l := range all {
			slots <- struct{}{}
			running.Go(func() {
				defer func() { <-slots }()
				began := time.Now()
				results[i] <- &proven{lesson: l, problems: p.Prove(ctx, l), took: time.Since(began)}
			})
		}
	})
	for _, ready := range results {
		r := <-ready
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := tell(r); err != nil {
			return err
		}
	}
	return nil
}

// prover proves lessons that may name each other, and those of the program.
func (e *env) prover(all []*course.Lesson) (*course.Prover, error) {
	own, err := course.ParseAll(lessons.FS())
	if err != nil {
		own = nil // these may be what is being repaired: their problems are told from the folder
	}
	return &course.Prover{
		Open: e.lessonCapture,
		Stages: func(ctx context.Context, c course.Scene) (course.Stage, error) {
			st, err := e.newStage(ctx, c)
			if err != nil {
				return nil, err
			}
			st.read(ctx)
			return st, nil
		},
		Ref: func(text string) bool {
			r, ok := spec.Parse(text)
			return ok && r.Known()
		},
		Lesson: func(id string) bool {
			return slices.ContainsFunc(slices.Concat(own, all), func(l *course.Lesson) bool { return l.ID == id })
		},
		Term: func(word string) bool {
			known, _ := explain.Term(word)
			return len(known)+len(ownTerms(word)) > 0
		},
		Patience: scenePatience,
		Together: 2 * runtime.GOMAXPROCS(0),
	}, nil
}

// lessonCapture reads a capture of a lesson whole.
func (e *env) lessonCapture(l *course.Lesson, c *course.Capture) (*inspector.Store, error) {
	r, err := e.lessonReading(l, c)
	if err != nil {
		return nil, err
	}
	store := inspector.NewStore(inspector.StoreOptions{Lint: r.lintOptions()})
	err = r.each(context.Background(), func(i captures.Item) error {
		if i.Event == nil {
			store.Over(*i.Conversation)
			return nil
		}
		store.Append(i.Event)
		return nil
	})
	if err == nil && store.Len() == 0 {
		err = fmt.Errorf("there is no XMPP in it")
	}
	if err != nil {
		store.Close()
		return nil, err
	}
	return store, nil
}

// lessonReading is about to read a capture of a lesson, with the keys beside it.
func (e *env) lessonReading(l *course.Lesson, c *course.Capture) (*reading, error) {
	r, err := e.reading(&captureFlags{}, nil)
	if err != nil {
		return nil, err
	}
	in, err := lessonInput(l, c)
	if err != nil {
		return nil, err
	}
	r.inputs = []captures.Input{in}
	if c.Sample == "" {
		dir, name := path.Split(path.Clean(c.File))
		for _, sibling := range captures.SiblingNames(name) {
			if st, err := fs.Stat(l.Folder, dir+sibling); err != nil || !st.Mode().IsRegular() {
				continue
			}
			keys, err := fs.ReadFile(l.Folder, dir+sibling)
			if err != nil {
				return nil, cannot(sibling, err)
			}
			r.options.Keys.Add(captures.Secret{Type: captures.SecretTLS, Data: keys})
		}
	}
	return r, nil
}

// lessonInput is a capture of a lesson: a sample, or a file in its folder.
func lessonInput(l *course.Lesson, c *course.Capture) (captures.Input, error) {
	if c.Sample != "" {
		return sampleInput(c.Sample)
	}
	f, err := l.Folder.Open(path.Clean(c.File))
	if err != nil {
		return captures.Input{}, err
	}
	defer f.Close()
	size := int64(-1)
	if st, err := f.Stat(); err == nil {
		size = st.Size()
	}
	return captures.Input{Name: l.ID + "/" + c.File, Size: size, Open: func(context.Context) (io.ReadCloser, error) {
		return l.Folder.Open(path.Clean(c.File))
	}}, nil
}
