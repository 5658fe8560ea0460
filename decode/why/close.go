package why

import (
	"slices"
	"strconv"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/decode/spec"
)

var closeQuestions = []Question{
	{Name: "close", Also: []string{"end", "disconnect", "error"}, Ask: "Was the stream closed in order?",
		Doc: "why the stream ended, and who ended it", answer: answerClose},
}

func number(n int) string { return strconv.Itoa(n) }

func answerClose(v *view) {
	t := v.t
	errs := t.path.find(func(m *moment) bool { return m.kind == decode.KindStreamError })
	first := t.ending(0)
	if end := t.path.find(func(m *moment) bool { return m.kind == decode.KindClose && m.cond != "" }); end != nil {
		first = end // an answer of BOSH may be read after the connection that brought it has ended
	}
	switch {
	case errs != nil && errs.proxy != "":
		text, _ := v.told(errs)
		v.tellEnding(errs.seq - 1)
		v.didNot("%s", text)
	case errs != nil:
		v.tellEnding(errs.seq - 1)
		v.didNot("%s ended the stream with the error %s%s.", v.Who(errs.dir), value(errs.cond), said(errs.text))
	case first == nil:
		v.stillOpen()
	case first.kind == decode.KindClose:
		v.goodbye(first)
	case first.kind == decode.KindTLS && first.cond == "" || first.kind == decode.KindTCP:
		v.cut(first)
	case first.kind == decode.KindTLS:
		v.needs("tls", "TLS ended with an alert.", spec.RFC(8446, "6.2"))
		if v.a.Text == "" {
			v.fact(spec.RFC(8446, "6.2"), v.Who(first.dir)+" ends TLS with the alert "+first.cond+".", first.seq)
			v.didNot("%s ended TLS with the alert %s.", v.Who(first.dir), first.cond)
			v.condition(explain.SortAlert, first.cond, first.seq)
		}
	default:
		text, _ := v.told(first)
		v.tellEnding(first.seq - 1)
		v.didNot("The conversation ended in HTTP: %s", lower(text))
	}
}

// goodbye settles a stream that somebody closed.
func (v *view) goodbye(first *moment) {
	t := v.t
	if first.cond != "" { // BOSH has no other form for an error
		v.fact(spec.XEP(124, "17.2"), v.Who(first.dir)+" ends the session with "+value(first.cond)+".", first.seq)
		v.condition(explain.SortBOSH, first.cond, first.seq)
		v.findings("bosh-rid", "bosh-sid", "bosh-body")
		v.didNot("%s ended the session with %s.", v.Who(first.dir), value(first.cond))
		return
	}
	v.fact(spec.RFC(6120, "4.4"), v.Who(first.dir)+" closes its stream first.", first.seq)
	second := t.path.find(func(m *moment) bool { return m.kind == decode.KindClose && m.dir != first.dir })
	if second != nil {
		v.fact(spec.RFC(6120, "4.4"), v.Who(second.dir)+" closes its own in answer.", second.seq)
		v.happened("%s closed the stream, and %s closed it too: an orderly end.", v.Who(first.dir), v.who(second.dir))
	} else if t.spoke[first.dir.Other()] == 0 {
		v.happened("%s closed the stream; the other direction was not captured.", v.Who(first.dir))
		v.tell(tellBoth)
	} else {
		v.tellEnding(first.seq)
		v.didNot("%s closed the stream, and %s did not close its own in answer.", v.Who(first.dir), v.who(first.dir.Other()))
	}
	if won := t.won(); won == nil && t.mid == 0 && t.stanzas == [2]int{} && v.needsNothing() {
		a := v.ask("login")
		v.fact(spec.RFC(6120, "6"), "Nobody had logged in by then: "+lower(a.Text))
		v.tell("Ask why: login.")
	}
}

// needsNothing tells whether the stream is one that would have had a login.
func (v *view) needsNothing() bool { return v.t.now != nil && v.t.now.Profile != decode.ProfileS2S }

// cut settles a stream under which TCP ended.
func (v *view) cut(first *moment) {
	t := v.t
	if t.hidden.first > 0 && t.inside == 0 {
		s := t.handshake()
		if s.refused || !s.done {
			v.needs("tls", "The connection ends in the handshake of TLS.", spec.RFC(8446, "4"))
			return
		}
		v.tellEnding(first.seq - 1)
		v.blind(0)
		return
	}
	text, _ := v.told(first)
	v.tellEnding(first.seq - 1)
	speaker := decode.FromInitiator
	if t.spoke[decode.FromReceiver] > t.spoke[speaker] {
		speaker = decode.FromReceiver
	}
	last, quiet := t.spoke[speaker], first.at.Sub(t.heard[speaker])
	if last == 0 {
		quiet = 0
		v.fact(spec.RFC(6120, "4.4"), "Before that nobody had said anything.", first.seq)
	} else {
		v.fact(spec.RFC(6120, "4.4"), "Before that nobody had closed the stream; the last words, of "+v.who(speaker)+", came "+long(quiet)+" earlier.", last)
	}
	if quiet > time.Minute {
		v.tell("After a silence that long a router or a firewall on the way may have forgotten the connection: a keepalive every minute or so prevents that.")
	}
	v.didNot("The stream was not closed: %s", lower(text))
	if t.now != nil && t.now.ResumeID != "" {
		v.fact(spec.XEP(198, "7"), "The stream can be resumed: for stream management such a cut is a pause.")
	}
	if v.t.won() == nil && t.mid == 0 && t.stanzas == [2]int{} {
		v.tell("Nobody had logged in by then; ask why: login.")
	}
}

func (v *view) stillOpen() {
	v.fact(spec.Ref{}, "Nobody says goodbye, and TCP goes on, as far as the capture goes.", v.t.last)
	v.unknown("The stream is still open where the capture ends.")
	v.tell(tellMore)
}

// origin adds what a stream error was provoked by, where that can be seen. It
// tells whether that is a broken rule, whose advice says more than what is told
// of the condition in general.
func (v *view) origin(m *moment) (rule bool) {
	switch m.cond {
	case "conflict":
		v.rival(m)
	case "policy-violation", "not-authorized":
		if n := v.t.path.latest(func(x *moment) bool { return x.seq < m.seq && x.after != nil }); n != nil && n.after.Failures > 0 {
			v.fact(spec.RFC(6120, "6.4.5"), "Before that "+count(n.after.Failures, "login")+" had failed on this stream.", n.seq)
		}
	case "connection-timeout":
		v.tell("A capture of the other side shows whether the answer was sent.")
	}
	return v.provoked(m)
}

// broken adds the rules that the last element before an error breaks, at most
// two, and what to do; where it breaks none, what is not recommended about it.
func (v *view) broken(before, m *moment) bool {
	told := 0
	policy := m.cond == "policy-violation"
	for _, least := range [...]lint.Level{lint.LevelError, lint.LevelNote} {
		for i := range v.t.found {
			f := &v.t.found[i]
			switch {
			case told == 2 || f.Seq < before.seq || f.Seq >= m.seq || f.Who != lint.Side(before.dir) || f.Level < least:
			case f.Level == lint.LevelError && !policy: // a policy is the server's own
				v.blame("Right before that "+v.who(before.dir)+" broke a rule: ", f)
				told++
			case f.Rule == "feature-not-offered" && !policy, f.Rule == "stanza-too-big" && policy:
				v.blame("Right before that: ", f)
				told++
			}
		}
		if told > 0 {
			break
		}
	}
	return told > 0
}

// blame adds what a rule found, and its advice.
func (v *view) blame(begin string, f *lint.Finding) {
	v.fact(f.Ref, begin+f.Text+" (rule "+f.Rule+").", f.Seq)
	if f.Advice != "" {
		v.tell(upper(f.Advice) + ".")
	}
}

// provoked adds the last thing that the other side had sent, where the error is
// one about what was sent. It tells whether that broke a rule.
func (v *view) provoked(m *moment) (rule bool) {
	switch m.cond {
	case "host-unknown", "host-gone", "conflict", "connection-timeout", "system-shutdown", "see-other-host", "reset", "remote-connection-failed":
		return false
	}
	before := v.before(m)
	switch {
	case before == nil:
	case v.broken(before, m):
		return true
	case v.proven(before.seq):
	case before.kind == decode.KindBroken && before.text != "":
		v.fact(before.ref, "The last that "+v.who(before.dir)+" had sent before that is broken: "+before.text+".", before.seq)
	case before.kind == decode.KindHTTP:
		v.fact(spec.RFC(6120, "4.2"), "What "+v.who(before.dir)+" had sent before that is HTTP, to a port that speaks XMPP: "+value(before.text)+".", before.seq)
	case before.name.Local != "":
		v.fact(spec.Ref{}, "The last that "+v.who(before.dir)+" had sent before that is <"+value(before.name.Local)+"> of "+value(before.name.Space)+".", before.seq)
	}
	return false
}

// proven tells whether a fact rests on an event already.
func (v *view) proven(seq decode.Seq) bool {
	for i := range v.a.Facts {
		if slices.Contains(v.a.Facts[i].Seq, seq) {
			return true
		}
	}
	return false
}

// before is the last element of the other side before an error, where it is one
// of the negotiation; a stanza that came later rules it out.
func (v *view) before(m *moment) *moment {
	found := v.t.path.latest(func(x *moment) bool {
		return x.seq < m.seq && x.dir != m.dir && (x.name.Space != "" || x.kind == decode.KindBroken || x.kind == decode.KindHTTP) && x.kind != decode.KindTLS
	})
	for _, k := range []*kept{&v.t.presences, &v.t.messages, &v.t.iqs} {
		if s := k.latest(func(x *moment) bool { return x.seq < m.seq && x.dir != m.dir }); s != nil && (found == nil || s.seq > found.seq) {
			found = s
		}
	}
	return found
}

// rival finds the other conversation that has the same address.
func (v *view) rival(m *moment) {
	if m.state == nil || m.state.JID == "" {
		return
	}
	for _, conn := range v.c.order {
		o := v.c.talks[conn]
		if o == v.t {
			continue
		}
		bound := o.bound()
		if bound == nil || bound.after.JID != m.state.JID || o.began.After(m.at) {
			continue
		}
		asked := o.path.find(func(x *moment) bool { return x.step == decode.StepBind && x.dir == decode.FromInitiator })
		seq := bound.seq
		if asked != nil {
			seq = asked.seq
		}
		v.fact(spec.RFC(6120, "7.7.2.2"), "On conversation "+number(int(conn))+" another connection asks for the same address, "+value(m.state.JID)+", and gets it.", seq, bound.seq)
		v.tell("Let each device ask for a resource of its own, or for none.")
	}
}
