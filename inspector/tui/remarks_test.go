package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"xmppscope/inspector"
)

// Notes, files and skins can be given in the palette.
func TestPaletteWrites(t *testing.T) {
	src := transcripts(t, "plain")
	src.Write = func(_ context.Context, path string, _ bool) (string, error) {
		return "it", os.WriteFile(path, nil, 0o600)
	}
	th := perform(t, Options{Source: src}, 120, 40)
	th.press(":").write("note look here").press("Enter").has("#1 has a note")
	if src.Store.Remarks().Of(1).Note != "look here" {
		t.Error(src.Store.Remarks().Of(1))
	}
	path := filepath.Join(t.TempDir(), "out.pcapng")
	th.press(":").write("write " + path).press("Enter").has("saved out.pcapng")
	th.press(":").write("write " + path).press("Enter").has("is there already").press("Esc")
	th.press(":").write("skin dark").press("Enter")
	if th.u.skin != "dark" {
		t.Error(th.u.skin)
	}
	th.press(":").write("skin pink").press("Enter").has("there is no such skin").press("Esc")
}

// A person marks an event, notes something at it, finds both again in the list,
// in the explanation and among the marks, and saves them.
func TestMarksAndNotes(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {160, 50}} {
		src := transcripts(t, "plain")
		var wrote []string
		src.Write = func(_ context.Context, path string, over bool) (string, error) {
			wrote = append(wrote, path)
			if len(wrote) == 2 {
				return "", errors.New("no space\u202e left")
			}
			return "3 packets, 1 mark, 1 note", os.WriteFile(path, nil, 0o600)
		}
		th := perform(t, Options{Source: src, NoColor: true}, size[0], size[1])
		th.press("s s s s m")
		th.has("#5 is marked").has("◆")
		th.press(";").write("here it is\u202e").has("Note on #5")
		th.press("Enter").has("has a note").has("Noted").has("here it is")
		th.golden(fmt.Sprintf("marks-%dx%d", size[0], size[1]))
		th.press("s s ;").write("second").press("Enter M").has("Marks and notes").has("◆#5").has("second")
		th.write("second").press("Enter").has("#7")
		path := filepath.Join(t.TempDir(), "out.pcapng")
		th.press("W")
		th.u.over.(*prompt).typed.set(path)
		th.press("Enter").has("✓ saved out.pcapng: 3 packets").has("1 mark")
		if n := th.u.cap.unsaved(); n != 0 || len(wrote) != 1 {
			t.Error(n, wrote)
		}
		th.press("m").has("#7 is marked")
		if n := th.u.cap.unsaved(); n != 2 {
			t.Error(n, "unsaved")
		}
		th.press("q").has("in 2 places would be lost").press("Esc")
		th.press("W Enter").has("writes over it")
		th.press("Enter").has("✗ not saved: no space⟨U+202E⟩ left")
		if n := th.u.cap.unsaved(); n != 2 {
			t.Error(n, "unsaved after a failure")
		}
		th.press("m ;")
		th.u.over.(*prompt).typed.set(" ")
		th.press("Enter").has("#7 has no note")
		if got := src.Store.Remarks().Of(7); got != (inspector.Remark{}) {
			t.Error(got)
		}
	}
}
