package tui

import (
	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// foundList lists the findings of what is shown, with all about the marked one
// below. Enter goes to its bytes.
type foundList struct {
	u           *ui
	cursor, top int
	body        canvas
}

// showFindings opens the list at the selected event.
func (u *ui) showFindings() {
	l := &foundList{u: u}
	if row := u.cap.row(); row >= 0 {
		l.cursor = l.findings().from(u.cap.store.Row(row).Seq())
	}
	u.over = l
}

func (l *foundList) findings() *foundOrder { return l.u.cap.findings(l.u.least) }

// aboutLines is how many lines the marked finding gets.
const aboutLines = 6

func (l *foundList) draw(c canvas) {
	o := l.findings()
	in := window(c.sub(0, 0, c.w, c.h-1), l.u.th, l.title(o), c.w, c.h-1)
	about := 0
	if o.len() > 0 {
		about = min(aboutLines, in.h/2)
	}
	l.body = in.sub(0, 0, in.w, in.h-about)
	if o.len() == 0 {
		drawProse(l.body, " \n"+nothingFound(l.u.cap, l.u.least)+pick(l.u.least > inspector.LevelNote, ". a shows all.", "."), l.u.th.base)
		return
	}
	l.move(0)
	if l.cursor < l.top {
		l.top = l.cursor
	}
	if l.cursor >= l.top+l.body.h {
		l.top = l.cursor - l.body.h + 1
	}
	l.top = max(0, min(l.top, o.len()-l.body.h))
	for y := 0; y < l.body.h && l.top+y < o.len(); y++ {
		l.drawRow(y, l.top+y, o.at(l.top+y))
	}
	if l.top+l.body.h < o.len() {
		l.body.text(l.body.w-1, l.body.h-1, 1, "↓", l.u.th.strong)
	}
	l.drawAbout(in.sub(0, in.h-about, in.w, about), o.at(l.cursor))
}

// title says how many there are, and which are shown.
func (l *foundList) title(o *foundOrder) string {
	s := "Findings: " + plural(o.count[inspector.LevelError], "error") + " ✗ · " +
		plural(o.count[inspector.LevelWarning], "warning") + " ! · " + plural(o.count[inspector.LevelNote], "note") + " i"
	switch l.u.least {
	case inspector.LevelError:
		s += " — errors only"
	case inspector.LevelWarning:
		s += " — without notes"
	}
	return s
}

// ruleWidth is how wide the names of rules make their column.
const ruleWidth = 26

func (l *foundList) drawRow(y, i int, f *inspector.Finding) {
	th, b := l.u.th, l.body
	sign, style := levelSign(th, f.Level)
	base, dim, mark := th.base, th.dim, "  "
	if i == l.cursor {
		base, dim, style, mark = reversed(th.base), reversed(th.base), reversed(style), "▶ "
		b.fill(0, y, b.w, " ", base)
	}
	x := b.text(0, y, 2, mark, base)
	x = b.text(x, y, 2, sign+" ", style)
	seq := number(f.Seq)
	if l.u.cap.mixed() {
		seq += " (" + thousands(int(f.Conn)) + ")"
	}
	b.text(x, y, 11, seq, dim)
	x += pickWidth(l.u.cap.mixed(), 12, 7)
	b.text(x, y, ruleWidth, wire(f.Rule), base.Bold(true))
	b.text(x+ruleWidth+1, y, b.w-x-ruleWidth-2, capped(f.Text, 400), base)
}

func pickWidth(first bool, a, b int) int {
	if first {
		return a
	}
	return b
}

// drawAbout says all about a finding.
func (l *foundList) drawAbout(c canvas, f *inspector.Finding) {
	c.fill(0, 0, c.w, "─", l.u.th.dim)
	b := newBuilder(l.u.th)
	sign, style := levelSign(b.th, f.Level)
	what := number(f.Seq)
	profile := l.u.cap.profile(f.Conn)
	if row, ok := l.u.cap.store.Find(f.Seq); ok {
		what += " " + l.u.list.texts.get(l.u.cap.store, row).element
	}
	b.line(span{sign + " ", style}, span{f.Level.String() + " " + wire(f.Rule), b.th.strong},
		span{" in " + what + ", by " + blamed(profile, f.Who) + " (" + f.Ref.String() + ")", b.th.base}).hang = 2
	b.line(span{"  " + capped(f.Text, 1000), b.th.base}).hang = 2
	if f.Advice != "" {
		b.line(span{"→ " + capped(f.Advice, 400), b.th.base}).hang = 2
	}
	p := &b.p
	for y, n := 0, p.fit(c.w); y < n && y+1 < c.h; y++ {
		p.draw(c, y+1, y)
	}
}

// blamed names who broke a rule.
func blamed(p decode.Profile, w inspector.Who) string {
	switch w {
	case inspector.WhoInitiator:
		return "the " + sideName(p, decode.FromInitiator)
	case inspector.WhoReceiver:
		return "the " + sideName(p, decode.FromReceiver)
	}
	return "something on the way"
}

func (l *foundList) move(n int) {
	l.cursor = max(0, min(l.cursor+n, l.findings().len()-1))
}

func (l *foundList) key(ev *tcell.EventKey) bool {
	page := max(1, l.body.h-1)
	switch keyName(ev) {
	case "j", "Down", "}":
		l.move(1)
	case "k", "Up", "{":
		l.move(-1)
	case "PgDn", "Space", "Ctrl-F":
		l.move(page)
	case "PgUp", "Ctrl-B":
		l.move(-page)
	case "Home", "g":
		l.move(-l.findings().len())
	case "End", "G":
		l.move(l.findings().len())
	case "e":
		l.only(inspector.LevelError)
	case "w":
		l.only(inspector.LevelWarning)
	case "a":
		l.only(inspector.LevelNote)
	case "Enter":
		l.open()
	case "Esc", "F", "q":
		l.u.close()
	case "Ctrl-C", "Ctrl-L":
		return false
	}
	return true
}

// only lists findings of a level and graver ones, and stays near its place.
func (l *foundList) only(least inspector.Level) {
	seq := decode.Seq(0)
	if o := l.findings(); l.cursor < o.len() {
		seq = o.at(l.cursor).Seq
	}
	l.u.least = least
	l.cursor = l.findings().from(seq)
}

func (l *foundList) open() {
	if o := l.findings(); l.cursor < o.len() {
		l.u.openFinding(o.at(l.cursor))
	}
}

func (l *foundList) paste(string) {}

func (l *foundList) mouse(x, y, wheel int) {
	switch {
	case wheel != 0:
		l.move(3 * wheel)
	case l.body.contains(x, y):
		if i := l.top + y - l.body.y; i == l.cursor {
			l.open()
		} else {
			l.cursor = i
		}
	}
}

func (l *foundList) hints() []hint {
	return []hint{{"Enter", "to its bytes"}, {"↑ ↓", "move"}, {"e", "errors"}, {"w", "and warnings"}, {"a", "all"}, {"F", "closes"}}
}
