package tui

import (
	"cmp"
	"strings"

	"github.com/rivo/tview"

	"xmppscope/decode"
	"xmppscope/decode/explain"
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

// convColumns are the left edges of the columns at the right: the kind of
// conversation with what carries it, its TLS, the phase reached, the outcome,
// events, events with something wrong. What no conversation has gets no room,
// and a narrow list leaves columns out; such an edge is -1.
type convColumns struct {
	kind, tls, reached, ended, events, bad int
	kindWidth, tlsWidth, endedWidth        int
}

const (
	tlsWidth     = 15 // TLS 1.2 no keys
	reachedWidth = 8
	endedWidth   = 9
	stateWidth   = 11 // open 999/s
	eventsWidth  = 7
	badWidth     = 6
	// phaseFrom and endFrom are the widths from which on there is room for the
	// phase and the outcome beside TLS.
	phaseFrom, endFrom = 100, 75
)

func (l *convList) columns(w int) convColumns {
	c := convColumns{tls: -1, reached: -1, ended: -1, kindWidth: 9, tlsWidth: tlsWidth, endedWidth: pickWidth(l.u.isLive(), stateWidth, endedWidth)}
	encrypted := false
	for i := range l.u.cap.convs {
		v := &l.u.cap.convs[i]
		encrypted = encrypted || v.Encrypted
		if v.Transport != "" && v.Transport != decode.TransportTCP {
			c.kindWidth = 10
		}
	}
	c.bad = w - badWidth
	c.events = c.bad - 1 - eventsWidth
	at := c.events
	if !encrypted || w >= endFrom {
		at -= 1 + c.endedWidth
		c.ended = at
	} else {
		c.tlsWidth -= len("TLS ") // the heading says it
	}
	if !encrypted || w >= phaseFrom {
		at -= 1 + reachedWidth
		c.reached = at
	}
	if encrypted {
		at -= 1 + c.tlsWidth
		c.tls = at
	}
	c.kind = at - 1 - c.kindWidth
	return c
}

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
	if cols := l.columns(c.w); cols.kind > x {
		c.text(cols.kind-1, 0, 6, " kind ", th.dim)
		if cols.tls >= 0 {
			c.text(cols.tls-1, 0, 5, " TLS ", th.dim)
		}
		if cols.reached >= 0 {
			c.text(cols.reached-1, 0, 9, " reached ", th.dim)
		}
		if cols.ended >= 0 {
			c.text(cols.ended-1, 0, 7, pick(l.u.isLive(), " state ", " ended "), th.dim)
		}
		c.text(cols.bad-9, 0, 8, " events ", th.dim)
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
	v := l.u.cap.behindVeil(&l.u.cap.convs[l.cursor-1])
	return "#" + thousands(int(v.Conn)) + " " + who(&v)
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
	cols := l.columns(b.w)
	x := b.text(2, y, 6, "#"+thousands(int(v.Conn)), style)
	x = max(x+1, 7)
	shown := c.behindVeil(v)
	name := who(&shown)
	if width(name) > cols.kind-x-1 {
		name = whoShort(&shown)
	}
	b.text(x, y, cols.kind-x-1, name, style)
	b.text(cols.kind, y, cols.kindWidth, kindWord(v), style)
	if c.veil != 0 {
		return // how far it came is what is asked
	}
	if t := inspector.TLSOf(v); t != nil && cols.tls >= 0 {
		words := t.Words(c.unread(v.Conn))
		if cols.tlsWidth < tlsWidth {
			words = strings.TrimPrefix(words, "TLS ")
		}
		b.text(cols.tls, y, cols.tlsWidth, words, style)
	}
	if cols.reached >= 0 {
		b.text(cols.reached, y, reachedWidth, reached(t), style)
	}
	state := v.Outcome.String()
	if v.Outcome == decode.OutcomeOpen {
		if rate := c.rates.of(v.Conn); rate != "" {
			state += " " + rate
		}
	}
	ended := style
	if v.Outcome != decode.OutcomeClosed && v.Outcome != decode.OutcomeOpen {
		ended = bad
	}
	if cols.ended >= 0 {
		b.text(cols.ended, y, cols.endedWidth, state, ended)
	}
	events := thousands(t.events)
	b.text(cols.bad-1-width(events), y, eventsWidth, events, style)
	switch warnings := t.found[inspector.LevelWarning]; {
	case t.bad > 0:
		b.text(cols.bad, y, badWidth, "✗ "+thousands(t.bad), bad)
	case warnings > 0:
		b.text(cols.bad, y, badWidth, "! "+thousands(warnings), style)
	}
}

// who is whose conversation it is: both domains between servers, the address
// that was bound, or the domain asked for, or the machine.
func who(v *decode.Conversation) string {
	from := cmp.Or(v.Initiator, "somebody")
	switch {
	case v.Profile == decode.ProfileS2S && v.JID != "" && v.Domain != "":
		return inspector.Disarm(v.JID + " → " + v.Domain)
	case v.JID != "":
		return inspector.Disarm(v.JID)
	case v.Domain != "":
		return inspector.Disarm(from + " → " + v.Domain)
	case v.Initiator+v.Receiver == "":
		return "not known yet whose"
	}
	return inspector.Disarm(from + " → " + cmp.Or(v.Receiver, "somebody"))
}

// whoShort is who where there is little room: of the machine that connected
// the port alone, for the domain says more than the address.
func whoShort(v *decode.Conversation) string {
	i := strings.LastIndexByte(v.Initiator, ':')
	if v.JID != "" || i < 0 {
		return who(v)
	}
	short := *v
	short.Initiator = v.Initiator[i:]
	return who(&short)
}

// kindWord is the sort of conversation and, where it is not TCP alone, what
// carries it.
func kindWord(v *decode.Conversation) string {
	kind := "?"
	if p := explain.ProfileOfConversation(v); p != decode.ProfileUnknown {
		kind = p.String()
	}
	switch v.Transport {
	case decode.TransportWebSocket:
		return kind + " ws"
	case decode.TransportBOSH:
		return kind + " bosh"
	case decode.TransportDirectTLS:
		return kind + " direct"
	}
	return kind
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

// show marks the conversation that is shown.
func (l *convList) show(id decode.ConnID) {
	l.cursor = 0
	for i := range l.u.cap.convs {
		if l.u.cap.convs[i].Conn == id {
			l.cursor = i + 1
		}
	}
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
