package inspector

import (
	"reflect"
	"sort"
	"sync/atomic"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// maxStates is how many states and scopes are kept in memory as they are. A
// login makes about twenty; only hostile input makes more than these, and
// then they go to the log like everything else.
const maxStates = 1 << 14

// conversation is what the store keeps of one conversation besides its rows:
// what its events share. One writer, many readers.
type conversation struct {
	id    decode.ConnID
	first atomic.Int64 // rows; nothing without count
	last  atomic.Int64
	count atomic.Int64
	bytes atomic.Int64
	sum   atomic.Pointer[decode.Conversation] // as SetConversation gave it
	now   atomic.Pointer[decode.State]        // what the last event left

	states published[stateFrom]
	scopes [2]published[scopeFrom]

	// Of the writer alone.
	state *decode.State // what the last event left
	scope [2]*xmlstream.Scope
	login login
	// Where the log has large values of states and of logins.
	stateParts, loginParts sharing
}

// stateFrom says that a state holds from a moment on. Moments are twice the
// row for what is true before its event, and one more for after.
type stateFrom struct {
	moment int64
	state  *decode.State // nil: packed in the log
	at     int64
}

// scopeFrom says that a direction's events are read in a scope from a row on.
type scopeFrom struct {
	row   int
	scope *xmlstream.Scope // nil with open: parse the header again
	open  bool             // the row is the stream header that made the scope
}

// noteState records where e changes what is true.
func (s *Store) noteState(c *conversation, row int, e *decode.Event) {
	if e.State != c.state || len(c.states.own) == 0 {
		s.addState(c, 2*int64(row), e.State)
	}
	if e.After != e.State {
		s.addState(c, 2*int64(row)+1, e.After)
	}
	c.state = e.After
}

func (s *Store) addState(c *conversation, moment int64, state *decode.State) {
	from := stateFrom{moment: moment, state: state}
	if state != nil {
		if s.states++; s.states > maxStates {
			if c.stateParts == nil {
				c.stateParts = make(sharing)
			}
			packed := s.appendFields(nil, reflect.ValueOf(state).Elem(), c.stateParts)
			from = stateFrom{moment: moment, at: 1 + s.log.write(packed, nil)}
		}
	}
	c.states.add(from)
}

// stateAt finds the state at a moment of a conversation.
func (s *Store) stateAt(c *conversation, moment int64) *decode.State {
	all := c.states.all()
	n := sort.Search(len(all), func(i int) bool { return all[i].moment > moment })
	if n == 0 {
		return nil
	}
	return s.stateOf(&all[n-1])
}

// stateOf gives a state of the list back. One from the log lacks what only
// the decoder itself needs to go on from it.
func (s *Store) stateOf(from *stateFrom) *decode.State {
	if from.state != nil || from.at == 0 {
		return from.state
	}
	b, err := s.log.read(from.at - 1)
	if err != nil {
		return nil
	}
	u := unpacker{b: b}
	state := new(decode.State)
	s.fields(&u, reflect.ValueOf(state).Elem())
	return state
}

// noteScope records where the scope of a direction changes.
func (s *Store) noteScope(c *conversation, row int, e *decode.Event) {
	d := e.Dir & 1
	if e.Scope == c.scope[d] {
		return
	}
	c.scope[d] = e.Scope
	from := scopeFrom{row: row, scope: e.Scope, open: e.Kind == decode.KindOpen && e.Scope != nil}
	if from.open {
		if s.scopes++; s.scopes > maxStates {
			from.scope = nil
		}
	}
	c.scopes[d].add(from)
}

// scopeAt finds the scope that the event of a row was read in.
func (s *Store) scopeAt(c *conversation, d decode.Dir, row int) *xmlstream.Scope {
	all := c.scopes[d&1].all()
	n := sort.Search(len(all), func(i int) bool { return all[i].row > row })
	if n == 0 {
		return nil
	}
	from := &all[n-1]
	if from.scope != nil || !from.open {
		return from.scope
	}
	var e decode.Event
	if _, err := s.record(from.row, &e); err != nil {
		return nil
	}
	var tree xmlstream.Tree
	_, inside := tree.ParseHeader(e.Text(), xmlstream.Options{})
	return inside
}
