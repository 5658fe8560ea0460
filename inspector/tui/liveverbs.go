package tui

import (
	"slices"

	"xmppscope/decode"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
)

// The verbs of the debugger on open connections. On a recording the same keys
// move the cursor, see verbs.go.

// act does something and tells what came of it: done where it went well.
func (u *ui) act(a live.Act, done string) bool {
	err := u.cap.src.Live.Do(a)
	u.watch()
	if err != nil {
		u.say(noteBad, wire(err.Error()))
		return false
	}
	u.say(noteGood, done)
	return true
}

// goOn tells the source to let something go. What is said of it stands until
// something is held again, which may be at once.
func (u *ui) goOn(a live.Act, done string) {
	newest := u.queue.newest
	switch ok := u.act(a, done); {
	case ok && u.onHeld && u.queue.newest != newest:
		u.message = message{}
	case ok:
		u.message.runs = true
	}
}

// liveStep lets one unit go and holds what comes.
func (u *ui) liveStep() {
	h := u.heldUnit()
	if h == nil || h.Decided != "" {
		h = nil
		for i := range u.queue.units {
			if u.queue.units[i].Decided == "" {
				h = &u.queue.units[i]
				break
			}
		}
	}
	u.cap.follow = true
	if h == nil {
		u.act(live.Act{Do: "pause"}, "nothing is held: what comes next is")
		return
	}
	u.goOn(live.Act{Do: "step", Seq: h.Seq}, number(h.Seq)+" goes on; what comes next is held")
}

func (u *ui) liveNext() {
	u.cap.follow = true
	u.goOn(live.Act{Do: "next"}, "everything goes on until the next phase begins")
}

// continueOn lets everything go; in a recording it goes to the next event that a
// breakpoint is about, or to the end.
func (u *ui) continueOn() {
	if !u.isLive() {
		u.runTo()
		return
	}
	n := len(u.queue.units)
	u.cap.follow = true
	text := "everything goes on"
	if on := u.breaksOn(); on > 0 {
		text += ", but for what fits " + pick(on == 1, "the breakpoint", "the breakpoints")
	}
	if n > 0 {
		text = plural(n, "unit") + " let go; " + text
	}
	u.goOn(live.Act{Do: "continue"}, text)
}

// pause holds everything that comes; in a recording it stops following the end.
func (u *ui) pause() {
	switch {
	case !u.isLive():
		u.cap.follow = false
		u.say(noteInfo, "the cursor stays; nothing is live here that could be held")
	case u.queue.status.Mode == gate.Paused:
		u.say(noteInfo, "paused already: c goes on, s lets one unit go")
	default:
		u.act(live.Act{Do: "pause"}, "everything that comes is held; s lets one unit go, c all")
	}
}

func (u *ui) sayNotLive() {
	if u.cap.src.Live != nil {
		u.say(noteInfo, "all connections have ended; what was said can still be looked at")
		return
	}
	u.say(noteInfo, "this is a recording: only what is live can be changed")
}

// toHeld gives the held unit that a verb is about. Where the person looks at
// something else it is shown first, so that nothing unseen is changed.
func (u *ui) toHeld(verb string) *Held {
	switch {
	case !u.isLive():
		u.sayNotLive()
	case len(u.queue.units) == 0:
		u.say(noteInfo, "nothing is held: p holds all that comes, b what fits a breakpoint")
	case u.heldUnit() == nil:
		u.focusOn(paneHeld)
		u.say(noteInfo, "this is what is held; the key again to "+verb+" it")
	case u.heldUnit().Decided != "" && verb != undoing:
		h := u.heldUnit()
		if u.now().Sub(h.At) > aMoment { // else it is gone already
			u.say(noteInfo, number(h.Seq)+" is decided already: "+h.Decided+" when its turn comes; u takes that back")
		}
	default:
		return u.heldUnit()
	}
	return nil
}

const undoing = "undo the change of"

func (u *ui) drop() {
	if h := u.toHeld("drop"); h != nil {
		u.cap.follow = true
		u.act(live.Act{Do: "drop", Seq: h.Seq}, number(h.Seq)+" is dropped: "+u.otherSide(h)+" never gets it")
	}
}

func (u *ui) otherSide(h *Held) string { return "the " + sideName(u.heldProfile(h), h.Dir.Other()) }

// undo takes back what was decided or changed but has not gone on.
func (u *ui) undo() {
	h := u.heldUnit()
	if h == nil || h.Decided == "" && u.queue.drafts[h.Seq] == "" {
		if u.takeBack() {
			return
		}
		if !u.isLive() {
			u.say(noteInfo, "nothing to undo: no filter, breakpoint or choice was changed")
			return
		}
	}
	if h = u.toHeld(undoing); h == nil {
		return
	}
	_, draft := u.queue.drafts[h.Seq]
	delete(u.queue.drafts, h.Seq)
	switch {
	case h.Decided != "":
		u.act(live.Act{Do: "hold", Seq: h.Seq}, number(h.Seq)+" is held again as it came")
	case draft:
		u.say(noteGood, "the change of "+number(h.Seq)+" is forgotten; it is held as it came")
	default:
		u.say(noteInfo, number(h.Seq)+" is as it came: nothing to undo")
	}
}

// connHere is the conversation that is looked at, 0 for none.
func (u *ui) connHere() decode.ConnID {
	if h := u.heldUnit(); h != nil {
		return h.Conn
	}
	if row := u.cap.row(); row >= 0 {
		return u.cap.store.Row(row).Conn()
	}
	return 0
}

// offer lets the person choose one of several actions; each tells what it did.
func (u *ui) offer(title string, items []item, acts []live.Act, done []string) {
	c := newChooser(u.th, "Do", items)
	c.pick = func(i int, _ string) {
		if i < 0 {
			return
		}
		u.close()
		u.act(acts[i], done[i])
	}
	c.quit = u.close
	u.over = &framed{c, u.th, title, 90}
}

// askClose offers the ways to end a connection.
func (u *ui) askClose() {
	if !u.isLive() {
		u.sayNotLive()
		return
	}
	conn, h := u.connHere(), u.heldUnit()
	var items []item
	var acts []live.Act
	for _, w := range closings {
		sides := []struct{ dir, name string }{{"receiver", "client"}, {"initiator", "server"}}
		if w.layer == "tcp" { // a cable has two ends
			sides = append(sides, struct{ dir, name string }{"both", "both"})
		}
		for _, to := range sides {
			items = append(items, item{group: w.group, key: w.key + " → " + to.name, text: w.text, match: w.key + " " + to.name, also: w.text})
			a := live.Act{Do: "close", Conn: conn, Dir: to.dir, Layer: w.layer, Condition: w.condition}
			if h != nil {
				a.Seq = h.Seq
			}
			acts = append(acts, a)
		}
	}
	u.offer("End the connection", items, acts, slices.Repeat([]string{"the connection is ended"}, len(acts)))
}

// closings are ways to end a connection; one is a line here.
var closings = [...]struct{ group, key, text, layer, condition string }{
	{"In good order", "stream", "</stream:stream>, as if the other side had ended it", "stream", ""},
	{"With a stream error", "policy-violation", "as a server that had enough", "stream", "policy-violation"},
	{"With a stream error", "system-shutdown", "as a server that goes down", "stream", "system-shutdown"},
	{"With a stream error", "connection-timeout", "as a server that heard nothing", "stream", "connection-timeout"},
	{"With a stream error", "not-well-formed", "as if what came could not be read", "stream", "not-well-formed"},
	{"Without a word", "tls", "close TLS, or TCP where there is none", "tls", ""},
	{"Without a word", "reset", "cut TCP by RST, as a broken network", "tcp", ""},
}

// askFreeze offers to hold everything of a direction.
func (u *ui) askFreeze() {
	if !u.isLive() {
		u.sayNotLive()
		return
	}
	conn := u.connHere()
	var items []item
	var acts []live.Act
	var done []string
	for _, do := range []struct{ verb, group, text string }{{"freeze", "Hold", "hold what comes from "}, {"thaw", "Let go", "let go again what comes from "}} {
		for _, d := range []struct{ dir, name string }{{"initiator", "the client"}, {"receiver", "the server"}, {"", "both sides"}} {
			key := do.verb + " " + d.name
			items = append(items, item{group: do.group, key: key, text: do.text + d.name + ", on this connection", match: key})
			acts = append(acts, live.Act{Do: do.verb, Conn: conn, Dir: d.dir})
			done = append(done, pick(do.verb == "freeze", "frozen: what comes from "+d.name+" is held", "what comes from "+d.name+" goes on again"))
		}
	}
	u.offer("Freeze a direction", items, acts, done)
}
