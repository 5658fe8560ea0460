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
