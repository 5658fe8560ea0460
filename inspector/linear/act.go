package linear

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/inspector"
	"xmppscope/inspector/live"
)

// act does something to what is open.
func (t *talk) act(a live.Act) error {
	err := t.src.Live.Do(a)
	var at *inspector.FilterError
	if errors.As(err, &at) {
		return expressionFault(a.Expr, err)
	}
	return err
}

// letGo decides about a held unit, and says what comes of it.
func (t *talk) letGo(a live.Act, done string) error {
	if err := t.act(a); err != nil {
		return err
	}
	delete(t.drafts, a.Seq)
	t.on = 0
	t.say("%s", done)
	t.follow(a.Seq, 0)
	return nil
}

func (t *talk) stepLive(n int) error {
	for ; n > 0 && t.live() && !t.over; n-- {
		all := t.undecided()
		if len(all) == 0 {
			if err := t.act(live.Act{Do: "pause"}); err != nil {
				return err
			}
			t.say("Nothing is held: what comes next will be.%s", pick(t.o.Typed, " Enter brings the prompt back.", ""))
			t.follow(0, 0)
			if len(t.undecided()) == 0 {
				return nil
			}
			continue
		}
		at := max(0, slices.IndexFunc(all, func(h live.Waiting) bool { return h.Seq == t.on }))
		if err := t.act(live.Act{Do: "step", Seq: all[at].Seq}); err != nil {
			return err
		}
		t.on = 0
		t.follow(all[at].Seq, 0)
		if t.stopped() {
			return nil
		}
	}
	return nil
}

func (t *talk) nextLive() error {
	if err := t.act(live.Act{Do: "next"}); err != nil {
		return err
	}
	t.on = 0
	t.say("Everything goes on until the next phase begins.")
	t.follow(0, 0)
	return nil
}

func (t *talk) continueLive() error {
	if err := t.act(live.Act{Do: "continue"}); err != nil {
		return err
	}
	t.on = 0
	on := 0
	for _, b := range t.src.Live.Breaks() {
		if !b.Off {
			on++
		}
	}
	t.say("Everything goes on%s.%s", pick(on > 0, ", but for what fits "+pick(on == 1, "the breakpoint", "the breakpoints"), ""), pick(t.o.Typed, " Enter brings the prompt back.", ""))
	t.follow(0, 0)
	return nil
}

func (t *talk) pauseLive() error {
	if err := t.act(live.Act{Do: "pause"}); err != nil {
		return err
	}
	t.say("Everything that comes is held from now on. step lets one unit go, continue all.")
	return nil
}

func (t *talk) doBreak(text string) error { return t.act(live.Act{Do: "break", Expr: text}) }

func (t *talk) undoBreak(id int) error { return t.act(live.Act{Do: "unbreak", ID: id}) }

// toHeld gives the held unit that a verb is about: the one that is named, or the
// one at hand. What the person has not heard of is said first, and nothing done.
func (t *talk) toHeld(arg, verb string) (*live.Waiting, error) {
	if err := t.needLive(); err != nil {
		return nil, err
	}
	if arg != "" {
		seq, ok := seqOf(arg)
		if h := t.heldUnit(seq); ok && h != nil {
			return h, nil
		}
		return nil, no(capped(arg, 60)+" is not held", "held says what is")
	}
	if h := t.heldUnit(t.on); h != nil {
		return h, nil
	}
	all := t.undecided()
	if len(all) == 0 {
		return nil, no("nothing is held", "pause holds all that comes, break what fits an expression")
	}
	t.on = all[0].Seq
	t.announced[t.on] = true
	t.announce(&all[0], true)
	return nil, no("this is what is held; nothing was done", verb+" again does it to this one")
}

// open refuses what is decided already.
func undecidedUnit(h *live.Waiting) error {
	if h.Decided != "" {
		return no(fmt.Sprintf("%s is decided already: %s, when its turn comes", number(h.Seq), h.Decided), "undo takes that back")
	}
	return nil
}

func (t *talk) drop(arg string) error {
	h, err := t.toHeld(arg, "drop")
	if err == nil {
		err = undecidedUnit(h)
	}
	if err != nil {
		return err
	}
	return t.letGo(live.Act{Do: "drop", Seq: h.Seq}, number(h.Seq)+" is dropped: the "+otherSide(t.unit(h))+" never gets it.")
}

func (t *talk) forward(arg string) error {
	h, err := t.toHeld(arg, "forward")
	if err == nil {
		err = undecidedUnit(h)
	}
	if err != nil {
		return err
	}
	return t.letGo(live.Act{Do: "forward", Seq: h.Seq}, number(h.Seq)+" goes on as it came.")
}

func (t *talk) undo(arg string) error {
	h, err := t.toHeld(arg, "undo")
	if err != nil {
		return err
	}
	_, draft := t.drafts[h.Seq]
	delete(t.drafts, h.Seq)
	switch {
	case h.Decided != "":
		if err := t.act(live.Act{Do: "hold", Seq: h.Seq}); err != nil {
			return err
		}
		t.on = h.Seq
		t.say("%s is held again, as it came.", number(h.Seq))
	case draft:
		t.say("The change of %s is forgotten; it is held as it came.", number(h.Seq))
	default:
		t.say("%s is as it came: there is nothing to take back.", number(h.Seq))
	}
	return nil
}

// listHeld says what waits, and how both sides have waited.
func (t *talk) listHeld(string) error {
	if err := t.needLive(); err != nil {
		return err
	}
	all := t.src.Live.Held()
	if len(all) == 0 {
		t.say("Nothing is held.")
	}
	now := time.Now()
	for i := range all {
		h := &all[i]
		t.announced[h.Seq] = true
		t.announce(h, true)
		if t.on == 0 && h.Decided == "" {
			t.on = h.Seq
		}
		text := "It has waited for " + took(now.Sub(h.Since))
		if !h.Until.IsZero() {
			text += ", and goes on by itself in " + took(h.Until.Sub(now))
		}
		if h.Behind > 0 {
			text += ". Behind it " + pick(h.Behind == 1, "waits ", "wait ") + counted(h.Behind, "unit")
		}
		t.say("%s.", text)
		e := t.unit(h)
		for d := range h.Clocks {
			t.clock(explain.Entity(explain.ProfileOf(e), decode.Dir(d)), &h.Clocks[d], now)
		}
	}
	return nil
}

// clock says how one side has waited, and who would give up first.
func (t *talk) clock(name string, c *live.Clock, now time.Time) {
	if c.Heard.IsZero() && c.Told.IsZero() {
		return
	}
	text := "The " + name
	if c.Ended {
		text += " has ended its side"
	} else {
		text += " said something last " + took(now.Sub(c.Heard)) + " ago"
	}
	if !c.Told.IsZero() {
		text += ", and got something last " + took(now.Sub(c.Told)) + " ago"
	}
	if !c.Due.IsZero() && !c.Ended {
		text += pick(c.Due.After(now), ". The first to act would be: "+c.Act+", in "+took(c.Due.Sub(now)), ". By now "+c.Act)
	}
	t.say("%s.", text)
}

// connHere is the conversation at hand, 0 for none.
func (t *talk) connHere() decode.ConnID {
	if h := t.heldUnit(t.on); h != nil {
		return h.Conn
	}
	if row := t.session.Row(); row >= 0 {
		return t.src.Store.Row(row).Conn()
	}
	return 0
}

// sideWord takes server or client out of the words: the direction of what is sent
// to that side.
func sideWord(words []string) (rest []string, to string, dir decode.Dir) {
	for _, w := range words {
		switch strings.ToLower(w) {
		case "server", "receiver":
			to, dir = "server", decode.FromInitiator
		case "client", "initiator":
			to, dir = "client", decode.FromReceiver
		case "to", "the":
		default:
			rest = append(rest, w)
		}
	}
	return rest, to, dir
}

// closeIt ends a connection.
func (t *talk) closeIt(arg string) error {
	if err := t.needLive(); err != nil {
		return err
	}
	words, to, dir := sideWord(fields(arg))
	if to == "" {
		to, dir = "client", decode.FromReceiver
	}
	a := live.Act{Do: "close", Conn: t.connHere(), Dir: dir.String(), Layer: "stream"}
	if len(words) > 0 {
		a.Layer = words[0]
	}
	if len(words) > 1 {
		a.Condition = words[1]
	}
	if len(words) > 2 || a.Condition != "" && a.Layer != "stream" {
		return no("close takes a side, a layer and for a stream a condition", "for example close client stream policy-violation")
	}
	if h := t.heldUnit(t.on); h != nil {
		a.Seq = h.Seq
	}
	if err := t.act(a); err != nil {
		return err
	}
	t.on = 0
	t.say("The connection is ended towards the %s.", to)
	t.follow(0, shortly)
	return nil
}

// freezing is freeze or thaw.
func freezing(do string) func(*talk, string) error {
	return func(t *talk, arg string) error {
		if err := t.needLive(); err != nil {
			return err
		}
		words, side, dir := sideWord(fields(arg))
		if len(words) > 0 {
			return no(capped(words[0], 60)+" is no side", "client, server, or nothing for both")
		}
		a := live.Act{Do: do, Conn: t.connHere()}
		if side != "" {
			a.Dir = dir.Other().String() // what comes from that side
		}
		if err := t.act(a); err != nil {
			return err
		}
		side = pick(side == "", "both sides", "the "+side)
		t.say("%s", pick(do == "freeze", "What comes from "+side+" is held.", "What comes from "+side+" goes on again."))
		t.follow(0, shortly)
		return nil
	}
}

// cutNumber takes a leading number of an event off.
func cutNumber(arg string) (seq, rest string) {
	word, rest := takeWord(arg)
	if _, err := strconv.ParseUint(strings.TrimPrefix(word, "#"), 10, 32); err == nil {
		return word, rest
	}
	return "", strings.TrimSpace(arg)
}
