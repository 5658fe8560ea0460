package tui

import (
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// askKeylog asks for a key log file, with which the capture is read again.
func (u *ui) askKeylog() {
	if u.cap.src.Keylog == nil {
		u.say(noteInfo, "keys cannot be added here: give them with --keylog at the start")
		return
	}
	p := &prompt{th: u.th, label: "key log", keys: []hint{{"Enter", "read with these keys"}, {"Tab", "complete"}, {"Esc", "cancel"}}}
	p.note = func(string) (string, int, noteKind) {
		if u.message.text != "" {
			return u.message.text, -1, u.message.kind
		}
		if all, read := u.cap.encrypted(); u.cap.load.done() && all == read && !u.cap.tracks.opaque && u.cap.aside() == 0 {
			return pick(all > 0, "all that TLS hid is read already", "nothing here is hidden by TLS") + ": keys change nothing", -1, noteInfo
		}
		return "the file that a program wrote where SSLKEYLOGFILE was set", -1, noteInfo
	}
	p.change = func(string) { u.message = message{} }
	p.tab = func(text string, _ int) string { return completePath(text) }
	p.quit = u.close
	p.enter = u.giveKeys
	u.over = p
}

// giveKeys reads the capture with one more key log and stays where it is.
func (u *ui) giveKeys(path string) {
	if path == "" {
		return
	}
	src, err := u.cap.src.Keylog(expandHome(path))
	switch {
	case err != nil:
		// The prompt shows it, and the path stands in it already.
		u.say(noteBad, wire(strings.TrimPrefix(err.Error(), expandHome(path)+": ")))
	case src == nil && u.cap.load.done():
		u.say(noteBad, "this input cannot be read again: give the keys with --keylog at the start")
	case src == nil:
		u.close()
		u.say(noteGood, "the keys count for what comes from here on")
	default:
		u.reread(src)
	}
}

// reread looks at a source that is the one on the screen, read in another way.
// What was chosen stays: the filter, the conversation, the place in time.
func (u *ui) reread(src *Source) {
	old := u.cap
	place, focus := u.placeNow(), u.focus
	src.Filter = old.filterText
	src.Follow = old.follow
	u.lookFrom(src, place)
	u.focus = focus
}

// spot is where a person stood in another reading of the same capture: in
// time, for the numbers may be others now.
type spot struct {
	seen   decode.Conversation // of the event
	chosen decode.Conversation // the one that alone is shown; Conn 0 for all
	at     time.Time
	read   int // conversations inside TLS that were read
	row    int // where the cursor was put, -1 for nowhere yet
}

func (u *ui) placeNow() *spot {
	c := u.cap
	p := &spot{row: -1}
	_, p.read = c.encrypted()
	if c.conn != 0 {
		p.chosen.Conn = c.conn
		if v := c.conversation(c.conn); v != nil {
			p.chosen = *v
		}
	}
	if row := c.row(); row >= 0 && !c.follow {
		r := c.store.Row(row)
		p.at, p.seen.Conn = r.Time(), r.Conn()
		if v := c.conversation(r.Conn()); v != nil {
			p.seen = *v
		}
	}
	return p
}

// returnTo puts the cursor where it stood before, as soon as there are events
// there. While reading goes on conversations have their old numbers; at its end
// they are told by who takes part.
func (c *capture) returnTo(ended bool) {
	p := c.place
	if p == nil {
		return
	}
	if ended {
		c.place = nil
	}
	if p.chosen.Conn != 0 {
		if id := c.same(&p.chosen, ended); c.tracks.of(id).events > 0 {
			c.setConn(id)
		}
	}
	if p.seen.Conn == 0 || p.row >= 0 && c.row() != p.row {
		return // nowhere to go, or the person has gone elsewhere
	}
	if p.row >= 0 && !ended {
		return
	}
	if row := c.rowAt(c.same(&p.seen, ended), p); row >= 0 {
		c.follow = false
		c.session.Select(row)
		p.row = c.row()
	}
}

// same is the number that a conversation has in this reading.
func (c *capture) same(v *decode.Conversation, ended bool) decode.ConnID {
	if !ended {
		return v.Conn
	}
	for i := range c.convs {
		n := &c.convs[i]
		if n.Initiator == v.Initiator && n.Receiver == v.Receiver && n.Start.Equal(v.Start) {
			return n.Conn
		}
	}
	return v.Conn
}

// rowAt is the first row of a conversation that is not before the place, -1
// where there is none.
func (c *capture) rowAt(id decode.ConnID, p *spot) int {
	t := c.tracks.of(id)
	if len(t.stages) == 0 {
		return -1
	}
	for row := t.stages[0].first; row < c.tracks.scanned; row++ {
		if r := c.store.Row(row); r.Conn() == id && !r.Time().Before(p.at) {
			return row
		}
	}
	return -1
}

// encrypted counts the conversations inside TLS, and those that were read.
func (c *capture) encrypted() (all, read int) {
	for i := range c.convs {
		if v := &c.convs[i]; v.Encrypted {
			all++
			if v.Decrypted {
				read++
			}
		}
	}
	return all, read
}

// useful says at the end of another reading what the keys were good for.
func (u *ui) useful(before int) {
	all, read := u.cap.encrypted()
	switch {
	case read > before && all == 1:
		u.say(noteGood, "the conversation inside TLS can be read now")
	case read > before:
		u.say(noteGood, thousands(read)+" of "+plural(all, "conversation")+" inside TLS can be read now")
	default:
		u.say(noteBad, "these keys open no further conversation")
	}
}

// hidesTLS tells whether what is shown has TLS that could not be read.
func (c *capture) hidesTLS() bool {
	if c.conn != 0 {
		return c.tracks.of(c.conn).opaque >= 0
	}
	return c.tracks.opaque
}

// aside counts the connections that may be XMPP inside TLS, and are not shown.
func (c *capture) aside() int {
	if c.src.Hidden == nil || !c.load.done() {
		return 0
	}
	return int(c.src.Hidden())
}

// keysHint is offered first where keys would help.
func (u *ui) keysHint() []hint {
	if u.cap.src.Keylog == nil || !u.cap.hidesTLS() && u.cap.aside() == 0 {
		return nil
	}
	return u.named("keylog")
}

// keysLine says on the page of what could not be read how to give keys here.
func (b *builder) keysLine(in *tabInput) {
	if in.ctx.src.Keylog != nil && in.event.Kind == decode.KindTLS && in.ctx.store.Row(in.row).Has(inspector.HasNote) {
		then := "the capture is then read again, and you stay at this place"
		if in.ctx.src.Follow {
			then = "it counts for what comes from then on"
		}
		b.labelled("Keys", "K asks for a key log; "+then, b.th.base)
	}
}
