package tui

import "github.com/gdamore/tcell/v2"

// tabFlag is the sign behind the name of a tab.
type tabFlag struct {
	text  string
	style tcell.Style
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
// Where they do not fit they stand closer, and then only the one in front has
// its name: their numbers are their keys.
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
		before, name, behind := d.tabName(tab(i), form, flags[i].text)
		d.tabX[i] = x
		x = c.text(x, 0, c.w-x, before, st)
		x = c.text(x, 0, c.w-x, name, st)
		if f := flags[i]; f.text != "" {
			if !front {
				st = f.style
			}
			x = c.text(x, 0, c.w-x, pick(form == tabsWide, " ", "")+f.text, st)
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
	tabsWide  tabsForm = iota // " 2 XML ✗ "
	tabsClose                 // "2 XML✗ "
	tabsBare                  // "2✗ ", but for the one in front
)

// tabName is the name of a tab with what stands before it and behind its flag.
func (d *detail) tabName(t tab, form tabsForm, flag string) (before, name, behind string) {
	name = string(rune('1'+t)) + " " + d.defs[t].name
	if form == tabsBare && t != d.tab {
		name = name[:1]
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
		before, name, behind := d.tabName(tab(i), form, flags[i].text)
		n += width(before) + width(name) + width(behind)
		if f := width(flags[i].text); f > 0 {
			n += f
			if form == tabsWide {
				n++
			}
		}
	}
	return n
}
