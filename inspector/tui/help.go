package tui

import (
	"slices"
	"strings"

	"github.com/gdamore/tcell/v2"
)

// sheet is the key sheet, made from the table of actions and followed by what
// the signs on the screen mean.
type sheet struct {
	th    *theme
	all   []line // headings have one span, lines under them two
	lines []line // those that are shown
	rows  []row
	// find is what is looked for; typing tells that letters go to it.
	find   editor
	typing bool
	width  int
	top    int
	seen   int // rows that the last draw showed
	quit   func()
}

func newSheet(th *theme, keys *keyTable, quit func()) *sheet {
	s := &sheet{th: th, quit: quit}
	for _, g := range groups() {
		s.all = append(s.all, line{spans: []span{{g, th.title}}})
		for i := range keys.all {
			a := &keys.all[i]
			if a.group != g {
				continue
			}
			s.all = append(s.all, line{hang: 22, spans: []span{
				{"  " + pad(strings.Join(a.keys, " "), 18) + "  ", th.key}, {a.help, th.base}}})
		}
		s.all = append(s.all, line{})
	}
	s.all = append(s.all, line{spans: []span{{"Signs", th.title}}})
	for _, l := range legend() {
		s.all = append(s.all, line{hang: 22, spans: []span{
			{"  " + pad(l.sign, 18) + "  ", th.key}, {l.means, th.base}}})
	}
	s.lines = s.all
	return s
}

// look shows the lines in which all typed words stand, under their headings.
func (s *sheet) look() {
	s.width, s.top, s.lines = 0, 0, s.all
	words := strings.Fields(strings.ToLower(s.find.text))
	if len(words) == 0 {
		return
	}
	s.lines = nil
	var heading *line
	for i := range s.all {
		l := &s.all[i]
		switch len(l.spans) {
		case 1:
			heading = l
		case 2:
			text := strings.ToLower(l.plain())
			if slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
				continue
			}
			if heading != nil {
				s.lines = append(s.lines, *heading)
				heading = nil
			}
			s.lines = append(s.lines, *l)
		}
	}
	if len(s.lines) == 0 {
		s.lines = []line{{spans: []span{{"No key is about this. Backspace takes letters away; : finds commands.", s.th.base}}}}
	}
}

func (s *sheet) draw(c canvas) {
	in := window(c.sub(0, 0, c.w, c.h-1), s.th, "Keys", min(c.w, 92), c.h-1)
	if s.width != in.w {
		s.width, s.rows = in.w, s.rows[:0]
		for i := range s.lines {
			s.rows = wrap(s.rows, &s.lines[i], i, in.w)
		}
	}
	if s.typing || s.find.text != "" {
		x := in.text(0, 0, in.w, "find ", s.th.strong)
		if s.typing {
			s.find.draw(in, x, 0, s.th.base, -1)
		} else {
			in.text(x, 0, in.w-x, wire(s.find.text), s.th.base)
		}
		in = in.sub(0, 2, in.w, in.h-2)
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
	if s.typing && s.typed(ev) {
		return true
	}
	switch keyName(ev) {
	case "/":
		s.typing = true
	case "Esc":
		if s.find.text == "" {
			s.quit()
			break
		}
		s.find.set("")
		s.look()
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

// typed hands a key to what is looked for. It tells whether it was one for that.
func (s *sheet) typed(ev *tcell.EventKey) bool {
	switch keyName(ev) {
	case "Enter":
		s.typing = false
	case "Esc":
		s.typing = false
		s.find.set("")
		s.look()
	default:
		before := s.find.text
		if !s.find.key(ev) {
			return false
		}
		if s.find.text != before {
			s.look()
		}
	}
	return true
}

func (s *sheet) paste(text string) {
	if s.typing {
		s.find.insert(text)
		s.look()
	}
}

func (s *sheet) mouse(_, _, wheel int) { s.move(3 * wheel) }

func (s *sheet) hints() []hint {
	if s.typing {
		return []hint{{"↑ ↓ PgDn", "scroll"}, {"type", "to find"}, {"Enter", "done"}, {"Esc", "all keys"}}
	}
	return []hint{{"↑ ↓ PgDn", "scroll"}, {"/", "find"}, {"any other key", "closes the sheet"}}
}
