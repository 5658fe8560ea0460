package course

import (
	"errors"
	"strings"
)

// explain asks for words of the learner's own. No program can judge them: the
// model answer is shown beside, and what it speaks of and they do not.
type explain struct {
	model string
	words []string // each may have alternatives, parted by |
}

func readExplain(w *written) (Task, error) {
	if strings.TrimSpace(w.Model) == "" {
		return nil, errors.New("explain needs model, an answer to compare with")
	}
	return &explain{strings.TrimSpace(w.Model), w.Words}, nil
}

// leastWords is how short an answer in one's own words may be.
const leastWords = 4

// Check implements [Task].
func (x *explain) Check(a Answer, _ *Place) Verdict {
	if len(strings.Fields(a.Text)) < leastWords {
		return Verdict{Missing: []string{"a sentence or two in your own words"}}
	}
	v := Verdict{Done: true, Said: "Compare: " + x.model}
	text := strings.ToLower(a.Text)
	for _, w := range x.words {
		found := false
		for one := range strings.SplitSeq(w, "|") {
			found = found || strings.Contains(text, strings.ToLower(strings.TrimSpace(one)))
		}
		if !found {
			first, _, _ := strings.Cut(w, "|")
			v.Missing = append(v.Missing, "you did not speak of: "+strings.TrimSpace(first))
		}
	}
	return v
}

// Solution implements [Task].
func (x *explain) Solution(*Place) Answer { return Answer{Text: x.model} }

// Problems implements [Task].
func (x *explain) Problems(*Place) (all []string) {
	for _, m := range x.Check(Answer{Text: x.model}, nil).Missing {
		all = append(all, "the model answer lacks a word: "+m)
	}
	return all
}
