package linear

import (
	"cmp"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
)

// live tells whether the verbs act on open connections.
func (t *talk) live() bool { return t.src != nil && t.src.Live != nil && t.load.running() }

func (t *talk) notLive() string {
	if t.src != nil && t.src.Live != nil {
		return "All connections have ended; what was said can still be looked at."
	}
	return "This is a recording, nothing here is open; xmppscope demo --plain and xmppscope proxy --plain are."
}

// needLive refuses verbs that are about open connections where there are none.
func (t *talk) needLive() error {
	if err := t.needSource(); err != nil {
		return err
	}
	if !t.live() {
		return no(t.notLive(), "")
	}
	return nil
}

// beginLive says what is open, and what happens first to a person who listens.
func (t *talk) beginLive() {
	s := t.src.Live.Status()
	t.unsaid = append(t.unsaid, s.News...)
	t.binds = s.Binds // then it was told when it was begun
	t.say("%s. %s", t.src.Title, t.mode())
	t.say("help says what can be done.")
	if t.o.Typed && !t.hurried {
		_ = t.wait("")
	}
}

// status says how it stands.
func (t *talk) status(string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	if t.src.Live == nil {
		t.say("This is a recording, %s: %s, %s.", t.src.Title, counted(len(t.src.Store.Conversations()), "conversation"), counted(t.src.Store.Len(), "event"))
		return nil
	}
	s := t.standing()
	for _, l := range s.Listening {
		t.say("Clients may connect to %s.", l)
	}
	for _, a := range s.Alerts {
		t.say("%s", sentence(a))
	}
	if s.Recording != "" {
		t.say("It is recorded to %s.", s.Recording)
	}
	if text := s.BindingText(); text != "" {
		t.say("%s", sentence(upperFirst(text)))
	}
	t.news()
	if !t.live() {
		t.say("%s", t.notLive())
		return nil
	}
	t.say("%s %s, %s held, %s.", t.mode(), upperFirst(counted(s.Open, "open connection")), counted(len(t.src.Live.Held()), "unit"), counted(len(t.src.Live.Breaks()), "breakpoint"))
	return nil
}

// mode says what happens to what comes.
func (t *talk) mode() string {
	switch t.standing().Mode {
	case gate.Paused:
		return "Everything that comes is held."
	case gate.UntilPhase:
		return "Everything goes on until the next phase begins."
	}
	return "Everything goes on."
}

// standing is how it stands; what is said for the first time is kept for news.
func (t *talk) standing() live.Status {
	s := t.src.Live.Status()
	t.unsaid = append(t.unsaid, s.News...)
	if s.Binds && !t.binds { // the screen shows it from now on
		t.binds = true
		t.unsaid = append(t.unsaid, s.BindingText())
	}
	return s
}

// news says what the source itself had to say.
func (t *talk) news() {
	t.standing()
	for _, text := range t.unsaid {
		t.say("Note: %s", sentence(text))
	}
	t.unsaid = nil
}

// undecided are the held units that wait for a decision.
func (t *talk) undecided() (all []live.Waiting) {
	if !t.live() {
		return nil
	}
	for _, h := range t.src.Live.Held() {
		if h.Decided == "" {
			all = append(all, h)
		}
	}
	return all
}

// heldUnit is a held unit by its number, nil where there is none.
func (t *talk) heldUnit(seq decode.Seq) *live.Waiting {
	if seq == 0 || !t.live() {
		return nil
	}
	for _, h := range t.src.Live.Held() {
		if h.Seq == seq {
			return &h
		}
	}
	return nil
}

// unit is what is held as it reads for who knows its conversation. A header that
// is held has told nobody yet what sort of conversation it opens.
func (t *talk) unit(h *live.Waiting) *decode.Event {
	p := t.profile(h.Conn)
	if p == decode.ProfileUnknown && h.Event.Kind == decode.KindOpen {
		c := decode.NewConn(1, decode.Options{})
		if all, _ := c.Feed(h.Dir, h.Event.Time, h.Event.Text()); len(all) > 0 && all[len(all)-1].After != nil {
			p = all[len(all)-1].After.Profile
		}
	}
	return explain.As(h.Event, p)
}

// announce says that a unit is held, with what can be done about it where that
// is new to the person.
func (t *talk) announce(h *live.Waiting, short bool) {
	e := t.unit(h)
	text := t.name(h.Seq, h.Conn, e.Phase) + ", HELD: " + capped(explain.Headline(e), maxBrief)
	if h.Decided != "" {
		text += " It is decided: " + h.Decided + ", when its turn comes."
	}
	if h.Why != "" && h.Why != "step" {
		text += " Stopped by " + sentence(capped(h.Why, 300))
	}
	if t.drafts[h.Seq] != "" {
		text += " A change of it is not sent yet."
	}
	t.say("%s", text)
	if !t.hinted && !short {
		t.hinted = true
		t.say("The %s has not got it yet: show says all about it, edit changes it, step lets it go, continue lets everything go, drop drops it.", otherSide(e))
	}
}

func otherSide(e *decode.Event) string {
	return explain.Entity(explain.ProfileOf(e), e.Dir.Other())
}

// flood is how many new events are said one by one to a person. A script hears
// all of them.
const flood = 40

// tellNew says what happened since it was asked last, and tells whether anything
// did.
func (t *talk) tellNew() (some bool) {
	store := t.src.Store
	view := t.session.View()
	t.session.Update(0)
	n := store.Len()
	if n == t.told {
		return false
	}
	from, _ := view.Find(t.told)
	t.told = n
	fresh := view.Len() - from
	if fresh <= 0 {
		return true
	}
	if fresh > flood && t.o.Typed {
		t.say("%d events happened, %s to %s. list says them.", fresh, number(store.Row(view.RowAt(from)).Seq()), number(store.Row(view.RowAt(view.Len()-1)).Seq()))
	} else {
		for i := from; i < view.Len(); i++ {
			t.tell(view.RowAt(i))
		}
	}
	if t.on == 0 || t.heldUnit(t.on) == nil {
		t.session.Last()
	}
	return true
}

// tell says a new event; of one that was announced, only what became of it.
func (t *talk) tell(row int) {
	r := t.src.Store.Row(row)
	if !t.announced[r.Seq()] {
		t.say("%s%s", t.brief(row), t.wrong(r.Seq()))
		return
	}
	delete(t.announced, r.Seq())
	became := "went on as it came"
	switch r.Origin() {
	case decode.OriginEdited:
		became = "went on, changed"
	case decode.OriginDropped:
		became = "was dropped"
	}
	t.say("%s %s.%s", number(r.Seq()), became, t.wrong(r.Seq()))
}

// late lets go what was on its way to be held when everything was let go: it was
// held by a step that is over.
func (t *talk) late() {
	for _, h := range t.undecided() {
		if h.Why == "step" && !t.announced[h.Seq] && t.standing().Mode != gate.Paused {
			_ = t.src.Live.Do(live.Act{Do: "forward", Seq: h.Seq}) // else it is announced
		}
	}
}

// tellHeld announces what is held and was not announced, and tells whether there
// was any.
func (t *talk) tellHeld() (fresh bool) {
	for _, h := range t.undecided() {
		if t.announced[h.Seq] {
			continue
		}
		t.announced[h.Seq] = true
		t.announce(&h, false)
		if !fresh {
			t.on = h.Seq
		}
		fresh = true
	}
	return fresh
}

// meanwhile says what happened while a line was typed. What was selected and is
// not held any more is not replaced unheard: see toHeld.
func (t *talk) meanwhile() {
	if t.src == nil || t.src.Live == nil && !t.src.Follow {
		return
	}
	before := t.on
	t.tellNew()
	if t.src.Live == nil {
		return
	}
	t.news()
	t.tellHeld()
	if t.on = before; t.heldUnit(before) == nil {
		t.on = 0
	}
	t.tellEnd()
}

// tellEnd says once that nothing is open any more.
func (t *talk) tellEnd() {
	if t.ended || t.live() {
		return
	}
	t.ended, t.on = true, 0
	t.tellNew()
	if t.load.err != nil && t.ctx.Err() == nil {
		t.say("Reading stopped: %s", sentence(t.load.err.Error()))
	}
	t.news()
	t.say("All connections have ended. What was said can still be looked at.")
}

const (
	// look is how often it is looked what has happened.
	lookEvery = 15 * time.Millisecond
	// others is how long what else happens is waited for where something is held
	// still.
	others = 250 * time.Millisecond
	// shortly is how long the consequences of what was sent are waited for.
	shortly = 600 * time.Millisecond
	// quiet is how long a script waits where nothing happens.
	quiet = 30 * time.Second
)

// follow says what happens until somebody has to decide, nothing is open any
// more, or the person wants to speak. after is the unit that was let go, 0 for
// none; limit, where it is not 0, ends the waiting too.
func (t *talk) follow(after decode.Seq, limit time.Duration) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	began := time.Now()
	gone, heard := began, began
	left := after == 0
	for {
		if t.tellNew() {
			heard = time.Now()
		}
		t.news()
		t.late()
		if t.tellHeld() {
			return
		}
		if !t.live() {
			t.tellEnd()
			return
		}
		if !left {
			if _, left = t.src.Store.Find(after); left {
				gone = time.Now()
			}
		}
		all := t.undecided()
		switch {
		case len(all) > 0 && (left || time.Since(began) > shortly) && time.Since(gone) > others:
			t.still(all)
			return
		case limit > 0 && time.Since(began) > limit:
			return
		case limit == 0 && len(all) == 0 && !t.o.Typed && time.Since(heard) > cmp.Or(t.o.Quiet, quiet):
			t.say("Nothing has happened for %s.", took(cmp.Or(t.o.Quiet, quiet)))
			return
		}
		t.flush()
		if t.failed != nil || !t.patient(tick.C) {
			return
		}
	}
}

// still says which unit the person is at, where nothing new is held.
func (t *talk) still(all []live.Waiting) {
	if t.heldUnit(t.on) == nil {
		t.on = all[0].Seq
		t.say("%s is held still: %s", number(t.on), explain.Headline(t.unit(&all[0])))
	}
}

// patient waits a moment; false where the person has something to say.
func (t *talk) patient(tick <-chan time.Time) bool {
	select {
	case <-tick:
		return true
	case <-t.load.ended:
		return true
	case <-t.ctx.Done():
	case <-t.o.Interrupts:
		t.say("The prompt is back; everything goes on as it did.")
	case line, ok := <-t.typed():
		if !ok {
			t.over = true
		} else if strings.TrimSpace(line) != "" {
			t.ahead = append(t.ahead, line)
		}
	}
	return false
}

// wait says what happens.
func (t *talk) wait(string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	if !t.live() {
		return no(t.notLive(), "")
	}
	if len(t.undecided()) == 0 && t.o.Typed {
		t.say("Waiting for what happens. Enter brings the prompt back.")
	}
	t.follow(0, 0)
	return nil
}

// lost says what leaving has ended.
func (t *talk) lost() {
	if !t.live() || t.sure || t.ctx.Err() != nil {
		return
	}
	t.broken = false
	if n := len(t.undecided()); n > 0 {
		t.say("%s held and %s lost.", pick(n == 1, "1 unit was", counted(n, "unit")+" were"), pick(n == 1, "is", "are"))
	}
}
