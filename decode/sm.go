package decode

import (
	"fmt"
	"slices"

	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// Ledger counts stanzas for stream management (XEP-0198 §4), for each
// direction from the moment its counting began: with the request for the
// initiating entity, with the answer for the receiving one. A stream that was
// resumed goes on from what the other side had taken of the older one.
type Ledger struct {
	// Sent is how many stanzas the direction has sent, modulo 2^32.
	Sent [2]uint32
	// Acked is the last h with which the other side confirmed them.
	Acked [2]uint32
}

// half32 is what tells a count that is ahead from one that is behind, where
// counts start over at 2^32.
const half32 = 1 << 31

// Outstanding is how many stanzas of a direction are not confirmed. It is false
// where the other side has confirmed more than were sent, and n is how many
// more.
func (l Ledger) Outstanding(d Dir) (n uint32, ok bool) {
	if n = l.Sent[d] - l.Acked[d]; n < half32 {
		return n, true
	}
	return -n, false
}

// counts tells whether a direction's stanzas are counted now. What the
// initiating entity sends behind a login that asks for counting counts too, if
// the login succeeds (XEP-0386 §3.2).
func (c *Conn) counts(dir Dir) bool {
	return c.state.Managed[dir] || dir == FromInitiator && slices.Contains(c.state.Inline, StepSMEnable)
}

// complete tells whether every stanza so far was seen.
func (c *Conn) complete() bool {
	return !c.o.MidStream && c.sum.lost == 0 && c.sum.hidden == [2]int64{}
}

// ledger applies what an element of stream management says about counts
// (XEP-0198 §4, §5).
func ledger(c *Conn, e *Event, n *xmlstream.Node) {
	peer := e.Dir.Other()
	switch n.Name.Local {
	case "enable", "enabled":
		if !c.state.Managed[e.Dir] { // a second one changes nothing
			c.sm.Sent[e.Dir], c.sm.Acked[e.Dir] = 0, 0
		}
	case "a":
		c.ack(e, n)
	case "resume":
		c.resume = [2]uint32{}
		c.resume[peer], _ = counter(n)
	case "resumed":
		// Each side sends again what the other has not taken, and counts from
		// there.
		c.resume[peer], _ = counter(n)
		c.sm = Ledger{Sent: c.resume, Acked: c.resume}
	case "failed":
		c.unmanaged()
	}
}

// unmanaged forgets counts that began with a request and came to nothing.
func (c *Conn) unmanaged() {
	if !c.state.Managed[FromReceiver] {
		c.sm = Ledger{}
	}
}

// ack holds a count of the other side against what was sent.
func (c *Conn) ack(e *Event, n *xmlstream.Node) {
	h, ok := counter(n)
	if !ok {
		return
	}
	peer := e.Dir.Other()
	sent, last := c.sm.Sent[peer], c.sm.Acked[peer]
	c.sm.Acked[peer] = h
	ahead := h != sent && h-sent < half32
	switch {
	case !c.complete():
		if c.o.MidStream && !c.state.Managed[peer] {
			c.joinCounting(peer)
			ahead = true
		}
		if ahead {
			c.sm.Sent[peer] = h // the recording lacks the difference
		}
	case !c.state.Managed[peer]:
	case ahead:
		some := fmt.Sprintf("only %d", sent)
		if sent == 0 {
			some = "no stanza"
		}
		badCount(e, n, "sm-h-too-high", fmt.Sprintf("h is %d, but the other side has sent %s since counting began", h, some))
	case h-last >= half32:
		badCount(e, n, "sm-h-backwards", fmt.Sprintf("h is %d, after it was %d before", h, last))
	}
}

// joinCounting says that a direction is counted although the request for it
// was not seen.
func (c *Conn) joinCounting(dir Dir) {
	next := *c.state
	next.Managed[dir] = true
	c.state = &next
}

func badCount(e *Event, n *xmlstream.Node, rule, text string) {
	err := xmlstream.SyntaxError{Rule: rule, Text: text, Ref: spec.XEP(198, "4")}
	if a := n.FindAttr("", "h"); a != nil {
		err.Pos, err.End = int(a.Raw.Start), int(a.Raw.End)
	}
	e.Errs = append(e.Errs, err)
}

// failedStep tells which request a <failed/> answers.
func failedStep(c *Conn, e *Event, n *xmlstream.Node) {
	if e.Reply = c.answer(slotResume); e.Reply != 0 {
		return
	}
	e.Step = StepSMEnable
	e.Reply = c.answer(slotEnable)
	ledger(c, e, n)
}

func setManaged(s *State, e *Event, _ *xmlstream.Node) { s.Managed[e.Dir] = true }

func setEnabled(s *State, _ *Event, n *xmlstream.Node) {
	s.Managed = [2]bool{true, true}
	s.ResumeID, _ = n.Attr("id")
	s.ResumeMax, _ = n.Attr("max")
	s.ResumeAt, _ = n.Attr("location")
}

func setResumed(s *State, _ *Event, n *xmlstream.Node) {
	s.Managed = [2]bool{true, true}
	s.Resumed = true
	s.ResumeID, _ = n.Attr("previd")
}

// setSMFailed applies a refusal. One to a second request leaves what the first
// has begun (XEP-0198 §3).
func setSMFailed(s *State, e *Event, n *xmlstream.Node) {
	if e.Step == StepSMResume {
		setResumeFailed(s, n)
	} else if !s.Managed[FromReceiver] {
		s.Managed = [2]bool{}
	}
}

func setResumeFailed(s *State, n *xmlstream.Node) {
	s.ResumeFailed = firstIn(n, nsStanzaErr)
	if s.ResumeFailed == "" {
		s.ResumeFailed = "refused"
	}
	if h, ok := counter(n); ok {
		s.ResumeFailed += fmt.Sprintf(", %d stanzas of the older stream had arrived", h)
	}
}

// counter reads the attribute h, a count modulo 2^32.
func counter(n *xmlstream.Node) (uint32, bool) {
	v, ok := n.Attr("h")
	if !ok || v == "" {
		return 0, false
	}
	var h uint64
	for i := 0; i < len(v); i++ {
		if v[i] < '0' || v[i] > '9' {
			return 0, false
		}
		if h = h*10 + uint64(v[i]-'0'); h > 1<<32-1 {
			return 0, false
		}
	}
	return uint32(h), true
}
