package lint

import "xmppscope/decode"

// saslTurns counts the turns of each side, for each login in its order. Where
// they do not fit together somebody spoke out of turn.
type saslTurns struct {
	mine, theirs []turns // of the initiating and the receiving entity
	judged       int
}

// turns is what one side said in one login.
type turns struct {
	count   int        // responses or challenges
	last    decode.Seq // the last of them, or what came instead
	ended   bool
	success bool
	aborted bool
}

// maxTurns bounds the logins of one conversation that are counted.
const maxTurns = 64

func (t *saslTurns) take(p *Pass) {
	e := p.Event
	if len(t.mine) > maxTurns || len(t.theirs) > maxTurns {
		return
	}
	if e.Dir == decode.FromReceiver {
		t.answer(e)
		return
	}
	switch e.Name.Local {
	case "auth", "authenticate":
		t.leave()
		t.mine = append(t.mine, turns{last: e.Seq})
	case "response":
		n := len(t.mine)
		if n == 0 || t.mine[n-1].ended {
			p.Report("sasl-out-of-turn", "a response though no login is going on")
			return
		}
		t.mine[n-1].count++
		t.mine[n-1].last = e.Seq
	case "abort":
		if n := len(t.mine); n > 0 {
			t.mine[n-1].aborted = true
		}
	}
}

// leave says that the initiating entity has left its login behind.
func (t *saslTurns) leave() {
	if n := len(t.mine); n > 0 {
		t.mine[n-1].ended = true
	}
}

func (t *saslTurns) answer(e *decode.Event) {
	switch e.Name.Local {
	case "challenge", "success", "failure":
	default:
		return // what belongs to further tasks (XEP-0388 §2.6.3)
	}
	if e.State.Headers[decode.FromReceiver] == 0 {
		return // the capture begins in the middle
	}
	if n := len(t.theirs); n == 0 || t.theirs[n-1].ended {
		t.theirs = append(t.theirs, turns{})
	}
	now := &t.theirs[len(t.theirs)-1]
	if e.Name.Local == "challenge" {
		now.count++
		now.last = e.Seq
		return
	}
	now.ended, now.success = true, e.Name.Local == "success"
	if now.count == 0 {
		now.last = e.Seq
	}
}

// judge compares the logins that are over on both sides. At the end of the
// conversation no more is to come.
func (t *saslTurns) judge(p *Pass, end bool) {
	for ; t.judged < len(t.mine) && t.judged < len(t.theirs); t.judged++ {
		mine, theirs := &t.mine[t.judged], &t.theirs[t.judged]
		if !theirs.ended || !mine.ended && !end && mine.count <= theirs.count {
			return
		}
		open := 0 // challenges that need no response
		if !theirs.success {
			open = 1
		}
		switch {
		case mine.count > theirs.count:
			p.Add(Finding{Rule: "sasl-out-of-turn", Who: WhoInitiator, Seq: mine.last, Text: "a response without a challenge"})
		case theirs.count > mine.count+open && !mine.aborted:
			p.Add(Finding{Rule: "sasl-out-of-turn", Who: WhoReceiver, Seq: theirs.last, Text: "a challenge, and the one before it or this one was never answered"})
		}
	}
	if end && len(t.theirs) > len(t.mine) {
		p.Add(Finding{Rule: "sasl-out-of-turn", Who: WhoReceiver, Seq: t.theirs[len(t.mine)].last, Text: "an answer to a login that was never begun"})
	}
}
