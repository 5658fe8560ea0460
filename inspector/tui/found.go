package tui

import (
	"slices"
	"sort"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// foundOrder is the findings of what is shown in the order of their events. It
// is made again when there are more.
type foundOrder struct {
	all   []inspector.Finding // all of the store
	conn  decode.ConnID
	least inspector.Level
	order []int32 // in all
	count tally   // of the conversations shown, whatever least is
	made  bool
}

// findings are those of the conversations shown that are at least so grave.
func (c *capture) findings(least inspector.Level) *foundOrder {
	o := &c.found
	if o.made && o.conn == c.conn && o.least == least && len(o.all) == c.store.Found().Len() {
		return o
	}
	*o = foundOrder{all: c.store.Found().From(0), conn: c.conn, least: least, order: o.order[:0], made: true}
	for i := range o.all {
		f := &o.all[i]
		if c.conn != 0 && f.Conn != c.conn || int(f.Level) >= len(o.count) {
			continue
		}
		o.count[f.Level]++
		if f.Level >= least {
			o.order = append(o.order, int32(i))
		}
	}
	slices.SortStableFunc(o.order, func(a, b int32) int {
		x, y := &o.all[a], &o.all[b]
		if x.Seq != y.Seq {
			return int(x.Seq) - int(y.Seq)
		}
		return int(y.Level) - int(x.Level)
	})
	return o
}

func (o *foundOrder) len() int { return len(o.order) }

func (o *foundOrder) at(i int) *inspector.Finding { return &o.all[o.order[i]] }

// from is the first finding about an event or a later one.
func (o *foundOrder) from(seq decode.Seq) int {
	return sort.Search(o.len(), func(i int) bool { return o.at(i).Seq >= seq })
}

// nextFinding goes to the next event, or with -1 the one before, that something
// is found about and that is shown.
func (u *ui) nextFinding(dir int) {
	row := u.cap.row()
	if row < 0 {
		u.say(noteInfo, "nothing is selected")
		return
	}
	o := u.cap.findings(u.least)
	seq := u.cap.store.Row(row).Seq()
	i := o.from(seq) - 1
	if dir > 0 {
		i = o.from(seq + 1)
	}
	for ; i >= 0 && i < o.len(); i += dir {
		f := o.at(i)
		at, ok := u.cap.store.Find(f.Seq)
		if !ok {
			continue
		}
		if line, shown := u.cap.view.Find(at); shown {
			i, f = o.first(i)
			u.cap.moveTo(line)
			sign, _ := levelSign(u.th, f.Level)
			u.say(noteInfo, thousands(i+1)+" of "+thousands(o.len())+": "+sign+" "+wire(f.Rule)+": "+capped(f.Text, 400))
			return
		}
	}
	switch {
	case o.len() == 0:
		u.say(noteInfo, nothingFound(u.cap, u.least))
	case dir > 0:
		u.say(noteInfo, "no finding about a later event"+u.stillReading())
	default:
		u.say(noteInfo, "no finding about an earlier event")
	}
}

// first is the first finding, the gravest, about the event of finding i.
func (o *foundOrder) first(i int) (int, *inspector.Finding) {
	for i > 0 && o.at(i-1).Seq == o.at(i).Seq {
		i--
	}
	return i, o.at(i)
}

// nothingFound says in words that a list of findings is empty.
func nothingFound(c *capture, least inspector.Level) string {
	what := "nothing was found wrong here, nor worth a note"
	if least > inspector.LevelNote {
		what = "no finding is as grave as a" + pick(least == inspector.LevelError, "n error", " warning")
	}
	if c.load.running() {
		what += " so far; more is being read"
	}
	return what
}

// openFinding goes to the event of a finding and shows the very bytes, fields or
// words that it is about. It tells whether the event is shown.
func (u *ui) openFinding(f *inspector.Finding) bool {
	row, ok := u.cap.store.Find(f.Seq)
	switch {
	case !ok:
		u.say(noteBad, number(f.Seq)+" is not in this capture")
		return false
	case !u.goTo(row):
		u.say(noteInfo, number(f.Seq)+" is hidden by the filter; f changes it")
		return false
	}
	u.close()
	d := u.detail
	d.show(row)
	d.point(tabOf(f, d.event), markOf(f))
	u.focusOn(paneDetail)
	u.say(noteInfo, "Backspace goes back, F to the list")
	return true
}

// markOf is what to mark of a finding.
func markOf(f *inspector.Finding) stretch {
	return stretch{start: int(f.Span.Start), end: int(f.Span.End), in: f.In, rule: f.Rule, text: f.Text}
}

// tabOf is the tab that shows what a finding is about.
func tabOf(f *inspector.Finding, e *decode.Event) tab {
	switch {
	case e == nil || f.Span.Len() <= 0:
		return tabExplain
	case f.In != lint.InText:
		return tabSASL
	case hasXML(e):
		return tabXML
	}
	return tabBytes
}
