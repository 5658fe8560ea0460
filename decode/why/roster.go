package why

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
)

var rosterQuestions = []Question{
	{Name: "roster", Also: []string{"contacts"}, Ask: "Was the roster fetched?",
		Doc: "why the list of contacts did not come", answer: answerRoster},
}

var refRoster = spec.RFC(6121, "2.1.3")

func answerRoster(v *view) {
	t := v.t
	asked := t.path.latest(func(m *moment) bool { return m.step == decode.StepRosterGet && m.dir == decode.FromInitiator })
	if asked == nil {
		if !v.clientFirst("The roster is asked for after an address is bound.", refRoster) {
			return
		}
		v.absent(v.sinceBound(), "%s never asks for the roster.", v.Who(decode.FromInitiator))
		if v.a.Verdict == DidNot {
			v.tell("Let the client send a get with " + nsRoster + " before its first presence.")
		}
		return
	}
	v.fact(refRoster, v.Who(asked.dir)+" asks for the roster.", asked.seq)
	v.replied(asked, "the request for the roster", "The roster was fetched.")
	if t.im == nil || v.a.Verdict != Happened {
		return
	}
	n := 0
	for range t.im.Roster() {
		n++
	}
	if seq, whole := t.im.RosterSeq(); seq > 0 && whole {
		v.fact(refRoster, "It lists "+count(n, "contact")+".", seq)
	} else if seq > 0 {
		v.fact(spec.RFC(6121, "2.6.3"), "The answer may be empty because the client has the newest version already.", seq)
	}
}

// clientFirst is boundFirst for what only clients do.
func (v *view) clientFirst(text string, ref spec.Ref) bool {
	if v.serves() {
		return false
	}
	return v.boundFirst(text, ref)
}

// serves settles a question about clients to a connection between servers or of
// a component.
func (v *view) serves() bool {
	if v.t.now == nil || v.t.now.Profile != decode.ProfileS2S && v.t.now.Profile != decode.ProfileComponent {
		return false
	}
	v.fact(spec.RFC(6120, "7"), "Here domains speak, and not the client of a user.", v.t.first())
	v.didNot("This is no connection of a client.")
	return true
}

// boundFirst tells whether a client has an address, by which it can ask for
// more. Else it settles why not.
func (v *view) boundFirst(text string, ref spec.Ref) bool {
	if v.t.bound() != nil || v.t.mid > 0 || v.t.now != nil && v.t.now.JID != "" {
		return true
	}
	if v.t.stanzas[0] > 0 && v.t.now != nil && (v.t.now.Profile == decode.ProfileS2S || v.t.now.Profile == decode.ProfileComponent) {
		return true
	}
	return v.needs("bind", text, ref)
}

// sinceBound is the event from which on a client could have asked.
func (v *view) sinceBound() decode.Seq {
	if m := v.t.bound(); m != nil {
		return m.seq
	}
	return 0
}
