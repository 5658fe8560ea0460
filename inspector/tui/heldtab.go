package tui

import (
	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector/gate"
)

// showHeld shows a unit that waits. It has no row in the store yet; what is
// known of it is told apart from rows by a number below -1.
func (d *detail) showHeld(h *Held) {
	row := -1 - int(h.Seq)
	if d.row != row {
		d.forget()
		d.row, d.event = row, h.Event
	}
	d.hold = h
}

// at is the row of the event, or for what is held that of the last event of its
// conversation; -1 where there is none.
func (in *tabInput) at() int {
	if in.hold == nil {
		return in.row
	}
	t := in.ctx.tracks.of(in.event.Conn)
	if len(t.stages) == 0 {
		return -1
	}
	return t.stages[len(t.stages)-1].last
}

// wouldBe is a held header or list of features with the state that it would
// bring, which says who talks and what is offered. What is held has changed
// nothing yet.
func wouldBe(e *decode.Event) *decode.Event {
	c := decode.NewConn(1, decode.Options{})
	switch e.Kind {
	case decode.KindOpen:
	case decode.KindFeatures:
		c.Feed(e.Dir, e.Time, []byte("<stream:stream version='1.0' xmlns='"+xmlstream.NSClient+"' xmlns:stream='"+xmlstream.NSStreams+"'>"))
	default:
		return e
	}
	events, _ := c.Feed(e.Dir, e.Time, e.Text())
	if len(events) == 0 || events[len(events)-1].After == nil {
		return e
	}
	would := events[len(events)-1].After
	s := decode.State{}
	if e.State != nil {
		s = *e.State
	}
	if e.Kind == decode.KindOpen {
		s.Profile = would.Profile
	} else {
		s.Features = would.Features
	}
	told := *e
	told.After = &s
	return &told
}

// holding says of a held unit that it waits, why, and what can be done.
func (b *builder) holding(in *tabInput, told *decode.Event) {
	h := in.hold
	if h == nil {
		return
	}
	text := "The " + otherSide(told) + " has not got it yet"
	if h.Why != "" {
		text += ": " + whyStopped(h.Why)
	}
	b.line(span{"HELD", b.th.warn.Reverse(true)}, span{"  ", b.th.base}, span{text + ".", b.th.base}).hang = 6
}

// loginRows finds the rows of the n messages of the login that the event ends;
// -1 where one is not found, and for what is held.
func (in *tabInput) loginRows(n int) []int {
	if in.hold == nil {
		return in.ctx.loginRows(in.row, n)
	}
	rows := make([]int, n)
	if in.at() >= 0 {
		copy(rows, in.ctx.loginRowsOf(in.event.Conn, in.at(), n-1))
	}
	rows[n-1] = -1
	return rows
}

// liveHints are the keys that matter on open connections.
func (u *ui) liveHints() []hint {
	var all []hint
	switch {
	case len(u.queue.units) > 0:
		all = append([]hint{{u.keyToHeld(), "what is held"}}, u.named("step", "continue", "next-phase", "break")...)
	case u.queue.status.Mode == gate.Running:
		all = u.named("pause", "step", "break")
	default:
		all = u.named("step", "continue", "next-phase", "break")
	}
	all = append(all, u.foundHint()...)
	all = append(all, hint{"Enter", "details"})
	return append(all, u.named("inject", "replay", "search", "filter", "ladder", "close", "live", "keys", "quit")...)
}
