package tui

import (
	"slices"

	"xmppscope/decode"
	"xmppscope/inspector/live"
)

// Live, Status, Held and Clock are what stands behind events that come from
// connections that are open; the methods of Live are called from the event loop.
type (
	Live   = live.Watch
	Status = live.Status
	Held   = live.Waiting
	Clock  = live.Clock
)

// queue is what the screen knows of a live source, as of the last look.
type queue struct {
	status Status
	units  []Held
	sel    decode.Seq            // the unit that is selected
	newest decode.Seq            // the newest one that was seen here
	drafts map[decode.Seq]string // changes that were not sent
	second int64                 // of the last look, while something is held
	looks  int                   // how often there was something new
}

// at is the unit with a number; nil where there is none.
func (q *queue) at(seq decode.Seq) *Held {
	for i := range q.units {
		if q.units[i].Seq == seq {
			return &q.units[i]
		}
	}
	return nil
}

// index is the place of what is selected, -1 for nothing.
func (q *queue) index() int {
	return slices.IndexFunc(q.units, func(h Held) bool { return h.Seq == q.sel })
}

// isLive tells whether the verbs act on open connections.
func (u *ui) isLive() bool {
	return u.cap != nil && u.cap.src.Live != nil && (u.cap.src.Load == nil || u.cap.load.running())
}

// heldUnit is the held unit that the details show; nil where they show an event
// of the list.
func (u *ui) heldUnit() *Held {
	if !u.onHeld {
		return nil
	}
	return u.queue.at(u.queue.sel)
}

// watch looks at the live source.
func (u *ui) watch() {
	if u.cap.src.Live == nil {
		return
	}
	q, l := &u.queue, u.cap.src.Live
	status, units := l.Status(), []Held(nil)
	if u.isLive() {
		units = l.Held()
	}
	news := status.Mode != q.status.Mode || status.Open != q.status.Open || len(units) != len(q.units) || q.looks == 0
	for i := range units {
		news = news || units[i].Seq != q.units[i].Seq || units[i].Behind != q.units[i].Behind
	}
	before := len(q.units)
	if n := len(status.News); n > 0 {
		for _, line := range status.News[:n-1] {
			u.note(noteInfo, wire(line))
		}
		u.say(noteInfo, wire(status.News[n-1]))
		u.message.keys = []hint{{"!", "read it"}}
		news = true
	}
	q.status, q.units = status, units
	if second := u.now().Unix(); len(units) > 0 && second != q.second {
		q.second, news = second, true
	}
	if !news {
		return
	}
	q.looks++
	q.tidy()
	u.attend(before)
}

// tidy forgets what was remembered of units that do not wait any more.
func (q *queue) tidy() {
	for seq := range q.drafts {
		if q.at(seq) == nil {
			delete(q.drafts, seq)
		}
	}
}

// attend gives what is held the attention that is due: a person who follows what
// happens is led to it, one who looks at something else is told.
func (u *ui) attend(before int) {
	q := &u.queue
	if len(q.units) == 0 {
		if u.onHeld {
			u.onHeld, u.cap.follow = false, true
			if u.focus == paneHeld {
				u.focus = paneList
			}
		}
		return
	}
	if q.at(q.sel) == nil {
		q.sel = q.units[0].Seq
		if i := slices.IndexFunc(q.units, func(h Held) bool { return h.Decided == "" }); i >= 0 {
			q.sel = q.units[i].Seq
		}
	}
	latest := q.newest
	for i := range q.units {
		latest = max(latest, q.units[i].Seq)
	}
	if latest == q.newest {
		return
	}
	q.newest = latest
	u.arrived()
	switch {
	case u.onHeld:
		if u.message.runs {
			u.message = message{} // it told what would come, and this came
		}
	case before == 0 && u.cap.follow && u.over == nil:
		if u.onHeld = true; u.message.kind == noteGood {
			u.message = message{}
		}
		if u.focus == paneList {
			u.focus = paneHeld
		}
	case u.message.text == "":
		u.say(noteInfo, number(latest)+" is held")
		u.message.keys = []hint{{u.keyToHeld(), "to what is held"}}
	}
}
