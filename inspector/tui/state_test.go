package tui

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/im"
	"xmppscope/inspector"
)

// stateLines are the lines of the state tab at an event.
func stateLines(th *theatre, seq decode.Seq) []line {
	row, ok := th.u.cap.store.Find(seq)
	if !ok {
		th.t.Fatalf("no event %d", seq)
	}
	th.u.detail.show(row)
	th.u.detail.turn(tabState)
	for range 1000 {
		if k, _, _ := th.u.cap.known(row, time.Hour); k != nil {
			break
		}
	}
	th.u.detail.renew(tabState)
	return th.u.detail.page().(*textPage).lines
}

func TestStateOfASession(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "session"), NoColor: true}, 120, 60)
	for _, c := range []struct {
		at   decode.Seq
		has  string
		jump decode.Seq
	}{
		{4, "mechanisms: PLAIN, register", 0},
		{10, "+ bind  + sm  + ver  − mechanisms  − register", 9},
		{15, "+ romeo@montague.example", 0},
		{24, "romeo@montague.example  both, “Romeo”, in Lovers  set by #15", 15},
		{24, "nurse@capulet.example   From + Pending Out; at the contact's side To + Pending In  set by #15", 15},
		{24, "tybalt@capulet.example  None + Pending Out; at the contact's side None + Pending In", 18},
		{24, "romeo@montague.example/orchard  away, “under the window”", 17},
		{25, "+ romeo@montague.example/orchard  unavailable", 0},
		{24, "    /friar ", 20},
		{24, "    nick ", 21},
		{24, "affiliation owner", 20},
		{26, "the client asks get query jabber:iq:version to romeo@montague.example/orchard  for 6.0 ms, since #22", 22},
		{24, "the server     has sent 4 stanzas, 3 of them acknowledged, 1 not yet", 0},
		{24, "set by #11", 11},
	} {
		found := false
		for _, l := range stateLines(th, c.at) {
			if text := l.plain(); strings.Contains(text, c.has) {
				found = true
				if l.jump != c.jump {
					t.Errorf("#%d: %q leads to %d, not %d", c.at, text, l.jump, c.jump)
				}
				break
			}
		}
		if !found {
			all := ""
			for _, l := range stateLines(th, c.at) {
				all += l.plain() + "\n"
			}
			t.Errorf("#%d lacks %q:\n%s", c.at, c.has, all)
		}
	}
}

// What the older stream had settled is known to the one that resumes it, and who
// set it there.
func TestStateOfAResumedSession(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain", "resume1", "resume2"), NoColor: true}, 120, 60)
	last := th.u.cap.store.Row(th.u.cap.store.Len() - 1)
	text := ""
	for _, l := range stateLines(th, last.Seq()) {
		text += l.plain() + "\n"
	}
	for _, want := range []string{"romeo@montague.example  both, “Romeo”", "romeo@montague.example/orchard  available"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	first := th.u.cap.store.Row(th.u.cap.firstRow(3)).Seq()
	if lines := stateLines(th, first); strings.Contains(fmt.Sprint(lines), "Romeo") {
		t.Error("the roster is known before the stream is resumed")
	}
}

// The explanation of an event tells what the session knew before it.
func TestExplanationKnowsTheSession(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "session"), NoColor: true}, 200, 90)
	richer := 0
	for row := range th.u.cap.store.Len() {
		th.u.pick(row)
		th.tick()
		e := th.u.detail.event
		k, _, _ := th.u.cap.known(row, time.Hour)
		if e == nil || k == nil || k.told == nil {
			continue
		}
		alone := explain.Event(explain.As(e, decode.ProfileC2S))
		if alone.What == k.told.What {
			continue
		}
		richer++
		got := ""
		for _, l := range th.u.detail.page().(*textPage).lines {
			got += l.plain() + "\n"
		}
		if !strings.Contains(got, k.told.What) {
			t.Errorf("#%d does not say %q:\n%s", e.Seq, k.told.What, got)
		}
	}
	if richer == 0 {
		t.Error("the session makes no explanation richer")
	}
}

// Groups can be closed and stay closed from event to event.
func TestStateGroupsFold(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "session"), NoColor: true}, 120, 60)
	th.press("s s s s s t Tab j j j j").has("▾ Connection").has("profile")
	for range 40 {
		d := th.u.detail
		if l := d.page().at(d.cursors[d.tab]); l.fold != "" && strings.Contains(l.plain(), "Connection") {
			break
		}
		th.press("j")
	}
	th.press("Enter").has("▸ Connection  (").lacks("the sort of connection")
	th.press("s").has("▸ Connection  (")
	th.press("Home j")
}

// The session of many events is folded in slices, forward from where it stands,
// and what was known just before needs no second time.
func TestStateIsFoldedInSlices(t *testing.T) {
	const n = 3000
	th := perform(t, Options{Source: manyEvents(t, n), NoColor: true}, 120, 60)
	c := th.u.cap
	slices := 0
	var k *known
	for ; k == nil; slices++ {
		k, _, _ = c.known(n-1, 0)
	}
	if slices < 10 {
		t.Errorf("%d slices", slices)
	}
	begun := c.memory.session
	for back := range keptBefore {
		if k, _, _ := c.known(n-1-back, 0); k == nil {
			t.Fatalf("%d events back is not known", back)
		}
	}
	if c.memory.session != begun {
		t.Error("going back began anew")
	}
	for k = nil; k == nil; {
		k, _, _ = c.known(10, 0)
	}
	s := im.New()
	for row := range 11 {
		e, err := c.store.Event(row)
		if err != nil {
			t.Fatal(err)
		}
		s.Event(e, nil)
	}
	if want := knownOf(s); !reflect.DeepEqual(k.groups, want.groups) || !reflect.DeepEqual(k.pending, want.pending) {
		t.Errorf("known is %+v, not %+v", k, want)
	}
	// The screen shows progress and then the end.
	th.press("t End s Home End").lacks("being worked out")
}

// BenchmarkStateFar is opening the state tab at the end of 100,000 events.
func BenchmarkStateFar(b *testing.B) {
	th := perform(b, Options{Source: manyEvents(b, 100_000), NoColor: true}, 120, 60)
	for b.Loop() {
		th.u.cap.memory = memory{}
		for {
			if k, _, _ := th.u.cap.known(99_999, time.Hour); k != nil {
				break
			}
		}
	}
}

// Every group of variables begins at a variable of the table, in its order.
func TestVarGroups(t *testing.T) {
	at := -1
	vars := decode.Vars()
	for _, g := range varGroups {
		found := -1
		for i := range vars {
			if vars[i].Name == g.first {
				found = i
			}
		}
		if found <= at {
			t.Errorf("%s begins at %s", g.name, g.first)
		}
		at = found
	}
}

// The command of a step is shown and copied on demand alone.
func TestLoginCommands(t *testing.T) {
	var secrets inspector.Secrets
	if err := secrets.Add("user@example.com=pencil"); err != nil {
		t.Fatal(err)
	}
	th := perform(t, Options{Source: transcripts(t, "scram"), NoColor: true, Verify: secrets.Verify}, 120, 160)
	row := -1
	for i := range th.u.cap.store.Len() {
		if th.u.cap.store.Row(i).Has(inspector.HasSASL) {
			row = i
		}
	}
	th.u.goTo(row)
	th.press("3 Tab").has("▸ shell command secret").lacks("$ python3").lacks("$ printf")
	d := th.u.detail
	p := d.page().(*textPage)
	for i := range p.rows {
		if p.at(i).fold != "" {
			d.cursors[d.tab] = i
			break
		}
	}
	th.press("Enter").has("    $ ").has("▾ shell command secret").press("y").has("this line's command")
	if got := string(th.sim.GetClipboardData()); got != d.page().at(d.cursors[d.tab]).copy || got == "" {
		t.Errorf("copied %q", got)
	}
	th.press("Enter").lacks("    $ ")
}

// What takes longer than a key may goes on by itself, without another key.
func TestStateGoesOnByItself(t *testing.T) {
	r := start(t, Options{Source: manyEvents(t, 40_000), NoColor: true})
	r.key("t")
	r.sees("[5 State")
	time.Sleep(10 * frame) // until nothing is to be done any more
	r.key("End")
	r.sees("▶ 40000")
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		r.sim.mu.Lock()
		text := r.sim.text
		r.sim.mu.Unlock()
		if strings.Contains(text, "[5 State") && !strings.Contains(text, "being worked out") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the state is never there")
		}
	}
	r.key("q")
	r.ends()
}
