package tui

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// A lesson that asks what comes next draws a veil over the events behind the one
// that it asks about, until that was answered: the list does not show them, and
// no page tells of them.

// setVeil draws the veil behind an event; 0 takes it away.
func (u *ui) setVeil(seq decode.Seq) {
	if u.cap == nil || u.cap.veil == seq {
		return
	}
	u.cap.veil = seq
	u.renew(tabExplain, tabFindings, tabState)
}

// unseen tells whether nothing is to be told of an event yet.
func (c *capture) unseen(seq decode.Seq) bool { return c.veil != 0 && seq > c.veil }

// behindVeil is a conversation as far as its name may be told: who logged in is
// not while a lesson asks what comes next.
func (c *capture) behindVeil(v *decode.Conversation) decode.Conversation {
	shown := *v
	if c.veil != 0 {
		shown.JID = ""
	}
	return shown
}

// veiledText is said instead of what would tell of events behind the veil.
const veiledText = "that would tell what the lesson asks you: answer first"

// tellsAhead tells whether an action shows what comes behind the selected event,
// in this conversation or as a count of all.
func tellsAhead(action string) bool {
	switch action {
	case "findings", "next-finding", "previous-finding", "why", "filter", "undo", "marks", "actors", "break", "breakpoints", "run-to":
		return true
	}
	return false
}

// keptBack tells whether an action has to wait for the answer to the question
// of a lesson.
func (u *ui) keptBack(action string) bool {
	return u.cap != nil && u.cap.veil != 0 && tellsAhead(action)
}

// perform does what an action does, unless that has to wait for an answer.
func (u *ui) perform(a *action) {
	if !u.keptBack(a.name) {
		a.do(u)
		return
	}
	u.say(noteInfo, veiledText)
	if u.focus != paneLesson {
		u.message.keys = u.named("lesson-pane")
	}
}

// next is what may come behind an event, unless that is what is asked.
func (c *capture) next(seq decode.Seq, expect string) string {
	if expect != "" && c.unseen(seq+1) {
		return "that is what the lesson asks you"
	}
	return expect
}

// veiled is the way of a conversation as far as it may be told: nothing of it
// says what was found, or how it goes on.
func (c *capture) veiled(t *track, now int) (*track, int) {
	last, ok := c.store.Find(c.veil)
	if c.veil == 0 || !ok {
		return t, now
	}
	seen := &track{}
	for _, s := range t.stages {
		if s.first > last {
			break
		}
		label := phaseLabel(s.phase)
		for _, row := range s.logins {
			if name := c.mechanismAt(row); row <= last && !strings.HasSuffix(label, name) {
				label += name
			}
		}
		seen.stages = append(seen.stages, stage{phase: s.phase, first: s.first, last: min(s.last, last), label: label})
	}
	return seen, min(now, len(seen.stages)-1)
}

// mechanismAt is the mechanism of the login that begins at a row, behind a
// blank; empty where it is not known.
func (c *capture) mechanismAt(row int) string {
	e, err := c.store.Event(row)
	if err != nil || e.SASL == nil || e.SASL.Mechanism == "" {
		return ""
	}
	return " " + inspector.Disarm(cut(e.SASL.Mechanism, 24))
}
