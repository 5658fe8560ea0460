package course

import (
	"fmt"
	"strings"
)

// Player plays the written solution of a live step while somebody looks on: one
// thing at each call of [Player.Act].
type Player struct {
	stage Stage
	deeds []Deed
	next  int
}

// NewPlayer begins to play the solution of a task; nil where it has none.
func NewPlayer(s Stage, t Task) *Player {
	deeds := Deeds(t)
	if len(deeds) == 0 {
		return nil
	}
	return &Player{stage: s, deeds: deeds}
}

// Act does the next deed if it is its turn, or else lets go on what the solution
// has nothing to do with. It tells what it has done, in words; empty for nothing.
func (p *Player) Act() (said string, err error) {
	at := p.next
	acted, err := perform(p.stage, p.deeds, &p.next)
	switch {
	case err != nil:
		return "", err
	case p.next > at:
		return fmt.Sprintf("%d of %d: %s", p.next, len(p.deeds), p.deeds[at].Words()), nil
	case acted:
		return "what is held goes on", nil
	}
	return "", nil
}

// Done tells whether every deed was done.
func (p *Player) Done() bool { return p.next == len(p.deeds) }

// Words says what a deed is, for a person who wants to do it by hand.
func (d *Deed) Words() string {
	var b strings.Builder
	switch {
	case d.Wait != "" && d.Passed:
		fmt.Fprintf(&b, "after %s: ", d.Wait)
	case d.Wait != "":
		fmt.Fprintf(&b, "when %s is held: ", d.Wait)
	}
	b.WriteString(d.Do)
	for _, p := range d.Replace {
		if len(p) == 2 {
			fmt.Fprintf(&b, ", %s becomes %s", quoted(p[0]), quoted(p[1]))
		}
	}
	for _, p := range d.Set {
		if len(p) == 2 {
			fmt.Fprintf(&b, ", in its base64 %s becomes %s", quoted(p[0]), quoted(p[1]))
		}
	}
	if d.From != "" {
		fmt.Fprintf(&b, ", in its place stands what fits %s", d.From)
	}
	if d.Flip != "" {
		fmt.Fprintf(&b, ", in its base64 another letter stands behind %s", quoted(d.Flip))
	}
	if d.Password != "" {
		fmt.Fprintf(&b, ", its c and p are made for the server's own TLS connection, with the password %s", quoted(d.Password))
	}
	for _, part := range []struct{ name, value string }{{"as from the", d.Dir}, {"place", d.Place}, {"layer", d.Layer}, {"condition", d.Condition}, {"what fits", d.Expr}} {
		if part.value != "" {
			fmt.Fprintf(&b, ", %s %s", part.name, part.value)
		}
	}
	if d.XML != "" {
		b.WriteString(": " + d.XML)
	}
	return b.String()
}

// quoted is a text of a solution; one of nothing is said so.
func quoted(s string) string {
	if s == "" {
		return "nothing"
	}
	return "“" + s + "”"
}

// Wants are what is to pass on the stage of a live step, each in words and in
// order; none for other tasks.
func Wants(t Task) (says []string) {
	if d, ok := t.(*do); ok {
		return d.says(0)
	}
	return askedElsewhere(t).Wants
}

// AsksXML tells whether a task asks for XML.
func AsksXML(t Task) bool {
	p, ok := t.(*predict)
	return ok && p.xml != "" || askedElsewhere(t).XML
}
