package tui

import (
	"xmppscope/decode"
	"xmppscope/decode/explain"
)

// stop is where a verb of the debugger came to rest: a row of the store, and why
// it is that one.
type stop struct {
	row int
	why string
}

// stopped shows a card for the event that is selected.
func (u *ui) stopped(why string) { u.stop = stop{u.cap.row(), why} }

// cardOf is what the card is about: what is held, or where a verb has stopped;
// nil where no card is to be shown.
func (u *ui) cardOf() (e *decode.Event, why string) {
	switch h := u.heldUnit(); {
	case u.noCards || u.cap == nil:
	case h != nil:
		if h.Decided == "" && h.Seq != u.hidden {
			return h.Event, h.Why
		}
	case u.stop.why != "" && u.stop.row == u.cap.row():
		return u.detail.event, u.stop.why
	}
	return nil, ""
}

// hideCard takes the card away until the next stop. It tells whether there was
// one.
func (u *ui) hideCard() bool {
	if e, _ := u.cardOf(); e == nil {
		return false
	}
	u.stop = stop{}
	if h := u.heldUnit(); h != nil {
		u.hidden = h.Seq
	}
	return true
}

// toggleCards switches the cards off, or on again.
func (u *ui) toggleCards() {
	u.noCards = !u.noCards
	u.say(noteInfo, pick(u.noCards, "no card is shown at a stop any more", "a card is shown at every stop"))
}

// leastBeside is how many lines of details a card leaves.
const leastBeside = 6

// splitCard takes the foot of the details for the card. Where there is too
// little room, or no stop, there is no card.
func (u *ui) splitCard(c canvas) (detail, card canvas, says cardText) {
	e, _ := u.cardOf()
	if e == nil || c.h <= leastBeside {
		return c, canvas{}, says
	}
	says = u.cardSays(e, c)
	h := says.lines()
	return c.sub(0, 0, c.w, c.h-h), c.sub(0, c.h-h, c.w, h), says
}

// cardText is what a card says below its first line, in lines that are as wide as
// there is room.
type cardText struct {
	what, next []row
	keys       bool
	more       bool // there was no room for all of next
}

func (t *cardText) lines() int {
	return 1 + len(t.what) + len(t.next) + pickInt(t.keys, 1, 0)
}

// largeFrom is how many lines the details have where a card says all there is.
const largeFrom = 20

// cardSays is what a card says about an event at the foot of the details. What may
// come next is told whole, or else the key that shows all of it. Where lines are
// few, beside the explanation, which begins with what happened, that takes a line
// at most; beside any other tab, which was chosen to be read, only why it stopped
// is said.
func (u *ui) cardSays(e *decode.Event, c canvas) (t cardText) {
	large := c.h >= largeFrom
	if !large && u.detail.tab != tabExplain {
		return t
	}
	h, told := u.heldUnit(), e
	if h != nil {
		told = wouldBe(e)
	}
	what := explain.Headline(told)
	if h != nil {
		what += " The " + otherSide(told) + " has not got it yet."
	}
	room := c.h - leastBeside - 1
	if large {
		t.what, _ = u.cardRows(what, c.w, 2)
		t.keys = true
		room -= len(t.what) + 1
	}
	t.next, t.more = u.cardRows(u.cap.next(e.Seq, explain.Event(told).Expect), c.w, room)
	if !large && h == nil && len(t.next) < min(2, room) {
		t.what, _ = u.cardRows(what, c.w, 1)
	}
	return t
}

// cardRows are the lines of a text, so many at most, and whether there were more.
func (u *ui) cardRows(text string, w, most int) (rows []row, more bool) {
	if text == "" || most < 1 {
		return nil, text != ""
	}
	l := line{spans: []span{{capped(text, 1000), u.th.base}}}
	rows = wrap(nil, &l, 0, w-8)
	if len(rows) <= most {
		return rows, false
	}
	// The rest of the text in one row, so that it is seen to be cut.
	return append(rows[:most-1], row{spans: []span{{restOf(rows[most-1:]), u.th.base}}}), true
}

// drawCard says what happened, why it stopped here and what may come next.
func (u *ui) drawCard(c canvas, says *cardText) {
	th := u.th
	e, why := u.cardOf()
	c.clear(th.base)
	c.fill(0, 0, c.w, "━", th.strong)
	x := c.text(1, 0, c.w-2, " STOPPED ", th.barStrong)
	leave := pick(says.more, " Enter shows all · Esc hides this ", " Esc hides this ")
	c.text(c.w-width(leave)-1, 0, width(leave), leave, th.dim)
	c.text(x, 0, c.w-x-width(leave)-2, " at "+number(e.Seq)+": "+whyStopped(why)+" ", th.strong)
	y := u.cardLines(c, 1, "What", says.what)
	y = u.cardLines(c, y, "Next", says.next)
	if says.keys && y < c.h {
		x := c.text(1, y, 6, "Keys", th.key)
		for _, k := range u.cardKeys(u.heldUnit()) {
			if x = max(x, 7); x+hintsWidth([]hint{k}) > c.w {
				break
			}
			x = c.text(x, y, c.w-x, k.key, th.strong)
			x = c.text(x+1, y, c.w-x-1, k.does, th.base) + 2
		}
	}
}

// cardLines writes a label and the lines behind it.
func (u *ui) cardLines(c canvas, y int, label string, rows []row) int {
	for i := range rows {
		if i == 0 {
			c.text(1, y, 6, label, u.th.key)
		}
		c.spans(7, y+i, c.w-8, rows[i].spans)
	}
	return y + len(rows)
}

// whyStopped puts the reason of a gate into words.
func whyStopped(why string) string {
	if why == "step" {
		return "everything that comes is held"
	}
	return capped(why, 200)
}

func restOf(rows []row) string {
	s := ""
	for _, r := range rows {
		for _, p := range r.spans {
			s += p.text
		}
	}
	return s
}

// cardKeys are the verbs that lead on from a stop.
func (u *ui) cardKeys(h *Held) []hint {
	if h != nil {
		return u.named("step", "edit", "drop", "continue", "next-phase", "inject")
	}
	return u.named("step", "step-back", "next-phase", "continue", "run-to", "state", "why")
}
