package tui

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"xmppscope/inspector"
)

// proposal is how an expression may go on.
type proposal struct{ insert, shown, doc string }

// proposer finds how an expression of the filter language may go on: fields and
// functions, operators, and values that are in the events.
type proposer struct {
	u    *ui
	seen map[string][]string // values by field
	// first are words that may stand at the very beginning, such as once.
	first []proposal
}

// maxProposed is how many are shown, maxValues how many values are kept of a
// field; lookingTime is how long values are looked for.
const (
	maxProposed = 6
	maxValues   = 40
	lookingTime = 20 * time.Millisecond
)

// The places in an expression, told by what stands before the cursor.
var (
	placeValue    = regexp.MustCompile(`([a-z][a-z.]*)\s*(?:==|!=|<=|>=|<|>|contains|matches|in\s*\[(?:[^\]]*,)?)\s*("[^"]*|[0-9]*)$`)
	placeOperator = regexp.MustCompile(`(?:^|[\s(])([a-z][a-z.]*)\s+([a-z=!<>]*)$`)
	placeJoin     = regexp.MustCompile(`["\])0-9]\s+([a-z]*)$`)
	placeWord     = regexp.MustCompile(`(?:^|[\s(])([a-z][a-z.]*)?$`)
)

// propose lists how text may go on at a place. What is proposed takes the place
// of the text between from and at.
func (p *proposer) propose(text string, at int) (from int, all []proposal) {
	before := text[:at]
	if m := placeValue.FindStringSubmatch(before); m != nil {
		return at - len(m[2]), p.values(m[1], m[2])
	}
	if strings.Count(before, `"`)%2 == 1 {
		return at, nil
	}
	if m := placeOperator.FindStringSubmatch(before); m != nil && inspector.Operators(m[1]) != nil {
		for _, op := range inspector.Operators(m[1]) {
			if strings.HasPrefix(op, m[2]) {
				all = append(all, proposal{op + pick(op == "in", " [", " "), op, operatorDocs[op]})
			}
		}
		return at - len(m[2]), all
	}
	if m := placeJoin.FindStringSubmatch(before); m != nil {
		for _, w := range []string{"and", "or"} {
			if strings.HasPrefix(w, m[1]) {
				all = append(all, proposal{w + " ", w, pick(w == "and", "both hold", "one of both holds")})
			}
		}
		return at - len(m[1]), all
	}
	m := placeWord.FindStringSubmatch(before)
	if m == nil {
		return at, nil
	}
	return at - len(m[1]), p.words(m[1], strings.TrimSpace(before[:at-len(m[1])]) == "")
}

var operatorDocs = map[string]string{
	"==": "is", "!=": "is not", "contains": "has this in it", "matches": "fits this regular expression", "in": "is one of these",
	"<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least",
}

// words are the fields and functions that begin with some letters.
func (p *proposer) words(prefix string, beginning bool) (all []proposal) {
	if beginning {
		for _, w := range p.first {
			if strings.HasPrefix(w.shown, prefix) {
				all = append(all, w)
			}
		}
	}
	for _, f := range inspector.Fields() {
		if strings.HasPrefix(f.Name, prefix) && f.Name != prefix {
			all = append(all, proposal{f.Name + " ", f.Name, f.Doc})
		}
	}
	for _, f := range inspector.Functions() {
		if strings.HasPrefix(f.Name, prefix) {
			all = append(all, proposal{f.Name + "(", f.Name + "(…)", f.Doc})
		}
	}
	return all
}

// values are those of a field that go on from what is typed: first those that
// events have, then others that are possible.
func (p *proposer) values(field, typed string) (all []proposal) {
	seen, known := p.seen[field]
	if !known {
		seen = inspector.ValuesOf(p.u.cap.store, field, maxValues, lookingTime)
		if p.seen == nil {
			p.seen = map[string][]string{}
		}
		p.seen[field] = seen
	}
	add := func(v, doc string) {
		if strings.HasPrefix(v, typed) && v != typed {
			all = append(all, proposal{v + " ", v, doc})
		}
	}
	for _, v := range seen {
		add(v, "is in this capture")
	}
	for _, f := range inspector.Fields() {
		if f.Name != field {
			continue
		}
		for _, v := range f.Values {
			if q := `"` + v + `"`; !slices.Contains(seen, q) {
				add(q, "")
			}
		}
	}
	return all
}

// proposing lets a prompt offer how its expression may go on.
func (u *ui) proposing(p *prompt, first ...proposal) {
	w := &proposer{u: u, first: first}
	p.propose = w.propose
}
