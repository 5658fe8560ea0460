package course

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"xmppscope/inspector"
)

// taking apart: a text that means one thing, or several fields.
type taken struct {
	given  string
	answer string
	fields map[string]string
	names  []string                     // of the fields, in the order in which the author put them
	secret []string                     // fields whose values are passwords
	turns  map[string]*inspector.Filter // of which events an answer is the number of round trips
}

func readDecode(w *written) (Task, error) {
	d := &taken{given: w.Given, fields: w.Fields, names: w.fieldNames, secret: w.Secret}
	if s, ok := w.Answer.(string); ok {
		d.answer = s
	}
	if (d.answer == "") == (len(d.fields) == 0) {
		return nil, errors.New("decode has either answer, a text, or fields")
	}
	if err := d.readTurns(w.Turns); err != nil {
		return nil, fmt.Errorf("turns: %w", err)
	}
	return d, nil
}

// FieldNames are the fields that a step asks for, in the order of the lesson;
// none where it asks for one text.
func FieldNames(t Task) []string {
	d, ok := t.(*taken)
	if !ok {
		return slices.Clone(askedElsewhere(t).Fields)
	}
	return slices.Clone(d.names)
}

// Given is what a step asks to take apart, empty where it stands in the text.
func Given(t Task) string {
	if d, ok := t.(*taken); ok {
		return d.given
	}
	return askedElsewhere(t).Given
}

// Check implements [Task]. A field may be given in base64, too, where its value
// is meant.
func (d *taken) Check(a Answer, _ *Place) Verdict {
	if d.answer != "" {
		switch {
		case strings.TrimSpace(a.Text) == "":
			return Verdict{Missing: []string{"type the answer"}}
		case sameText(a.Text, d.answer):
			return Verdict{Done: true}
		}
		return Verdict{Said: nearly(a.Text, d.answer)}
	}
	var v Verdict
	right := 0
	for _, name := range FieldNames(d) {
		given, ok := a.Fields[name]
		switch want := d.fields[name]; {
		case sameText(given, want) && (ok || want == ""):
			right++
		case given == "":
			v.Missing = append(v.Missing, name)
		default:
			said := nearly(given, want)
			if said == notYet && d.ofAnother(name, given) {
				said = "this is right for another field"
			}
			v.Missing = append(v.Missing, name+": "+said)
		}
	}
	v.Done = len(v.Missing) == 0
	if !v.Done && right > 0 {
		v.Said = fmt.Sprintf("%d of %d are right.", right, len(d.fields))
	}
	return v
}

// ofAnother tells whether a text is the value of another field.
func (d *taken) ofAnother(name, given string) bool {
	for other, want := range d.fields {
		if other != name && want != "" && sameText(given, want) {
			return true
		}
	}
	return false
}

// notYet is what is said where nothing is nearly right.
const notYet = "not yet"

// sameText compares answers as people type them.
func sameText(given, want string) bool {
	return strings.TrimSpace(given) == strings.TrimSpace(want)
}

// nearly says what is nearly right about an answer.
func nearly(given, want string) string {
	g, w := strings.TrimSpace(given), strings.TrimSpace(want)
	switch {
	case strings.EqualFold(g, w):
		return "nearly: upper and lower case count"
	case strings.TrimRight(g, "=") == strings.TrimRight(w, "="):
		return "nearly: the = at the end count"
	}
	if raw, err := base64.StdEncoding.DecodeString(g); err == nil && len(g) >= 4 && string(raw) == w {
		return "this is the base64 of it; take that off"
	}
	if w == base64.StdEncoding.EncodeToString([]byte(g)) {
		return "this is right before it is written in base64"
	}
	if strings.ReplaceAll(g, `\0`, "\x00") == w {
		return `\0 is one byte here, not a backslash and a zero`
	}
	return notYet
}

// Solution implements [Task].
func (d *taken) Solution(*Place) Answer { return Answer{Text: d.answer, Fields: d.fields} }

// Problems implements [Task].
func (d *taken) Problems(at *Place) (all []string) {
	for _, s := range d.secret {
		if _, ok := d.fields[s]; !ok {
			all = append(all, fmt.Sprintf("secret names %q, which is no field", s))
		}
	}
	return append(all, d.wrongTurns(at)...)
}
