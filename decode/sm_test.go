package decode

import (
	"fmt"
	"strings"
	"testing"
)

// Counts start over at 2^32 (XEP-0198 §4).
func TestOutstanding(t *testing.T) {
	for _, c := range []struct {
		sent, acked uint32
		n           uint32
		ok          bool
	}{
		{0, 0, 0, true}, {5, 3, 2, true}, {3, 5, 2, false}, {1, 1<<32 - 1, 2, true}, {1<<32 - 1, 1, 2, false},
	} {
		l := Ledger{Sent: [2]uint32{c.sent, 0}, Acked: [2]uint32{c.acked, 0}}
		if n, ok := l.Outstanding(FromInitiator); n != c.n || ok != c.ok {
			t.Errorf("%d sent, %d confirmed: %d, %t", c.sent, c.acked, n, ok)
		}
	}
}

// What is a secret on the wire is no variable.
func TestStateHoldsNoSecret(t *testing.T) {
	for name, tr := range transcripts(t) {
		_, events := tr.play(whole)
		for i := range events {
			for _, v := range Vars() {
				for _, secret := range []string{"secret-token", "other-token", "pencil", "Calliope", "r0m30", "BzOnw3Pc5H4b"} {
					if value := v.Get(events[i].After); strings.Contains(value, secret) {
						t.Errorf("%s, event %d: %s is %q", name, events[i].Seq, v.Name, value)
					}
				}
			}
		}
	}
}

// Law 5: hostile lists do not grow a state without bound.
func TestStateIsBounded(t *testing.T) {
	s := State{Bidi: true}
	for i := range 2 * MaxPairs {
		s.allow(Pair{fmt.Sprint(i), "b"})
	}
	if len(s.Pairs) > MaxPairs {
		t.Errorf("%d pairs", len(s.Pairs))
	}
	var tasks, offers strings.Builder
	for range 1000 {
		tasks.WriteString("<task>" + strings.Repeat("x", 1000) + "</task>")
		offers.WriteString("<upgrade/><inline><fast/><bind xmlns='urn:xmpp:bind:0'><inline><feature var='x'/></inline></bind></inline>")
	}
	c, _ := parseTranscript(t, "C: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a' version='1.0'>\n"+
		"S: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'><stream:features><authentication xmlns='urn:xmpp:sasl:2'>"+offers.String()+"</authentication></stream:features>\n"+
		"S: <continue xmlns='urn:xmpp:sasl:2'><tasks>"+tasks.String()+"</tasks></continue>\n").play(whole)
	if n := len(c.State().Tasks); n != maxTasks || len(c.State().Tasks[0]) > maxWord {
		t.Errorf("%d tasks of %d bytes", n, len(c.State().Tasks[0]))
	}
	if n := len(c.State().Features[0].Inline); n > maxFeatures {
		t.Errorf("%d features inside a feature", n)
	}
}

// A state that was given out never changes: what a later event adds
// to a list must not show in an earlier one.
func TestStatesDoNotShareLists(t *testing.T) {
	s := State{}
	s.allow(Pair{"a", "b"})
	s.allow(Pair{"c", "d"})
	one, two := s, s
	one.allow(Pair{"e", "f"})
	two.allow(Pair{"g", "h"})
	if one.Pairs[2] == two.Pairs[2] {
		t.Error("two states share a list of pairs")
	}
}
