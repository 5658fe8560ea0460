package tui

import (
	"encoding/hex"
	"sort"
	"strconv"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode/lint"
)

// hexPage shows bytes layer over layer: lines of text and dumps with offset,
// hexadecimal and ASCII. Only the rows on the screen are computed, so that the
// longest unit is as quick as a short one.
type hexPage struct {
	th       *theme
	sections []section
	wire     []byte // what copying gives
	links    *links
	mark     stretch
	perRow   int
	width    int
}

// section is some lines, and behind them a dump.
type section struct {
	lines []line
	rows  []row
	dump  []byte
	in    lint.Part // what the dump is
	mark  stretch   // in the dump
	// faint is a stretch of the dump that holds the next layer.
	faint stretch
	top   int // first row on the page
}

// say adds a line to the last section, or to a new one where that has a dump.
func (p *hexPage) say(text string, style tcell.Style) *line {
	return p.line(line{spans: []span{{text, style}}})
}

func (p *hexPage) line(l line) *line {
	if n := len(p.sections); n == 0 || p.sections[n-1].dump != nil {
		p.sections = append(p.sections, section{})
	}
	s := &p.sections[len(p.sections)-1]
	s.lines = append(s.lines, l)
	return &s.lines[len(s.lines)-1]
}

// dump adds bytes behind the lines so far.
func (p *hexPage) dump(all []byte, in lint.Part) *section {
	if len(all) == 0 {
		return &section{}
	}
	if n := len(p.sections); n == 0 || p.sections[n-1].dump != nil {
		p.sections = append(p.sections, section{})
	}
	s := &p.sections[len(p.sections)-1]
	s.dump, s.in = all, in
	s.mark, _ = p.links.find(p.mark, in)
	return s
}

func (p *hexPage) fit(width int) int {
	if width != p.width {
		p.width, p.perRow = width, 16
		if width < 9+16*3+1+1+16 {
			p.perRow = 8
		}
		top := 0
		for i := range p.sections {
			s := &p.sections[i]
			s.top, s.rows = top, s.rows[:0]
			for j := range s.lines {
				s.rows = wrap(s.rows, &s.lines[j], j, width)
			}
			top += p.height(s)
		}
	}
	if n := len(p.sections); n > 0 {
		s := &p.sections[n-1]
		return s.top + p.height(s)
	}
	return 0
}

func (p *hexPage) height(s *section) int {
	return len(s.rows) + (len(s.dump)+p.perRow-1)/p.perRow
}

// sectionAt is the section that shows a row, and the row in it; nil for none.
func (p *hexPage) sectionAt(i int) (*section, int) {
	n := sort.Search(len(p.sections), func(j int) bool { return p.sections[j].top > i }) - 1
	if n < 0 || i >= p.sections[n].top+p.height(&p.sections[n]) {
		return nil, 0
	}
	return &p.sections[n], i - p.sections[n].top
}

// marked is the first row of what is marked, where possible in the dump that it
// was marked in.
func (p *hexPage) marked() int {
	first := -1
	for i := range p.sections {
		s := &p.sections[i]
		if s.dump == nil || s.mark.end == 0 {
			continue
		}
		row := s.top + len(s.rows) + min(s.mark.start, len(s.dump)-1)/p.perRow
		if s.in == p.mark.in {
			return row
		}
		if first < 0 {
			first = row
		}
	}
	return first
}

func (p *hexPage) rowAt(part stretch) int {
	for i := range p.sections {
		if s := &p.sections[i]; s.dump != nil && s.in == part.in {
			return s.top + len(s.rows) + part.start/p.perRow
		}
	}
	return -1
}

func (p *hexPage) draw(c canvas, y, i int) {
	s, i := p.sectionAt(i)
	if s == nil {
		return
	}
	if i < len(s.rows) {
		x, r := 0, &s.rows[i]
		if !r.first {
			x = min(s.lines[r.line].hang, c.w/2)
		}
		c.spans(x, y, c.w-x, r.spans)
		return
	}
	from := (i - len(s.rows)) * p.perRow
	to := min(from+p.perRow, len(s.dump))
	c.text(0, y, 8, offset(from), p.th.dim)
	ascii := 9 + p.perRow*3 + p.perRow/8
	for j := from; j < to; j++ {
		col, style := j-from, p.th.base
		if j >= s.faint.start && j < s.faint.end {
			style = p.th.variable
		}
		if j >= s.mark.start && j < s.mark.end {
			style = marking(style)
		}
		b := s.dump[j]
		c.text(9+col*3+col/8, y, 2, hexPairs[2*int(b):2*int(b)+2], style)
		c.text(ascii+col, y, 1, glyphOf(b), p.asciiStyle(b, style))
	}
}

func (p *hexPage) asciiStyle(b byte, style tcell.Style) tcell.Style {
	if !isPlain(b) {
		return style.Dim(true)
	}
	return style
}

func (p *hexPage) at(i int) *line {
	s, i := p.sectionAt(i)
	if s == nil || i >= len(s.rows) {
		return nil
	}
	return &s.lines[s.rows[i].line]
}

// plain gives the whole dump up to a limit, as tools that read dumps like it.
func (p *hexPage) plain() string {
	return hex.Dump(p.wire[:min(len(p.wire), maxDump)])
}

// maxDump is the most bytes that are copied as a dump.
const maxDump = 64 << 10

// hexPairs holds the 256 pairs of digits, so that drawing allocates nothing.
var hexPairs = func() string {
	var all [256]byte
	for i := range all {
		all[i] = byte(i)
	}
	return hex.EncodeToString(all[:])
}()

func offset(n int) string {
	s := strconv.FormatInt(int64(n), 16)
	return "00000000"[min(len(s), 8):] + s
}

// shortOffset is offset with no more leading zeros than four digits need.
func shortOffset(n int) string {
	s := offset(n)
	for len(s) > 4 && s[0] == '0' {
		s = s[1:]
	}
	return s
}

// glyphOf shows a byte in the ASCII column.
func glyphOf(b byte) string {
	if isPlain(b) {
		return asciiString(rune(b))
	}
	return "·"
}
