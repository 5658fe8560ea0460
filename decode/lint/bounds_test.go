package lint

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"xmppscope/decode"
)

// Of many requests with one id few are kept, and nobody is blamed for answers to
// the others.
func TestManyRequestsWithOneID(t *testing.T) {
	var b strings.Builder
	b.WriteString("include online\n")
	for i := range 3 * maxAlike {
		fmt.Fprintf(&b, "C: <iq type='get' id='q' to='x%d.example'><query xmlns='jabber:iq:version'/></iq>\n", i)
	}
	for i := range 3 * maxAlike {
		fmt.Fprintf(&b, "S: <iq type='result' id='q' from='x%d.example'><query xmlns='jabber:iq:version'/></iq>\n", i)
		b.WriteString("C: <presence/>\n")
	}
	p := playable(strings.ReplaceAll(b.String(), "include online\n", read(t, "testdata/online.inc")))
	g := New(Options{})
	most := 0
	for i := range p.Events {
		for _, f := range g.Event(&p.Events[i]) {
			if strings.HasPrefix(f.Rule, "iq-answer") {
				t.Fatalf("event %d: %s: %s", f.Seq, f.Rule, f.Text)
			}
		}
		m := of(&g.talks[1].own.iqPairs)
		most = max(most, len(m.open[decode.FromInitiator]["q"]))
	}
	if most != maxAlike {
		t.Errorf("%d requests with one id are kept, not %d", most, maxAlike)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A conversation that was forgotten for want of room is not judged as one that
// begins when it goes on.
func TestForgottenConversation(t *testing.T) {
	p := playable(read(t, "testdata/online.inc"))
	g := New(Options{})
	half := len(p.Events) / 2
	for i := range p.Events[:half] {
		g.Event(&p.Events[i])
	}
	for id := range decode.ConnID(2 * maxTalks) {
		g.Event(&decode.Event{Conn: id + 2, Seq: 1000, Kind: decode.KindTCP})
	}
	if len(g.talks) != maxTalks || len(g.order) > 2*maxTalks || g.talks[1] != nil {
		t.Fatalf("%d conversations are remembered in a list of %d", len(g.talks), len(g.order))
	}
	for i := range p.Events[half:] {
		for _, f := range g.Event(&p.Events[half+i]) {
			t.Errorf("event %d: %s: %s", f.Seq, f.Rule, f.Text)
		}
	}
}

// Where more streams are open than are remembered, one that is seen before and
// behind a proxy has no id that was used before.
func TestStreamIDsOfManyStreams(t *testing.T) {
	g := New(Options{})
	for id := range decode.ConnID(2 * maxIDs) {
		s := &decode.State{}
		e := &decode.Event{Conn: id + 1, Seq: decode.Seq(id + 1), Kind: decode.KindOpen, Dir: decode.FromReceiver, From: "a", ID: strconv.Itoa(int(id) / 2 * 7919 % 100_003), State: s, After: s}
		for _, f := range g.Event(e) {
			if f.Rule == "stream-id-reused" {
				t.Fatalf("%+v", f)
			}
		}
	}
}
