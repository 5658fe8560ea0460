package tui

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// theatre drives the interface without a terminal, a clock or goroutines: keys
// go in, screens come out.
type theatre struct {
	t   testing.TB
	u   *ui
	sim tcell.SimulationScreen
}

// perform opens a source on a screen of w by h.
func perform(t testing.TB, o Options, w, h int) *theatre {
	t.Helper()
	sim := tcell.NewSimulationScreen("UTF-8")
	// The clock stands still, or a busy computer would take too long for what is
	// said, and find it gone.
	now := time.Now()
	u := &ui{o: o, app: tview.NewApplication(), keys: newKeyTable(), ctx: context.Background(), clock: func() time.Time { return now }}
	u.pump = newPump(u.app, u.tick)
	sf, err := newSurface(sim, func(error) {})
	if err != nil {
		t.Fatal(err)
	}
	sim.SetSize(w, h)
	u.surface = sf
	sf.ascii = o.ASCII
	u.dress(o.Style)
	u.build()
	th := &theatre{t, u, sim}
	t.Cleanup(func() {
		u.shut()
		sim.Fini()
	})
	if u.cap != nil {
		<-u.cap.load.ended
	}
	th.tick()
	return th
}

// tick lets the interface take over all that happened elsewhere.
func (th *theatre) tick() {
	for range 10_000 {
		th.u.jobs.wg.Wait()
		th.u.tick()
		th.draw()
		if th.u.cap != nil {
			th.u.cap.checks.Wait()
		}
		if !th.u.live() && !th.u.pump.dirty.Swap(false) {
			return
		}
	}
	th.t.Fatal("the interface never comes to rest")
}

func (th *theatre) draw() {
	w, h := th.u.surface.Size()
	th.u.surface.Clear()
	th.u.root.SetRect(0, 0, w, h)
	th.u.root.Draw(th.u.surface)
	th.u.surface.Show()
}

// press presses keys, written as in the table of keys and separated by blanks.
func (th *theatre) press(keys string) *theatre {
	th.t.Helper()
	for _, k := range strings.Fields(keys) {
		th.u.key(keyEvent(th.t, k))
		th.tick()
	}
	return th
}

// write types text.
func (th *theatre) write(text string) *theatre {
	for _, r := range text {
		th.u.key(tcell.NewEventKey(tcell.KeyRune, r, tcell.ModNone))
	}
	th.tick()
	return th
}

func keyEvent(t testing.TB, name string) *tcell.EventKey {
	t.Helper()
	ev := keyNamed(name)
	if ev == nil {
		t.Fatalf("no key %q", name)
	}
	return ev
}

// screen is the text on the screen.
func (th *theatre) screen() string {
	cells, w, h := th.sim.GetContents()
	var b strings.Builder
	for y := range h {
		var line strings.Builder
		for x := 0; x < w; x++ {
			c := cells[y*w+x]
			if len(c.Runes) == 0 {
				line.WriteByte(' ')
				continue
			}
			line.WriteString(string(c.Runes))
			if width(string(c.Runes)) == 2 {
				x++
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " "))
		b.WriteByte('\n')
	}
	return b.String()
}

// golden compares the screen with a file.
func (th *theatre) golden(name string) {
	th.t.Helper()
	compare(th.t, name+".golden", th.screen())
}

// compare holds text against a file of testdata.
func compare(t testing.TB, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update and look at the screen as a newcomer would\n%s", name, differing(string(want), got))
	}
}

// differing lists the lines in which two screens differ.
func differing(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	var out strings.Builder
	for i := range max(len(a), len(b)) {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			fmt.Fprintf(&out, "%2d want %s\n   got  %s\n", i+1, x, y)
		}
	}
	return out.String()
}

// has fails unless the screen shows a text.
func (th *theatre) has(text string) *theatre {
	th.t.Helper()
	if !strings.Contains(th.screen(), text) {
		th.t.Errorf("the screen does not show %q:\n%s", text, th.screen())
	}
	return th
}

// lacks fails if the screen shows a text.
func (th *theatre) lacks(text string) *theatre {
	th.t.Helper()
	if strings.Contains(th.screen(), text) {
		th.t.Errorf("the screen shows %q:\n%s", text, th.screen())
	}
	return th
}

var errTest = errors.New("the disk is on fire")
