package tui

import (
	"strings"
	"testing"

	"xmppscope/decode/why"
	"xmppscope/inspector"
)

// The screens that a person meets, in the two sizes that matter, without
// colour. Look at a golden that changed as a newcomer would.
func TestScreens(t *testing.T) {
	for _, size := range []struct {
		name string
		w, h int
	}{{"80x24", 80, 24}, {"160x50", 160, 50}} {
		for _, c := range []struct {
			name     string
			captures string
			keys     string
		}{
			{"first", "plain", ""},
			{"explain", "plain", "s s s s"},
			{"xml", "plain", "s s s 2"},
			{"sasl", "plain", "s s s s 3"},
			{"bytes", "plain", "s s s s h"},
			{"state", "plain", "s s s s t"},
			{"session", "session", "End k k k k k k t z Tab z"},
			{"session-here", "session", "n n n n n n n s s t Tab z"},
			{"ladder", "plain", "n n l"},
			{"conversations", "plain scram", "Shift-Tab j j"},
			{"scram", "plain scram", "Shift-Tab j j Enter n n s s s 3 z"},
			{"hostile", "hostile", "s s"},
			{"hostile-xml", "hostile", "s s s s 2 z Tab z z"},
			{"help", "plain", "?"},
			{"commands", "plain", ":"},
			{"found", "broken", ""},
			{"findings", "broken", "F g j j"},
			{"findings-xml", "broken", "F G Enter"},
			{"findings-login", "broken", "F g j j j Enter"},
			{"failed-login", "scram", ""},
			{"failed-login-found", "scram", "F"},
			{"failed-login-reason", "scram", "F Enter"},
			{"questions", "broken", "w"},
			{"why-login", "scram", "w l o g i n Enter"},
			{"why-word", "session", "End k k k k k k k k w i q Enter"},
			{"filter", "plain", "f n a e m"},
			{"time", "plain", "T"},
			{"tls", "tls13 tls12", "s s"},
			{"tls-bytes", "tls13", "s 4 Tab"},
			{"tls-conversations", "tls13 tls12 websocket bosh", "Shift-Tab j"},
			{"websocket", "websocket", "s s s"},
			{"websocket-bytes", "websocket", "s s s 4"},
			{"bosh", "bosh", "s s"},
			{"findings-tab", "plain", "s s s s 6"},
			{"findings-none", "plain", "6"},
			{"tls-tab", "tls13", "s s 7"},
			{"tls-none", "plain", "s s s s 7"},
			{"part-xml", "plain", "s s s s 2 Tab Right Right Right"},
			{"part-bytes", "plain", "s s s s 3 Tab Right Right Right 4"},
			{"bosh-xml", "bosh", "s s 2"},
		} {
			t.Run(c.name+"-"+size.name, func(t *testing.T) {
				th := perform(t, Options{Source: transcripts(t, strings.Fields(c.captures)...), NoColor: true}, size.w, size.h)
				th.press(c.keys).golden(c.name + "-" + size.name)
			})
		}
		t.Run("start-"+size.name, func(t *testing.T) {
			th := perform(t, Options{Choices: testChoices(), NoColor: true}, size.w, size.h)
			th.golden("start-" + size.name)
		})
	}
}

// No rune on any screen of the hostile capture acts or hides, in any tab, in
// the ladder, in the search and in the filter.
func TestHostileScreensAreHarmless(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "hostile")}, 100, 40)
	check := func(what string) {
		t.Helper()
		cells, _, _ := th.sim.GetContents()
		for i := range cells {
			if s := string(cells[i].Runes); inspector.Harmful(s) {
				t.Fatalf("%s: %q is on the screen\n%s", what, s, th.screen())
			}
		}
	}
	for _, keys := range []string{"1", "2", "3", "4", "5", "6", "7", "l", "T"} {
		th.press(keys).u.toEnd(-1)
		for range th.u.cap.view.Len() {
			th.press("s")
			check("tab " + keys)
		}
	}
	th.press("/")
	th.u.over.paste("a\u202eb\x1b[2J")
	th.press("Enter")
	check("search")
	th.press("Esc f")
	th.u.over.paste("\u009b31m == \x1b")
	th.draw()
	check("filter")
	th.press("Esc F")
	for range th.u.cap.findings(inspector.LevelNote).len() {
		check("findings")
		th.press("j")
	}
	th.press("Esc")
	for _, q := range why.Questions() {
		th.u.inquire(&q, "a\u202eb\x1b[2J")
		th.tick()
		check("why " + q.Name)
		th.press("Esc")
	}
	th.press("Esc o Esc")
}

// The surface is the last door and not the only one: every text is safe before
// it is drawn, so that widths and cuts are right.
func TestTextsAreDisarmedBeforeTheyAreDrawn(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "hostile")}, 200, 60)
	u := th.u
	for row := range u.cap.store.Len() {
		x := u.list.texts.get(u.cap.store, row)
		if inspector.Harmful(x.element) || inspector.Harmful(x.title) {
			t.Errorf("row %d: %q %q", row, x.element, x.title)
		}
		u.detail.show(row)
		for i := range tabCount {
			u.detail.turn(i)
			p, ok := u.detail.page().(*textPage)
			if !ok {
				continue
			}
			for _, l := range p.lines {
				for _, s := range l.spans {
					if inspector.Harmful(s.text) {
						t.Errorf("row %d, tab %d: %q", row, i+1, s.text)
					}
				}
			}
		}
	}
}

// Wire text is shown as it is, not taken for tags of the toolkit.
func TestTagsAreText(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "hostile")}, 100, 40)
	th.press("s").has("[red]evil[-].example")
	th.press("s s s s 2").has("<message to='[::bu]z@y'>")
	th.press("s").has("<![CDATA[[red:blue:b]tags[-] [[x]]]>")
	th.press("s").has("漢字 wide")
}

func TestSmallTerminals(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {10, 3}, {39, 20}, {40, 10}, {41, 11}, {60, 15}, {119, 12}, {120, 10}} {
		th := perform(t, Options{Source: transcripts(t, "plain", "scram"), Choices: testChoices()}, size[0], size[1])
		th.press("s n 2 3 4 5 Tab j Enter Tab j Tab z z ? x : Esc f Esc / Esc l T F j Enter Tab F Esc } { w Enter j Tab Esc")
	}
}
