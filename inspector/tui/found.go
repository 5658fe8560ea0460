package tui

import (
	"cmp"
	"slices"
	"sort"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

// foundOrder is the findings and the failures of what is shown in the order of
// their events. It is made again when there are more.
type foundOrder struct {
	c     *capture
	all   []inspector.Finding // all of the store
	fails []int32             // rows of all failures
	conn  decode.ConnID
	least inspector.Level
	order []int32 // in all; of failures -1 less their place in fails
	count tally   // of the conversations shown, whatever least is
	// failures is how many events of the conversations shown tell of one.
	failures int
	told     map[int32]*inspector.Finding // failures that were looked at, by row
	made     bool
}

// findings are those of the conversations shown that are at least so grave.
func (c *capture) findings(least inspector.Level) *foundOrder {
	o := &c.found
	if o.made && o.conn == c.conn && o.least == least && len(o.all) == c.store.Found().Len() && len(o.fails) == len(c.tracks.failures) {
		return o
	}
	*o = foundOrder{c: c, all: c.store.Found().From(0), fails: c.tracks.failures, conn: c.conn, least: least, order: o.order[:0], told: o.told, made: true}
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
	for i, row := range o.fails {
		if c.conn == 0 || c.store.Row(int(row)).Conn() == c.conn {
			o.failures++
			o.order = append(o.order, int32(-1-i))
		}
	}
	slices.SortStableFunc(o.order, func(a, b int32) int {
		if x, y := o.seqOf(a), o.seqOf(b); x != y {
			return cmp.Compare(x, y)
		}
		return o.rank(b) - o.rank(a)
	})
	return o
}

func (o *foundOrder) seqOf(at int32) decode.Seq {
	if at < 0 {
		return o.c.store.Row(int(o.fails[-1-at])).Seq()
	}
	return o.all[at].Seq
}

// rank puts a failure before what is found about its event, and what is graver
// before the rest.
func (o *foundOrder) rank(at int32) int {
	if at < 0 {
		return int(inspector.LevelError) + 1
	}
	return int(o.all[at].Level)
}

func (o *foundOrder) len() int { return len(o.order) }

// seq is the event of entry i.
func (o *foundOrder) seq(i int) decode.Seq { return o.seqOf(o.order[i]) }

// at is entry i. A failure is a finding without a rule.
func (o *foundOrder) at(i int) *inspector.Finding { return o.entry(o.order[i]) }

func (o *foundOrder) entry(at int32) *inspector.Finding {
	if at >= 0 {
		return &o.all[at]
	}
	return o.failure(o.fails[-1-at])
}

// from is the first entry about an event or a later one.
func (o *foundOrder) from(seq decode.Seq) int {
	return sort.Search(o.len(), func(i int) bool { return o.seq(i) >= seq })
}

// maxTold bounds how many failures are remembered in words.
const maxTold = 1024

// failure puts the failure of a row in words.
func (o *foundOrder) failure(row int32) *inspector.Finding {
	if f := o.told[row]; f != nil {
		return f
	}
	r := o.c.store.Row(int(row))
	f := &inspector.Finding{Level: inspector.LevelError, Seq: r.Seq(), Conn: r.Conn(), Text: "an event that cannot be read back"}
	if e, err := o.c.store.Event(int(row)); err == nil {
		f.Text = explain.Title(explain.As(e, o.c.profile(e.Conn)))
		f.Who, f.Span = lint.Side(e.Dir), conditionSpan(e)
	}
	if o.told == nil || len(o.told) >= maxTold {
		o.told = map[int32]*inspector.Finding{}
	}
	o.told[row] = f
	return f
}

// conditionSpan is where the condition of a failure stands in the text.
func conditionSpan(e *decode.Event) (at xmlstream.Span) {
	if n := xmlTree(e); n != nil && e.Condition != "" {
		for x := range n.All() {
			if x.Kind == xmlstream.ElementNode && x.Name.Local == e.Condition {
				return x.Span
			}
		}
	}
	return at
}

// nameOf is the rule of a finding, or what sort of failure it is.
func (c *capture) nameOf(f *inspector.Finding) string {
	if f.Rule != "" {
		return wire(f.Rule)
	}
	if row, ok := c.store.Find(f.Seq); ok && c.store.Row(row).Kind() == decode.KindGap {
		return "lost bytes"
	}
	return "failure"
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
		at, ok := u.cap.store.Find(o.seq(i))
		if !ok {
			continue
		}
		if line, shown := u.cap.view.Find(at); shown {
			u.cap.moveTo(line)
			u.tellFinding(o, i)
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

// tellFinding says at the foot what was found about the event that entry i is
// about, and marks its place for the tabs.
func (u *ui) tellFinding(o *foundOrder, i int) {
	seq := o.seq(i)
	first, last := i, i
	for first > 0 && o.seq(first-1) == seq {
		first--
	}
	for last+1 < o.len() && o.seq(last+1) == seq {
		last++
	}
	f := o.at(first)
	sign, _ := levelSign(u.th, f.Level)
	place := thousands(first+1) + pick(last > first, "–"+thousands(last+1), "") + " of " + thousands(o.len())
	u.say(noteInfo, place+" "+sign+" "+capped(f.Text, 400))
	u.message.more = pick(f.Rule != "", " ("+wire(f.Rule)+")", "")
	u.detail.show(u.cap.row())
	u.detail.note(markOf(f))
}

// firstFailure is the row of the first failure that is shown, -1 for none. Lost
// bytes and errors in stanzas count only where nothing else failed: the first are
// the recording's, the others everyday life.
func (c *capture) firstFailure() int {
	const most = 10_000 // a key waits for it
	first, lesser := -1, true
	for _, at := range c.tracks.failures[:min(len(c.tracks.failures), most)] {
		row := int(at)
		if _, shown := c.view.Find(row); !shown {
			continue
		}
		switch kind := c.store.Row(row).Kind(); {
		case kind != decode.KindStanza && kind != decode.KindGap && kind != decode.KindBroken:
			return row
		case first < 0 || lesser && kind != decode.KindStanza:
			first, lesser = row, kind == decode.KindStanza
		}
	}
	return first
}

// tellFailure says at the foot what failed, so that nobody has to look for it. A
// lesson says itself what is to be looked at.
func (u *ui) tellFailure() {
	if u.lesson != nil {
		return
	}
	if row := u.cap.firstFailure(); row >= 0 {
		f := u.cap.findings(u.least).failure(int32(row))
		u.message = message{text: number(f.Seq) + " " + capped(f.Text, 200), kind: noteBad, keys: []hint{{"F", "see it"}, {"w", "why"}}}
	}
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
	if f.Rule == "" { // the reason in words says more than its place
		d.point(tabExplain, markOf(f))
	} else {
		d.point(tabOf(f, d.event), markOf(f))
	}
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
