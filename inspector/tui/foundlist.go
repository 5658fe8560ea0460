package tui

import (
	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/inspector"
)

// foundList lists the findings of what is shown, with all about the marked one
// below. Enter goes to its bytes, and / lists those alone that hold a text.
type foundList struct {
	u           *ui
	cursor, top int
	body        canvas
	typing      bool
	typed       editor
	hits        foundHits
}

// showFindings opens the list at the selected event; who has not moved yet is
// shown the first failure.
func (u *ui) showFindings() {
	l := &foundList{u: u}
	row := u.cap.row()
	if first := u.cap.firstFailure(); u.cap.line() == 0 && first > row {
		row = first
	}
	if row >= 0 {
		l.cursor = l.from(u.cap.store.Row(row).Seq())
	}
	u.over = l
}

func (l *foundList) findings() *foundOrder { return l.u.cap.findings(l.u.least) }

// The lines that all about the marked finding gets, from a small screen to a
// large one.
const leastAbout, mostAbout = 6, 12

func (l *foundList) draw(c canvas) {
	o := l.findings()
	in := window(c.sub(0, 0, c.w, c.h-1), l.u.th, l.title(o), c.w, c.h-1)
	if l.typing || l.typed.text != "" {
		l.drawTyped(in.sub(0, 0, in.w, 1))
		in = in.sub(0, 1, in.w, in.h-1)
	}
	if l.len() == 0 {
		l.body = in
		drawProse(in, " \n"+l.nothing(o), l.u.th.base)
		return
	}
	about := min(max(leastAbout, min(mostAbout, in.h/4)), in.h/2)
	l.body = in.sub(0, 0, in.w, in.h-about)
	l.move(0)
	if l.cursor < l.top {
		l.top = l.cursor
	}
	if l.cursor >= l.top+l.body.h {
		l.top = l.cursor - l.body.h + 1
	}
	l.top = max(0, min(l.top, l.len()-l.body.h))
	for y := 0; y < l.body.h && l.top+y < l.len(); y++ {
		l.drawRow(y, l.top+y, l.at(l.top+y))
	}
	if l.top+l.body.h < l.len() {
		l.body.text(l.body.w-1, l.body.h-1, 1, "↓", l.u.th.strong)
	}
	if l.top > 0 {
		l.body.text(l.body.w-1, 0, 1, "↑", l.u.th.strong)
	}
	l.drawAbout(in.sub(0, in.h-about, in.w, about), l.at(l.cursor))
}

// nothing says why the list is empty, and how it can be filled.
func (l *foundList) nothing(o *foundOrder) string {
	switch {
	case l.typed.text != "" && !l.hits.done:
		return "Looking … " + thousands(100*l.hits.next/max(o.len(), 1)) + " %"
	case l.typed.text != "":
		return "None of these " + thousands(o.len()) + " holds this text. Esc shows all of them again."
	}
	return nothingFound(l.u.cap, l.u.least) + pick(l.u.least > inspector.LevelNote, ". a shows all.", ".")
}

// title says how many there are, and which are shown.
func (l *foundList) title(o *foundOrder) string {
	s := "Findings: "
	if o.failures > 0 {
		s += plural(o.failures, "failure") + " · "
	}
	s += plural(o.count[inspector.LevelError], "error") + " ✗ · " +
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
	b.text(x, y, ruleWidth, l.u.cap.nameOf(f), base.Bold(true))
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
	if l.u.cap.mixed() {
		what += " of conversation " + thousands(int(f.Conn))
	}
	if f.Rule == "" {
		b.line(span{sign + " ", style}, span{l.u.cap.nameOf(f), b.th.strong}, span{" in " + what, b.th.base}).hang = 2
		b.line(span{"  " + capped(l.whatHappened(f), 2000), b.th.base}).hang = 2
	} else {
		b.line(span{sign + " ", style}, span{f.Level.String() + " " + wire(f.Rule), b.th.strong},
			span{" in " + what + ", by " + blamed(profile, f.Who) + " (" + f.Ref.String() + ")", b.th.base}).hang = 2
		b.line(span{"  " + capped(f.Text, 1000), b.th.base}).hang = 2
	}
	if f.Advice != "" {
		b.line(span{"→ " + capped(f.Advice, 400), b.th.base}).hang = 2
	}
	p := &b.p
	n := p.fit(c.w)
	for y := 0; y < n && y+1 < c.h; y++ {
		p.draw(c, y+1, y)
	}
	if n > c.h-1 {
		c.text(c.w-1, c.h-1, 1, "…", l.u.th.strong)
	}
}

// whatHappened explains a failure.
func (l *foundList) whatHappened(f *inspector.Finding) string {
	row, ok := l.u.cap.store.Find(f.Seq)
	if !ok {
		return f.Text
	}
	e, err := l.u.cap.store.Event(row)
	if err != nil {
		return f.Text
	}
	return explain.Event(explain.As(e, l.u.cap.profile(e.Conn))).What
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
	l.cursor = max(0, min(l.cursor+n, l.len()-1))
}

func (l *foundList) key(ev *tcell.EventKey) bool {
	name := keyName(ev)
	if l.typing && l.typeKey(ev, name) {
		return true
	}
	page := max(1, l.body.h-1)
	switch name {
	case "j", "Down", "}":
		l.move(1)
	case "k", "Up", "{":
		l.move(-1)
	case "PgDn", "Space", "Ctrl-F":
		l.move(page)
	case "PgUp", "Ctrl-B":
		l.move(-page)
	case "Home", "g":
		l.move(-l.len())
	case "End", "G":
		l.move(l.len())
	case "e":
		l.only(inspector.LevelError)
	case "w":
		l.only(inspector.LevelWarning)
	case "a":
		l.only(inspector.LevelNote)
	case "/":
		l.typing = true
	case "Enter":
		l.open()
	case "Esc":
		if l.typing || l.typed.text != "" {
			l.clear()
			break
		}
		l.u.close()
	case "F", "q":
		l.u.close()
	case "Ctrl-C", "Ctrl-L":
		return false
	default:
		l.u.say(noteInfo, wire(name)+" does nothing in this list; / lists those that hold a text")
	}
	return true
}

// only lists findings of a level and graver ones, and stays near its place.
func (l *foundList) only(least inspector.Level) {
	seq := l.seq()
	l.u.least = least
	if l.typed.text != "" {
		l.look()
	}
	l.cursor = l.from(seq)
}

// seq is the event of the marked entry.
func (l *foundList) seq() decode.Seq {
	if l.cursor < l.len() {
		return l.at(l.cursor).Seq
	}
	return 0
}

func (l *foundList) open() {
	if l.cursor < l.len() {
		l.u.openFinding(l.at(l.cursor))
		return
	}
	l.u.say(noteInfo, "nothing to go to; "+pick(l.typed.text != "", "Esc", "a")+" shows all")
}

func (l *foundList) paste(text string) {
	l.typing = true
	l.typed.insert(text)
	l.look()
}

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
	if l.typing {
		return []hint{{"Enter", "to the list"}, {"↑ ↓", "move"}, {"Esc", "shows all again"}}
	}
	return []hint{{"Enter", "go there"}, {"↑ ↓", "move"}, {"/", "find"}, {"e", "errors"}, {"w", "and warnings"}, {"a", "all"}, {"F", "closes"}}
}
