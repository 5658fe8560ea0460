package tui

import (
	"slices"
	"strings"

	"github.com/gdamore/tcell/v2"
	"github.com/sahilm/fuzzy"
)

// item is one line of a chooser.
type item struct {
	group string // heading that it stands under, before anything is typed
	key   string // what stands at its left: a key or a short name
	text  string
	about string // shown while it is marked
	match string // what typed letters are compared with
	also  string // text in which they are looked for as they stand
	off   string // why it cannot be picked now; empty where it can
}

// chooser is a list to pick from by typing some letters of an item. It is the
// start screen, the list of captures to open and the command palette.
type chooser struct {
	th     *theme
	intro  string // some lines above the list
	label  string // before the typed text
	items  []item
	typed  editor
	order  []int // the items that match, best first
	cursor int   // in order
	top    int
	rows   []int // by screen row of the last draw: place in order, or -1
	area   canvas
	// free is what typed text that picks no item is good for, "" for nothing.
	free string
	// query, where set, is what of the typed text items are looked for by.
	query func(typed string) string
	// empty stands where nothing is typed, failed below what is typed until that
	// is changed; remark, where set, is asked for what stands there else.
	empty, failed string
	remark        func() (text string, column int, kind noteKind)

	pick    func(index int, typed string) // index -1: the text as typed
	options func(index int, typed string) // Ctrl-O, where set: pick with more choices
	quit    func()                        // Esc
	leaving string                        // what Esc does, "" for going back
}

func newChooser(th *theme, label string, items []item) *chooser {
	c := &chooser{th: th, label: label, items: items}
	c.refilter()
	return c
}

// refilter finds the items for what is typed.
func (c *chooser) refilter() {
	c.order, c.cursor, c.top, c.failed = c.order[:0], 0, 0, ""
	text := c.typed.text
	if c.query != nil {
		text = c.query(text)
	}
	if text == "" {
		for i := range c.items {
			c.order = append(c.order, i)
		}
		return
	}
	word := strings.ToLower(text)
	for i := range c.items {
		if strings.ToLower(c.items[i].match) == word {
			c.order = append(c.order, i) // what is named in full comes first
		}
	}
	for _, m := range fuzzy.FindFrom(text, matchSource(c.items)) {
		if !slices.Contains(c.order, m.Index) {
			c.order = append(c.order, m.Index)
		}
	}
	for i := range c.items {
		if strings.Contains(strings.ToLower(c.items[i].also), word) && !slices.Contains(c.order, i) {
			c.order = append(c.order, i)
		}
	}
}

type matchSource []item

func (s matchSource) String(i int) string { return s[i].match }
func (s matchSource) Len() int            { return len(s) }

func (c *chooser) key(ev *tcell.EventKey) bool {
	switch ev.Key() {
	case tcell.KeyTab:
		c.complete()
	case tcell.KeyDown, tcell.KeyCtrlN:
		c.move(1)
	case tcell.KeyUp, tcell.KeyCtrlP, tcell.KeyBacktab:
		c.move(-1)
	case tcell.KeyPgDn:
		c.move(10)
	case tcell.KeyPgUp:
		c.move(-10)
	case tcell.KeyEnter:
		c.choose()
	case tcell.KeyCtrlO:
		c.more()
	case tcell.KeyEscape:
		c.quit()
	default:
		before := c.typed.text
		if !c.typed.key(ev) {
			return false
		}
		if c.typed.text != before {
			c.refilter()
		}
	}
	return true
}

// complete makes a typed file name longer; elsewhere Tab moves on.
func (c *chooser) complete() {
	if c.free == "" || c.typed.text == "" {
		c.move(1)
		return
	}
	c.typed.set(completePath(c.typed.text))
	c.refilter()
}

func (c *chooser) paste(text string) {
	c.typed.insert(text)
	c.refilter()
}

func (c *chooser) move(n int) {
	c.cursor = max(0, min(c.cursor+n, len(c.order)-1))
}

func (c *chooser) choose() {
	switch {
	case c.cursor < len(c.order) && !(c.free != "" && looksLikePath(c.typed.text)):
		c.pick(c.order[c.cursor], c.typed.text)
	case c.free != "" && c.typed.text != "":
		c.pick(-1, c.typed.text)
	}
}

// more is choose with what else can be chosen.
func (c *chooser) more() {
	switch {
	case c.options == nil:
	case c.free != "" && (looksLikePath(c.typed.text) || len(c.order) == 0):
		c.options(-1, c.typed.text)
	case c.cursor < len(c.order):
		c.options(c.order[c.cursor], c.typed.text)
	}
}

// looksLikePath tells a file name from letters that pick an item.
func looksLikePath(s string) bool {
	for i := range len(s) {
		if s[i] == '/' || s[i] == '\\' || s[i] == '.' {
			return true
		}
	}
	return false
}

func (c *chooser) mouse(x, y, wheel int) {
	if wheel != 0 {
		c.move(wheel)
		return
	}
	if !c.area.contains(x, y) {
		return
	}
	if i := y - c.area.y; i < len(c.rows) && c.rows[i] >= 0 {
		if c.cursor == c.rows[i] {
			c.choose()
			return
		}
		c.cursor = c.rows[i]
	}
}

func (c *chooser) hints() []hint {
	all := []hint{{"↑ ↓", "move"}, {"type", "to find"}}
	if c.options != nil {
		all = append(all, hint{"Ctrl-O", "options"})
	}
	if c.free != "" {
		all = append(all, hint{"Tab", "file name"})
	}
	leaving := c.leaving
	if leaving == "" {
		leaving = "back"
	}
	return append(all, hint{"Enter", "choose"}, hint{"Esc", leaving})
}
