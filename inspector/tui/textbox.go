package tui

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// textBox is a text of many lines that a person types. It holds any bytes,
// exactly: what no terminal may get is shown by a stand-in and can be edited all
// the same.
type textBox struct {
	text    string
	at      int // byte offset of the cursor
	from    int // where the selection began; the cursor where there is none
	want    int // the column that ↑ and ↓ keep to
	version int // grows with every change
	nowrap  bool

	past, undone []change
	kept         int // bytes of both

	width     int // of the rows
	rows      []textRow
	laid      int // the version that the rows are of
	top, left int // what is shown first
	moved     bool
}

// textRow is a row on the screen: bytes from start to end, without the line feed.
type textRow struct{ start, end int }

// change is a step that can be taken back.
type change struct {
	at       int
	old, new string
	cursor   int
	typed    bool // the next letter joins it
}

// maxUndo bounds the bytes that undoing keeps.
const maxUndo = 16 << 20

func newTextBox(text string) *textBox { return &textBox{text: text, version: 1} }

// clusterLen is the length in bytes of the first thing a cursor steps over: a
// grapheme, a control sign, or a byte that is no UTF-8.
func clusterLen(s string) int {
	if c := s[0]; c < ' ' || c == 0x7f || isPlain(c) && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		return 1
	}
	if r, n := utf8.DecodeRuneInString(s); r == utf8.RuneError && n == 1 {
		return 1
	}
	c, _, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	for i, r := range c {
		if r != utf8.RuneError || i == 0 {
			continue
		}
		if _, n := utf8.DecodeRuneInString(c[i:]); n == 1 {
			return i // the byte is a step of its own
		}
	}
	return len(c)
}

// before is where the cursor goes one step back from at.
func (b *textBox) before(at int) int {
	if at == 0 {
		return 0
	}
	if b.text[at-1] < utf8.RuneSelf {
		return at - 1
	}
	from := at - 1
	for from > 0 && at-from < 256 && b.text[from] >= utf8.RuneSelf {
		from--
	}
	last := from
	for i := from; i < at; i += clusterLen(b.text[i:]) {
		last = i
	}
	return last
}

func (b *textBox) after(at int) int {
	if at >= len(b.text) {
		return len(b.text)
	}
	return at + clusterLen(b.text[at:])
}

// selection is what is selected; empty where nothing is.
func (b *textBox) selection() (start, end int) { return min(b.at, b.from), max(b.at, b.from) }

func (b *textBox) selected() string {
	s, e := b.selection()
	return b.text[s:e]
}

// replace puts text in place of a stretch and the cursor behind it.
func (b *textBox) replace(start, end int, with string, typed bool) {
	old := b.text[start:end]
	if old == with {
		return
	}
	if n := len(b.past) - 1; typed && old == "" && n >= 0 && b.past[n].typed && b.past[n].at+len(b.past[n].new) == start && !strings.Contains(with, "\n") {
		b.past[n].new += with
		b.kept += len(with)
	} else {
		b.past = append(b.past, change{start, old, with, b.at, typed})
		b.kept += len(old) + len(with)
	}
	for i := range b.undone {
		b.kept -= len(b.undone[i].old) + len(b.undone[i].new)
	}
	b.undone = nil
	for b.kept > maxUndo && len(b.past) > 1 {
		b.kept -= len(b.past[0].old) + len(b.past[0].new)
		b.past = b.past[1:]
	}
	b.put(start, end, with)
}

func (b *textBox) put(start, end int, with string) {
	b.text = b.text[:start] + with + b.text[end:]
	b.moveTo(start+len(with), false)
	b.version++
}

// insert puts text at the cursor, in place of what is selected.
func (b *textBox) insert(s string, typed bool) {
	start, end := b.selection()
	b.replace(start, end, s, typed)
}

// undo takes the last change back, redo makes it again. They report whether
// there was one.
func (b *textBox) undo() bool {
	n := len(b.past) - 1
	if n < 0 {
		return false
	}
	c := b.past[n]
	b.past, b.undone = b.past[:n], append(b.undone, c)
	b.put(c.at, c.at+len(c.new), c.old)
	b.moveTo(min(c.cursor, len(b.text)), false)
	return true
}

func (b *textBox) redo() bool {
	n := len(b.undone) - 1
	if n < 0 {
		return false
	}
	c := b.undone[n]
	c.typed = false
	b.undone, b.past = b.undone[:n], append(b.past, c)
	b.put(c.at, c.at+len(c.old), c.new)
	return true
}

// moveTo puts the cursor somewhere; selecting keeps the other end.
func (b *textBox) moveTo(at int, selecting bool) {
	b.at = max(0, min(at, len(b.text)))
	if !selecting {
		b.from = b.at
	}
	b.want, b.moved = -1, true
	if n := len(b.past); n > 0 {
		b.past[n-1].typed = b.past[n-1].typed && b.at == b.past[n-1].at+len(b.past[n-1].new)
	}
}

// wordByte tells what belongs to a word: letters, digits, what names are made of.
func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '-' || c >= utf8.RuneSelf
}

// word is the place of the next word, or with -1 of the one before.
func (b *textBox) word(n int) int {
	at := b.at
	if n > 0 {
		for at < len(b.text) && wordByte(b.text[at]) {
			at++
		}
		for at < len(b.text) && !wordByte(b.text[at]) {
			at++
		}
		return at
	}
	for at > 0 && !wordByte(b.text[at-1]) {
		at--
	}
	for at > 0 && wordByte(b.text[at-1]) {
		at--
	}
	return at
}

// rowOf is the row that shows a place.
func (b *textBox) rowOf(at int) int {
	b.layOut()
	return max(0, sort.Search(len(b.rows), func(i int) bool { return b.rows[i].start > at })-1)
}

// column is the column of a place in its row.
func (b *textBox) column(at int) int {
	r := b.rows[b.rowOf(at)]
	return textWidth(b.text[r.start:min(at, r.end)])
}

// upDown moves the cursor by rows.
func (b *textBox) upDown(n int, selecting bool) {
	i := b.rowOf(b.at)
	want := b.want
	if want < 0 {
		want = b.column(b.at)
	}
	to := max(0, min(i+n, len(b.rows)-1))
	switch {
	case to == i && n < 0:
		b.moveTo(0, selecting)
	case to == i:
		b.moveTo(len(b.text), selecting)
	default:
		b.moveTo(b.placeAt(to, want), selecting)
	}
	b.want = want
}

// placeAt is the place in a row at a column, or the last one before it.
func (b *textBox) placeAt(row, column int) int {
	r := b.rows[row]
	at, x := r.start, 0
	for at < r.end {
		n := clusterLen(b.text[at:])
		w := glyphWidth(b.text[at : at+n])
		if x+w > column {
			break
		}
		at, x = at+n, x+w
	}
	if at == r.end && row+1 < len(b.rows) && b.rows[row+1].start == at && at > r.start {
		at = b.before(at) // the end of a row that goes on is the next row's place
	}
	return at
}

// line is the number of the line, from 1, that holds a place, and the number of
// the character in it.
func (b *textBox) line(at int) (line, column int) {
	at = min(at, len(b.text))
	start := strings.LastIndexByte(b.text[:at], '\n') + 1
	return strings.Count(b.text[:at], "\n") + 1, utf8.RuneCountInString(b.text[start:at]) + 1
}
