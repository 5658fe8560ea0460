// Package exercise makes a lesson out of a recording: tasks to order, to
// predict, to take apart and to find, whose answers stand in the recording and
// are computed from it.
//
// A kind of task is one line in the table below and a function in a file.
//
// It knows events, what they mean, and how a lesson is written. It must not know
// files, screens or sockets: the lesson is a text, and is read like one that a
// person wrote.
package exercise

import (
	"errors"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/inspector"
)

// Options of [Lesson].
type Options struct {
	// Name is what the recording is called, File its name in the folder of the
	// lesson; or Sample that of a recording which comes with the program.
	Name, File, Sample string
	// Secrets allows tasks whose answers are passwords.
	Secrets bool
}

// ErrTooLittle is that nothing can be asked about a recording.
var ErrTooLittle = errors.New("there is too little XMPP in it to ask about")

// Most of one kind, so that the lesson stays short.
const perKind = 3

// task is one step, as it is written in TOML.
type task struct {
	title, text, after string

	Kind     string            `toml:"kind"`
	Event    string            `toml:"event,omitempty"`
	Nth      int               `toml:"nth,omitzero"`
	Span     string            `toml:"span,omitempty"`
	Question string            `toml:"question,omitempty"`
	Choices  []string          `toml:"choices,omitempty"`
	Because  []string          `toml:"because,omitempty"`
	Answer   any               `toml:"answer,omitempty"`
	Given    string            `toml:"given,omitempty"`
	Fields   map[string]string `toml:"fields,omitempty"`
	Secret   []string          `toml:"secret,omitempty"`
	Items    []string          `toml:"items,omitempty"`
	Hints    []string          `toml:"hints"`
}

// makers is the table: what makes tasks, in the order in which they come.
func makers() []func(*recording) []task {
	return []func(*recording) []task{orders, answers, logins, reasons, faults, values}
}

// Lesson writes a lesson about the conversation of a recording that tells most.
func Lesson(store *inspector.Store, o Options) (string, error) {
	r := open(store, o.Secrets)
	if r == nil {
		return "", ErrTooLittle
	}
	var all []task
	refs := map[string]bool{}
	for _, m := range makers() {
		made := m(r)
		all = append(all, made[:min(len(made), perKind)]...)
	}
	if len(all) == 0 {
		return "", ErrTooLittle
	}
	head := struct {
		Title   string              `toml:"title"`
		Goal    string              `toml:"goal"`
		Wrong   string              `toml:"wrong"`
		Minutes int                 `toml:"minutes"`
		Refs    []string            `toml:"refs"`
		Capture []map[string]string `toml:"capture"`
	}{
		Title: "Exercises: " + o.Name, Goal: "Read this recording: what comes after what, what it says, and where it goes wrong.",
		Wrong: "That a recording has to be believed before it has been read.", Minutes: len(all),
	}
	for _, row := range r.rows {
		if ref := explain.Event(r.event(row)).Ref; ref.Known() && !refs[ref.String()] && len(head.Refs) < 12 {
			refs[ref.String()] = true
			head.Refs = append(head.Refs, ref.String())
		}
	}
	source := map[string]string{"name": "recording"}
	if o.Sample != "" {
		source["sample"] = o.Sample
	} else {
		source["file"] = o.File
	}
	head.Capture = append(head.Capture, source)
	raw, err := toml.Marshal(head)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "+++\n%s+++\n\nThese tasks were made from the recording itself. So were the answers: they are what stands in it.\n", raw)
	for i := range all {
		if err := all[i].write(&b); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// write writes a step. What stands on the wire is only in the TOML, where it
// cannot be taken for Markdown.
func (t *task) write(b *strings.Builder) error {
	raw, err := toml.Marshal(t)
	if err != nil {
		return err
	}
	const fence = "~~~~~~~~"
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n%sstep\n%s%s\n", t.title, t.text, fence, raw, fence)
	if t.after != "" {
		fmt.Fprintf(b, "\n%s\n", t.after)
	}
	return nil
}

// recording is the conversation that is asked about.
type recording struct {
	store   *inspector.Store
	rows    []int // its events that belong to a step
	secrets bool
	nth     map[int]int // which of its step a row is, from 1, in the whole recording
}

// open finds the conversation with most steps; nil where none has two.
func open(store *inspector.Store, secrets bool) *recording {
	steps := map[decode.ConnID]map[decode.Step]bool{}
	best, most := decode.ConnID(0), 1
	for i := range store.Len() {
		row := store.Row(i)
		if row.Step() == decode.StepNone {
			continue
		}
		if steps[row.Conn()] == nil {
			steps[row.Conn()] = map[decode.Step]bool{}
		}
		steps[row.Conn()][row.Step()] = true
		if n := len(steps[row.Conn()]); n > most {
			best, most = row.Conn(), n
		}
	}
	if best == 0 {
		return nil
	}
	r := &recording{store: store, secrets: secrets, nth: map[int]int{}}
	count := map[decode.Step]int{}
	for i := range store.Len() {
		row := store.Row(i)
		if row.Step() == decode.StepNone {
			continue
		}
		count[row.Step()]++
		if row.Conn() == best && row.Origin() == decode.OriginWire {
			r.nth[i] = count[row.Step()]
			r.rows = append(r.rows, i)
		}
	}
	return r
}

// event reads an event back; it is empty where that fails.
func (r *recording) event(row int) *decode.Event {
	e, err := r.store.Event(row)
	if err != nil {
		return &decode.Event{}
	}
	return e
}

// at is the focus on a row.
func (r *recording) at(t *task, row int) {
	t.Event, t.Nth = fmt.Sprintf("step == %q", r.store.Row(row).Step().String()), r.nth[row]
}

// who is the sender, as words in a sentence.
func who(e *decode.Event) string { return "the " + explain.Who(e) }
