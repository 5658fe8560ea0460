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
func (u *ui) splitCard(c canvas) (detail, card canvas) {
	e, _ := u.cardOf()
	if e == nil || c.h == 0 {
		return c, canvas{}
	}
	h := u.cardHeight(c.h)
	if c.h-h < leastBeside {
		return c, canvas{}
	}
	return c.sub(0, 0, c.w, c.h-h), c.sub(0, c.h-h, c.w, h)
}

// cardHeight is how many lines of so many a card takes. Where they are few it
// says only what the details do not: beside the explanation, which begins with
// what happened, what may come next; beside any other tab, which was chosen to be
// read, no more than why it stopped.
func (u *ui) cardHeight(lines int) int {
	switch {
	case lines >= 20:
		return 5
	case u.detail.tab != tabExplain:
		return 1
	case u.heldUnit() != nil:
		return 2
	}
	return 3
}

// drawCard says what happened, why it stopped here and what may come next.
func (u *ui) drawCard(c canvas) {
	th := u.th
	e, why := u.cardOf()
	c.clear(th.base)
	c.fill(0, 0, c.w, "━", th.strong)
	x := c.text(1, 0, c.w-2, " STOPPED ", th.barStrong)
	leave := " Esc hides this "
	c.text(c.w-width(leave)-1, 0, width(leave), leave, th.dim)
	c.text(x, 0, c.w-x-width(leave)-2, " at "+number(e.Seq)+": "+whyStopped(why)+" ", th.strong)
	h := u.heldUnit()
	told := e
	if h != nil {
		told = wouldBe(e)
	}
	expl := explain.Event(told)
	what := explain.Headline(told)
	if h != nil {
		what += " The " + otherSide(told) + " has not got it yet."
	}
	rest, y := c.sub(0, 1, c.w, c.h-1), 0
	if rest.h > 3 || h == nil && (u.detail.tab != tabExplain || width(u.cap.next(e.Seq, expl.Expect)) <= rest.w-8) {
		y = u.cardLine(rest, 0, pickWidth(rest.h > 3, 2, 1), "What", what)
	} // else the details begin with it
	if next := u.cap.next(e.Seq, expl.Expect); next != "" {
		u.cardLine(rest, y, rest.h-y-pickWidth(rest.h > 3, 1, 0), "Next", next)
	}
	if rest.h > 3 {
		x := rest.text(1, rest.h-1, 6, "Keys", th.key)
		for _, k := range u.cardKeys(h) {
			if x = max(x, 7); x+hintsWidth([]hint{k}) > rest.w {
				break
			}
			x = rest.text(x, rest.h-1, rest.w-x, k.key, th.strong)
			x = rest.text(x+1, rest.h-1, rest.w-x-1, k.does, th.base) + 2
		}
	}
}

// whyStopped puts the reason of a gate into words.
func whyStopped(why string) string {
	if why == "step" {
		return "everything that comes is held"
	}
	return capped(why, 200)
}

// cardLine writes a label and a text in most rows at most; the last one is cut.
func (u *ui) cardLine(c canvas, y, most int, label, text string) int {
	if most <= 0 {
		return y
	}
	c.text(1, y, 6, label, u.th.key)
	l := line{spans: []span{{capped(text, 600), u.th.base}}}
	rows := wrap(nil, &l, 0, c.w-8)
	for i := range min(most, len(rows)) {
		if i == most-1 && len(rows) > most {
			// The rest of the text in one row, so that it is seen to be cut.
			c.text(7, y+i, c.w-8, restOf(rows[i:]), u.th.base)
			break
		}
		c.spans(7, y+i, c.w-8, rows[i].spans)
	}
	return y + min(most, len(rows))
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
