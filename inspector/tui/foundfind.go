package tui

import (
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// foundHits are the entries of the list of findings that hold a text. They are
// looked for in slices between keys, for a failure is in words only when its
// event was read, and once more when there are more entries.
type foundHits struct {
	text  string // in small letters
	conn  decode.ConnID
	least inspector.Level
	hits  []int32 // as in the order
	// Of the search that goes on: the entries there were when it began, the next
	// to be looked at, and what was found.
	upTo, next int
	found      []int32
	done       bool // hits are those of one whole search
}

// begin looks again, for what is typed or because there are more entries.
func (h *foundHits) begin(o *foundOrder, text string) {
	if text = strings.ToLower(text); h.text != text || h.conn != o.conn || h.least != o.least {
		*h = foundHits{text: text, conn: o.conn, least: o.least}
	}
	h.upTo, h.next, h.found = o.len(), 0, nil
}

// look looks for what is typed and stays near the place at hand.
func (l *foundList) look() {
	seq := l.seq()
	l.hits.begin(l.findings(), l.typed.text)
	if l.u.findOn() {
		l.u.busy.Store(true)
		l.u.alive.Store(true)
		l.u.pump.wake()
	}
	l.cursor = l.from(seq)
}

// clear lists all entries again.
func (l *foundList) clear() {
	seq := l.seq()
	l.typing, l.typed, l.hits = false, editor{}, foundHits{}
	l.cursor = l.from(seq)
}

// typeKey handles a key while a text is typed; false leaves it to the list.
func (l *foundList) typeKey(ev *tcell.EventKey, name string) bool {
	switch name {
	case "Enter":
		l.typing = false
		return true
	case "Up", "Down", "PgUp", "PgDn", "Esc", "Ctrl-C", "Ctrl-L":
		return false
	}
	before := l.typed.text
	if !l.typed.key(ev) {
		return true
	}
	if l.typed.text != before {
		l.look()
	}
	return true
}

// findOn looks for one slice of time in the list of findings, if it is open. It
// tells whether that needs more.
func (u *ui) findOn() (more bool) {
	l, ok := u.over.(*foundList)
	if !ok || l.typed.text == "" {
		return false
	}
	o, h := l.findings(), &l.hits
	if h.done && h.upTo == o.len() && h.conn == o.conn && h.least == o.least {
		return false
	}
	if h.upTo != o.len() || h.conn != o.conn || h.least != o.least {
		h.begin(o, l.typed.text)
	}
	deadline := time.Now().Add(slice)
	for n := 1; h.next < o.len(); n++ {
		if l.holds(o.at(h.next)) {
			h.found = append(h.found, o.order[h.next])
		}
		h.next++
		if n%16 == 0 && time.Now().After(deadline) {
			return h.next < o.len()
		}
	}
	h.hits, h.found, h.done = h.found, nil, true
	return false
}

// holds tells whether the text stands in what the list says of an entry.
func (l *foundList) holds(f *inspector.Finding) bool {
	if f.Rule == "" && strings.Contains(strings.ToLower(cut(l.whatHappened(f), 2000)), l.hits.text) {
		return true
	}
	return slices.ContainsFunc([]string{l.u.cap.nameOf(f), f.Level.String(), number(f.Seq), cut(f.Text, 1000), cut(f.Advice, 400), f.Ref.String()},
		func(s string) bool { return strings.Contains(strings.ToLower(s), l.hits.text) })
}

func (l *foundList) len() int {
	if l.typed.text != "" {
		return len(l.hits.hits)
	}
	return l.findings().len()
}

// at is the entry in line i.
func (l *foundList) at(i int) *inspector.Finding {
	o := l.findings()
	if l.typed.text != "" {
		return o.entry(l.hits.hits[i])
	}
	return o.at(i)
}

// from is the first line about an event or a later one.
func (l *foundList) from(seq decode.Seq) int {
	o := l.findings()
	if l.typed.text == "" {
		return o.from(seq)
	}
	return sort.Search(len(l.hits.hits), func(i int) bool { return o.seqOf(l.hits.hits[i]) >= seq })
}

// drawTyped is the row in which a text is typed.
func (l *foundList) drawTyped(c canvas) {
	th := l.u.th
	count := " " + thousands(l.len()) + " of " + thousands(l.findings().len())
	x := c.text(0, 0, c.w, "find ", th.strong)
	box := c.sub(0, 0, c.w-width(count)-1, 1)
	if l.typing {
		l.typed.draw(box, x, 0, th.base, -1)
	} else {
		box.text(x, 0, box.w-x, wire(l.typed.text), th.base)
	}
	c.text(c.w-width(count), 0, width(count), count, th.dim)
}
