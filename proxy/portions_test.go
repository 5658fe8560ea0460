package proxy

import (
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xmppscope/decode"
)

// writes notes how long the pieces are that go to the server.
type writes struct {
	mu   sync.Mutex
	size []int
	said []string
}

func (w *writes) Data(_ uint64, leg Leg, dir decode.Dir, _ time.Time, p []byte, marks ...decode.Mark) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if leg == LegServer && dir == decode.FromInitiator {
		w.size = append(w.size, len(p))
	}
	w.keep(marks)
}

func (w *writes) keep(marks []decode.Mark) {
	for _, m := range marks {
		if m.Do == decode.MarkNote && strings.HasPrefix(m.Note, "rule") {
			w.said = append(w.said, m.Note)
		}
	}
}

func (w *writes) Mark(_ uint64, _ time.Time, marks ...decode.Mark) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keep(marks)
}

func (w *writes) Open(uint64, Leg, netip.AddrPort, netip.AddrPort, time.Time) {}
func (w *writes) Close(uint64, Leg, decode.Dir, time.Time, bool)              {}
func (w *writes) Keys([]byte)                                                 {}

// since are the sizes after the first n.
func (w *writes) since(n int) []int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.size[min(n, len(w.size)):])
}

// A verdict says how the bytes of a unit are portioned; what is joined waits for
// what comes next, and goes alone where nothing does.
func TestPortions(t *testing.T) {
	tap := &writes{}
	_, c, u, _ := inSession(t, func(o *Options) {
		o.Tap = tap
		o.Gate = gate(func(_ *Conn, e *decode.Event) Verdict {
			switch text := string(e.Text()); {
			case strings.Contains(text, "CUT"):
				return Verdict{Cuts: []int{1, 5, 5, 1000}, Why: "rule cut"}
			case strings.Contains(text, "JOIN"):
				return Verdict{Join: true, Why: "rule join"}
			}
			return Verdict{}
		})
	})
	for _, x := range []struct {
		said []string
		want []int
	}{
		{[]string{msg("CUT")}, []int{1, 4, 17}},
		{[]string{msg("JOIN"), msg("x")}, []int{len(msg("JOIN") + msg("x"))}},
		{[]string{msg("JOIN")}, []int{len(msg("JOIN"))}},
	} {
		before := len(tap.since(0))
		for _, s := range x.said {
			c.say(s)
			time.Sleep(20 * time.Millisecond) // in packets of their own
		}
		u.hears(strings.Join(x.said, ""))
		if got := tap.since(before); !slices.Equal(got, x.want) {
			t.Errorf("%q went on in pieces of %v bytes, not %v", x.said, got, x.want)
		}
	}
	tap.mu.Lock()
	defer tap.mu.Unlock()
	if want := []string{"rule cut", "rule join", "rule join"}; !slices.Equal(tap.said, want) {
		t.Errorf("told of %q", tap.said)
	}
}
