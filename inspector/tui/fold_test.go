package tui

import (
	"strings"
	"testing"
)

// A phase folds to its first event and opens again by key, by Enter, and where a
// jump leads into it. The cursor stays near.
func TestFoldPhases(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain"), NoColor: true}, 120, 40)
	th.u.jump(6)
	th.tick()
	before := th.u.cap.view.Len()
	th.press("v").has("▸ auth PLAIN").has("2 events")
	if n := th.u.cap.view.Len(); n != before-1 || th.selected() != 5 {
		t.Errorf("%d of %d events are shown, #%d is selected", n, before, th.selected())
	}
	th.press("Enter").has("open again").lacks("▸ auth PLAIN 2✗ 1! · ")
	if n := th.u.cap.view.Len(); n != before {
		t.Errorf("%d of %d events are shown", n, before)
	}
	th.press("V").golden("folded-120x40")
	if n, want := th.u.cap.view.Len(), len(th.u.cap.tracks.of(1).stages); n != want {
		t.Errorf("%d events are shown of %d phases", n, want)
	}
	th.u.jump(15)
	th.tick()
	if th.selected() != 15 {
		t.Errorf("the jump leads to #%d", th.selected())
	}
	th.press("V")
	if n := th.u.cap.view.Len(); n != before || th.selected() != 15 {
		t.Errorf("%d of %d events are shown, #%d is selected", n, before, th.selected())
	}
	th.press("Home v").has("this phase has one event").lacks("▸ connect")
	for _, keys := range strings.Fields("v j v k V n ] [ Home End G g l v l V F Esc") {
		th.press(keys)
	}
}

// Two tabs stand side by side where there is room, show the same event, mark the
// same bytes, and have tabs of their own.
func TestTwoTabs(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain"), NoColor: true}, 200, 60)
	th.press("s s s s").has("[1 Explain]").has("[2 XML]").golden("pair-200x60")
	th.press("Tab Tab 3 Right Right").has("[1 Explain]").has("[3 SASL*]").has("field authcid")
	if th.u.detail.mark != th.u.second.mark || th.u.detail.mark.name == "" {
		t.Errorf("the marks are %v and %v", th.u.detail.mark, th.u.second.mark)
	}
	th.press("Shift-Tab 4").has("[4 Bytes]").has("[3 SASL*]").golden("pair-marked-200x60")
	th.press("Shift-Tab").press("|").lacks("[3 SASL").has("[4 Bytes]")
	th.press("| s").has("[3 SASL*]").has("[4 Bytes]")
	if th.u.detail.row != th.u.second.row {
		t.Error("the two show different events")
	}
	th = perform(t, Options{Source: transcripts(t, "plain"), NoColor: true}, 120, 40)
	th.press("s s s s 3 Tab Right Right Right").has("field passwd").golden("part-120x40")
	th.press("7").golden("tls-none-120x40")
	th.press("6").golden("findings-tab-120x40")
	th.press("3 Esc").lacks("─ field passwd")
}
