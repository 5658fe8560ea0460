package tui

import (
	"strings"
	"time"

	"github.com/rivo/tview"

	"xmppscope/decode"
	"xmppscope/decode/explain"
)

// heldList shows what waits for a decision, and below it the clocks of both
// sides: how long each has heard nothing, and who would give up when.
type heldList struct {
	*tview.Box
	u    *ui
	top  int
	body canvas
}

func newHeldList(u *ui) *heldList { return &heldList{Box: tview.NewBox(), u: u} }

// Rows of the pane besides the units: the rule over it and the clocks.
const (
	heldRule   = 1
	heldClocks = 2
)

// lines is how high the pane would like to be, of room at most.
func (l *heldList) lines(room int) int {
	n := len(l.u.queue.units)
	if n == 0 {
		return 0
	}
	want := heldRule + min(n, max(2, room/4)) + heldClocks
	if room >= want+4 {
		return want
	}
	return max(min(heldRule+n, room-2), min(2, room))
}

func (l *heldList) draw(c canvas) {
	th, q := l.u.th, &l.u.queue
	rule, style, name := "─", th.dim, th.warn
	if l.u.focus == paneHeld {
		rule, style, name = "━", th.strong, th.barStrong
	}
	c.fill(0, 0, c.w, rule, style)
	text := " " + plural(len(q.units), "unit") + " held "
	x := c.text(1, 0, c.w-1, text, name)
	if keys := " e edit · c continue · d drop "; x+width(keys)+2 < c.w && l.u.focus != paneHeld {
		c.text(c.w-width(keys)-1, 0, width(keys), keys, th.dim)
	}
	h := c.h - heldRule
	if h > heldClocks {
		h -= heldClocks
	}
	l.body = c.sub(0, heldRule, c.w, h)
	at := max(0, q.index())
	l.top = max(0, min(l.top, at, len(q.units)-h))
	if at >= l.top+h {
		l.top = at - h + 1
	}
	for y := 0; y < h && l.top+y < len(q.units); y++ {
		l.drawUnit(l.body.sub(0, y, c.w, 1), &q.units[l.top+y])
	}
	if c.h > heldRule+h && at < len(q.units) {
		l.drawClocks(c.sub(0, heldRule+h, c.w, heldClocks), &q.units[at])
	}
}

func (l *heldList) drawUnit(c canvas, h *Held) {
	u := l.u
	style, dim := u.th.strong, u.th.dim
	if h.Seq == u.queue.sel {
		c.text(0, 0, 1, "▶", u.th.strong)
		if u.focus == paneHeld {
			style, dim = reversed(style), reversed(u.th.base)
			c.fill(1, 0, c.w-1, " ", style)
		}
	}
	x := c.text(2, 0, 8, number(h.Seq), dim) + 1
	x = c.text(max(x, 6), 0, 5, arrow(u.heldProfile(h), h.Dir), style) + 1
	x = c.text(x, 0, min(26, c.w/3), wire(elementText(h.Event)), style) + 2
	x = c.text(x, 0, c.w-x, "waits "+seconds(u.now().Sub(h.Since)), style)
	if h.Behind > 0 {
		x = c.text(x, 0, c.w-x, ", "+thousands(h.Behind)+" behind it", style)
	}
	note := pick(h.Why == "step", "", h.Why) // PAUSED stands above
	switch {
	case h.Decided != "" && u.now().Sub(h.At) > aMoment:
		note = h.Decided + ", when its turn comes; u takes that back"
	case u.queue.drafts[h.Seq] != "":
		note = "change not sent: e goes on, u forgets it"
	case !h.Until.IsZero():
		note = "goes on in " + seconds(h.Until.Sub(u.now())) + ": " + note
	}
	if note != "" {
		c.text(x, 0, c.w-x, " · "+wire(note), dim)
	}
}

// aMoment is how long what was let go may take to become an event.
const aMoment = 300 * time.Millisecond

func (u *ui) heldProfile(h *Held) decode.Profile {
	if p := u.cap.profile(h.Conn); p != decode.ProfileUnknown {
		return p
	}
	return explain.ProfileOf(wouldBe(h.Event))
}

func (l *heldList) drawClocks(c canvas, h *Held) {
	p, names := l.u.heldProfile(h), [2]string{}
	w := 0
	for d := range names {
		names[d] = sideName(p, decode.Dir(d))
		w = max(w, width(names[d]))
	}
	for d := range h.Clocks {
		x := c.text(2, d, w, names[d], l.u.th.key)
		x = max(x, w+2)
		style := l.u.th.base
		k := &h.Clocks[d]
		if k.Ended || !k.Due.IsZero() && k.Due.Sub(l.u.now()) < 10*time.Second {
			style = l.u.th.warn
		}
		c.text(x+2, d, c.w-x-2, l.u.clockText(k, c.w-x-2), style)
	}
}

// clockText says in w columns how a side has waited, and what it could do when;
// where they are few, in fewer words.
func (u *ui) clockText(k *Clock, w int) string {
	if k.Ended {
		return "! has ended its side meanwhile"
	}
	text := "heard " + u.ago(k.Heard) + ", told " + u.ago(k.Told)
	if k.Due.IsZero() {
		return text
	}
	when := "now"
	if left := k.Due.Sub(u.now()); left > 0 {
		when = "in " + seconds(left)
	}
	if full := text + " · could act " + when + ": " + wire(k.Act); width(full) <= w {
		return full
	}
	switch {
	case k.Heard.IsZero() && k.Told.IsZero():
		text = "heard, told nothing yet"
	case !k.Heard.IsZero() && !k.Told.IsZero():
		text = "heard " + strings.TrimSuffix(u.ago(k.Heard), " ago") + ", told " + u.ago(k.Told)
	}
	act, _, _ := strings.Cut(k.Act, ", ")
	return text + " · " + when + ": " + wire(act) + "?"
}

func (u *ui) ago(t time.Time) string {
	if t.IsZero() {
		return "nothing yet"
	}
	return seconds(u.now().Sub(t)) + " ago"
}

// seconds writes a time of waiting in whole seconds.
func seconds(d time.Duration) string {
	d = max(0, d.Truncate(time.Second))
	switch {
	case d < time.Minute:
		return thousands(int(d/time.Second)) + " s"
	case d < time.Hour:
		return thousands(int(d/time.Minute)) + " min " + thousands(int(d%time.Minute/time.Second)) + " s"
	}
	return thousands(int(d/time.Hour)) + " h " + thousands(int(d%time.Hour/time.Minute)) + " min"
}

// move selects another unit.
func (l *heldList) move(n int) {
	q := &l.u.queue
	if len(q.units) > 0 {
		q.sel = q.units[max(0, min(max(0, q.index())+n, len(q.units)-1))].Seq
	}
}

func (l *heldList) click(x, y, wheel int) {
	switch i := l.top + y - l.body.y; {
	case wheel != 0:
		l.move(wheel)
	case l.body.contains(x, y) && i < len(l.u.queue.units):
		l.u.queue.sel = l.u.queue.units[i].Seq
	}
}
