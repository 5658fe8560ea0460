package tui

import (
	"github.com/rivo/tview"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// convList shows the conversations of the capture. Its first line stands for
// all of them together; moving the cursor chooses what the event list shows.
type convList struct {
	*tview.Box
	u      *ui
	cursor int // 0 for all, else 1 + index of the capture's conversations
	top    int
	body   canvas
}

// convRight is the width of the columns at the right: profile, phase reached,
// outcome, events, events with something wrong.
const convRight = 9 + 1 + 8 + 1 + 9 + 1 + 7 + 1 + 6

func newConvList(u *ui) *convList { return &convList{Box: tview.NewBox(), u: u} }

func (l *convList) forget() { l.cursor, l.top = 0, 0 }

func (l *convList) draw(c canvas) {
	th, n := l.u.th, len(l.u.cap.convs)
	rule, style, name := "─", th.dim, th.base
	if l.u.focus == paneConvs {
		rule, style, name = "━", th.strong, th.barStrong
	}
	c.fill(0, 0, c.w, rule, style)
	l.body = c.sub(0, 1, c.w, c.h-1)
	x := c.text(1, 0, c.w-1, " "+plural(n, "conversation")+" ", name)
	if l.body.h == 0 {
		c.text(x+1, 0, c.w-x-2, " showing "+l.chosen()+" · Shift-Tab to choose ", th.base)
		return
	}
	if at := c.w - convRight; at > x {
		c.text(at, 0, convRight, " kind      reached  ended       events ", th.dim)
	}
	if l.cursor < l.top {
		l.top = l.cursor
	}
	if l.cursor >= l.top+l.body.h {
		l.top = l.cursor - l.body.h + 1
	}
	l.top = max(0, min(l.top, n+1-l.body.h))
	for y := 0; y < l.body.h && l.top+y <= n; y++ {
		l.drawRow(y, l.top+y)
	}
}

// chosen says in a few words what is shown.
func (l *convList) chosen() string {
	if l.cursor == 0 || l.cursor > len(l.u.cap.convs) {
		return "all"
	}
	v := &l.u.cap.convs[l.cursor-1]
	return "#" + thousands(int(v.Conn)) + " " + who(v)
}

func (l *convList) drawRow(y, i int) {
	th, b, c := l.u.th, l.body, l.u.cap
	style, bad := th.base, th.bad
	if i == l.cursor {
		b.text(0, y, 1, "▶", th.strong)
		style = style.Bold(true)
		if l.u.focus == paneConvs {
			style, bad = reversed(style), reversed(bad)
			b.fill(1, y, b.w-1, " ", style)
		}
	}
	if i == 0 {
		b.text(2, y, b.w-2, "all "+plural(len(c.convs), "conversation")+" on one time line, "+plural(c.store.Len(), "event"), style)
		return
	}
	v := &c.convs[i-1]
	t := c.tracks.of(v.Conn)
	x := b.text(2, y, 6, "#"+thousands(int(v.Conn)), style)
	x = max(x+1, 7)
	b.text(x, y, b.w-convRight-x-1, who(v), style)
	x = b.w - convRight
	b.text(x, y, 9, profileWord(v.Profile), style)
	b.text(x+10, y, 8, reached(t), style)
	ended := style
	if v.Outcome != decode.OutcomeClosed && v.Outcome != decode.OutcomeOpen {
		ended = bad
	}
	b.text(x+19, y, 9, v.Outcome.String(), ended)
	events := thousands(t.events)
	b.text(x+36-width(events), y, 7, events, style)
	if t.bad > 0 {
		b.text(x+37, y, 6, "✗ "+thousands(t.bad), bad)
	}
}

// who is whose conversation it is: the address that was bound, or the domain
// asked for, or the machine.
func who(v *decode.Conversation) string {
	switch {
	case v.JID != "":
		return inspector.Disarm(v.JID)
	case v.Domain != "":
		return inspector.Disarm(v.Initiator + " → " + v.Domain)
	}
	return inspector.Disarm(v.Initiator + " → " + v.Receiver)
}

func profileWord(p decode.Profile) string {
	if p == decode.ProfileUnknown {
		return "?"
	}
	return p.String()
}

// reached is the phase that the conversation came to before it ended.
func reached(t *track) string {
	best := decode.PhaseNone
	for i := range t.stages {
		if p := t.stages[i].phase; p > best && (p != decode.PhaseClose || best == decode.PhaseNone) {
			best = p
		}
	}
	return phaseLabel(best)
}

// choose takes a line and shows its events.
func (l *convList) choose(i int) {
	c := l.u.cap
	l.cursor = max(0, min(i, len(c.convs)))
	id := decode.ConnID(0)
	if l.cursor > 0 {
		id = c.convs[l.cursor-1].Conn
	}
	c.setConn(id)
}

func (l *convList) move(n int) { l.choose(l.cursor + n) }

func (l *convList) click(x, y, wheel int) {
	switch {
	case wheel != 0:
		l.move(wheel)
	case l.body.contains(x, y):
		l.choose(l.top + y - l.body.y)
	}
}
