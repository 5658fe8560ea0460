package tui

import (
	"strings"
	"testing"
)

// While a lesson asks what comes next, nothing that would tell it is shown: neither
// by its key, nor by the palette, nor in the last line, nor by going there.
func TestVeil(t *testing.T) {
	th := learning(t, 160, 50).to("what-comes-next").press("Tab")
	if th.u.cap.veil == 0 {
		t.Fatal("there is no veil")
	}
	last := th.u.cap.store.Row(th.u.cap.store.Len() - 1).Seq()
	for _, key := range []string{"F", "w", "}", "{", "f", "u", "M", "a", "b", "B", "H"} {
		if th.press(key).has(veiledText); th.u.over != nil {
			t.Fatalf("%s opens something", key)
		}
	}
	for _, name := range []string{"findings", "why login", "filter kind", "run-to kind", "break kind"} {
		th.press(":").write(name).press("Enter").has(veiledText).press("Esc")
		if th.u.over != nil {
			th.press("Esc")
		}
	}
	th.press(":").write(number(last)[1:]).press("Enter").has(veiledText).press("Esc")
	if row := th.u.cap.row(); th.u.cap.unseen(th.u.cap.store.Row(row).Seq()) {
		t.Error("the cursor is behind the veil")
	}
	th.press("s").has("this is the last event that is shown until you have answered")
	th.press("c").has("this is the last event that is shown until you have answered; b sets a breakpoint")
	if screen := th.press("j").screen(); strings.Contains(screen, "F findings") || strings.Contains(screen, "w why not") {
		t.Errorf("the last line offers what is not given:\n%s", screen)
	}
	th.press("?").has("─ Keys ─").press("Esc")
	th.press("\\ A F").lacks(veiledText).has("Findings")
}
