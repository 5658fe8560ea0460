package tui

import (
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/inspector"
	"xmppscope/inspector/live"
)

// editing is what the editors remember between one and the next.
type editing struct {
	snippet string // that was cut or copied
	sent    *sentUnit
	random  func() string // in tests alone
}

// sentUnit is something that was sent by hand, until its answer has come.
type sentUnit struct {
	conn decode.ConnID
	dir  decode.Dir
	next int // the row to look at next
	seq  decode.Seq
	row  int
	at   time.Time
}

// waitForAnswer is how long an answer to what was sent is waited for.
const waitForAnswer = time.Minute

// lookForAnswer finds the event of what was sent by hand, and what answers it,
// and says so.
func (u *ui) lookForAnswer() {
	s := u.editing.sent
	if s == nil {
		return
	}
	store := u.cap.store
	for n := store.Len(); s.seq == 0 && s.next < n; s.next++ {
		r := store.Row(s.next)
		if r.Origin() == decode.OriginInjected && r.Conn() == s.conn && r.Dir() == s.dir {
			s.seq, s.row = r.Seq(), s.next
			text := number(s.seq) + " is what was sent to the " + u.toWhom(s)
			if !r.Has(inspector.IsRequest) {
				u.say(noteGood, text)
				u.editing.sent = nil
				return
			}
			u.say(noteGood, text+"; its answer is waited for")
		}
	}
	switch {
	case s.seq == 0 && u.now().Sub(s.at) > waitForAnswer:
		u.editing.sent = nil
	case s.seq == 0:
	case store.Row(s.row).Answer() != 0:
		u.editing.sent = nil
		u.sayAnswer(s.row)
	case u.now().Sub(s.at) > waitForAnswer:
		u.editing.sent = nil
		u.say(noteInfo, number(s.seq)+" has no answer after "+seconds(waitForAnswer))
	}
}

func (u *ui) toWhom(s *sentUnit) string {
	return sideName(u.cap.profile(s.conn), s.dir.Other())
}

// sayAnswer says what answered a row.
func (u *ui) sayAnswer(row int) {
	store := u.cap.store
	r := store.Row(row)
	text := number(r.Seq()) + " is answered by " + number(r.Answer())
	kind := noteGood
	if at, ok := store.Find(r.Answer()); ok {
		text += after(r.Time(), store.Row(at).Time())
		if e, err := store.Event(at); err == nil && e.Type == "error" {
			kind = noteBad
			text += ": an error" + conditionIn(e)
		}
	}
	u.say(kind, text)
	u.detail.renew(tabExplain)
}

// conditionIn is the name of the condition in an error, behind a comma.
func conditionIn(e *decode.Event) string {
	n := xmlTree(e)
	if n == nil {
		return ""
	}
	for c := range n.Children() {
		if c.Name.Local != "error" {
			continue
		}
		for k := range c.Children() {
			if k.Name.Local != "text" {
				return ", " + wire(k.Name.Local)
			}
		}
	}
	return ""
}

// stateOf is what is true in a conversation now; nil where nothing is known.
func (u *ui) stateOf(id decode.ConnID) *decode.State {
	if h := u.heldUnit(); h != nil && h.Conn == id {
		return h.Event.State
	}
	t := u.cap.tracks.of(id)
	if len(t.stages) == 0 {
		return nil
	}
	return u.cap.store.StateAt(t.stages[len(t.stages)-1].last)
}

// known is what templates are filled with in a conversation, for a side that
// sends.
func (u *ui) known(id decode.ConnID, from decode.Dir) live.Known {
	k := live.Known{State: u.stateOf(id), Random: u.editing.random}
	var h history
	h.read(u.cap.store, id)
	session := im.New()
	own := ""
	if k.State != nil {
		own, _, _ = strings.Cut(k.State.JID, "/")
	}
	for _, list := range [...][]*decode.Event{h.first, h.recent} {
		for _, e := range list {
			session.Event(e, nil)
			k.H = e.SM.Sent[from.Other()]
			for _, j := range [...]string{e.To, e.From} {
				j, _, _ = strings.Cut(j, "/")
				if strings.Contains(j, "@") && j != own {
					k.Peer = j
				}
			}
		}
	}
	if all := session.Pending(from.Other()); len(all) > 0 {
		last := all[len(all)-1]
		k.Asked = last.ID
		if row, ok := u.cap.store.Find(last.Seq); ok {
			if e, err := u.cap.store.Event(row); err == nil {
				k.Asker = e.From
			}
		}
	}
	return k
}

// openConns are the conversations that something can be sent on; only the one at
// hand where nothing is known of others.
func (u *ui) openConns(at decode.ConnID) []decode.ConnID {
	if p, ok := u.cap.src.Live.(Previewer); ok {
		if all := p.Open(); len(all) > 0 {
			return all
		}
	}
	return []decode.ConnID{at}
}

// connName says which conversation one is, and whose.
func (u *ui) connName(id decode.ConnID) string {
	if v := u.cap.conversation(id); v != nil {
		return "connection " + thousands(int(id)) + ": " + whoShort(v)
	}
	return "connection " + thousands(int(id))
}

// askConn lets the person choose on which connection something is sent, and goes
// back to the editor.
func (u *ui) askConn(c *composer, chosen func(decode.ConnID)) {
	var items []item
	all := u.openConns(c.advice.conn)
	for _, id := range all {
		it := item{group: "Open connections", key: thousands(int(id)), text: u.connName(id), match: u.connName(id)}
		if v := u.cap.conversation(id); v != nil {
			it.text = whoShort(v) + pick(kindWord(v) == "?", "", ", "+kindWord(v)) + pick(v.Phase == decode.PhaseNone, "", ", reached "+v.Phase.String())
			it.about = pick(id == c.advice.conn, "This is where it goes now. ", "") + pick(v.Initiator == "", "Where it comes from is not known; ", "It comes from "+wire(v.Initiator)+"; ") + plural(v.Events, "event") + " so far."
		}
		items = append(items, it)
	}
	ch := newChooser(u.th, "On", items)
	ch.pick = func(i int, _ string) {
		if i >= 0 {
			chosen(all[i])
		}
		u.over = c
	}
	ch.quit = func() { u.over = c }
	u.over = &framed{ch, u.th, "On which connection", 90}
}
