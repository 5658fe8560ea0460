package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/inspector/export"
	"xmppscope/inspector/live"
	"xmppscope/lessons/course"
	"xmppscope/lessons/workshop"
)

// do does what was typed. It is false where that was to leave.
func (a *attending) do(line string) bool {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	for _, v := range joinVerbs() {
		if v.name != word {
			continue
		}
		if v.do == nil {
			return false
		}
		if err := v.do(a, rest); err != nil {
			a.line(err.Error())
		}
		return true
	}
	a.line(fmt.Sprintf("%q is nothing that can be done here; help lists what is.", word))
	return true
}

// joinVerb is something that a student can do at a prompt.
type joinVerb struct {
	name, with, doc string
	do              func(*attending, string) error
}

// joinVerbs is the table; a verb is one line here.
func joinVerbs() []joinVerb {
	return []joinVerb{
		{"step", "[N]", "show the step at hand, or go to another", (*attending).goStep},
		{"next", "", "go on", func(a *attending, _ string) error { return a.move("next", 0) }},
		{"back", "", "go to the step before", func(a *attending, _ string) error { return a.move("back", 0) }},
		{"skip", "", "leave this step undone and go on", func(a *attending, _ string) error { return a.move("skip", 0) }},
		{"teacher", "", "go to the teacher's step", func(a *attending, _ string) error { return a.move("step", a.state().Teacher.Step) }},
		{"answer", "…", "answer what the step asks", (*attending).answer},
		{"hint", "", "the next hint", (*attending).hint},
		{"solve", "", "show an answer that is right, after the last hint", (*attending).solve},
		{"events", "[FROM]", "list the events of this step's recording, or of your stage", (*attending).events},
		{"event", "NUMBER", "show one of them", (*attending).event},
		{"look", "", "show what the teacher points at", (*attending).look},
		{"begin", "", "play a live step", func(a *attending, _ string) error { return a.c.Begin(a.ctx) }},
		{"end", "", "end it", func(a *attending, _ string) error { return a.c.End(a.ctx) }},
		{"held", "", "list what waits on your stage", (*attending).held},
		{"forward", "", "let the first of it go on", func(a *attending, _ string) error { return a.act("forward", "") }},
		{"drop", "", "do not let it go on", func(a *attending, _ string) error { return a.act("drop", "") }},
		{"edit", "XML", "let XML go on in its place", func(a *attending, s string) error { return a.act("edit", s) }},
		{"inject", "[CONVERSATION] initiator|receiver XML", "send XML as if that side had", (*attending).inject},
		{"close", "[CONVERSATION] tcp|tls|stream", "end a connection on your stage", (*attending).close},
		{"help", "", "this list", func(a *attending, _ string) error {
			text := ""
			for _, v := range joinVerbs() {
				text += fmt.Sprintf("  %-44s %s\n", strings.TrimSpace(v.name+" "+v.with), v.doc)
			}
			a.line(strings.TrimRight(text, "\n"))
			return nil
		}},
		{"quit", "", "leave; you can come back", nil},
	}
}

func (a *attending) state() workshop.State {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

func (a *attending) at() workshop.StepView {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.step
}

func (a *attending) move(to string, n int) error {
	v, err := a.c.Go(a.ctx, to, n)
	if err == nil {
		a.tell(v, true)
	}
	return err
}

func (a *attending) goStep(text string) error {
	if n, err := strconv.Atoi(text); err == nil {
		return a.move("step", n)
	}
	v, err := a.c.Step(a.ctx)
	if err == nil {
		a.tell(v, true)
	}
	return err
}

// answer reads an answer as the step asks for it.
func (a *attending) answer(text string) error {
	v := a.at()
	var out course.Answer
	switch v.Ask {
	case workshop.AskNothing:
		return errors.New("there is nothing to answer here; next goes on")
	case workshop.AskDeeds, workshop.AskUnknown:
		return errors.New(howTo(&v))
	case workshop.AskChoice:
		out.Choice, _ = strconv.Atoi(text)
	case workshop.AskOrder:
		for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
			n, err := strconv.Atoi(w)
			if err != nil {
				return errors.New(howTo(&v))
			}
			out.Order = append(out.Order, n)
		}
	case workshop.AskFields:
		out.Fields = map[string]string{}
		for _, f := range v.Fields {
			out.Fields[f.Name] = fieldIn(text, f.Name, v.Fields)
		}
	case workshop.AskEvent, workshop.AskBytes:
		word, rest, _ := strings.Cut(text, " ")
		d, err := a.own(word)
		if err != nil {
			return err
		}
		out.Seq = d.Seq
		if v.Ask == workshop.AskBytes && rest != "" {
			for _, p := range d.Text {
				if i := strings.Index(p.S, rest); i >= 0 && len(p.S) == p.N && out.End == 0 {
					out.Start, out.End = p.At+i, p.At+i+len(rest)
				}
			}
		}
	default:
		out.Text = text
	}
	next, err := a.c.Answer(a.ctx, out)
	if err == nil {
		a.tell(next, false)
	}
	return err
}

// fieldIn is the value of name=value in a text, up to the next field.
func fieldIn(text, name string, all []workshop.Field) string {
	i := strings.Index(" "+text, " "+name+"=")
	if i < 0 {
		return ""
	}
	value := text[i+len(name)+1:]
	for _, f := range all {
		if k := strings.Index(value, " "+f.Name+"="); k >= 0 {
			value = value[:k]
		}
	}
	return strings.TrimSpace(value)
}

func (a *attending) hint(string) error {
	v, err := a.c.Hint(a.ctx)
	if err != nil {
		return err
	}
	if len(v.Hints) == 0 {
		return errors.New("there are no hints here")
	}
	a.line(fmt.Sprintf("Hint %d: %s", len(v.Hints), v.Hints[len(v.Hints)-1]))
	return nil
}

func (a *attending) solve(string) error {
	s, err := a.c.Solve(a.ctx)
	if err != nil {
		return err
	}
	v, said := a.at(), s.Text
	if s.Choice > 0 {
		said = fmt.Sprint(s.Choice)
	}
	for _, f := range v.Fields {
		said += f.Name + "=" + s.Fields[f.Name] + " "
	}
	for _, n := range s.Order {
		said += fmt.Sprint(n) + " "
	}
	if s.Seq > 0 {
		said = fmt.Sprintf("event %d, bytes %d to %d", s.Seq, s.Start, s.End)
	}
	a.line("An answer that is right: " + said)
	return nil
}

// of is what the student looks at: the stage of a live step, else the recording.
func (a *attending) of() string {
	switch v := a.at(); {
	case v.Ask == workshop.AskDeeds:
		return "stage"
	case v.Recording != "":
		return "own"
	}
	return "teacher"
}

func (a *attending) events(text string) error {
	from, _ := strconv.Atoi(text)
	all, err := a.c.Rows(a.ctx, a.of(), max(0, from-1), 200)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lines = all
	for _, l := range all.Lines {
		mark := " "
		if all.Recording == a.now.Teacher.Recording && l.Row == a.now.Teacher.Cursor.Row {
			mark = "▸"
		}
		where := ""
		if l.Conn != all.Lines[0].Conn || l.Conn != 1 {
			where = fmt.Sprintf(" (conversation %d)", l.Conn)
		}
		a.say("%s %4d  %s%s", mark, l.Seq, l.Title, where)
	}
	return nil
}

// own is an event by its number.
func (a *attending) own(word string) (d workshop.Detail, err error) {
	n, err := strconv.Atoi(strings.TrimPrefix(word, "#"))
	if err != nil {
		return d, errors.New("this needs the number of an event; events lists them")
	}
	for from := 0; ; from += 200 {
		all, err := a.c.Rows(a.ctx, a.of(), from, 200)
		if err != nil {
			return d, err
		}
		for _, l := range all.Lines {
			if int(l.Seq) == n {
				return a.c.Event(a.ctx, a.of(), l.Row)
			}
		}
		if from+200 >= all.Len {
			return d, fmt.Errorf("there is no event %d to see", n)
		}
	}
}

func (a *attending) event(text string) error {
	d, err := a.own(text)
	if err == nil {
		a.detail(d, 0, 0)
	}
	return err
}

func (a *attending) look(string) error {
	at := a.state().Teacher.Cursor
	if at.Row < 0 {
		return errors.New("the teacher points at nothing")
	}
	d, err := a.c.Event(a.ctx, "teacher", at.Row)
	if err == nil {
		a.detail(d, at.Start, at.End)
	}
	return err
}

// detail shows an event, with marks under the bytes that are pointed at.
func (a *attending) detail(d workshop.Detail, start, end int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	page := export.NewPage(a.e.out, export.Options{Width: a.e.width(), Color: a.e.colored(a.e.out)})
	page.Head(fmt.Sprintf("%d  %s", d.Seq, d.Title))
	text := ""
	from, to := 0, 0
	for _, p := range d.Text {
		if p.At >= 0 && len(p.S) == p.N {
			if start >= p.At && start < p.At+p.N {
				from = len(text) + start - p.At
			}
			if end > p.At && end <= p.At+p.N {
				to = len(text) + end - p.At
			}
		}
		text += p.S
	}
	if to > from {
		page.Marked(text, from, to)
	} else if text != "" {
		page.Text(text)
	}
	for _, f := range d.Findings {
		page.Text("✗ " + f)
	}
	for _, t := range []string{d.What, d.Why, d.Expect} {
		if t != "" {
			page.Faint(t)
		}
	}
	_ = page.Close() // a terminal that has gone reads no more
}

func (a *attending) held(string) error {
	all, err := a.c.Held(a.ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return errors.New("nothing is held")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, h := range all {
		a.say("%4d  %s\n      %s", h.Seq, h.Title, h.XML)
	}
	return nil
}

func (a *attending) act(do, xml string) error {
	all, err := a.c.Held(a.ctx)
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.Done != "" {
			continue
		}
		act := live.Act{Do: do, Seq: h.Seq}
		if do == "edit" {
			act.XML = &xml
		}
		return a.c.Act(a.ctx, act)
	}
	return errors.New("nothing is held")
}

func (a *attending) inject(text string) error {
	conn, text := conversationIn(text)
	side, xml, _ := strings.Cut(text, " ")
	return a.c.Act(a.ctx, live.Act{Do: "inject", Conn: conn, Dir: side, XML: &xml})
}

func (a *attending) close(text string) error {
	conn, layer := conversationIn(text)
	return a.c.Act(a.ctx, live.Act{Do: "close", Conn: conn, Layer: layer})
}

// conversationIn is the number that a text begins with; 0 for none, which is the
// only conversation.
func conversationIn(text string) (decode.ConnID, string) {
	word, rest, _ := strings.Cut(text, " ")
	if n, err := strconv.ParseUint(word, 10, 32); err == nil {
		return decode.ConnID(n), strings.TrimSpace(rest)
	}
	return 0, text
}
