package workshop

import (
	"fmt"
	"strings"

	"xmppscope/inspector"
	"xmppscope/lessons/course"
)

// Block is a piece of the text of a lesson.
type Block struct {
	// Kind is p, h, code, ul, ol, li, quote, table, row or hr.
	Kind   string  `json:"kind"`
	Level  int     `json:"level,omitempty"`
	Lang   string  `json:"lang,omitempty"`
	Text   []Run   `json:"text,omitempty"`
	Inside []Block `json:"inside,omitempty"`
	Cells  [][]Run `json:"cells,omitempty"`
}

// Run is text in one style.
type Run struct {
	Text string `json:"text"`
	// Style is b, i or code; empty for none.
	Style string `json:"style,omitempty"`
	// Link is a page, https only; Term a word of the glossary.
	Link string `json:"link,omitempty"`
	Term string `json:"term,omitempty"`
}

// blockKinds are the names of kinds, by their value.
var blockKinds = map[course.BlockKind]string{course.Para: "p", course.Heading: "h", course.Code: "code", course.List: "ul",
	course.Item: "li", course.Quote: "quote", course.Table: "table", course.Row: "row", course.Rule: "hr"}

var runStyles = map[course.RunStyle]string{course.Strong: "b", course.Emphasis: "i", course.Literal: "code"}

func blocks(all []course.Block) (out []Block) {
	for _, b := range all {
		o := Block{Kind: blockKinds[b.Kind], Level: b.Level, Lang: b.Lang, Text: runs(b.Text), Inside: blocks(b.Inside)}
		if b.Kind == course.List && b.Ordered {
			o.Kind = "ol"
		}
		for _, c := range b.Cells {
			o.Cells = append(o.Cells, runs(c))
		}
		out = append(out, o)
	}
	return out
}

func runs(all []course.Run) (out []Run) {
	for _, r := range all {
		o := Run{Text: inspector.DisarmLines(r.Text), Style: runStyles[r.Style]}
		if strings.HasPrefix(r.Link, "https://") {
			o.Link = r.Link
		}
		if word, ok := strings.CutPrefix(r.Link, "term:"); ok {
			if o.Term = inspector.Disarm(word); word == "" {
				o.Term = o.Text
			}
		}
		out = append(out, o)
	}
	return out
}

// What a step asks for.
const (
	AskNothing = ""          // there is something to read
	AskChoice  = "choice"    // Answer.Choice
	AskXML     = "xml"       // Answer.Text
	AskText    = "text"      // Answer.Text
	AskWords   = "words"     // Answer.Text, in words of one's own
	AskFields  = "fields"    // Answer.Fields
	AskEvent   = "event"     // Answer.Seq
	AskBytes   = "bytes"     // Answer.Seq, Start and End
	AskOrder   = "order"     // Answer.Order
	AskDeeds   = "deeds"     // nothing: what passes on the stage is looked at
	AskUnknown = "elsewhere" // a kind that a class does not know
)

// ask tells what a step asks for.
func ask(s *course.Step) string {
	if s.Task == nil {
		return AskNothing
	}
	choices := len(course.Choices(s.Task)) > 0
	switch s.Kind {
	case "predict":
		if choices {
			return AskChoice
		}
		return AskXML
	case "decode":
		if len(course.FieldNames(s.Task)) > 0 {
			return AskFields
		}
		return AskText
	case "find":
		if course.Spans(s.Task) {
			return AskBytes
		}
		return AskEvent
	case "order":
		return AskOrder
	case "explain":
		return AskWords
	case "do":
		return AskDeeds
	}
	return AskUnknown
}

// Field is something to fill in.
type Field struct {
	Name   string `json:"name"`
	Secret bool   `json:"secret,omitempty"`
}

// Span is a place in a recording.
type Span struct {
	Row   int `json:"row"` // from 0, -1 for none
	Start int `json:"start"`
	End   int `json:"end"`
}

// Verdict is what was said about an answer.
type Verdict struct {
	Done    bool     `json:"done"`
	Said    string   `json:"said,omitempty"`
	Missing []string `json:"missing,omitempty"`
}

// maxMissing is how much of what is missing is told at once.
const maxMissing = 12

func verdictOf(v course.Verdict) Verdict {
	out := Verdict{Done: v.Done, Said: inspector.DisarmLines(v.Said)}
	for i, m := range v.Missing {
		if i == maxMissing {
			out.Missing = append(out.Missing, fmt.Sprintf("… and %d more", len(v.Missing)-i))
			break
		}
		out.Missing = append(out.Missing, inspector.DisarmLines(m))
	}
	return out
}

// StepView is a step as a student has it. What the answer is does not stand in
// it; hints and what is said afterwards only once they have been given.
type StepView struct {
	// View grows with every look at a student's steps: of two answers that overtook
	// each other on their way, the one with the higher number is newer.
	View        int64    `json:"view"`
	Lesson      string   `json:"lesson"`
	LessonTitle string   `json:"lessonTitle"`
	Goal        string   `json:"goal,omitempty"`
	Step        int      `json:"step"` // from 1
	Steps       int      `json:"steps"`
	Title       string   `json:"title"`
	Kind        string   `json:"kind"`
	Ask         string   `json:"ask"`
	Intro       []Block  `json:"intro,omitempty"`
	Text        []Block  `json:"text,omitempty"`
	Question    string   `json:"question,omitempty"`
	Choices     []string `json:"choices,omitempty"`
	Fields      []Field  `json:"fields,omitempty"`
	Given       string   `json:"given,omitempty"`
	Wants       []string `json:"wants,omitempty"` // of a live step: what is to pass, in order
	Hints       []string `json:"hints,omitempty"` // those that were given
	HintsLeft   int      `json:"hintsLeft"`
	Tries       int      `json:"tries"`
	Done        bool     `json:"done"`
	Skipped     bool     `json:"skipped,omitempty"`
	Solvable    bool     `json:"solvable,omitempty"`
	After       []Block  `json:"after,omitempty"`
	Last        *Verdict `json:"last,omitempty"`
	// Keys are those of the terminal that the text names, and what a browser has in
	// their place.
	Keys []Key `json:"keys,omitempty"`
	// Recording is that of the step; empty for none. Focus is what it looks at.
	Recording string `json:"recording,omitempty"`
	Focus     *Span  `json:"focus,omitempty"`
	Finished  bool   `json:"finished,omitempty"`
}
