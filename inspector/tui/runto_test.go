package tui

import (
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/explain"
)

// In a recording c stops where a breakpoint holds, counts hits, and forgets one
// that was for once.
func TestBreakpointsCount(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	th.press(":").write(`break name == "iq" and hits >= 2`).press("Enter c")
	if th.selected() != 12 {
		t.Errorf("the third iq is #12, c stopped at #%d", th.selected())
	}
	th.has("STOPPED").has("hits >= 2")
	th.press("g :").write(`break once name == "presence"`).press("Enter B").has("once name").press("Esc c c c c c c c c c c B").lacks("once name")
}

// H runs to the next event that is like the one that is looked at, and Backspace
// goes back.
func TestRunToHere(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	th.u.jump(10)
	th.tick()
	th.press("H")
	if th.selected() == 10 {
		t.Error("H goes nowhere")
	}
	th.has("nothing like that comes any more").press("Backspace")
	if th.selected() != 10 {
		t.Errorf("Backspace goes to #%d", th.selected())
	}
	th.press(":").write(`run-to name == "iq" and type == "get"`).press("Enter").has("run to name")
	if th.selected() != 14 {
		t.Errorf("run-to goes to #%d", th.selected())
	}
	th.press(":").write("run-to").press("Enter").lacks("✗ run to what?") // alone it is H
}

// S goes back, with the state of then.
func TestStepBack(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	th.press("S").has("this is the first event")
	th.u.jump(11)
	th.tick()
	th.press("t").has("jid").press("S").lacks("set by #11").has("as it was then")
	if th.selected() != 10 {
		t.Errorf("S goes to #%d", th.selected())
	}
}

// On open connections S only looks back, and says so; H holds what is like this
// once and then everything.
func TestRunsLive(t *testing.T) {
	th, p := onAir(t, 100, 30)
	p.hold(decode.FromInitiator, authText)
	th.tick()
	th.has("STOPPED").press("S").has("it cannot be taken back")
	if th.u.heldUnit() != nil || th.selected() != 3 {
		t.Errorf("#%d is shown", th.selected())
	}
	th.press("S").has("looking back at then")
	if th.selected() != 2 {
		t.Errorf("#%d is shown", th.selected())
	}
	th.press(":").write(`run-to once name == "iq"`).press("Enter").has("everything goes on until this comes")
	if a := p.acts; len(a) != 2 || a[0].Do != "break" || a[0].Expr != `once name == "iq"` || a[1].Do != "continue" {
		t.Errorf("%+v", a)
	}
	p.hold(decode.FromInitiator, pingText)
	p.held[0].Why = `breakpoint once name == "iq"`
	th.tick()
	if a := p.last(); a.Do != "pause" || th.u.runs != "" {
		t.Errorf("%+v", a)
	}
}

// The card goes with the next verb, by Esc, and for good; it never leaves less
// than a few lines of details.
func TestCard(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain"), NoColor: true}, 80, 24)
	th.lacks("STOPPED").press("s").has("STOPPED  at #2: one step").press("j").lacks("STOPPED")
	th.press("n").has("phase auth begins").press("Esc").lacks("STOPPED")
	th.press("$ s").lacks("STOPPED").press("$ s").has("STOPPED").press("Esc")
	for h := minHeight; h < 60; h++ {
		th = perform(t, Options{Source: transcripts(t, "plain"), NoColor: true}, 80, h)
		th.press("s s s s")
		if a := th.u.root.area; a.card.h > 0 && a.detail.h < leastBeside {
			t.Errorf("%d lines: %d of them are left for the details", h, a.detail.h)
		}
	}
	live, p := onAir(t, 80, 24)
	p.hold(decode.FromInitiator, authText)
	live.tick()
	live.has("STOPPED").has("The server has not got it yet").has("Next  The server has all it needs").has("Esc hides this")
	// What was chosen to be read keeps its lines.
	live.press("3").has("STOPPED").lacks("Next").has("Decoded  ␀mbed␀mirror").press("1").has("Next")
	live.press("Esc Tab Esc").press("Tab")
	p.hold(decode.FromInitiator, pingText)
	live.tick()
	live.press("j").has("STOPPED")
}

// Every value of the screen that was chosen can be chosen back, the last first.
func TestUndo(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain", "scram")}, 80, 24)
	th.press("u").has("nothing to undo")
	th.press("f").write(`name == "iq"`).press("Enter b Enter :").write("conn 1").press("Enter")
	th.press("u").has("the choice of a conversation is taken back")
	th.press("u B").has("There are no breakpoints").press("Esc u").has("the filter is taken back").has("47 events")
}

// Proposals go on from where the cursor is, and each of them can be taken.
func TestProposals(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain", "scram")}, 80, 24)
	w := &proposer{u: th.u}
	for _, c := range []struct{ text, want string }{
		{"ki", "kind"}, {"kind ", "=="}, {"kind = ", ""}, {"kind == ", `"stanza"`}, {`kind == "st`, `"stanza"`},
		{`kind == "stanza"`, ""}, {`kind == "stanza" `, "and"}, {`kind == "stanza" and sasl.m`, "sasl.mechanism"},
		{`(name con`, "contains"}, {"seq >= ", "1"}, {`type in ["get", `, `"result"`}, {`name == "iq" and xp`, "xpath(…)"},
		{`text contains "a b`, ""}, {`sasl.mechanism == "S`, `"SCRAM-SHA-1"`},
	} {
		from, all := w.propose(c.text, len(c.text))
		found := c.want == "" && len(all) == 0
		for _, a := range all {
			found = found || a.shown == c.want
		}
		if !found && !(c.want == "") || from > len(c.text) {
			t.Errorf("%q may go on with %+v, want %s", c.text, all, c.want)
		}
	}
	th.press("f").write("kin").press("Tab").write(" ").press("Tab").write(`"sta`).press("Down Enter").has(`kind == "stanza"`).press("Enter").has("filter: kind")
	th.press("f Ctrl-U Tab").has("the sort of event").press("Esc Esc").lacks("the sort of event")
}

// The prompt tells how much fits and what is first.
func TestFilterCounts(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 100, 24)
	th.press("f").write(`name == "presence"`)
	if s := th.screen(); !strings.Contains(s, "fits ") || !strings.Contains(s, "the first is #") && !strings.Contains(s, ": #") {
		t.Errorf("nothing is counted:\n%s", s)
	}
	th.press("Ctrl-U").write("name == \"nothing\"").has("fits 0 of the 27 events so far")
}

// What may come next is told whole on a small screen, or with the key that shows
// all of it.
func TestCardTellsAllThatMayComeNext(t *testing.T) {
	for _, c := range []struct {
		dir  decode.Dir
		said int
		text string
	}{
		{decode.FromInitiator, 0, openC}, {decode.FromReceiver, 1, openS}, {decode.FromReceiver, 2, offered},
		{decode.FromReceiver, 2, "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>"},
		{decode.FromInitiator, 3, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"}, {decode.FromInitiator, 3, authText},
	} {
		th, p := onAirAt(t, 80, 24, c.said)
		p.hold(c.dir, c.text)
		th.tick()
		next := explain.Event(wouldBe(p.held[0].Event)).Expect
		card := th.screen()
		card = strings.Join(strings.Fields(card[strings.Index(card, "STOPPED"):]), " ")
		if !strings.Contains(card, next) && !strings.Contains(card, "Enter shows all") {
			t.Errorf("of %q it shows\n%s", next, card)
		}
		if a := th.u.root.area; a.detail.h < leastBeside {
			t.Errorf("it leaves %d lines", a.detail.h)
		}
	}
}
