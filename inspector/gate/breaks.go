package gate

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// Break is a breakpoint: units for which it holds wait for a person.
type Break struct {
	// ID numbers the breakpoints of a gate from 1.
	ID int
	// When is the condition; its field hits counts how often it held before.
	When *inspector.Filter
	// Once removes it when it has stopped something.
	Once bool
	// Off keeps it without stopping.
	Off bool
	// Hits is how often its condition held.
	Hits int
}

// ParseBreak reads a breakpoint as it stands on a command line: an expression,
// with "once " before it for one that stops only one unit.
func ParseBreak(text string) (Break, error) {
	rest, once := strings.CutPrefix(strings.TrimSpace(text), "once ")
	f, err := inspector.Compile(rest)
	return Break{When: f, Once: once}, err
}

// Text is the breakpoint as ParseBreak reads it.
func (b *Break) Text() string {
	if b.Once {
		return "once " + b.When.Text()
	}
	return b.When.Text()
}

// stops tells whether the breakpoint holds, and counts it.
func (b *Break) stops(e *decode.Event, x inspector.Extra) bool {
	if b.Off {
		return false
	}
	x.Hits = b.Hits
	now, counts := b.When.MatchCounted(e, x)
	if counts {
		b.Hits++
	}
	return now
}
