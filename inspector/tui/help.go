package tui

import (
	"strings"

	"github.com/gdamore/tcell/v2"
)

// sheet is the key sheet, made from the table of actions and followed by what
// the signs on the screen mean.
type sheet struct {
	th    *theme
	lines []line
	rows  []row
	width int
	top   int
	seen  int // rows that the last draw showed
	quit  func()
}

func newSheet(th *theme, keys *keyTable, quit func()) *sheet {
	s := &sheet{th: th, quit: quit}
	for _, g := range groups() {
		s.lines = append(s.lines, line{spans: []span{{g, th.title}}})
		for i := range keys.all {
			a := &keys.all[i]
			if a.group != g {
				continue
			}
			s.lines = append(s.lines, line{hang: 22, spans: []span{
				{"  " + pad(strings.Join(a.keys, " "), 18) + "  ", th.key}, {a.help, th.base}}})
		}
		s.lines = append(s.lines, line{})
	}
	s.lines = append(s.lines, line{spans: []span{{"Signs", th.title}}})
	for _, l := range legend() {
		s.lines = append(s.lines, line{hang: 22, spans: []span{
			{"  " + pad(l.sign, 18) + "  ", th.key}, {l.means, th.base}}})
	}
	return s
}

func (s *sheet) draw(c canvas) {
	in := window(c.sub(0, 0, c.w, c.h-1), s.th, "Keys", min(c.w, 92), c.h-1)
	if s.width != in.w {
		s.width, s.rows = in.w, s.rows[:0]
		for i := range s.lines {
			s.rows = wrap(s.rows, &s.lines[i], i, in.w)
		}
	}
	s.seen = in.h
	s.move(0)
	for y := 0; y < in.h && s.top+y < len(s.rows); y++ {
		r := s.rows[s.top+y]
		x := 0
		if !r.first {
			x = s.lines[r.line].hang
		}
		in.spans(x, y, in.w-x, r.spans)
	}
	if rest := len(s.rows) - s.top - in.h; rest > 0 {
		c.text(max(0, (c.w-24)/2), c.h-2, 24, " ↓ "+plural(rest, "more line")+" ", s.th.strong)
	}
}

func (s *sheet) move(n int) {
	s.top = max(0, min(s.top+n, len(s.rows)-s.seen))
}

func (s *sheet) key(ev *tcell.EventKey) bool {
	switch keyName(ev) {
	case "j", "Down":
		s.move(1)
	case "k", "Up":
		s.move(-1)
	case "PgDn", "Space", "Ctrl-F":
		s.move(s.seen - 1)
	case "PgUp", "Ctrl-B":
		s.move(1 - s.seen)
	case "Home", "g":
		s.move(-len(s.rows))
	case "End", "G":
		s.move(len(s.rows))
	case "Ctrl-C", "Ctrl-L":
		return false
	default:
		s.quit()
	}
	return true
}

func (s *sheet) paste(string) {}

func (s *sheet) mouse(_, _, wheel int) { s.move(3 * wheel) }

func (s *sheet) hints() []hint {
	return []hint{{"↑ ↓ PgDn", "scroll"}, {"any other key", "closes the sheet"}}
}
