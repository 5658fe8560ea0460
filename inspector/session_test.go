package inspector

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"xmppscope/captures"
	"xmppscope/decode"
)

// script fills a store from lines "conn phase wire", one event each.
func script(t *testing.T, text string) *Session {
	t.Helper()
	s := NewStore(StoreOptions{})
	t.Cleanup(func() { s.Close() })
	phases := map[string]decode.Phase{"-": decode.PhaseNone}
	for _, p := range decode.Phases() {
		phases[p.String()] = p
	}
	states := map[decode.ConnID]*decode.State{}
	for line := range strings.Lines(text) {
		var conn decode.ConnID
		var phase, wire string
		fmt.Sscanf(strings.TrimSpace(line), "%d %s %s", &conn, &phase, &wire)
		e := &decode.Event{Seq: decode.Seq(s.Len() + 1), Conn: conn, Phase: phases[phase], Wire: []byte(wire), State: states[conn]}
		e.After = e.State
		if name, value, ok := strings.Cut(wire, "="); ok {
			next := decode.State{}
			if e.State != nil {
				next = *e.State
			}
			switch name {
			case "mechanism":
				next.Mechanism = value
			case "jid":
				next.JID = value
			}
			e.After = &next
		}
		states[conn] = e.After
		s.Append(e)
	}
	d := NewSession(s)
	d.Update(0)
	return d
}

const twoLogins = `1 connect a
1 open b
2 connect c
1 open d
1 auth mechanism=PLAIN
2 open e
1 auth mechanism=SCRAM
- - -
1 bind jid=juliet
2 auth mechanism=PLAIN
1 exchange mechanism=SCRAM
1 exchange \u009b
2 auth g`

func at(d *Session) decode.Seq {
	if row := d.Row(); row >= 0 {
		return d.Store.Row(row).Seq()
	}
	return 0
}

func TestSteps(t *testing.T) {
	d := script(t, strings.Replace(twoLogins, "- - -", "1 - f", 1))
	for i, c := range []struct {
		verb  string
		moved bool
		want  decode.Seq
	}{
		{"back", false, 1}, {"step", true, 2}, {"step", true, 3}, {"back", true, 2},
		{"next", true, 5}, {"next", true, 9}, {"next", true, 11}, {"next", false, 11},
		{"step", true, 12}, {"prev", true, 11}, {"prev", true, 9}, {"prev", true, 5}, {"prev", true, 2}, {"prev", true, 1}, {"prev", false, 1},
		{"goto 7", true, 7}, {"step", true, 8}, {"goto 7", true, 7}, {"next", true, 9},
		{"last", true, 13}, {"last", false, 13}, {"step", false, 13}, {"prev", true, 10}, {"prev", true, 6}, {"prev", true, 3},
		{"first", true, 1}, {"goto 8", true, 8}, {"prev", true, 5}, {"goto 99", false, 5}, {"goto 0", false, 5}, {"move 4", true, 9}, {"move -100", true, 1},
	} {
		var moved bool
		verb, arg, _ := strings.Cut(c.verb, " ")
		n := 0
		fmt.Sscan(arg, &n)
		switch verb {
		case "step":
			moved = d.Step()
		case "back":
			moved = d.Back()
		case "next":
			moved = d.NextPhase()
		case "prev":
			moved = d.PrevPhase()
		case "first":
			moved = d.First()
		case "last":
			moved = d.Last()
		case "goto":
			moved = d.Goto(decode.Seq(n))
		case "move":
			moved = d.Move(n)
		}
		if moved != c.moved || at(d) != c.want {
			t.Errorf("%d: %s: moved %v to %d, want %v, %d", i, c.verb, moved, at(d), c.moved, c.want)
		}
	}
}

// An event of no phase does not end the phase it stands in.
func TestPhaseGoesOnOverEventsWithout(t *testing.T) {
	d := script(t, "1 open a\n1 auth b\n1 - c\n1 auth d")
	d.Last()
	if !d.PrevPhase() || at(d) != 2 {
		t.Errorf("the phase begins at 2, not %d", at(d))
	}
}

func TestCursorStaysOnItsEvent(t *testing.T) {
	d := script(t, twoLogins)
	d.Goto(7)
	d.SetConn(2)
	if d.Row() != -1 || d.Line() != -1 {
		t.Error("an empty view has a cursor")
	}
	if e, err := d.Event(); e != nil || err != nil {
		t.Error("an empty view has an event")
	}
	d.Update(0)
	if at(d) != 10 {
		t.Errorf("the next event of conversation 2 is 10, not %d", at(d))
	}
	if d.Goto(7) {
		t.Error("went to an event that is not shown")
	}
	d.SetConn(0)
	d.Update(0)
	if at(d) != 10 {
		t.Errorf("the cursor moved to %d", at(d))
	}
	d.Goto(5)
	d.SetFilter(must(t, `seq < 5`))
	d.Update(0)
	if at(d) != 4 {
		t.Errorf("nothing behind 5 is shown, so the last: %d", at(d))
	}
	// A filter that is not through yet leaves the wish alone.
	d.SetFilter(nil)
	d.Update(0)
	d.Goto(13)
	d.SetFilter(must(t, `seq > 0`))
	d.SetFilter(must(t, `seq > 1`))
	d.Update(0)
	if at(d) != 13 {
		t.Errorf("the cursor was lost at %d", at(d))
	}
	if e, err := d.Event(); err != nil || e.Seq != 13 {
		t.Errorf("%v, %v", e, err)
	}
}

func TestSearch(t *testing.T) {
	d := script(t, "1 auth alpha\n1 auth Beta\n1 auth gamma\n1 auth <beta\u009b>\n2 auth delta\n1 auth ünïcode")
	ctx := context.Background()
	for i, c := range []struct {
		from         decode.Seq
		text         string
		back         bool
		want         decode.Seq
		wraps, found bool
	}{
		{1, "beta", false, 2, false, true},
		{2, "beta", false, 4, false, true},
		{4, "beta", false, 2, true, true},
		{4, "Beta", false, 2, true, true},
		{2, "Beta", false, 2, true, true},
		{1, "beta", true, 4, true, true},
		{4, "beta", true, 2, false, true},
		{1, "BETA", false, 1, false, false},
		{1, "⟨U+009B⟩", false, 4, false, true},
		{1, "\u009b", false, 4, false, true},
		{1, "ünï", false, 6, false, true},
		{1, "nowhere", false, 1, false, false},
		{1, "", false, 1, false, false},
	} {
		d.Goto(c.from)
		search := d.SearchNext
		if c.back {
			search = d.SearchPrev
		}
		wraps, found := search(ctx, c.text)
		if found != c.found || found && wraps != c.wraps || at(d) != c.want {
			t.Errorf("%d: %q from %d: %d, wraps %v, found %v", i, c.text, c.from, at(d), wraps, found)
		}
	}
	d.SetConn(2)
	d.Update(0)
	if _, found := d.SearchNext(ctx, "alpha"); found {
		t.Error("found what is not shown")
	}
}

// A search finds titles, stops when it is told to, and goes on.
func TestSearchInSlices(t *testing.T) {
	s := NewStore(StoreOptions{})
	defer s.Close()
	events := sample()
	fill(s, events[3:4], 5*clockEvery)
	s.Append(&decode.Event{Seq: decode.Seq(s.Len() + 1), Kind: decode.KindNonza, Name: name("urn:x", "needle")})
	v := NewView(s)
	v.Update(0)
	q := NewSearch(v, "needle", -1, false)
	runs := 0
	for q.RunUntil(func() bool { return true }) {
		runs++
	}
	if row, wraps, ok := q.Found(); !ok || wraps || row != 5*clockEvery || runs != 5 {
		t.Errorf("row %d, wraps %v, found %v after %d runs", row, wraps, ok, runs)
	}
	q = NewSearch(v, "needle", -1, true)
	if q.Run(0); q.Left() != 0 {
		t.Error("the search goes on")
	}
	if row, _, ok := q.Found(); !ok || row != 5*clockEvery {
		t.Errorf("backward from the end: row %d, %v", row, ok)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	d := NewSession(s)
	d.Update(0)
	if _, ok := d.SearchNext(ctx, "needle"); ok {
		t.Error("a cancelled search found something")
	}
}

func TestWhoSet(t *testing.T) {
	d := script(t, twoLogins)
	for _, c := range []struct {
		at       decode.Seq
		variable string
		want     decode.Seq
	}{
		{4, "mechanism", 0}, {5, "mechanism", 5}, {6, "mechanism", 0}, {7, "mechanism", 7}, {9, "mechanism", 7},
		{12, "mechanism", 7}, {12, "jid", 9}, {8, "jid", 0}, {13, "mechanism", 10}, {13, "nonsense", 0},
	} {
		if !d.Goto(c.at) {
			t.Fatalf("no event %d", c.at)
		}
		if got, ok := d.WhoSet(c.variable); got != c.want || ok != (c.want != 0) {
			t.Errorf("at %d %s was set by %d, want %d", c.at, c.variable, got, c.want)
		}
	}
}

func TestLoad(t *testing.T) {
	broken := errors.New("the wire broke")
	items := func(n int, err error) iter.Seq2[captures.Item, error] {
		return func(yield func(captures.Item, error) bool) {
			var e decode.Event // used again, as captures does
			for i := range n {
				e = decode.Event{Seq: decode.Seq(i + 1), Conn: 1, Wire: []byte{byte(i)}}
				if !yield(captures.Item{Event: &e}, nil) {
					return
				}
			}
			if !yield(captures.Item{Conversation: &decode.Conversation{Conn: 1, Domain: "d"}}, nil) {
				return
			}
			if err != nil {
				yield(captures.Item{}, err)
			}
		}
	}
	done, cancel := context.WithCancel(context.Background())
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		err  error
		want error
		n    int
	}{
		"all":       {context.Background(), nil, nil, 1000},
		"error":     {context.Background(), broken, broken, 1000},
		"cancelled": {done, nil, context.Canceled, 256},
	} {
		s := NewStore(StoreOptions{})
		if err := Load(c.ctx, s, items(1000, c.err)); !errors.Is(err, c.want) || s.Len() != c.n {
			t.Errorf("%s: %v, %d events", name, err, s.Len())
		}
		if e, err := s.Event(255); err != nil || e.Seq != 256 || e.Wire[0] != 255 {
			t.Errorf("%s: %v, %v", name, e, err)
		}
		s.Close()
	}
}
