package proxy

import (
	"testing"
	"time"
)

// TestWhoLags: a connection is read when it has lagged for long enough, and the
// first of too many at once.
func TestWhoLags(t *testing.T) {
	now := time.Unix(1, 0)
	p := &Proxy{o: Options{Now: func() time.Time { return now }}}
	g := &lagging{over: true} // its clock does not call: due is asked here
	add := func(n int) (all []*Conn) {
		for range n {
			all = append(all, &Conn{p: p})
			g.add(all[len(all)-1])
		}
		return all
	}
	want := func(what string, conns []*Conn) {
		t.Helper()
		due := g.due()
		if len(due) != len(conns) {
			t.Fatalf("%s: %d are due, not %d", what, len(due), len(conns))
		}
		for i := range conns {
			if due[i].c != conns[i] {
				t.Fatalf("%s: they do not come in their order", what)
			}
		}
	}
	first := add(3)
	now = now.Add(lag - time.Millisecond)
	second := add(2)
	want("too early", nil)
	now = now.Add(time.Millisecond)
	want("in time", first)
	now = now.Add(lag)
	want("later", second)
	many := add(maxLagging + 10)
	want("too many", many[:10])
	want("no more", nil)
	now = now.Add(lag)
	want("all", many[10:])
	if g.queue != nil {
		t.Error("memory of the queue is kept")
	}
}
