package tui

import (
	"strings"
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"
)

// tabFlag is the sign behind the name of a tab.
type tabFlag struct {
	text  string
	style tcell.Style
}

// in is the sign in a form: without numbers where room is short.
func (f tabFlag) in(form tabsForm) string {
	switch {
	case f.text == "":
		return ""
	case form == tabsWide:
		return " " + f.text
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(f.text, "0123456789"))
	return string(r)
}

// flags are the signs of all tabs, made once an event.
func (d *detail) flags() *[tabCount]tabFlag {
	if d.flag == nil && d.event != nil {
		in := d.input()
		d.flag = new([tabCount]tabFlag)
		for i := range d.defs {
			if f := d.defs[i].flag; f != nil {
				text, style := f(in)
				d.flag[i] = tabFlag{text, style}
			}
		}
	}
	if d.flag == nil {
		return new([tabCount]tabFlag)
	}
	return d.flag
}

// drawTabs writes the names of the tabs; the one in front stands in brackets.
// Where they do not fit they stand closer, then are cut, and at last only the one
// in front has its name: their numbers are their keys.
func (d *detail) drawTabs(c canvas, focused bool) {
	th := d.u.th
	rule, style := "─", th.dim
	if focused {
		rule, style = "━", th.strong
	}
	c.fill(0, 0, c.w, rule, style)
	flags := d.flags()
	after := d.behindTabs()
	form := tabsWide
	for form < tabsBare && 1+d.tabsWidth(form, flags)+width(after) > c.w {
		form++
	}
	x := 1
	for i := range d.defs {
		st := th.base
		front := tab(i) == d.tab
		if front {
			st = pickStyle(focused, th.barStrong, th.strong)
		}
		before, name, behind := d.tabName(tab(i), form)
		d.tabX[i] = x
		x = c.text(x, 0, c.w-x, before, st)
		x = c.text(x, 0, c.w-x, name, st)
		if f := flags[i]; f.text != "" {
			if !front {
				st = f.style
			}
			x = c.text(x, 0, c.w-x, f.in(form), st)
			st = pickStyle(front, pickStyle(focused, th.barStrong, th.strong), th.base)
		}
		x = c.text(x, 0, c.w-x, behind, st)
	}
	d.tabX[tabCount] = x
	d.headEnd = c.text(x, 0, c.w-x, after, pickStyle(d.hold != nil, th.warn.Reverse(true), th.warn))
}

// behindTabs says what must not be overlooked of the event, whatever tab is in
// front.
func (d *detail) behindTabs() string {
	switch {
	case d.hold != nil:
		return " HELD "
	case d.event != nil && originSign(d.event.Origin) != "":
		return " " + originSign(d.event.Origin) + " " + d.event.Origin.String() + " "
	}
	return ""
}

// tabsForm is how much room the names of the tabs take.
type tabsForm uint8

const (
	tabsWide  tabsForm = iota // " 6 Findings 2✗ 1! "
	tabsClose                 // "6 Findings✗ "
	tabsShort                 // "6 Find✗ "
	tabsBare                  // "6✗ ", but for the one in front
)

// tabName is the name of a tab with what stands before it and behind its sign.
func (d *detail) tabName(t tab, form tabsForm) (before, name, behind string) {
	name = string(rune('1'+t)) + " " + d.defs[t].name
	switch {
	case t == d.tab:
	case form == tabsBare:
		name = name[:1]
	case form == tabsShort:
		name = name[:min(len(name), len("6 Find"))]
	}
	before, behind = pick(form == tabsWide, " ", ""), " "
	if t == d.tab {
		before, behind = "[", "]"
		if form != tabsWide {
			behind = "] "
		}
	}
	return before, name, behind
}

func (d *detail) tabsWidth(form tabsForm, flags *[tabCount]tabFlag) int {
	n := 0
	for i := range d.defs {
		before, name, behind := d.tabName(tab(i), form)
		n += width(before) + width(name) + width(behind) + width(flags[i].in(form))
	}
	return n
}
