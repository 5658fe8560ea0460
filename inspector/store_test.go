package inspector

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// equal compares events whole. States are compared by what they say, scopes
// by what they bind, for those that were spilled are made again.
func equal(t *testing.T, want, got *decode.Event) {
	t.Helper()
	states := cmp.Comparer(func(a, b *decode.State) bool {
		return a == b || a != nil && b != nil && len(decode.Changes(a, b)) == 0 && a.Phase == b.Phase
	})
	// Inside is not kept (see its type).
	notKept := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Inside" }, cmp.Ignore())
	if d := cmp.Diff(want, got, states, saslParts, notKept, cmp.AllowUnexported(xmlstream.Scope{})); d != "" {
		t.Fatalf("event %d comes back changed (-appended +read):\n%s", want.Seq, d)
	}
}

// saslParts compares the unexported pieces of messages through Parts.
var saslParts = cmp.Transformer("message", func(m sasl.Message) any {
	return struct {
		Kind            sasl.Kind
		Present         bool
		Base64, Data    []byte
		Faults          []sasl.Fault
		Condition, Text string
		Parts           []sasl.Part
	}{m.Kind, m.Present, m.Base64, m.Data, m.Faults, m.Condition, m.Text, m.Parts()}
})

func name(space, local string) xmlstream.Name { return xmlstream.Name{Space: space, Local: local} }

var t0 = time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)

// oddEvents use every field, each in a way that an encoding may get wrong.
func oddEvents() []*decode.Event {
	st := []*decode.State{{}, {Domain: "a.example", Open: [2]bool{true, false}}, {Domain: "b.example", Features: []decode.Feature{{Space: "s", Local: "l", Values: []string{"", "x\xff"}}}, Failures: 3}}
	scope := (*xmlstream.Scope)(nil).Bind("", "jabber:client").Bind("x", "y")
	x1 := &sasl.Exchange{Mechanism: "PLAIN", Domain: "a.example", Offered: []string{"PLAIN"}, OfferedBindings: []string{}}
	x1.Add(sasl.InitialResponse, []byte("AGp1bGlldABz"))
	x2 := clone(x1)
	x2.Fail("not-authorized", "no")
	x3 := &sasl.Exchange{Mechanism: "IQ-AUTH"}
	x3.AddParts(sasl.InitialResponse, sasl.Part{Name: "username", Text: "juliet"}, sasl.Part{Name: "password", Text: ""})
	x4 := clone(x3)
	x4.AddParts(sasl.SuccessData)
	long := strings.Repeat("n", 300)
	return []*decode.Event{
		{Seq: 1, Conn: 1, Kind: decode.KindTCP, Name: name("", "connect"), State: st[0], After: st[0]},
		{Seq: 2, Conn: 1, Dir: 1, Kind: decode.KindOpen, Wire: []byte("<a>"), Time: t0, Scope: scope, State: st[0], After: st[1], Frames: []uint32{7, 3, 4_000_000_000}, Seams: []int64{2, 900}},
		{Seq: 3, Conn: 2, Kind: decode.KindGap, Lost: 1 << 40, Off: 1 << 50, Note: "a gap", Time: time.Date(1, 1, 1, 0, 0, 1, 5, time.UTC)},
		{Seq: 5, Conn: 1, Dir: 1, Kind: decode.KindStanza, Step: decode.StepBind, Phase: decode.PhaseBind, Layer: decode.LayerTLSZlib, Origin: decode.OriginEdited,
			Name: name("jabber:client", "iq"), ID: "\xff\x00", Type: "set", From: long, To: "r@b", Payload: name("b", "bind"), Condition: "conflict",
			Wire: []byte{}, XML: []byte{}, Original: []byte("<was/>"), Off: -1, Raw: decode.Extent{Start: 5, End: 1 << 40}, Carrier: 7, Related: 1 << 31, Scope: scope, State: st[1], After: st[2], SM: decode.Ledger{Sent: [2]uint32{1, 1 << 31}, Acked: [2]uint32{2, 3}}, Time: t0.Add(time.Second),
			Errs: []xmlstream.SyntaxError{{Rule: "xml-comment", Text: "no", Pos: 3, End: 9, Ref: spec.RFC(6120, "11.1"), Fatal: true}, {}}, Frames: []uint32{}},
		{Seq: 6, Conn: 1, Kind: decode.KindStanza, Name: name(long, "l"), Payload: name("p", long), Reply: 5, State: st[2], After: st[2], Wire: []byte("x"), XML: []byte("y"), Errs: []xmlstream.SyntaxError{}},
		{Seq: 9, Conn: 1, Kind: decode.KindNonza, SASL: x1, State: st[1], After: st[1]},
		{Seq: 10, Conn: 2, Kind: decode.KindNonza, SASL: x3},
		{Seq: 8, Conn: 1, Kind: decode.KindNote, Original: []byte{}, State: st[2], After: st[2]}, // held while others passed
		{Seq: 3_000_000, Conn: 1, Kind: decode.KindNote, State: st[2], After: st[2]},
		{Seq: 2_000_000, Conn: 1, Kind: decode.KindNote, State: st[2], After: st[2]},
		{Seq: 4_000_000, Conn: 1, Dir: 1, Kind: decode.KindNonza, SASL: x2, State: st[1], After: st[2]},
		{Seq: 4_000_002, Conn: 2, Dir: 1, Kind: decode.KindNonza, SASL: x4, Reply: 10, Time: time.Date(2700, 1, 1, 0, 0, 0, 0, time.UTC)},
	}
}

func clone(x *sasl.Exchange) *sasl.Exchange {
	c := *x
	c.Messages = append([]sasl.Message(nil), x.Messages...)
	return &c
}

func TestEventsComeBackEqual(t *testing.T) {
	for _, limit := range []int64{0, 1} {
		s := NewStore(StoreOptions{MemLimit: limit, Dir: t.TempDir()})
		events := oddEvents()
		for _, e := range events {
			s.Append(e)
		}
		if s.Len() != len(events) {
			t.Fatalf("Len = %d", s.Len())
		}
		for i, want := range events {
			got, err := s.Event(i)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, want, got)
			if j, ok := s.Find(want.Seq); !ok || j != i {
				t.Errorf("Find(%d) = %d, %v", want.Seq, j, ok)
			}
			if s.StateAt(i) != want.After {
				t.Errorf("StateAt(%d) is not the state after", i)
			}
		}
		for _, seq := range []decode.Seq{0, 4, 7, 99, 2_500_000, 4_000_001, 5_000_000} {
			if i, ok := s.Find(seq); ok {
				t.Errorf("Find(%d) = row %d", seq, i)
			}
		}
		for _, i := range []int{-1, len(events)} {
			if _, err := s.Event(i); err == nil {
				t.Error("an event outside the store was read")
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestRowsTellWhatEventsHave(t *testing.T) {
	s := NewStore(StoreOptions{})
	defer s.Close()
	events := oddEvents()
	for _, e := range events {
		s.Append(e)
	}
	bind := s.Row(3)
	if n, _ := s.names.name(bind.name); n != events[3].Name {
		t.Errorf("name = %v", n)
	}
	want := HasErr | IsRequest | Answered | Changed | HasCondition
	if bind.Flags() != want || bind.Answer() != 6 || bind.IsOpen() {
		t.Errorf("flags = %b, want %b; answer %d", bind.Flags(), want, bind.Answer())
	}
	if r := s.Row(4); !r.Has(IsAnswer) || r.Reply() != 5 || r.Len() != 1 {
		t.Errorf("answer row: %+v", r)
	}
	if !s.Row(0).Time().IsZero() || !s.Row(1).Time().Equal(t0) {
		t.Error("times are not kept")
	}
}

// A login of more messages than are kept, and one that begins in the middle.
func TestLongLoginComesBack(t *testing.T) {
	s := NewStore(StoreOptions{MemLimit: 1, Dir: t.TempDir()})
	defer s.Close()
	x := &sasl.Exchange{Mechanism: "X"}
	var events []*decode.Event
	for i := range sasl.MaxMessages + 5 {
		x = clone(x)
		x.Add(sasl.Challenge, fmt.Appendf(nil, "%04d", i))
		if i == 0 {
			x.Add(sasl.Response, nil) // two messages at once
		}
		events = append(events, &decode.Event{Seq: decode.Seq(i + 1), Conn: 1, SASL: x})
		s.Append(events[i])
	}
	for i, want := range events {
		got, err := s.Event(i)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, want, got)
	}
}

// Input that changes the state with every event may not fill the memory, and
// still all comes back.
func TestManyStatesAndScopesComeBack(t *testing.T) {
	s := NewStore(StoreOptions{MemLimit: 1, Dir: t.TempDir()})
	defer s.Close()
	var last *decode.State
	make1 := func(i int) *decode.Event {
		header := fmt.Sprintf("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:p%d='q'>", i)
		var tree xmlstream.Tree
		_, inside := tree.ParseHeader([]byte(header), xmlstream.Options{})
		e := &decode.Event{Seq: decode.Seq(i + 1), Conn: 1, Kind: decode.KindOpen, Wire: []byte(header), Scope: inside, State: last,
			After: &decode.State{StreamID: fmt.Sprint(i), Features: []decode.Feature{{Local: "f"}}}}
		last = e.After
		return e
	}
	var events []*decode.Event
	for i := range maxStates + 100 {
		events = append(events, make1(i))
		s.Append(events[i])
	}
	if own := s.byID[1].states.own; own[len(own)-1].state != nil {
		t.Fatal("states past the limit stay in memory")
	}
	for _, i := range []int{0, 1, maxStates - 2, maxStates, maxStates + 50, maxStates + 99} {
		got, err := s.Event(i)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, events[i], got)
	}
}

// A large value that many states and logins share is written once.
func TestLargeValuesAreSharedInTheLog(t *testing.T) {
	const size = 100_000
	s := NewStore(StoreOptions{MemLimit: 1, Dir: t.TempDir()})
	defer s.Close()
	s.states = maxStates // as if many had been before
	st := &decode.State{StreamID: strings.Repeat("i", size), Features: []decode.Feature{{Local: strings.Repeat("f", size)}}}
	offered := []string{strings.Repeat("m", size)}
	var events []*decode.Event
	for i := range 200 {
		next := *st
		next.Failures = i
		if i == 150 {
			next.StreamID = strings.Repeat("j", size)
		}
		x := &sasl.Exchange{Mechanism: fmt.Sprint("M", i), Offered: offered}
		x.Add(sasl.InitialResponse, []byte("AAAA"))
		e := &decode.Event{Seq: decode.Seq(i + 1), Conn: 1, State: st, After: &next, SASL: x}
		events, st = append(events, e), &next
		s.Append(e)
	}
	if memory, spilled := s.Bytes(); memory+spilled > 6*size+200*1000 {
		t.Errorf("the log holds %d bytes", memory+spilled)
	}
	for i, want := range events {
		got, err := s.Event(i)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, want, got)
	}
}

func TestSpillKeepsMemoryBounded(t *testing.T) {
	const limit = 4 * pageSize
	s := NewStore(StoreOptions{MemLimit: limit, CacheLimit: 2 * pageSize, Dir: t.TempDir()})
	defer s.Close()
	wire := func(i int) []byte {
		// Every 50th is larger than a page.
		n := 100 + i%700
		if i%50 == 49 {
			n = pageSize + i
		}
		return []byte(strings.Repeat(string(rune('a'+i%26)), n))
	}
	const n = 3000
	for i := range n {
		s.Append(&decode.Event{Seq: decode.Seq(i + 1), Conn: 1, Wire: wire(i)})
		if mem, _ := s.Bytes(); mem > limit+2*pageSize {
			t.Fatalf("%d bytes in memory after event %d", mem, i)
		}
	}
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	if _, spilled := s.Bytes(); spilled == 0 {
		t.Fatal("nothing was spilled")
	}
	for _, step := range []int{1, 37} {
		for i := n - 1; i >= 0; i -= step {
			e, err := s.Event(i)
			if err != nil {
				t.Fatal(err)
			}
			if string(e.Wire) != string(wire(i)) {
				t.Fatalf("event %d reads back wrong", i)
			}
		}
	}
	if s.log.cache.held > 2*pageSize+2*n+pageSize {
		t.Errorf("the cache holds %d bytes", s.log.cache.held)
	}
}

func TestSpillFailureKeepsEverything(t *testing.T) {
	s := NewStore(StoreOptions{MemLimit: 1, Dir: t.TempDir() + "/missing"})
	defer s.Close()
	for i := range 500 {
		s.Append(&decode.Event{Seq: decode.Seq(i + 1), Conn: 1, Wire: []byte(strings.Repeat("x", 1000))})
	}
	if s.Err() == nil || !strings.Contains(s.Err().Error(), "spill file") {
		t.Errorf("Err = %v", s.Err())
	}
	if e, err := s.Event(0); err != nil || len(e.Wire) != 1000 {
		t.Errorf("first event: %v", err)
	}
}

func TestConversations(t *testing.T) {
	s := NewStore(StoreOptions{})
	defer s.Close()
	st := &decode.State{Profile: decode.ProfileC2S, Domain: "d", JID: "j@d/r", Phase: decode.PhaseExchange}
	s.Append(&decode.Event{Seq: 1, Conn: 2, Time: t0, Wire: []byte("ab"), After: st})
	s.Append(&decode.Event{Seq: 2, Conn: 1, Time: t0.Add(time.Second)})
	s.Append(&decode.Event{Seq: 3, Conn: 2, Time: t0.Add(2 * time.Second), Wire: []byte("c"), State: st, After: st})
	s.SetConversation(decode.Conversation{Conn: 1, Domain: "told", Outcome: decode.OutcomeClosed})
	s.SetConversation(decode.Conversation{Conn: 3})
	want := []decode.Conversation{
		{Conn: 1, Domain: "told", Outcome: decode.OutcomeClosed},
		{Conn: 2, Transport: "tcp", Profile: decode.ProfileC2S, Domain: "d", JID: "j@d/r", Phase: decode.PhaseExchange, Start: t0, End: t0.Add(2 * time.Second), Events: 2, Bytes: 3},
		{Conn: 3},
	}
	if d := cmp.Diff(want, s.Conversations()); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if c, ok := s.Conversation(2); !ok || c.Domain != "d" {
		t.Errorf("Conversation(2) = %v, %v", c, ok)
	}
	if _, ok := s.Conversation(9); ok {
		t.Error("conversation 9 exists")
	}
}
