package workshop

import (
	"encoding/json"
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

// This file makes events again of what was told. Whoever tells is as strange as
// any wire: what does not fit is left out.

// Bounds of what is kept of one recording.
const (
	maxKept      = 20_000   // events
	maxKeptBytes = 24 << 20 // of what was told of them
)

// film is a recording as it was told by now. One goroutine may add to it while any
// number read its store.
type film struct {
	id, title string
	store     *inspector.Store
	states    map[decode.ConnID]*decode.State
	scopes    map[side]*xmlstream.Scope
	size      int
	full      bool // there is more than is kept
}

type side struct {
	conn decode.ConnID
	dir  decode.Dir
}

func newFilm(id, title string) *film {
	return &film{id: id, title: title, store: inspector.NewStore(inspector.StoreOptions{Judged: true, MemLimit: 2 * maxKeptBytes}),
		states: map[decode.ConnID]*decode.State{}, scopes: map[side]*xmlstream.Scope{}}
}

// add takes over a part that follows on what is there. It tells whether anything
// was added, and whether there is no room for all.
func (m *film) add(r *Reel) (more, full bool) {
	if r.From != m.store.Len() {
		return false, false
	}
	before := m.store.Len()
	for i := range r.Events {
		f := &r.Events[i]
		m.size += len(f.Wire) + len(f.XML) + len(f.Original) + len(f.After) + 512
		if m.store.Len() >= maxKept || m.size > maxKeptBytes {
			full = true
			break
		}
		e := m.event(f)
		m.states[e.Conn] = e.After
		if e.Kind == decode.KindOpen && len(m.scopes) < maxKept {
			var t xmlstream.Tree
			if _, inside := t.ParseHeader(e.Text(), xmlstream.Options{}); inside != nil {
				m.scopes[side{e.Conn, e.Dir}] = inside
			}
		}
		m.store.Append(e)
		m.store.Found().Add(f.findings(e))
	}
	return m.store.Len() > before, full
}

// event makes an event of a frame that comes next.
func (m *film) event(f *Frame) *decode.Event {
	e := &decode.Event{Seq: f.Seq, Conn: f.Conn, Dir: decode.Dir(f.Dir & 1), Kind: named(decode.Kinds(), f.Kind), Step: named(decode.Steps(), f.Step), Phase: named(decode.Phases(), f.Phase),
		Layer: decode.Layer(f.Layer & 3), Origin: decode.Origin(f.Origin), Time: f.Time, Name: f.Name, Payload: f.Payload, ID: f.ID, Type: f.Type, From: f.From, To: f.To,
		Condition: f.Condition, Note: f.Note, Wire: f.Wire, XML: f.XML, Off: f.Off, Raw: f.Raw, Lost: f.Lost, SM: f.SM, Reply: f.Reply, Carrier: f.Carrier, Related: f.Related}
	if e.Origin > decode.OriginSynthetic {
		e.Origin = decode.OriginWire
	}
	if e.Origin == decode.OriginEdited {
		e.Original = f.Original
	}
	if f.Cut {
		e.Note = "what follows is not told: it is too long"
	}
	if e.State = m.states[e.Conn]; e.State == nil {
		e.State = &decode.State{}
	}
	if e.After = e.State; f.After != nil {
		e.After = stateOf(f.After)
	}
	e.Scope = m.scopes[side{e.Conn, e.Dir}]
	e.SASL = f.Login.exchange(e.State)
	for _, x := range f.Faults[:min(len(f.Faults), maxFindings)] {
		ref, _ := spec.Parse(x.Ref)
		n := len(e.Text())
		start := max(0, min(x.Pos, n))
		e.Errs = append(e.Errs, xmlstream.SyntaxError{Rule: x.Rule, Text: x.Text, Pos: start, End: max(start, min(x.End, n)), Ref: ref, Fatal: x.Fatal})
	}
	return e
}

// named finds a value by its name; zero for none.
func named[T interface {
	comparable
	String() string
}](all []T, name string) (none T) {
	if i := slices.IndexFunc(all, func(v T) bool { return v.String() == name }); i >= 0 {
		return all[i]
	}
	return none
}

// stateOf reads what is true.
func stateOf(text json.RawMessage) *decode.State {
	s := new(decode.State)
	if json.Unmarshal(text, s) != nil {
		return &decode.State{}
	}
	if s.Profile > decode.ProfileComponent {
		s.Profile = decode.ProfileUnknown
	}
	if s.Phase > decode.PhaseClose {
		s.Phase = decode.PhaseNone
	}
	s.Layer &= decode.LayerTLSZlib
	s.Inline = slices.DeleteFunc(s.Inline, func(x decode.Step) bool { return !slices.Contains(decode.Steps(), x) })
	return s
}

// exchange makes an exchange again; nil where none was told.
func (l *Login) exchange(s *decode.State) *sasl.Exchange {
	if l == nil {
		return nil
	}
	x := &sasl.Exchange{Mechanism: l.Mechanism, SASL2: l.SASL2, Offered: l.Offered}
	if s != nil {
		x.Domain, x.TLSVersion = s.Domain, s.TLS.Version
	}
	for _, m := range l.Messages[:min(len(l.Messages), sasl.MaxMessages)] {
		switch kind := sasl.Kind(m.Kind); {
		case kind > sasl.Failure:
			return nil
		case kind == sasl.Failure:
			x.Fail(m.Condition, m.Text)
		default:
			x.Add(kind, m.Base64)
		}
	}
	if len(x.Messages) == 0 {
		return nil
	}
	return x
}

// findings are what was found wrong with an event.
func (f *Frame) findings(e *decode.Event) (all []inspector.Finding) {
	for _, x := range f.Found[:min(len(f.Found), maxFindings)] {
		ref, _ := spec.Parse(x.Ref)
		n := inspector.Finding{Rule: x.Rule, Level: inspector.Level(min(x.Level, uint8(inspector.LevelError))), Who: lint.Who(min(x.Who, uint8(lint.WhoPath))),
			Seq: e.Seq, Conn: e.Conn, Text: x.Text, Advice: x.Advice, Ref: ref}
		if in := lint.Part(x.In); in == lint.InText && x.Start >= 0 && x.Start < x.End && x.End <= len(e.Text()) {
			n.Span = xmlstream.Span{Start: int32(x.Start), End: int32(x.End)}
		}
		all = append(all, n)
	}
	return all
}
