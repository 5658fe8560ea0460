package linear

import (
	"slices"
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/inspector/gate"
)

// times reads how often something is to be done.
func often(arg string) (int, error) {
	if arg == "" {
		return 1, nil
	}
	n, err := strconv.Atoi(arg)
	if err != nil || n < 1 || n > 1_000_000 {
		return 0, no(capped(arg, 60)+" is no number of events", "")
	}
	return n, nil
}

// move goes n events on or back among what was seen.
func (t *talk) move(n int, end string) error {
	if _, err := t.row(); err != nil {
		return err
	}
	if t.on != 0 { // what is held stands behind all that happened
		t.session.Last()
		if n++; n == 0 {
			t.on = 0
			t.here()
			return nil
		}
	}
	t.on = 0
	if !t.session.Move(n) {
		t.say("%s", end)
	}
	t.here()
	return nil
}

func (t *talk) step(arg string) error {
	n, err := often(arg)
	if err == nil {
		err = t.needSource()
	}
	if err != nil {
		return err
	}
	if t.live() {
		return t.stepLive(n)
	}
	return t.move(n, t.lastWords())
}

// lastWords says why it does not go on.
func (t *talk) lastWords() string {
	switch {
	case t.load.running():
		return "This is the last event so far; more may come."
	case !t.session.View().Filter().All():
		return "This is the last event that the filter lets through."
	}
	return "This is the last event."
}

func (t *talk) back(arg string) error {
	n, err := often(arg)
	if err != nil {
		return err
	}
	return t.move(-n, "This is the first event.")
}

func (t *talk) down(arg string) error {
	n, err := often(arg)
	if err != nil {
		return err
	}
	return t.move(n, t.lastWords())
}

func (t *talk) next(string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	if t.live() {
		return t.nextLive()
	}
	return t.later("")
}

func (t *talk) later(string) error {
	if _, err := t.row(); err != nil {
		return err
	}
	t.on = 0
	if !t.session.NextPhase() {
		t.say("This is the last phase of the conversation.")
	}
	t.here()
	return nil
}

func (t *talk) earlier(string) error {
	if _, err := t.row(); err != nil {
		return err
	}
	t.on = 0
	if !t.session.PrevPhase() {
		t.say("This is the first phase of the conversation.")
	}
	t.here()
	return nil
}

// goOn is continue: in a recording it goes to the next event that a breakpoint is
// about, or to the end.
func (t *talk) goOn(string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	if t.live() {
		return t.continueLive()
	}
	if _, err := t.row(); err != nil {
		return err
	}
	t.on = 0
	view := t.session.View()
	for i := t.session.Line() + 1; i < view.Len(); i++ {
		row := view.RowAt(i)
		for k := range t.breaks {
			b := &t.breaks[k]
			if b.Off || !b.When.MatchRow(t.src.Store, row) {
				continue
			}
			b.Hits++
			t.session.Select(row)
			t.say("Stopped by breakpoint %d: %s", b.ID, b.Text())
			t.here()
			if b.Once {
				t.breaks = slices.Delete(t.breaks, k, k+1)
			}
			return nil
		}
		if i%256 == 0 && t.stopped() {
			t.broken = false
			t.session.Select(row)
			t.here()
			return nil
		}
	}
	t.session.Last()
	if len(t.breaks) > 0 {
		t.say("No further event fits a breakpoint. This is the end.")
	} else {
		t.say("This is the end. break sets a breakpoint to stop at.")
	}
	t.here()
	return nil
}

func (t *talk) pause(string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	if !t.live() {
		t.say("%s", t.notLive())
		return nil
	}
	return t.pauseLive()
}

// seqOf reads the number of an event, with or without its sign.
func seqOf(word string) (decode.Seq, bool) {
	n, err := strconv.ParseUint(strings.TrimPrefix(word, "#"), 10, 32)
	return decode.Seq(n), err == nil && n > 0
}

func (t *talk) goTo(arg string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	switch arg {
	case "first", "last":
		if _, err := t.row(); err != nil {
			return err
		}
		t.on = 0
		if arg == "first" {
			t.session.First()
		} else {
			t.session.Last()
		}
		t.here()
		return nil
	}
	seq, ok := seqOf(arg)
	if !ok {
		return no("goto needs the number of an event", "for example goto 7")
	}
	if h := t.heldUnit(seq); h != nil {
		t.on = seq
		t.announce(h, true)
		return nil
	}
	t.session.Update(0)
	if t.session.Goto(seq) {
		t.on = 0
		t.here()
		return nil
	}
	if _, known := t.src.Store.Find(seq); !known {
		return no("there is no event "+number(seq), "")
	}
	return no(number(seq)+" is not among what is shown", "filter off and conn all show everything; show "+number(seq)+" says it all the same")
}

func (t *talk) who(arg string) error {
	if _, err := t.row(); err != nil {
		return err
	}
	name := strings.ToLower(strings.ReplaceAll(arg, " ", "_"))
	if !slices.ContainsFunc(decode.Vars(), func(v decode.Var) bool { return v.Name == name }) {
		return no(pick(arg == "", "whose value", capped(arg, 60)+" is no variable"), "state lists the variables that have a value")
	}
	seq, ok := t.session.WhoSet(name)
	if !ok {
		return no(name+" has no value here, or nobody has set it", "")
	}
	return t.goTo(number(seq))
}

func (t *talk) where(string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	if h := t.heldUnit(t.on); h != nil {
		t.announce(h, true)
		return nil
	}
	if _, err := t.row(); err != nil {
		return err
	}
	t.here()
	return nil
}

// addBreak sets a breakpoint.
func (t *talk) addBreak(arg string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	if arg == "" {
		e, err := t.eventHere()
		if err != nil {
			return err
		}
		arg = gate.Like(e)
	}
	b, err := gate.ParseBreak(arg)
	if err != nil {
		return expressionFault(arg, err)
	}
	fits := 0
	for row := range t.src.Store.Len() {
		if b.When.MatchRow(t.src.Store, row) {
			fits++
		}
		if row%256 == 0 && t.stopped() {
			t.broken = false
			return no("no breakpoint is set", "")
		}
	}
	if err := t.setBreak(b); err != nil {
		return err
	}
	all := t.allBreaks()
	t.say("Breakpoint %d: %s. It fits %d of the %s so far.", all[len(all)-1].ID, b.Text(), fits, counted(t.src.Store.Len(), "event"))
	t.say("%s", pick(t.live(), "What fits is held from now on; continue goes on to it.", "continue goes to the next event that fits."))
	return nil
}

func (t *talk) setBreak(b gate.Break) error {
	if t.live() {
		return t.doBreak(b.Text())
	}
	for _, have := range t.breaks {
		b.ID = max(b.ID, have.ID)
	}
	b.ID++
	t.breaks = append(t.breaks, b)
	return nil
}

func (t *talk) allBreaks() []gate.Break {
	if t.live() {
		return t.src.Live.Breaks()
	}
	return t.breaks
}

func (t *talk) listBreaks(string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	all := t.allBreaks()
	if len(all) == 0 {
		t.say("There are no breakpoints. break and an expression sets one.")
	}
	for i := range all {
		b := &all[i]
		t.say("Breakpoint %d is %s and has fitted %s: %s", b.ID, pick(b.Off, "off", "on"), counted(b.Hits, "time"), b.Text())
	}
	return nil
}

// breakIDs reads which breakpoints are meant.
func (t *talk) breakIDs(arg string) (ids []int, err error) {
	if err := t.needSource(); err != nil {
		return nil, err
	}
	for _, b := range t.allBreaks() {
		if arg == "all" || arg == strconv.Itoa(b.ID) {
			ids = append(ids, b.ID)
		}
	}
	if len(ids) == 0 {
		return nil, no("there is no breakpoint "+capped(arg, 60), "breakpoints lists them")
	}
	return ids, nil
}

func (t *talk) unbreak(arg string) error {
	ids, err := t.breakIDs(arg)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if t.live() {
			if err := t.undoBreak(id); err != nil {
				return err
			}
		} else {
			t.breaks = slices.DeleteFunc(t.breaks, func(b gate.Break) bool { return b.ID == id })
		}
		t.say("Breakpoint %d is removed.", id)
	}
	return nil
}

func (t *talk) toggle(arg string) error {
	ids, err := t.breakIDs(arg)
	if err != nil {
		return err
	}
	all := t.allBreaks()
	for i := range all {
		b := &all[i]
		if !slices.Contains(ids, b.ID) {
			continue
		}
		b.Off = !b.Off // of a recording, this is the breakpoint itself
		if t.live() {
			t.src.Live.Switch(b.ID, b.Off)
		}
		t.say("Breakpoint %d is %s now.", b.ID, pick(b.Off, "off", "on"))
	}
	return nil
}
