package tui

import (
	"slices"

	"xmppscope/decode"
	"xmppscope/inspector/live"
)

// askInject offers templates for both directions.
func (u *ui) askInject() {
	if !u.isLive() {
		u.sayNotLive()
		return
	}
	var items []item
	var all []live.Template
	var texts []string
	var dirs []decode.Dir
	conn := u.connHere()
	for _, d := range [...]decode.Dir{decode.FromInitiator, decode.FromReceiver} {
		from, to := sideName(u.cap.profile(conn), d), sideName(u.cap.profile(conn), d.Other())
		group := "To the " + to + ", as if the " + from + " had sent it"
		known := u.known(conn, d)
		for _, t := range live.Templates(d) {
			text := t.With(known)
			items = append(items, item{group: group, key: t.Name, text: arrow(u.cap.profile(conn), d) + "  " + t.About, about: text, match: t.Name + " to " + to, also: t.About})
			all, texts, dirs = append(all, t), append(texts, text), append(dirs, d)
		}
	}
	c := newChooser(u.th, "Send", items)
	c.pick = func(i int, _ string) {
		if i < 0 {
			return
		}
		e := u.compose("Send something of your own", texts[i], dirs[i], live.Act{Do: "inject", Conn: conn, Fresh: true, Swallow: true})
		if f, _ := u.newLoginForm(e); all[i].Login && f != nil {
			u.over = f
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
	a := live.Act{Do: "replay", Seq: e.Seq, Conn: e.Conn, Fresh: true, Swallow: true}
	if open := u.openConns(e.Conn); !slices.Contains(open, e.Conn) && len(open) > 0 {
		a.Conn = open[0] // its own has ended
	}
	u.compose("Replay "+number(e.Seq)+": Ctrl-S sends it as it is", text, e.Dir, a)
}

// compose edits something that nobody sent, and sends it.
func (u *ui) compose(title, text string, dir decode.Dir, a live.Act) *composer {
	c := u.newComposer(title, text, "Send", a.Conn, dir)
	if e := u.detail.event; e != nil && e.Scope != nil {
		c.advice.scope = e.Scope
	}
	id := &freshID{was: stanzaID(text, c.advice.within()), on: a.Fresh}
	c.advice.fresh = func(now string) bool { return id.wanted(now, c.advice.within()) }
	c.toggle(func() string {
		return "goes to the " + sideName(u.cap.profile(a.Conn), dir.Other())
	}, func() {
		dir = dir.Other()
		c.advice.dir = dir
	})
	c.toggle(func() string { return "id: " + id.words(c.box.text, c.advice.within()) }, func() {
		id.on, id.chosen = !id.wanted(c.box.text, c.advice.within()), true
	})
	c.toggle(func() string {
		return "answer: " + pick(a.Swallow, "only shown", "passed on")
	}, func() { a.Swallow = !a.Swallow })
	c.toggle(func() string {
		return "place: " + pick(a.Place == "before", "before", "behind") + " what is held"
	}, func() { a.Place = pick(a.Place == "before", "after", "before") })
	if len(u.openConns(a.Conn)) > 1 || a.Conn == 0 {
		c.toggle(func() string { return "on " + u.connName(a.Conn) }, func() {
			u.askConn(c, func(id decode.ConnID) { a.Conn, c.advice.conn = id, id })
		})
	}
	c.send = func(now string, force bool) error {
		a := a
		a.Dir, a.Force, a.Fresh = dir.String(), force, id.wanted(now, c.advice.within())
		if a.Do == "inject" || now != text {
			a.XML = &now
		}
		from := u.cap.store.Len()
		waits := a.Place != "before" && slices.ContainsFunc(u.queue.units, func(h Held) bool { return h.Dir == dir && (h.Conn == a.Conn || a.Conn == 0) })
		if err := u.cap.src.Live.Do(a); err != nil {
			return err
		}
		u.close()
		u.onHeld, u.cap.follow = u.onHeld && len(u.queue.units) > 0, true
		u.editing.sent = &sentUnit{conn: a.Conn, dir: dir, next: from, at: u.now()}
		u.watch()
		u.say(noteGood, "sent to the "+sideName(u.cap.profile(a.Conn), dir.Other())+pick(len(u.openConns(a.Conn)) > 1, " of "+u.connName(a.Conn), "")+pick(waits, ", behind what is held", ""))
		return nil
	}
	u.over = c
	return c
}
