package inspector

import (
	"math/rand/v2"
	"slices"
	"testing"

	"xmppscope/decode"
)

func must(t testing.TB, text string) *Filter {
	t.Helper()
	f, err := Compile(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func lines(v *View) []int {
	rows := []int{}
	for i := range v.Len() {
		rows = append(rows, v.RowAt(i))
	}
	return rows
}

func TestView(t *testing.T) {
	s := NewStore(StoreOptions{})
	defer s.Close()
	for _, e := range sample() {
		s.Append(e)
	}
	v := NewView(s)
	for _, c := range []struct {
		conn   decode.ConnID
		filter string
		want   []int
	}{
		{0, ``, []int{0, 1, 2, 3, 4, 5}},
		{1, ``, []int{0, 1, 2, 4, 5}},
		{2, ``, []int{3}},
		{9, ``, []int{}},
		{0, `kind == "stanza"`, []int{1, 2, 3, 4}},
		{1, `kind == "stanza"`, []int{1, 2, 4}},
		{0, `hits < 2`, []int{0, 1}},
	} {
		v.SetConn(c.conn)
		v.SetFilter(must(t, c.filter))
		if v.Len() != 0 && v.Len() != v.next {
			t.Errorf("%d %s: lines before Update", c.conn, c.filter)
		}
		if v.Update(0) {
			t.Errorf("%d %s: rows are waiting", c.conn, c.filter)
		}
		got := lines(v)
		if !slices.Equal(got, c.want) {
			t.Errorf("%d %s: %v, want %v", c.conn, c.filter, got, c.want)
		}
		for row := -1; row <= 7; row++ {
			line, exact := v.Find(row)
			want, is := slices.BinarySearch(c.want, row)
			if line != want || exact != is {
				t.Errorf("%d %s: Find(%d) = %d, %v, want %d, %v", c.conn, c.filter, row, line, exact, want, is)
			}
		}
	}
}

// However the work is cut and whenever rows arrive, a view shows what one look
// at the end would show.
func TestViewGrowsAsIfAtOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, text := range []string{``, `kind == "stanza"`, `reply`, `name == "iq" and not reply`, `seq % 3 == 0`} {
		for conn := range decode.ConnID(3) {
			s := NewStore(StoreOptions{})
			grown, f := NewView(s), must(t, text)
			grown.SetConn(conn)
			grown.SetFilter(f)
			var open []decode.Seq
			for i := range 400 {
				e := &decode.Event{Seq: decode.Seq(i + 1), Conn: decode.ConnID(1 + r.IntN(2)), Kind: decode.KindStanza, Name: name("jabber:client", "iq"), Type: "get"}
				switch r.IntN(4) {
				case 0:
					if len(open) > 0 {
						k := r.IntN(len(open))
						e.Type, e.Reply = "result", open[k]
						open = slices.Delete(open, k, k+1)
					}
				case 1:
					e.Kind = decode.KindSpace
				}
				if e.Type == "get" {
					open = append(open, e.Seq)
				}
				s.Append(e)
				switch r.IntN(3) {
				case 0:
					budget := r.IntN(3)
					grown.UpdateUntil(func() bool { budget--; return budget < 0 })
				case 1:
					grown.Update(0)
				}
			}
			for grown.UpdateUntil(func() bool { return true }) {
			}
			fresh := NewView(s)
			fresh.SetConn(conn)
			fresh.SetFilter(f)
			fresh.Update(0)
			if got, want := lines(grown), lines(fresh); !slices.Equal(got, want) {
				t.Errorf("%q, conversation %d: grown %v\nfresh %v", text, conn, got, want)
			}
			if done, total := grown.Progress(); done != total || total != s.Len() {
				t.Errorf("progress %d of %d", done, total)
			}
			s.Close()
		}
	}
}

func TestViewWorksInSlices(t *testing.T) {
	s := NewStore(StoreOptions{})
	defer s.Close()
	fill(s, stanzas(100), 10*clockEvery)
	v := NewView(s)
	v.SetFilter(must(t, `name == "iq"`))
	asked := 0
	for v.UpdateUntil(func() bool { asked++; return true }) {
		if v.next != asked*clockEvery {
			t.Fatalf("after %d questions %d rows are decided", asked, v.next)
		}
	}
	if asked != 10 {
		t.Errorf("asked %d times", asked)
	}
}

func TestPairs(t *testing.T) {
	s := NewStore(StoreOptions{})
	defer s.Close()
	iq := func(seq int, conn decode.ConnID, typ string, reply decode.Seq) {
		s.Append(&decode.Event{Seq: decode.Seq(seq), Conn: conn, Kind: decode.KindStanza, Name: name("jabber:client", "iq"), Type: typ, Reply: reply})
	}
	iq(1, 1, "get", 0)
	iq(2, 1, "set", 0)
	iq(3, 2, "get", 0)
	iq(4, 1, "result", 1)
	iq(5, 1, "get", 0)
	iq(6, 1, "error", 2)
	s.Append(&decode.Event{Seq: 7, Conn: 1, Reply: 5})
	for _, c := range []struct {
		row, request, answer int
	}{{0, -1, 3}, {3, 0, -1}, {1, -1, 5}, {2, -1, -1}, {4, -1, 6}} {
		request, ok := s.RequestOf(c.row)
		if ok != (c.request >= 0) || ok && request != c.request {
			t.Errorf("row %d: request %d, %v", c.row, request, ok)
		}
		answer, ok := s.AnswerTo(c.row)
		if ok != (c.answer >= 0) || ok && answer != c.answer {
			t.Errorf("row %d: answer %d, %v", c.row, answer, ok)
		}
	}
}

func BenchmarkViewUpdate(b *testing.B) {
	const n = 200_000
	s := NewStore(StoreOptions{Dir: b.TempDir()})
	defer s.Close()
	fill(s, stanzas(10_000), n)
	for _, text := range []string{``, `kind == "stanza" and name == "iq"`, `from contains "user7@"`, `wherefore`, `xpath("ping:ping")`, `has("{urn:xmpp:ping}ping")`} {
		b.Run(text, func(b *testing.B) {
			v := NewView(s)
			f := must(b, text)
			b.ReportAllocs()
			for b.Loop() {
				v.SetConn(1)
				v.SetConn(0)
				v.SetFilter(f)
				v.Update(0)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
		})
	}
	b.Run("conversation", func(b *testing.B) {
		v := NewView(s)
		for b.Loop() {
			v.SetConn(50)
			v.Update(0)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
	})
}

func BenchmarkFilter(b *testing.B) {
	events := sample()
	for _, text := range []string{`kind == "stanza"`, `name == "iq" and type in ["get", "set"]`, `level >= "warning"`, `text contains "Romeo"`, `xpath("bind:bind/bind:resource")`} {
		b.Run(text, func(b *testing.B) {
			f := must(b, text)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				f.Match(events[i%len(events)], Extra{})
			}
		})
	}
}
