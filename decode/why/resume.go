package why

import (
	"strconv"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/spec"
)

var resumeQuestions = []Question{
	{Name: "resume", Also: []string{"resumption"}, Ask: "Was an older stream resumed?",
		Doc: "why the session was not resumed after a lost connection", answer: answerResume},
}

var refResume = spec.XEP(198, "5")

// resuming finds the request to resume and its answer. Within a login of SASL 2
// there is only what the state tells.
func (t *talk) resuming() (asked, yes, no *moment) {
	t.path.all(func(m *moment) bool {
		switch {
		case m.isSM("resume"), m.dir == decode.FromInitiator && m.after != nil && m.login != nil && contains(stepNames(m.after.Inline), "sm-resume"):
			asked = m
		case m.isSM("failed") && m.step == decode.StepSMResume:
			no = m
		case m.state != nil && m.after != nil && m.after.Resumed && !m.state.Resumed, m.isSM("resumed"):
			yes = m
		case no == nil && m.state != nil && m.after != nil && m.after.ResumeFailed != "" && m.state.ResumeFailed == "":
			no = m
		}
		return true
	})
	return asked, yes, no
}

func stepNames(all []decode.Step) (names []string) {
	for _, s := range all {
		names = append(names, s.String())
	}
	return names
}

func answerResume(v *view) {
	asked, yes, no := v.t.resuming()
	old := v.older(asked, yes)
	if asked != nil {
		text := v.Who(asked.dir) + " wants to resume an older stream"
		if id := asked.attrs["previd"]; id != "" {
			text += ", " + value(id)
		}
		v.fact(refResume, text+".", asked.seq)
	}
	switch {
	case yes != nil:
		v.fact(refResume, v.Who(yes.dir)+" resumes it: what was lost on the way is sent again, and no new address is bound.", yes.seq)
		v.happened("The older stream was resumed.")
	case no != nil:
		v.refusedResume(no, old)
	case asked != nil:
		v.pending(asked, "the request to resume")
	default:
		v.neverResumed()
	}
}

// older adds what is known of the stream that is to be resumed.
func (v *view) older(asked, yes *moment) *talk {
	for _, m := range []*moment{asked, yes} {
		if m == nil || m.related == 0 {
			continue
		}
		for _, conn := range v.c.order {
			o := v.c.talks[conn]
			_, on, _ := o.enabling()
			if on == nil || o == v.t || on.seq != m.related {
				continue
			}
			text := "The older stream is conversation " + number(int(conn))
			if on.after.ResumeMax != "" {
				text += ", to be kept for " + value(on.after.ResumeMax) + " seconds"
			}
			v.fact(refResume, text+".", on.seq)
			if end := o.ending(0); end != nil {
				how, ref := v.told(end)
				v.fact(ref, "There: "+lower(how)+" That was "+long(m.at.Sub(end.at))+" before.", end.seq)
			}
			return o
		}
	}
	return nil
}

func (v *view) refusedResume(no *moment, old *talk) {
	cond := no.cond
	if cond == "" && no.after != nil {
		cond = no.after.ResumeFailed
	}
	v.fact(refResume, v.Who(no.dir)+" refuses with "+value(cond)+said(no.text)+".", no.seq)
	v.didNot("The older stream was not resumed: %s%s.", value(cond), said(no.text))
	switch no.cond {
	case "item-not-found":
		v.fact(refResume, "item-not-found means that the server does not know that stream any more: its time is up, it was closed in order, the server was started again, or it belongs to another account.", no.seq)
		if old != nil {
			v.expired(no, old)
			if closed := old.path.find(func(m *moment) bool { return m.kind == decode.KindClose && m.dir == decode.FromInitiator }); closed != nil {
				v.fact(refResume, "The older stream was closed in order, and such a stream is not kept.", closed.seq)
				v.tell("To come back, let the connection drop without </stream:stream>.")
			}
		} else {
			v.tell("A capture that has the older stream too: how and when it ended, and for how long it was to be kept.")
		}
	default:
		v.condition(explain.SortStanza, no.cond, no.seq)
	}
	if bound := v.t.bound(); bound != nil && bound.seq > no.seq {
		v.fact(spec.RFC(6120, "7.6"), "An address is bound instead; stanzas that were on their way may be lost.", bound.seq)
	}
}

// expired adds that the older stream was to be kept for a shorter time than it
// has been waiting.
func (v *view) expired(no *moment, old *talk) {
	_, on, _ := old.enabling()
	end := old.ending(0)
	if on == nil || end == nil {
		return
	}
	most, err := strconv.Atoi(on.after.ResumeMax)
	if err != nil || most <= 0 || no.at.Sub(end.at) <= time.Duration(most)*time.Second {
		return
	}
	v.fact(refResume, "Its time was up: "+long(no.at.Sub(end.at))+" had passed, and it was to be kept for "+count(most, "second")+".", on.seq, no.seq)
	v.tell("Let the client come back sooner, or the server keep such streams for longer.")
}

// neverResumed settles a stream that does not try to resume another.
func (v *view) neverResumed() {
	t := v.t
	won := t.won()
	if won == nil && t.mid == 0 && !v.needs("login", "A stream is resumed after the login.", refResume) {
		return
	}
	from := decode.Seq(0)
	if won != nil {
		v.fact(refResume, "The login succeeded; to resume would be the next thing to ask for.", won.seq)
		from = won.seq
	}
	if bound := t.bound(); bound != nil {
		v.fact(spec.RFC(6120, "7.6"), "A new address is bound instead.", bound.seq)
	} else if v.blind(from) {
		return
	}
	_, on, _ := t.enabling()
	switch {
	case v.earlier() != nil:
		e := v.earlier()
		v.fact(refResume, "On an earlier connection of this account the server had given an id to resume with, and that connection was not closed in order.", e.seq)
		v.didNot("%s could have resumed its earlier stream and did not ask for it.", v.Who(decode.FromInitiator))
		v.tell("The client's log: it may have been started again, and have lost the id.")
	case v.offeredSM() == nil && len(t.features()) > 0:
		v.didNot("The server offers no stream management on this stream, without which nothing can be resumed.")
	default:
		v.didNot("%s does not ask to resume anything; in this capture it has no older stream that it could resume.", v.Who(decode.FromInitiator))
	}
	switch {
	case on == nil:
	case on.after.ResumeID != "":
		v.fact(refResume, "This stream itself can be resumed later: the server gives it an id.", on.seq)
	default:
		v.fact(refResume, "This stream itself cannot be resumed later: the server gives it no id. A client gets one by asking with resume='true', if the server allows it.", on.seq)
	}
}

// earlier is the moment on an older conversation of the same account that gave
// an id to resume with, where that stream was not closed in order.
func (v *view) earlier() *moment {
	if v.t.now == nil || v.t.now.Identity == "" {
		return nil
	}
	for _, conn := range v.c.order {
		o := v.c.talks[conn]
		if o == v.t || o.now == nil || o.now.Identity != v.t.now.Identity || o.began.After(v.t.began) {
			continue
		}
		_, on, _ := o.enabling()
		closed := o.path.find(func(m *moment) bool { return m.kind == decode.KindClose && m.dir == decode.FromInitiator })
		if on != nil && on.after.ResumeID != "" && closed == nil && o.ending(0) != nil && !o.at.After(v.t.at) {
			return on
		}
	}
	return nil
}
