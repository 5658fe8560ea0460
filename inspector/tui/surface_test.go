package tui

import (
	"errors"
	"testing"

	"github.com/gdamore/tcell/v2"
)

// counting counts the cells that reach the real screen.
type counting struct {
	tcell.SimulationScreen
	puts   int
	events []tcell.Event
}

func (c *counting) Put(x, y int, s string, st tcell.Style) (string, int) {
	c.puts++
	return c.SimulationScreen.Put(x, y, s, st)
}

func (c *counting) PollEvent() tcell.Event {
	if len(c.events) == 0 {
		return nil
	}
	ev := c.events[0]
	c.events = c.events[1:]
	return ev
}

func newCounting(t *testing.T) (*surface, *counting) {
	t.Helper()
	c := &counting{SimulationScreen: tcell.NewSimulationScreen("UTF-8")}
	s, err := newSurface(c, func(error) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Fini)
	return s, c
}

func TestSurfaceSendsOnlyWhatChanged(t *testing.T) {
	s, c := newCounting(t)
	frame := func(text string) int {
		s.Clear()
		s.PutStr(0, 0, text)
		c.puts = 0
		s.Show()
		return c.puts
	}
	frame("hello world")
	if n := frame("hello world"); n != 0 {
		t.Errorf("drawing the same again sent %d cells", n)
	}
	if n := frame("hello there"); n != 5 {
		t.Errorf("five letters changed, %d cells were sent", n)
	}
}

func TestSurfaceWideCharacters(t *testing.T) {
	s, c := newCounting(t)
	draw := func(f func()) string {
		s.Clear()
		f()
		s.Show()
		cells, _, _ := c.GetContents()
		text := ""
		for i := 0; i < 6; i++ {
			text += string(cells[i].Runes)
			if width(string(cells[i].Runes)) == 2 {
				i++
			}
		}
		return text
	}
	st := tcell.StyleDefault
	if got := draw(func() { s.PutStr(0, 0, "漢字ab") }); got != "漢字ab" {
		t.Errorf("got %q", got)
	}
	if got := draw(func() { s.PutStr(0, 0, "漢字ab"); s.Put(1, 0, "x", st) }); got != " x字ab" {
		t.Errorf("over the right half: got %q", got)
	}
	if got := draw(func() { s.PutStr(0, 0, "漢字ab"); s.Put(0, 0, "x", st) }); got != "x 字ab" {
		t.Errorf("over the left half: got %q", got)
	}
	if got := draw(func() { s.PutStr(0, 0, "a漢字b"); s.Put(0, 0, "字", st) }); got != "字 字b" {
		t.Errorf("a wide one over half of a wide one: got %q", got)
	}
	if got := draw(func() { s.PutStr(0, 0, "abcdef") }); got != "abcdef" {
		t.Errorf("narrow after wide: got %q", got)
	}
}

// What a caller forgot to disarm must not reach the terminal.
func TestSurfaceIsTheLastDoor(t *testing.T) {
	s, c := newCounting(t)
	for _, bad := range []string{"\x1b", "\a", "\u009b", "\u202e", "\u200b", "\u2028", "\ufeff", "\xff", "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301"} {
		s.Clear()
		s.PutStr(0, 0, bad+"x")
		s.SetContent(0, 1, []rune(bad)[0], []rune(bad)[1:], tcell.StyleDefault)
		s.Fill(0x1b, tcell.StyleDefault)
		s.PutStr(0, 0, bad+"x")
		s.Show()
		cells, _, _ := c.GetContents()
		for i := range cells {
			for _, r := range cells[i].Runes {
				if r != 'x' && r != ' ' && r != '\uFFFD' {
					t.Errorf("%q put %q on the screen", bad, r)
				}
			}
		}
		if string(cells[1].Runes) != "x" {
			t.Errorf("%q takes more than one cell", bad)
		}
	}
}

func TestSurfaceKeepsPastedNewlines(t *testing.T) {
	s, c := newCounting(t)
	lf := tcell.NewEventKey(tcell.KeyCtrlJ, 0, tcell.ModNone)
	c.events = []tcell.Event{lf, tcell.NewEventPaste(true), lf, tcell.NewEventPaste(false), lf}
	want := []tcell.Key{tcell.KeyCtrlJ, 0, tcell.KeyEnter, 0, tcell.KeyCtrlJ}
	for i, k := range want {
		ev := s.PollEvent()
		if key, ok := ev.(*tcell.EventKey); ok && key.Key() != k {
			t.Errorf("event %d is %s", i, key.Name())
		}
	}
}

func TestSurfaceReportsALostTerminal(t *testing.T) {
	s, c := newCounting(t)
	var lost error
	s.lost = func(err error) { lost = err }
	c.events = []tcell.Event{tcell.NewEventError(errors.New("gone"))}
	if ev := s.PollEvent(); ev != nil {
		t.Errorf("the error was passed on as %T", ev)
	}
	if lost == nil || lost.Error() != "gone" {
		t.Errorf("lost = %v", lost)
	}
}

// A terminal without UTF-8 gets ASCII, and every sign of ours a letter.
func TestSurfaceInASCII(t *testing.T) {
	s, c := newCounting(t)
	s.ascii = true
	s.PutStr(0, 0, "▶ C → S … ✗ é 漢x")
	s.Show()
	cells, _, _ := c.GetContents()
	got := ""
	for i := range 17 {
		got += string(cells[i].Runes)
	}
	if want := "> C > S ~ x ? ??x"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
