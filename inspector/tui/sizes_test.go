package tui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"xmppscope/decode"
)

// does passes what the mouse does through the door that tview uses.
func (th *theatre) does(what tview.MouseAction, x, y int) *theatre {
	th.u.root.MouseHandler()(what, tcell.NewEventMouse(x, y, tcell.Button1, tcell.ModNone), nil)
	th.tick()
	return th
}

// A border follows the keys and the mouse, and stays where it was put when the
// program is started again and when the terminal has another size.
func TestSizes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	open := func(w, h int) *theatre {
		return perform(t, Options{Source: transcripts(t, "plain", "scram"), State: dir}, w, h)
	}
	th := open(160, 50)
	a := &th.u.root.area
	for _, c := range []struct {
		keys string
		list int
	}{{"+", 84}, {"+ +", 92}, {"- -", 84}, {"Tab +", 80}, {"+", 76}} {
		if th.press(c.keys); a.list.w != c.list {
			t.Errorf("%s: the list has %d columns, want %d", c.keys, a.list.w, c.list)
		}
	}
	th.does(tview.MouseLeftDown, a.rule.x, 20).does(tview.MouseMove, 40, 21).does(tview.MouseMove, 48, 30).does(tview.MouseLeftUp, 48, 30)
	if a.list.w != 48 {
		t.Errorf("the mouse left the list %d columns, want 48", a.list.w)
	}
	th.does(tview.MouseMove, 100, 30)
	y := a.list.y
	th.does(tview.MouseLeftDown, 5, y).does(tview.MouseMove, 5, y+4).does(tview.MouseLeftUp, 5, y+4)
	if a.list.w != 48 || a.list.y != y+4 {
		t.Errorf("the list begins at line %d with %d columns, want %d and 48", a.list.y, a.list.w, y+4)
	}
	if st, err := os.Stat(filepath.Join(dir, keptFile)); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("what is remembered: %v %v", st, err)
	}
	if th = open(160, 50); th.u.root.area.list.w != 48 {
		t.Errorf("it was not remembered: the list has %d columns", th.u.root.area.list.w)
	}
	if th = open(190, 50); th.u.root.area.list.w != 57 {
		t.Errorf("the share was not kept: the list has %d columns of 190", th.u.root.area.list.w)
	}
	if th.press("="); th.u.root.area.list.w != 95 {
		t.Errorf("the usual width of the list is %d", th.u.root.area.list.w)
	}
}

func TestSizesFolded(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	a := &th.u.root.area
	usual := a.detail.h
	if th.press("+ +"); a.detail.h != usual-2 {
		t.Errorf("the details have %d lines, want %d", a.detail.h, usual-2)
	}
	th.does(tview.MouseLeftDown, 60, a.detail.y).does(tview.MouseMove, 60, 6).does(tview.MouseLeftUp, 60, 6)
	if a.detail.y != 6 {
		t.Errorf("the details begin at line %d, want 6", a.detail.y)
	}
	th.press("= z +").has("one pane has the whole screen")
}

// However often a border is pushed, every pane keeps something.
func TestNoPaneIsPushedAway(t *testing.T) {
	for _, w := range []int{40, 80, 120, 200, 260} {
		th, p := onAir(t, w, 24)
		p.hold(decode.FromInitiator, authText)
		th.u.pair = true
		th.tick()
		a := &th.u.root.area
		for _, key := range []string{"+", "-"} {
			for range 4 {
				th.press("Tab " + strings.Repeat(key+" ", 60))
				for name, c := range map[string]canvas{"list": a.list, "details": a.detail, "what is held": a.held} {
					if c.h < 2 || c.w < 20 {
						t.Errorf("%d columns, %s: %s has %d by %d", w, key, name, c.w, c.h)
					}
				}
				if w >= pairFrom && a.detail2.w < 20 {
					t.Errorf("%d columns, %s: the second details have %d", w, key, a.detail2.w)
				}
			}
		}
	}
}

// A file that makes no sense is as if it were not there; one that cannot be
// written is told of once.
func TestKeptFaults(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, keptFile)
	for _, text := range []string{"", "{", `{"sizes":{"Split":-5,"Fold":99999}}`, `{"sizes":7}`, strings.Repeat(" ", 1<<20)} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if k := readKept(dir); k != (kept{}) {
			t.Errorf("%.40q is read as %+v", text, k)
		}
	}
	th := perform(t, Options{Source: transcripts(t, "plain"), State: filepath.Join(file, "below")}, 80, 24)
	th.press("+").has("it will not be remembered")
}

// What stands in the last line can be clicked, and so can phases, tabs and what
// is held.
func TestMouse(t *testing.T) {
	th, p := onAir(t, 80, 24)
	p.hold(decode.FromInitiator, authText)
	p.hold(decode.FromInitiator, pingText)
	th.tick()
	at := func(text string) (x, y int) {
		t.Helper()
		for y, line := range strings.Split(th.screen(), "\n") {
			if i := strings.LastIndex(line, text); i >= 0 {
				return width(line[:i]), y
			}
		}
		t.Fatalf("%q is not on the screen:\n%s", text, th.screen())
		return 0, 0
	}
	click := func(text string) *theatre {
		t.Helper()
		x, y := at(text)
		return th.does(tview.MouseLeftDown, x, y).does(tview.MouseLeftUp, x, y).does(tview.MouseLeftClick, x, y)
	}
	click("#5  C").has("2 units held")
	if th.u.queue.sel != 5 || th.u.focus != paneHeld {
		t.Errorf("#%d is selected", th.u.queue.sel)
	}
	click("2 XML").has("[2 XML]")
	click("<stream>          opens a stream")
	if th.selected() != 1 || th.u.focus != paneList {
		t.Errorf("#%d is selected", th.selected())
	}
	x, y := at("<stream>          opens a stream")
	th.does(tview.MouseScrollDown, x, y)
	if th.selected() != 3 {
		t.Errorf("the wheel leads to #%d", th.selected())
	}
	click("? keys").has("any other key closes")
	click("any other key").has("any other key closes") // no key of that name
	th.press("Esc")
	click("q quit").has("Quit?")
	click("Esc stay").lacks("Quit?")
}
