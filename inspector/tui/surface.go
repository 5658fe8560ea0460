package tui

import (
	"strings"
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/uniseg"

	"xmppscope/inspector"
)

// surface stands between tview and the real screen. It does three things that
// neither of them does:
//
//   - It draws into cells of its own and hands on only those that differ from
//     what is shown. tview clears the whole screen before each draw, which
//     makes tcell send every character again: too much over ssh.
//   - It is the last door: a cell that a caller forgot to disarm is shown as a
//     stand-in and not sent to the terminal.
//   - It repairs pasting, where a newline arrives as Ctrl-J and would be lost,
//     and it reports a lost terminal instead of letting tview stop by itself.
//
// All methods but PollEvent are called from the event loop alone.
type surface struct {
	tcell.Screen
	w, h        int
	back, front []cell
	pasting     bool        // belongs to the polling goroutine
	ascii       bool        // the terminal's character set is not UTF-8
	lost        func(error) // called when the terminal is gone
}

// cell is one place on the screen. The right half of a wide character is a
// cell of width 0.
type cell struct {
	text  string
	style tcell.Style
	width int
}

var blank = cell{text: " ", width: 1}

// newSurface initialises the screen. lost is called from the polling goroutine
// at most once for each input error.
func newSurface(real tcell.Screen, lost func(error)) (*surface, error) {
	if err := real.Init(); err != nil {
		return nil, err
	}
	s := &surface{Screen: real, lost: lost, ascii: !isUnicode(real.CharacterSet())}
	s.fit()
	return s, nil
}

// isUnicode tells whether a terminal with this character set shows all signs.
func isUnicode(charset string) bool {
	return strings.HasPrefix(strings.ToUpper(strings.ReplaceAll(charset, "-", "")), "UTF")
}

// Init does nothing: newSurface did it, because tview drops the error.
func (s *surface) Init() error { return nil }

// fit adapts the buffers to the size of the real screen.
func (s *surface) fit() {
	w, h := s.Screen.Size()
	if w == s.w && h == s.h {
		return
	}
	s.w, s.h = w, h
	s.back = make([]cell, w*h)
	s.front = make([]cell, w*h) // the zero cell equals none that is drawn
	s.Clear()
}

func (s *surface) Size() (int, int) {
	s.fit()
	return s.w, s.h
}

func (s *surface) Clear() {
	for i := range s.back {
		s.back[i] = blank
	}
}

func (s *surface) Fill(r rune, style tcell.Style) {
	text, width := safeCluster(string(r))
	if width != 1 {
		text = " "
	}
	for i := range s.back {
		s.back[i] = cell{text, style, 1}
	}
}

// Put draws the first grapheme of text and returns the rest and the width.
func (s *surface) Put(x, y int, text string, style tcell.Style) (string, int) {
	if text == "" {
		return "", 0
	}
	c, rest, width := firstCluster(text)
	if s.ascii && c[0] >= utf8.RuneSelf {
		c = inASCII(c)
		if width == 2 {
			// Two letters of one cell each stand for a wide one.
			s.Put(x+1, y, c, style)
			s.Put(x, y, c, style)
			return rest, 2
		}
	}
	if x < 0 || y < 0 || x >= s.w || y >= s.h {
		return rest, width
	}
	i := y*s.w + x
	if width == 2 && x+1 >= s.w {
		c, width = " ", 1
	}
	if s.back[i].width == 0 && x > 0 {
		s.back[i-1].text, s.back[i-1].width = " ", 1
	}
	if s.back[i].width == 2 && width == 1 {
		s.back[i+1].text, s.back[i+1].width = " ", 1
	}
	s.back[i] = cell{c, style, width}
	if width == 2 {
		s.back[i+1] = cell{"", style, 0}
		if x+2 < s.w && s.back[i+2].width == 0 {
			s.back[i+2].text, s.back[i+2].width = " ", 1
		}
	}
	return rest, width
}

func (s *surface) SetContent(x, y int, r rune, comb []rune, style tcell.Style) {
	if r < utf8.RuneSelf && len(comb) == 0 {
		s.Put(x, y, asciiString(r), style)
		return
	}
	s.Put(x, y, string(append([]rune{r}, comb...)), style)
}

func (s *surface) SetCell(x, y int, style tcell.Style, ch ...rune) {
	s.Put(x, y, string(ch), style)
}

func (s *surface) PutStr(x, y int, text string) {
	s.PutStrStyled(x, y, text, tcell.StyleDefault)
}

func (s *surface) PutStrStyled(x, y int, text string, style tcell.Style) {
	for text != "" && x < s.w {
		var w int
		text, w = s.Put(x, y, text, style)
		x += w
	}
}

func (s *surface) Get(x, y int) (string, tcell.Style, int) {
	if x < 0 || y < 0 || x >= s.w || y >= s.h {
		return "", tcell.StyleDefault, 0
	}
	c := s.back[y*s.w+x]
	return c.text, c.style, c.width
}

func (s *surface) GetContent(x, y int) (rune, []rune, tcell.Style, int) {
	text, style, width := s.Get(x, y)
	rs := []rune(text)
	if len(rs) == 0 {
		return ' ', nil, style, width
	}
	return rs[0], rs[1:], style, width
}

// there tells whether there is a screen to show something on. Where the terminal
// was gone when it was to be taken again, tcell has no cells, and would look for
// their end for ever.
func (s *surface) there() bool {
	_, _, width := s.Screen.Get(0, 0)
	return width > 0
}

// Show sends what changed since the last time.
func (s *surface) Show() {
	if !s.there() {
		return
	}
	for i := range s.back {
		b := &s.back[i]
		if *b == s.front[i] {
			continue
		}
		s.front[i] = *b
		if b.width > 0 {
			s.Screen.Put(i%s.w, i/s.w, b.text, b.style)
		}
	}
	s.Screen.Show()
}

// Sync repaints everything, for a screen that something else wrote on.
func (s *surface) Sync() {
	if !s.there() {
		return
	}
	clear(s.front)
	s.Show()
	s.Screen.Sync()
}

// PollEvent passes events on. Inside a bracketed paste a Ctrl-J is a newline.
// An input error is reported and not passed on: tview would stop at once and
// leave the pump waiting for ever.
func (s *surface) PollEvent() tcell.Event {
	for {
		ev := s.Screen.PollEvent()
		switch e := ev.(type) {
		case *tcell.EventPaste:
			s.pasting = e.Start()
		case *tcell.EventKey:
			if s.pasting && e.Key() == tcell.KeyCtrlJ {
				return tcell.NewEventKey(tcell.KeyEnter, 0, tcell.ModNone)
			}
		case *tcell.EventError:
			s.lost(e)
			continue
		}
		return ev
	}
}

// firstCluster cuts the first grapheme off and makes it safe to show.
func firstCluster(text string) (c, rest string, width int) {
	if isPlain(text[0]) && (len(text) == 1 || text[1] < utf8.RuneSelf) {
		return text[:1], text[1:], 1
	}
	c, rest, _, _ = uniseg.FirstGraphemeClusterInString(text, -1)
	c, width = safeCluster(c)
	return c, rest, width
}

func isPlain(b byte) bool { return b >= 0x20 && b < 0x7f }

// safeCluster gives what may be sent to a terminal for a grapheme: itself, or
// one sign that stands for it. The width is 1 or 2.
func safeCluster(c string) (string, int) {
	if inspector.Harmful(c) {
		return "\uFFFD", 1
	}
	switch w := uniseg.StringWidth(c); w {
	case 1, 2:
		return c, w
	}
	return "\uFFFD", 1
}

// asciiTable holds all ASCII strings, so that drawing one allocates nothing.
const asciiTable = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f" +
	"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f" +
	" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\x7f"

func asciiString(r rune) string {
	if r < 0 {
		return " "
	}
	return asciiTable[r : r+1]
}
