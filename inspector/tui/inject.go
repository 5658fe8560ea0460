package tui

import (
	"xmppscope/decode"
	"xmppscope/inspector/live"
)

// stateHere is what is true where the person looks.
func (u *ui) stateHere() *decode.State {
	if h := u.heldUnit(); h != nil {
		return h.Event.State
	}
	if row := u.cap.row(); row >= 0 {
		return u.cap.store.StateAt(row)
	}
	return nil
}

// askInject offers templates for both directions.
func (u *ui) askInject() {
	if !u.isLive() {
		u.sayNotLive()
		return
	}
	var items []item
	var texts []string
	var dirs []decode.Dir
	state := u.stateHere()
	for _, d := range [...]decode.Dir{decode.FromInitiator, decode.FromReceiver} {
		group, arrow := "To the server, as if the client had sent it", "to server"
		if d == decode.FromReceiver {
			group, arrow = "To the client, as if the server had sent it", "to client"
		}
		for _, t := range live.Templates(d) {
			text := t.Fill(state)
			items = append(items, item{group: group, key: t.Name, text: t.About, about: text, match: t.Name + " " + arrow, also: t.About})
			texts, dirs = append(texts, text), append(dirs, d)
		}
	}
	c := newChooser(u.th, "Send", items)
	c.pick = func(i int, _ string) {
		if i >= 0 {
			u.compose("Send something of your own", texts[i], dirs[i], live.Act{Do: "inject", Conn: u.connHere(), Fresh: true, Swallow: true})
		}
	}
	c.quit = u.close
	u.over = &framed{c, u.th, "Inject", 100}
}

// replay sends what the selected event said once more.
func (u *ui) replay() {
	e := u.detail.event
	switch {
	case !u.isLive():
		u.sayNotLive()
		return
	case e == nil || len(e.Text()) == 0 || !hasXML(e):
		u.say(noteInfo, "only XML can be replayed")
		return
	case u.heldUnit() != nil:
		u.say(noteInfo, number(e.Seq)+" is held: nothing of it was sent yet")
		return
	}
	text := string(e.Text())
	if why := canEdit(text); why != "" {
		u.act(live.Act{Do: "replay", Seq: e.Seq, Fresh: true, Swallow: true}, number(e.Seq)+" is sent once more, as it was: "+why)
		return
	}
	u.compose("Replay "+number(e.Seq)+": Ctrl-S sends it as it is", text, e.Dir, live.Act{Do: "replay", Seq: e.Seq, Fresh: true, Swallow: true})
}

// compose edits something that nobody sent, and sends it.
func (u *ui) compose(title, text string, dir decode.Dir, a live.Act) {
	c := u.newComposer(title, text, "Send")
	if e := u.detail.event; e != nil && e.Scope != nil {
		c.scope = e.Scope
	}
	c.toggle(func() string {
		return pick(dir == decode.FromInitiator, "goes to the server", "goes to the client")
	}, func() { dir = dir.Other() })
	c.toggle(func() string { return "fresh id: " + pick(a.Fresh, "yes", "no") }, func() { a.Fresh = !a.Fresh })
	c.toggle(func() string {
		return "answer: " + pick(a.Swallow, "only shown", "passed on")
	}, func() { a.Swallow = !a.Swallow })
	c.toggle(func() string {
		return "place: " + pick(a.Place == "before", "before", "behind") + " what is held"
	}, func() { a.Place = pick(a.Place == "before", "after", "before") })
	c.send = func(now string, force bool) error {
		a := a
		a.Dir, a.Force = dir.String(), force
		if a.Do == "inject" || now != text {
			a.XML = &now
		}
		if err := u.cap.src.Live.Do(a); err != nil {
			return err
		}
		u.close()
		u.onHeld, u.cap.follow = u.onHeld && len(u.queue.units) > 0, true
		u.watch()
		u.say(noteGood, "sent to the "+pick(dir == decode.FromInitiator, "server", "client"))
		return nil
	}
	u.over = c
}
