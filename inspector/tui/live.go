package tui

import (
	"slices"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
)

// Live is what a Source has whose connections are still open: somebody stands
// between both sides and can hold what they say. Its methods are called from
// the event loop, thirty times a second, and must be quick.
type Live interface {
	// Status is how it stands with all connections.
	Status() Status
	// Held lists what waits for a decision, in the order in which it came.
	Held() []Held
	// Do does something to what is held or to a connection. The error is shown.
	Do(a live.Act) error
	// Breaks lists the breakpoints.
	Breaks() []gate.Break
	// Switch turns a breakpoint off, or on again; false where there is none.
	Switch(id int, off bool) bool
}

// Status is how it stands with all connections of a live source.
type Status struct {
	Mode gate.Mode
	// Open is how many connections are open.
	Open int
	// Listening are the addresses where clients are taken, such as "starttls
	// 127.0.0.1:5222".
	Listening []string
	// Alerts are what must not be overlooked, each a few words that begin with
	// one in capitals, such as "INSECURE: …".
	Alerts []string
	// Recording is the file that is written; empty for none.
	Recording string
	// News are lines that were said since the last call, in words.
	News []string
	// Banner says in a sentence what is done about channel binding.
	Banner string
}

// Held is a unit that waits for a decision.
type Held struct {
	Seq  decode.Seq
	Conn decode.ConnID
	Dir  decode.Dir
	// Event is what it would be if it went on now.
	Event *decode.Event
	// Since is when it came, Until when it goes on by itself; zero for never.
	Since, Until time.Time
	// Why says what held it.
	Why string
	// Decided is what was decided about it already, such as "edit", and At when:
	// it waits for its turn.
	Decided string
	At      time.Time
	// Behind is how many units wait behind it in its direction.
	Behind int
	// Clocks are those of the initiating and of the receiving side.
	Clocks [2]Clock
}

// Clock is how a side of a connection has waited.
type Clock struct {
	// Heard is when the side last sent something, Told when it last got
	// something; zero for never.
	Heard, Told time.Time
	// Ended is set when the side has closed its direction.
	Ended bool
	// Due is when a program that is known would act if the side were that
	// program, Act what it would do: "profanity pings the server". Zero where
	// nothing is known.
	Due time.Time
	Act string
}

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
		u.say(noteInfo, wire(status.News[n-1]))
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
	switch {
	case u.onHeld:
	case before == 0 && u.cap.follow && u.over == nil:
		u.onHeld = true
		if u.focus == paneList {
			u.focus = paneHeld
		}
	case u.message.text == "":
		u.say(noteInfo, number(latest)+" is held")
		u.message.keys = []hint{{"Tab", "to what is held"}}
	}
}
