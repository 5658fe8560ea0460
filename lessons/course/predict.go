package course

import (
	"errors"
	"fmt"
	"strings"
)

// predict asks what comes next: one of some choices, or XML.
type predict struct {
	choices, because []string
	right            int // from 1
	xml              string
}

func readPredict(w *written) (Task, error) {
	p := &predict{choices: w.Choices, because: w.Because, xml: strings.TrimSpace(w.XML)}
	if n, ok := w.Answer.(int64); ok {
		p.right = int(n)
	}
	switch {
	case (len(p.choices) > 0) == (p.xml != ""):
		return nil, errors.New("predict has either choices or xml")
	case p.xml == "" && (p.right < 1 || p.right > len(p.choices)):
		return nil, fmt.Errorf("answer is a number from 1 to %d", len(p.choices))
	case len(p.because) > 0 && len(p.because) != len(p.choices):
		return nil, errors.New("because has a text for each choice, or there is none")
	case p.xml != "":
		if _, err := meaningOf(p.xml); err != nil {
			return nil, fmt.Errorf("xml: %w", err)
		}
	}
	return p, nil
}

// Choices are what there is to choose from; none where XML is asked for.
func Choices(t Task) []string {
	switch t := t.(type) {
	case *predict:
		return t.choices
	case *order:
		return t.shown
	}
	return askedElsewhere(t).Choices
}

// Check implements [Task].
func (p *predict) Check(a Answer, _ *Place) Verdict {
	if p.xml != "" {
		return checkXML(p.xml, a.Text)
	}
	if a.Choice < 1 || a.Choice > len(p.choices) {
		return Verdict{Missing: []string{"choose one of " + fmt.Sprint(len(p.choices))}}
	}
	v := Verdict{Done: a.Choice == p.right}
	if len(p.because) > 0 {
		v.Said = p.because[a.Choice-1]
	}
	return v
}

// Solution implements [Task].
func (p *predict) Solution(*Place) Answer { return Answer{Choice: p.right, Text: p.xml} }

// Problems implements [Task].
func (p *predict) Problems(at *Place) (all []string) {
	if p.xml != "" && at.Store != nil && at.Row >= 0 {
		if e, err := at.Store.Event(at.Row); err == nil && checkXML(p.xml, string(e.Text())).Done {
			all = append(all, "the event in focus is the answer itself; look at one before it")
		}
	}
	for i, c := range p.choices {
		for _, d := range p.choices[:i] {
			if strings.TrimSpace(c) == strings.TrimSpace(d) {
				all = append(all, fmt.Sprintf("the choice %q stands there twice", c))
			}
		}
	}
	return all
}

// checkXML compares XML by its meaning.
func checkXML(want, given string) Verdict {
	switch {
	case strings.TrimSpace(given) == "":
		return Verdict{Missing: []string{"type the XML"}}
	case len(given) > maxAnswer:
		return Verdict{Said: fmt.Sprintf("An answer has at most %d bytes.", maxAnswer)}
	}
	got, err := meaningOf(given)
	if err != nil {
		return Verdict{Said: "This is not well-formed: " + err.Error()}
	}
	right, err := meaningOf(want)
	if err != nil {
		return Verdict{Said: "The lesson is broken: " + err.Error()}
	}
	missing := right.differences(got)
	return Verdict{Done: len(missing) == 0, Missing: missing}
}
