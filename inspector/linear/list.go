package linear

import (
	"fmt"
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/tlswire"
	"xmppscope/inspector"
)

// around is how many events list says before and behind the one at hand.
const around = 5

// list says events, a line each.
func (t *talk) list(arg string) error {
	at, err := t.row()
	if err != nil {
		return err
	}
	view := t.session.View()
	from, to := t.session.Line()-around, t.session.Line()+around
	switch a, b, isRange := strings.Cut(strings.ReplaceAll(arg, " ", ""), "-"); {
	case arg == "":
	case arg == "all":
		from, to = 0, view.Len()-1
	case isRange || a != "":
		if from, err = t.lineOf(a, 0); err == nil && isRange {
			to, err = t.lineOf(b, view.Len()-1)
		} else {
			to = from
		}
		if err != nil {
			return err
		}
	}
	from, to = max(0, from), min(to, view.Len()-1)
	if from > to {
		return no("there are no events between these", "")
	}
	for i := from; i <= to && !t.stopped(); i++ {
		row := view.RowAt(i)
		r := t.src.Store.Row(row)
		t.say("%s%s%s", pick(row == at && t.on == 0, "Here: ", ""), t.brief(row), t.wrong(r.Seq()))
	}
	if rest := view.Len() - 1 - to; rest > 0 {
		t.say("%s.", pick(rest == 1, "1 more follows", fmt.Sprintf("%d more follow", rest)))
	} else if t.heldUnit(t.on) != nil {
		t.say("You are at %s, which is held.", number(t.on))
	}
	return nil
}

// lineOf is the line of the view with an event, or the next one; els where none
// is named.
func (t *talk) lineOf(word string, els int) (int, error) {
	if word == "" {
		return els, nil
	}
	seq, ok := seqOf(word)
	if !ok {
		return 0, no(capped(word, 60)+" is no number of an event", "for example list 3-9")
	}
	row, ok := t.src.Store.Find(seq)
	if !ok {
		if n := t.src.Store.Len(); n > 0 && seq > t.src.Store.Row(n-1).Seq() {
			return t.session.View().Len() - 1, nil
		}
		return 0, no("there is no event "+number(seq), "")
	}
	line, _ := t.session.View().Find(row)
	return line, nil
}

// failed tells whether a row tells of a failure: a refusal, an error, bytes that
// cannot be read or are missing.
func failed(r inspector.Row) bool {
	return r.Has(inspector.HasCondition) || r.Kind() == decode.KindGap || r.Kind() == decode.KindBroken
}

// stage is a stretch of a conversation in one phase.
type stage struct {
	phase       decode.Phase
	first, last int // rows
	events, bad int
}

// stages are those of a conversation so far.
func (t *talk) stages(conn decode.ConnID) (all []stage) {
	store := t.src.Store
	for row := range store.Len() {
		r := store.Row(row)
		if r.Conn() != conn {
			continue
		}
		if n := len(all); n == 0 || all[n-1].phase != r.Stage() && r.Phase() != decode.PhaseNone && !r.Carries() {
			all = append(all, stage{phase: r.Stage(), first: row})
		}
		s := &all[len(all)-1]
		s.last = row
		s.events++
		if failed(r) {
			s.bad++
		}
		if row%4096 == 0 && t.stopped() {
			break
		}
	}
	return all
}

// phases says the way of this conversation.
func (t *talk) phases(string) error {
	at, err := t.row()
	if err != nil {
		return err
	}
	all := t.stages(t.src.Store.Row(at).Conn())
	for i, s := range all {
		text := fmt.Sprintf("Phase %d of %d is %s, from %s to %s, %s", i+1, len(all), pick(s.phase == decode.PhaseNone, "before the first step", s.phase.String()),
			number(t.src.Store.Row(s.first).Seq()), number(t.src.Store.Row(s.last).Seq()), counted(s.events, "event"))
		if s.bad > 0 {
			text += fmt.Sprintf(", %d of them failed", s.bad)
		}
		if s.first <= at && at <= s.last {
			text += ". You are in it"
		}
		t.say("%s.", text)
	}
	return nil
}

// conversations says all of them.
func (t *talk) conversations(string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	all := t.src.Store.Conversations()
	if len(all) == 0 {
		t.say("There are no conversations.")
	}
	for i := range all {
		if t.stopped() {
			break
		}
		t.conversation(&all[i])
	}
	if id := t.session.View().Conn(); id != 0 {
		t.say("You look at conversation %d alone; conn all shows all of them.", id)
	}
	return nil
}

// conversation says one in a line.
func (t *talk) conversation(c *decode.Conversation) {
	text := fmt.Sprintf("Conversation %d", c.Conn)
	if c.Initiator != "" {
		text += ", from " + c.Initiator + " to " + c.Receiver
	}
	if p := c.Profile.String(); p != "" {
		text += ", " + p
	}
	if c.Transport != "" {
		text += " over " + c.Transport
	}
	if c.Domain != "" {
		text += ", domain " + capped(c.Domain, 200)
	}
	if c.JID != "" && c.JID != c.Domain {
		text += ", " + capped(c.JID, 200)
	}
	if c.Encrypted {
		name := "TLS"
		if c.TLS.Version != 0 {
			name = tlswire.VersionName(c.TLS.Version)
		}
		text += ", " + name + pick(c.Decrypted, " that is read", " that cannot be read")
	}
	if c.Phase != decode.PhaseNone {
		text += ", came to " + c.Phase.String()
	}
	if c.Initiator != "" {
		text += ", " + c.Outcome.String()
	}
	text += ", " + counted(c.Events, "event")
	if n := t.failures(c.Conn); n > 0 {
		text += fmt.Sprintf(", %d of them failed", n)
	}
	t.say("%s.", text)
}

// failures counts the events of a conversation that tell of a failure.
func (t *talk) failures(conn decode.ConnID) (n int) {
	for row := range t.src.Store.Len() {
		if r := t.src.Store.Row(row); r.Conn() == conn && failed(r) {
			n++
		}
	}
	return n
}

// conn looks at one conversation.
func (t *talk) conn(arg string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	id := 0
	if arg != "all" {
		n, err := strconv.Atoi(strings.TrimPrefix(arg, "#"))
		if _, known := t.src.Store.Conversation(decode.ConnID(n)); err != nil || !known {
			return no(pick(arg == "", "conn needs the number of a conversation", "there is no conversation "+capped(arg, 60)), "conversations says which there are; conn all shows all")
		}
		id = n
	}
	t.session.SetConn(decode.ConnID(id))
	t.session.Update(0)
	t.told = t.src.Store.Len()
	if id == 0 {
		t.say("All conversations are shown, %s.", counted(t.session.View().Len(), "event"))
	} else {
		c, _ := t.src.Store.Conversation(decode.ConnID(id))
		t.conversation(&c)
	}
	if t.on == 0 {
		t.here()
	}
	return nil
}

// time chooses what is said of times.
func (t *talk) time(arg string) error {
	for i, name := range timeNames {
		if arg == name {
			t.times = timeMode(i)
			t.say("From now on %s.", timeDocs[i])
			return nil
		}
	}
	if arg == "" {
		t.say("Now %s. time start, time last, time clock and time off change that.", timeDocs[t.times])
		return nil
	}
	return no(capped(arg, 60)+" is none of start, last, clock and off", "")
}
