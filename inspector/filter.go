package inspector

import (
	"fmt"
	"strings"
	"sync"

	"github.com/antchfx/xpath"
	"github.com/expr-lang/expr/vm"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/xmlstream"
)

// Filter is a compiled filter expression (CONTRACT, Filter expressions). The
// zero Filter and the one of an empty text hold for every event. A Filter is
// immutable and may be used from several goroutines.
type Filter struct {
	text    string
	program *vm.Program
	uses    uses
	paths   []string // xpath expressions, in our prefixes
	names   []elementTest
	pool    sync.Pool // of *evaluation
}

// uses says which costly or changing things an expression looks at.
type uses uint8

const (
	usesReply uses = 1 << iota
	usesHits
	usesFindings
)

// FilterError says what is wrong with a filter expression.
type FilterError struct {
	// Column is where, in characters from 1.
	Column int
	// Text says what is wrong.
	Text string
	// Suggestion says what may have been meant; often empty.
	Suggestion string
}

func (e *FilterError) Error() string {
	s := fmt.Sprintf("column %d: %s", e.Column, e.Text)
	if e.Suggestion != "" {
		s += "; " + e.Suggestion
	}
	return s
}

// Extra is what an event does not know about itself.
type Extra struct {
	// Answered: an answer to it was seen (the field reply).
	Answered bool
	// Hits is how often the condition held before (the field hits).
	Hits int
	// Findings are what is wrong with it (the fields finding and level).
	Findings []Finding
}

// Limits of one evaluation: memory in expr's units, moves of an XPath, of which
// reading textMove bytes of an element's text is one.
const (
	memoryBudget = 1 << 20
	moveBudget   = 1 << 20
	textMove     = 64
	maxFilter    = 16 << 10 // longest expression in bytes
)

// Text is the expression as it was written.
func (f *Filter) Text() string {
	if f == nil {
		return ""
	}
	return f.text
}

// All tells whether the filter holds for every event.
func (f *Filter) All() bool { return f == nil || f.program == nil }

// UsesReply tells whether the expression looks at the field reply, which
// changes when the answer arrives.
func (f *Filter) UsesReply() bool { return f != nil && f.uses&usesReply != 0 }

// UsesFindings tells whether the expression looks at findings, which may come
// long after the event.
func (f *Filter) UsesFindings() bool { return f != nil && f.uses&usesFindings != 0 }

// UsesHits tells whether the expression looks at the field hits.
func (f *Filter) UsesHits() bool { return f != nil && f.uses&usesHits != 0 }

// Match tells whether the filter holds for an event.
func (f *Filter) Match(e *decode.Event, x Extra) bool {
	if f.All() {
		return true
	}
	v := f.evaluation()
	defer f.pool.Put(v)
	v.s.reset()
	v.s.row, v.s.event, v.s.extra = rowOf(e), e, x
	if x.Answered {
		v.s.row.flags |= Answered
	}
	v.s.name, v.s.payload = e.Name, e.Payload
	return v.run(f)
}

// MatchRow tells whether the filter holds for event i of a store. It reads no
// more of the event than the expression needs.
func (f *Filter) MatchRow(s *Store, i int) bool { return f.matchRow(s, i, 0) }

func (f *Filter) matchRow(s *Store, i, hits int) bool {
	if f.All() {
		return true
	}
	v := f.evaluation()
	defer f.pool.Put(v)
	v.s.reset()
	v.s.row, v.s.store, v.s.index, v.s.extra.Hits = s.Row(i), s, i, hits
	v.s.name, v.s.payload = s.NameOf(v.s.row), s.PayloadOf(v.s.row)
	return v.run(f)
}

// evaluation is all that one run needs; it is used again.
type evaluation struct {
	vm    vm.VM
	s     subject
	paths []*xpath.Expr
}

func (f *Filter) evaluation() *evaluation {
	if v, ok := f.pool.Get().(*evaluation); ok {
		return v
	}
	v := &evaluation{vm: vm.VM{MemoryBudget: memoryBudget}}
	v.s.eval, v.s.filter = v, f
	for _, p := range f.paths {
		// It compiled before, when the filter was made.
		if x, err := compilePath(p); err == nil {
			v.paths = append(v.paths, x)
		}
	}
	return v
}

// run evaluates. What fails while it runs, such as a budget, does not hold.
func (v *evaluation) run(f *Filter) bool {
	out, err := v.vm.Run(f.program, &v.s)
	holds, ok := out.(bool)
	return err == nil && ok && holds
}

// subject is the event that is looked at, read as far as was asked for.
type subject struct {
	eval   *evaluation
	filter *Filter

	row           Row
	name, payload xmlstream.Name
	store         *Store // nil where the event was given
	index         int
	extra         Extra

	event *decode.Event // nil until it is needed
	own   decode.Event
	login []byte

	tree     xmlstream.Tree
	root     *xmlstream.Node
	parsed   bool
	text     string
	hasText  bool
	findings []Finding
	judged   bool
}

// reset forgets the last event; what can be used again is kept.
func (s *subject) reset() {
	s.store, s.event, s.login, s.root = nil, nil, nil, nil
	s.parsed, s.hasText, s.judged = false, false, false
	s.text, s.findings, s.extra = "", nil, Extra{}
}

// whole is the event without what events share: no State, Scope or SASL where
// it comes from a store. A record that cannot be read is an empty event.
func (s *subject) whole() *decode.Event {
	if s.event == nil {
		s.event = &s.own
		login, err := s.store.recordOf(&s.row, &s.own)
		if err != nil {
			s.own = decode.Event{}
		}
		s.login = login
	}
	return s.event
}

// withLogin is whole with SASL.
func (s *subject) withLogin() *decode.Event {
	e := s.whole()
	if len(s.login) > 0 && e.SASL == nil {
		e.SASL, _ = s.store.exchange(s.login)
	}
	return e
}

// element parses the event, once. It is nil where there is none.
func (s *subject) element() *xmlstream.Node {
	if s.parsed {
		return s.root
	}
	s.parsed = true
	e := s.whole()
	if s.store != nil {
		if c := s.store.conv(e.Conn); c != nil {
			e.Scope = s.store.scopeAt(c, e.Dir, s.index)
		}
	}
	s.root = e.Element(&s.tree)
	return s.root
}

// charData is all character data of the element, or what there is to read of a
// message of TLS or DNS.
func (s *subject) charData() string {
	if !s.hasText {
		s.hasText = true
		switch k := s.row.Kind(); {
		case k == decode.KindTLS || k == decode.KindDNS:
			s.text = fieldValues(s.withState())
		case k == decode.KindNote:
			s.text = s.whole().Note
		default:
			if n := s.element(); n != nil {
				s.text = n.AllText()
			}
		}
	}
	return s.text
}

// withState is whole with what was true then: TLS is read by its version.
func (s *subject) withState() *decode.Event {
	e := s.whole()
	if s.store != nil && e.After == nil {
		if c := s.store.conv(e.Conn); c != nil {
			e.State, e.After = s.store.stateAt(c, 2*int64(s.index)), s.store.stateAt(c, 2*int64(s.index)+1)
		}
	}
	return e
}

func fieldValues(e *decode.Event) string {
	if _, unread := explain.Unread(e); unread {
		return ""
	}
	var b strings.Builder
	for _, f := range explain.Fields(e) {
		b.WriteString(f.Value)
		b.WriteByte('\n')
	}
	return b.String()
}

// size is how long the event is, wherever its bytes are.
func (s *subject) size() int {
	if n := s.row.Len(); n > 0 {
		return n
	}
	return len(s.whole().XML)
}

func (s *subject) judge() []Finding {
	if !s.judged {
		s.judged = true
		if s.findings = s.extra.Findings; s.store != nil {
			s.findings = s.store.found.Of(s.row.Seq())
		}
	}
	return s.findings
}
