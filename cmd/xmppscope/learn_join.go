package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/inspector"
	"xmppscope/inspector/export"
	"xmppscope/lessons/workshop"
)

// headlineOf is an event in a line.
func headlineOf(e *decode.Event) string { return inspector.Disarm(explain.Headline(e)) }

// attending is a student at a prompt.
type attending struct {
	e   *env
	c   *workshop.Client
	ctx context.Context

	mu    sync.Mutex // guards what follows, and what is written
	now   workshop.State
	step  workshop.StepView
	lines workshop.Lines // as they were last listed
}

// joinClass takes part in a class until it is over or the student leaves: on the
// screen, or at a prompt where there is none.
func (e *env) joinClass(ctx context.Context, cf *classFlags) error {
	in := bufio.NewReader(e.in)
	var err error
	for _, ask := range []struct {
		value  *string
		flag   string
		prompt string
	}{{&cf.token, "--token", "Token of the class: "}, {&cf.name, "--name", "Your name: "}} {
		if *ask.value != "" {
			continue
		}
		if *ask.value, err = e.asked(in, ask.prompt); err != nil || *ask.value == "" {
			return usage(ask.flag, "is needed to join a class", "")
		}
	}
	c, err := workshop.Join(ctx, cf.join, cf.token, cf.name, cf.code)
	if err != nil {
		return &failure{code: exitInput, what: cf.join, why: err.Error()}
	}
	defer c.Close()
	seen, back, ok := e.seen(ctx)
	defer back()
	if ok && !e.plain && e.host == nil {
		return e.sitInClass(seen, c)
	}
	a := &attending{e: e, c: c}
	var stop context.CancelFunc
	a.ctx, stop = context.WithCancel(ctx)
	defer stop()
	a.say("You are in the class as %s. To come back under this name: --name %s --code %s", c.Name, quoted(c.Name), c.Code)
	ended := make(chan error, 1)
	go func() { ended <- c.Live(a.ctx, a.told, a.line) }()
	lines := make(chan string)
	go func() {
		defer close(lines)
		for {
			line, err := in.ReadString('\n')
			if strings.TrimSpace(line) != "" {
				select {
				case lines <- strings.TrimSpace(line):
				case <-a.ctx.Done():
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	for {
		select {
		case err := <-ended:
			var no *workshop.Refused
			if errors.As(err, &no) {
				a.say("%s", no.Text)
			}
			return nil
		case line, ok := <-lines:
			if !ok || !a.do(line) {
				stop()
				<-ended
				return nil
			}
		}
	}
}

// asked asks a line where somebody sits at the keyboard.
func (e *env) asked(in *bufio.Reader, prompt string) (string, error) {
	if f, ok := e.in.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		return "", errors.New("nobody to ask")
	}
	fmt.Fprint(e.err, prompt)
	line, err := in.ReadString('\n')
	return strings.TrimSpace(line), err
}

func quoted(s string) string {
	if strings.ContainsAny(s, " '\"\\$`&;()<>|*?#") {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}

func (a *attending) say(format string, args ...any) {
	fmt.Fprintln(a.e.out, inspector.DisarmLines(fmt.Sprintf(format, args...)))
}

func (a *attending) line(why string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if why != "" {
		a.say("%s", why)
	}
}

// told is called with how things are, whenever they have changed.
func (a *attending) told(s workshop.State) {
	a.mu.Lock()
	before := a.now
	a.now = s
	a.mu.Unlock()
	if s.Over != "" {
		a.line(s.Over)
		return
	}
	if before.Lesson != s.Lesson || before.You.Step != s.You.Step {
		v, err := a.c.Step(a.ctx)
		if err == nil && (a.step.Lesson != v.Lesson || a.step.Step != v.Step) {
			a.tell(v, true)
		}
	}
	if t, was := s.Teacher, before.Teacher; before.Lesson != "" && t.Cursor.Row >= 0 && (t.Cursor.Row != was.Cursor.Row || t.Recording != was.Recording || t.Cursor != was.Cursor && t.Cursor.End > 0) {
		if d, err := a.c.Event(a.ctx, "teacher", t.Cursor.Row); err == nil {
			text := fmt.Sprintf("The teacher points at event %d of %s: %s", d.Seq, t.Title, d.Title)
			if t.Cursor.End > 0 {
				text += fmt.Sprintf(" Bytes %d to %d; look shows them.", t.Cursor.Start, t.Cursor.End-1)
			}
			a.line(text)
		}
	}
	if st, was := s.You.Stage, before.You.Stage; st != nil && (was == nil || was.Held != st.Held || was.Playing != st.Playing) {
		a.mu.Lock()
		a.say("Stage: %d events, %d held. %s", st.Len, st.Held, strings.TrimPrefix(strings.Join(append([]string{st.Said}, st.Missing...), "; "), "; "))
		a.mu.Unlock()
	}
}

// tell shows a step: whole, or only what was said about an answer.
func (a *attending) tell(v workshop.StepView, whole bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.step = v
	page := export.NewPage(a.e.out, export.Options{Width: a.e.width(), Color: a.e.colored(a.e.out)})
	if whole {
		page.Blank()
		page.Head(fmt.Sprintf("%d of %d: %s", v.Step, v.Steps, v.Title))
		sayBlocks(page, v.Intro)
		sayBlocks(page, v.Text)
		if v.Given != "" {
			page.Text("Given: " + v.Given)
		}
		if v.Question != "" {
			page.Text(v.Question)
		}
		for i, c := range v.Choices {
			page.Text(fmt.Sprintf("%d  %s", i+1, c))
		}
		page.Faint(howTo(&v))
	}
	if v.Last != nil {
		switch {
		case v.Last.Done:
			page.Text(strings.TrimSpace("Right. " + v.Last.Said))
		case v.Last.Said != "":
			page.Text(v.Last.Said)
		}
		for _, m := range v.Last.Missing {
			page.Text("Still missing: " + m)
		}
	}
	if v.Done {
		sayBlocks(page, v.After)
	}
	if v.Finished {
		page.Text("You have finished this lesson.")
	}
	_ = page.Close() // a terminal that has gone reads no more
}

// howTo says what to type for a step.
func howTo(v *workshop.StepView) string {
	switch v.Ask {
	case workshop.AskNothing:
		return "next goes on."
	case workshop.AskChoice:
		return "answer NUMBER"
	case workshop.AskFields:
		var names []string
		for _, f := range v.Fields {
			names = append(names, f.Name+"=…")
		}
		return "answer " + strings.Join(names, " ")
	case workshop.AskEvent:
		return "events lists them; answer NUMBER OF THE EVENT"
	case workshop.AskBytes:
		return "events lists them; answer NUMBER OF THE EVENT and the text in it"
	case workshop.AskOrder:
		return "answer the numbers in their order, as in 2 1 3"
	case workshop.AskDeeds:
		return "begin plays it; held lists what waits; forward, drop, edit XML, inject SIDE XML"
	case workshop.AskUnknown:
		return "This step is done at the teacher's screen."
	}
	return "answer TEXT"
}

func sayBlocks(page *export.Page, all []workshop.Block) {
	for _, b := range all {
		text := ""
		for _, r := range b.Text {
			text += r.Text
		}
		if text != "" {
			for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
				page.Text(line)
			}
		}
		if len(b.Cells) > 0 {
			var cells []string
			for _, c := range b.Cells {
				cell := ""
				for _, r := range c {
					cell += r.Text
				}
				cells = append(cells, cell)
			}
			page.Text(strings.Join(cells, "  "))
		}
		sayBlocks(page, b.Inside)
	}
}
