package tui

import (
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
)

// hexPage shows the exact bytes of an event: offset, hexadecimal, ASCII, and
// below them what they mean where a message has fields. Only the rows on the
// screen are computed, so that the longest unit is as quick as a short one.
type hexPage struct {
	th         *theme
	wire       []byte
	mark       stretch
	head, tail []line
	rows       []row // of head
	tailRows   []row
	perRow,
	width int
}

func bytesPage(in *tabInput) page {
	e := in.event
	p := &hexPage{th: in.th, wire: e.Wire, perRow: 16}
	if in.mark.in == lint.InText && (e.XML == nil || len(e.Wire) == 0) {
		p.mark = in.mark
	}
	head := size(int64(len(e.Wire))) + " from the " + whoSent(e)
	if e.Kind != decode.KindDNS { // a message of its own, in no stream
		head += ", at offset " + thousands(int(e.Off)) + " of its direction"
	}
	if len(e.Wire) == 0 && len(e.XML) > 0 {
		p.wire = e.XML
		head = size(int64(len(e.XML))) + " of XML out of the HTTP message " + number(e.Carrier) + ", of its body without chunks and compression"
	}
	p.say(head, in.th.base)
	if s := inTCP(e); s != "" {
		p.say(s, in.th.base)
	}
	if s := frames(e.Frames); s != "" {
		p.say(s, in.th.base)
	}
	if e.Lost > 0 {
		p.say("✗ "+size(e.Lost)+" are missing from the capture here", in.th.bad)
	}
	if p.mark.end > 0 {
		p.say("Marked: "+extent(p.mark), in.th.base)
	}
	p.head = append(p.head, line{})
	p.fields(e)
	p.original(e)
	return p
}

// inTCP says where the bytes stood in TCP, if they stood there in another form.
func inTCP(e *decode.Event) string {
	n := e.Raw.End - e.Raw.Start
	if n <= 0 || e.Layer == decode.LayerPlain || e.Kind == decode.KindTLS && n == int64(len(e.Wire)) {
		return ""
	}
	where := "of its direction, inside " + layerWords(e.Layer)
	if e.Kind == decode.KindTLS {
		where = "of its direction, with what its TLS records add"
	}
	return "In TCP: bytes " + thousands(int(e.Raw.Start)) + " to " + thousands(int(e.Raw.End-1)) + " " + where
}

// layerWords names what the bytes of an event stood in.
func layerWords(l decode.Layer) string {
	switch l {
	case decode.LayerTLS:
		return "TLS"
	case decode.LayerZlib:
		return "zlib"
	case decode.LayerTLSZlib:
		return "zlib and TLS"
	}
	return l.String()
}

func (p *hexPage) say(text string, style tcell.Style) {
	p.head = append(p.head, line{spans: []span{{text, style}}})
}

// fields says below the bytes which of them mean what. Enter marks them.
func (p *hexPage) fields(e *decode.Event) {
	all := explain.Fields(e)
	if frames := explain.Frames(e); frames != nil {
		all = frames
	}
	var last stretch
	for _, f := range all {
		if f.End <= f.Start {
			continue
		}
		if p.tail == nil {
			p.tail = append(p.tail, line{}, line{spans: []span{{"What they mean", p.th.title}}})
		}
		where := pad(shortOffset(f.Start)+"–"+shortOffset(f.End-1), 10)
		if at := (stretch{start: f.Start, end: f.End}); at != last {
			last = at
		} else {
			where = pad("", 10) // a certificate says many things in the same bytes
		}
		l := line{spans: []span{{"  " + where + " ", p.th.dim}, {capped(f.Name, 60), p.th.variable}, {"  " + capped(f.Value, 200), p.th.base}}, hang: 13}
		l.start, l.end = f.Start, f.End
		p.tail = append(p.tail, l)
	}
}

func extent(s stretch) string {
	if s.end-s.start == 1 {
		return "byte " + thousands(s.start)
	}
	return "bytes " + thousands(s.start) + " to " + thousands(s.end-1)
}

// frames lists the capture frames, runs as ranges.
func frames(all []uint32) string {
	if len(all) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("Captured in frame")
	if len(all) > 1 {
		b.WriteByte('s')
	}
	const most = 12
	shown := 0
	for i := 0; i < len(all); {
		j := i
		for j+1 < len(all) && all[j+1] == all[j]+1 {
			j++
		}
		if shown++; shown > most {
			b.WriteString(" and " + thousands(len(all)-i) + " more")
			break
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte(' ')
		b.WriteString(strconv.FormatUint(uint64(all[i]), 10))
		if j > i {
			b.WriteString("–" + strconv.FormatUint(uint64(all[j]), 10))
		}
		i = j + 1
	}
	return b.String()
}

func (p *hexPage) fit(width int) int {
	if width != p.width {
		p.width, p.rows, p.tailRows = width, p.rows[:0], p.tailRows[:0]
		for i := range p.head {
			p.rows = wrap(p.rows, &p.head[i], i, width)
		}
		for i := range p.tail {
			p.tailRows = wrap(p.tailRows, &p.tail[i], i, width)
		}
		p.perRow = 16
		if width < 9+16*3+1+1+16 {
			p.perRow = 8
		}
	}
	return p.dumpEnd() + len(p.tailRows)
}

// dumpEnd is the row behind the bytes.
func (p *hexPage) dumpEnd() int { return len(p.rows) + (len(p.wire)+p.perRow-1)/p.perRow }

func (p *hexPage) marked() int {
	if p.mark.end == 0 {
		return -1
	}
	return p.rowOf(min(p.mark.start, max(0, len(p.wire)-1)))
}

// rowOf is the row that shows a byte.
func (p *hexPage) rowOf(off int) int { return len(p.rows) + off/p.perRow }

func (p *hexPage) draw(c canvas, y, i int) {
	if i < len(p.rows) {
		c.spans(0, y, c.w, p.rows[i].spans)
		return
	}
	if end := p.dumpEnd(); i >= end {
		x := 0
		if r := &p.tailRows[i-end]; !r.first {
			x = min(p.tail[r.line].hang, c.w/2)
		}
		c.spans(x, y, c.w-x, p.tailRows[i-end].spans)
		return
	}
	from := (i - len(p.rows)) * p.perRow
	to := min(from+p.perRow, len(p.wire))
	c.text(0, y, 8, offset(from), p.th.dim)
	ascii := 9 + p.perRow*3 + p.perRow/8
	for j := from; j < to; j++ {
		col := j - from
		style := p.th.base
		if j >= p.mark.start && j < p.mark.end {
			style = reversed(style)
		}
		b := p.wire[j]
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
	if i -= p.dumpEnd(); i >= 0 && i < len(p.tailRows) {
		return &p.tail[p.tailRows[i].line]
	}
	return nil
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

// whoSent names the sender as the profile calls it.
func whoSent(e *decode.Event) string {
	return explain.Who(e)
}
