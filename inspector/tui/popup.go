package tui

import (
	"strings"
)

// popup proposes how to go on with what is being typed. It opens by typing alone
// and never stands in the way: any other key closes it.
type popup struct {
	from   int // where what is being typed begins
	items  []suggestion
	cursor int
}

// suggestion is something that may stand at the cursor.
type suggestion struct{ insert, about string }

// shownSuggestions is how many are listed.
const shownSuggestions = 6

func (p *popup) open() bool { return len(p.items) > 0 }

// follow looks again after a key: typed tells that it changed the text.
func (p *popup) follow(c *composer, typed bool) {
	*p = popup{}
	if !typed {
		return
	}
	at := c.typing()
	p.from = at.from
	p.items = at.fitting(c.suggestions(at))
}

// key handles a key while suggestions are listed; false for those that are not its
// own.
func (p *popup) key(name string, c *composer) bool {
	if !p.open() {
		return false
	}
	switch name {
	case "Tab":
		c.box.replace(p.from, c.box.at, p.items[p.cursor].insert, false)
	case "Down", "Ctrl-N":
		p.cursor = min(p.cursor+1, len(p.items)-1)
		return true
	case "Up", "Ctrl-P":
		p.cursor = max(p.cursor-1, 0)
		return true
	case "Esc":
	default:
		return false
	}
	*p = popup{}
	return true
}

// draw lists the suggestions below what is typed, or above it.
func (p *popup) draw(all, body canvas, b *textBox, th *theme) {
	if !p.open() {
		return
	}
	n := min(shownSuggestions, len(p.items))
	first := max(0, min(p.cursor-n+1, len(p.items)-n))
	wide, about := 0, 0
	for _, it := range p.items[first : first+n] {
		wide, about = max(wide, width(wire(it.insert))), max(about, width(wire(it.about)))
	}
	w := min(wide+about+6, all.w)
	row := b.rowOf(p.from) - b.top
	x := min(max(0, body.x+b.column(p.from)-b.left-2), max(0, all.w-w))
	y := body.y + row + 1
	if y+n > all.h-1 {
		y = max(0, body.y+row-n)
	}
	area := all.sub(x-all.x, y-all.y, w, n)
	for i := range n {
		style, mark := th.bar, "  "
		if first+i == p.cursor {
			style, mark = th.barStrong, "▶ "
		}
		it := p.items[first+i]
		area.fill(0, i, w, " ", style)
		at := area.text(0, i, w, mark+wire(it.insert), style)
		area.text(max(at+2, min(wide+4, w)), i, w, wire(it.about), style)
	}
}

// typing says where in XML somebody is typing.
type typing struct {
	where   where
	from    int    // of the piece that is being typed
	piece   string // as far as it is there
	element string // the name of the tag, as written
	attr    string
	before  string // the text before the tag
}

// where is a place in XML.
type where uint8

const (
	elsewhere where = iota
	inName          // of an element
	inEndTag
	inAttr
	inValue
	inText
)

// typing finds out where the cursor is.
func (c *composer) typing() typing {
	text := c.box.text[:c.box.at]
	open := strings.LastIndexByte(text, '<')
	if open < 0 {
		return typing{}
	}
	t := typing{before: text[:open]}
	tag := text[open+1:]
	if strings.HasPrefix(tag, "/") {
		t.where, t.from, t.piece = inEndTag, open+2, tag[1:]
		return t.checked()
	}
	end := strings.IndexAny(tag, " \t\r\n/>")
	if end < 0 {
		t.where, t.from, t.piece = inName, open+1, tag
		return t.checked()
	}
	t.element = tag[:end]
	return t.inside(tag, open+1, end)
}

// inside reads the attributes of a tag up to the cursor.
func (t typing) inside(tag string, at, pos int) typing {
	for pos < len(tag) {
		switch ch := tag[pos]; {
		case ch == '>':
			t.where, t.from, t.piece = inText, at+pos+1, tag[pos+1:]
			return t
		case ch == '\'' || ch == '"':
			n := strings.IndexByte(tag[pos+1:], ch)
			if n < 0 {
				t.where, t.from, t.piece = inValue, at+pos+1, tag[pos+1:]
				return t
			}
			pos += n + 2
		case ch == '=' || ch == '/' || ch <= ' ':
			pos++
		default:
			n := strings.IndexAny(tag[pos:], "= \t\r\n>'\"/")
			if n < 0 {
				t.where, t.from, t.piece = inAttr, at+pos, tag[pos:]
				return t
			}
			t.attr = tag[pos : pos+n]
			pos += n
		}
	}
	return typing{}
}

// checked drops what cannot be a name.
func (t typing) checked() typing {
	if strings.ContainsAny(t.piece, " <>&'\"=") {
		return typing{}
	}
	return t
}

// fitting are the suggestions that go on with what is typed: first those that
// begin so, then those that hold it, or are about it.
func (t *typing) fitting(all []suggestion) (fit []suggestion) {
	if t.piece == "" && t.where == inAttr {
		return nil
	}
	low := strings.ToLower(t.piece)
	seen := map[string]bool{t.piece: true}
	for _, holds := range [...]func(p suggestion) bool{
		func(p suggestion) bool { return strings.HasPrefix(strings.ToLower(p.insert), low) },
		func(p suggestion) bool { return strings.HasPrefix(p.about, low) },
		func(p suggestion) bool { return len(low) > 1 && strings.Contains(strings.ToLower(p.insert), low) },
	} {
		for _, p := range all {
			if p.insert != "" && !seen[p.insert] && holds(p) {
				seen[p.insert] = true
				fit = append(fit, p)
			}
		}
	}
	return fit
}
