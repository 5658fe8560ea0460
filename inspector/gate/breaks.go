package gate

import (
	"strconv"
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

// Like is the condition that fits what is like an event: of the same sort, from
// the same side.
func Like(e *decode.Event) string {
	var all []string
	add := func(field, value string) {
		if value != "" {
			all = append(all, field+" == "+strconv.Quote(value))
		}
	}
	switch e.Kind {
	case decode.KindStanza:
		add("name", e.Name.Local)
		if add("type", e.Type); e.Name.Local == "iq" && e.Type != "result" && e.Type != "error" {
			add("payload.ns", e.Payload.Space)
		}
	case decode.KindNonza, decode.KindFeatures, decode.KindStreamError:
		if e.Step != decode.StepNone {
			add("step", e.Step.String())
		}
		add("name", e.Name.Local)
	default:
		add("kind", e.Kind.String())
	}
	add("dir", e.Dir.String())
	return strings.Join(all, " and ")
}
