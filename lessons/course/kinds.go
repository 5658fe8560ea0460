package course

import (
	"slices"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// Task is what a learner is to do in a step.
type Task interface {
	// Check judges an answer. It is asked again whenever the answer has changed.
	Check(a Answer, at *Place) Verdict
	// Solution is an answer that is right.
	Solution(at *Place) Answer
	// Problems tells an author what cannot be right about the task.
	Problems(at *Place) []string
}

// Answer is what a learner gives: which of its fields, the kind tells.
type Answer struct {
	Choice int               `json:"choice,omitempty"` // of predict, from 1
	Text   string            `json:"text,omitempty"`   // of predict, decode, explain
	Fields map[string]string `json:"fields,omitempty"` // of decode
	Seq    decode.Seq        `json:"seq,omitempty"`    // of find: the event
	Start  int               `json:"start,omitempty"`  // and bytes of it
	End    int               `json:"end,omitempty"`
	Order  []int             `json:"order,omitempty"` // of order, from 1
}

// maxAnswer bounds an answer, in bytes.
const maxAnswer = 64 << 10

// Verdict is what is said about an answer.
type Verdict struct {
	Done bool
	// Said is about what was right or wrong.
	Said string
	// Missing names what is still to be done or given.
	Missing []string
	// Seq is the event with which a live step was done or went wrong, 0 for none.
	Seq decode.Seq
}

// Place is the recording of a step, or what has passed on its stage.
type Place struct {
	Store *inspector.Store
	// Row is the event in focus, -1 for none; Start and End its bytes in focus.
	Row, Start, End int
}

// kind is a kind of step.
type kind struct {
	name, doc string
	// read makes the task of the TOML of a step; nil where there is nothing to do.
	read func(*written) (Task, error)
}

// kinds is the table: a kind is one line here and one file.
func kinds() []kind {
	return []kind{
		{"read", "look at an event and bytes of it", nil},
		{"predict", "say what comes next: a choice, or XML that is compared by its meaning", readPredict},
		{"decode", "take something apart: a text, or fields", readDecode},
		{"find", "find an event, or bytes of it", readFind},
		{"order", "put things in their order", readOrder},
		{"do", "hold, change, send on the practice server; what passes is checked", readDo},
		{"explain", "say it in your own words, and compare", readExplain},
	}
}

// Kinds lists the kinds of steps, each with a line about it.
func Kinds() (names, docs []string) {
	for _, k := range kinds() {
		names, docs = append(names, k.name), append(docs, k.doc)
	}
	return names, docs
}

func kindNamed(name string) (kind, bool) {
	i := slices.IndexFunc(kinds(), func(k kind) bool { return k.name == name })
	if i < 0 {
		return kind{}, false
	}
	return kinds()[i], true
}
