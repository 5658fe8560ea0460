package why

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
)

var loginQuestions = []Question{
	{Name: "login", Also: []string{"auth", "authentication", "password", "component"}, Ask: "Did somebody log in?",
		Doc: "why the login failed, or how it went", answer: answerLogin},
}

// try is one attempt to log in: how it began, and its outcome, nil where there
// is none.
type try struct{ start, end *moment }

// tries are the attempts in order.
func (t *talk) tries() (all []try) {
	t.path.all(func(m *moment) bool {
		if m.login == nil && m.step != decode.StepComponent {
			return true
		}
		n := len(all)
		switch {
		case m.dir == decode.FromInitiator:
			if x := m.login; x != nil && len(x.Messages) > 0 && x.Messages[len(x.Messages)-1].Kind == sasl.InitialResponse && x.Mechanism != "DIALBACK" {
				all = append(all, try{start: m})
			}
		case n > 0 && all[n-1].end == nil && (m.login == nil || m.login.Accepted() || m.login.Refused() || m.after.Authenticated):
			all[n-1].end = m
		}
		return true
	})
	return all
}

// won is the moment from which on somebody was logged in.
func (t *talk) won() *moment {
	return t.path.find(func(m *moment) bool {
		return m.state != nil && m.after != nil && m.after.Authenticated && !m.state.Authenticated
	})
}

func answerLogin(v *view) {
	t := v.t
	if won := t.won(); won != nil {
		v.loggedIn(won)
		return
	}
	if t.now != nil && t.now.Profile == decode.ProfileS2S && t.step(decode.StepS2SDialback1, decode.FromInitiator) != nil {
		for _, y := range t.tries() {
			v.attempt(y)
		}
		answerDialback(v)
		return
	}
	tries := t.tries()
	if len(tries) == 0 {
		v.nobodyTried()
		return
	}
	for i, y := range tries {
		v.attempt(y)
		if i == 7 {
			break
		}
	}
	last := tries[len(tries)-1]
	if last.end == nil {
		v.pending(last.start, "the login with "+mechanism(last.start.login))
		return
	}
	if n := len(tries); n > 1 {
		all := "all " + number(n)
		if n == 2 {
			all = "both"
		}
		v.didNot("%s refuses %s attempts; the last, %s, with %s%s.", v.Who(last.end.dir), all, mechanism(last.start.login), value(last.end.cond), said(last.end.text))
	} else {
		v.didNot("%s refuses %s with %s%s.", v.Who(last.end.dir), mechanism(last.start.login), value(last.end.cond), said(last.end.text))
	}
	v.reason(last)
	v.tellEnding(last.end.seq)
}

// attempt adds the facts of one attempt.
func (v *view) attempt(y try) {
	x := y.start.login
	if y.end != nil && y.end.login != nil {
		x = y.end.login
	}
	who, authzid := sasl.Username(x)
	text := v.Who(y.start.dir) + " tries to log in with " + mechanism(x)
	switch {
	case who != "":
		text += " as " + value(who)
	case authzid != "":
		text += " as " + value(authzid)
	}
	if y.start.layer&decode.LayerTLS == 0 {
		text += ", in the clear"
	}
	v.fact(refLogin(x), text+".", y.start.seq)
	v.faults(y)
	if y.end == nil || y.end.cond == "" {
		return
	}
	if m := v.t.path.find(func(m *moment) bool {
		return m.step == decode.StepSASLAbort && m.seq > y.start.seq && m.seq < y.end.seq
	}); m != nil {
		v.fact(spec.RFC(6120, "6.4.4"), v.Who(m.dir)+" gives up.", m.seq)
	}
	v.fact(refRefusal(x), v.Who(y.end.dir)+" refuses with "+value(y.end.cond)+said(y.end.text)+".", y.end.seq)
	if y.end.verdict != nil && y.end.verdict.Known {
		v.computed(y)
	}
}

// mechanism names how somebody logs in.
func mechanism(x *sasl.Exchange) string {
	switch x.Mechanism {
	case "COMPONENT":
		return "the handshake of a component"
	case "IQ-AUTH":
		return "the login of old Jabber (jabber:iq:auth)"
	case "DIALBACK":
		return "a key of dialback"
	case "":
		return "a mechanism that was not seen"
	}
	return value(x.Mechanism)
}

// refLogin and refRefusal are the sections about a login of that sort.
func refLogin(x *sasl.Exchange) spec.Ref {
	switch {
	case x.Mechanism == "COMPONENT":
		return spec.XEP(114, "3")
	case x.Mechanism == "IQ-AUTH":
		return spec.XEP(78, "3.1")
	case x.Mechanism == "DIALBACK":
		return spec.XEP(220, "2.1.1")
	case x.SASL2:
		return spec.XEP(388, "2.3")
	}
	return spec.RFC(6120, "6.4.2")
}

func refRefusal(x *sasl.Exchange) spec.Ref {
	switch {
	case x.Mechanism == "COMPONENT" || x.Mechanism == "IQ-AUTH":
		return refLogin(x)
	case x.SASL2:
		return spec.XEP(388, "2.6.2")
	}
	return spec.RFC(6120, "6.5")
}

func refAccepted(won *moment) spec.Ref {
	if x := won.login; x != nil && x.SASL2 {
		return spec.XEP(388, "2.6.1")
	} else if x != nil && refLogin(x) != refLogin(&sasl.Exchange{}) {
		return refLogin(x)
	}
	if won.step == decode.StepS2SDialback4 {
		return spec.XEP(220, "2.1.1")
	}
	if won.step == decode.StepComponent {
		return spec.XEP(114, "3")
	}
	return spec.RFC(6120, "6.4.6")
}

// meant adds what the refusal of an attempt means.
func (v *view) meant(y try) {
	switch y.start.login.Mechanism {
	case "COMPONENT":
		v.fact(spec.XEP(114, "3"), "The handshake is the hash of the id of the stream and a secret that both sides share: one of the two is not what the server has.", y.start.seq)
	case "IQ-AUTH":
		v.condition(explain.SortStanza, y.end.cond, y.end.seq)
	default:
		if text, _, ref := meaning(explain.SortSASL, y.end.cond); text != "" {
			v.fact(ref, y.end.cond+" means: "+text, y.end.seq)
		}
	}
}

// faults adds what is plainly wrong with what was sent in an attempt.
func (v *view) faults(y try) {
	until := v.t.last
	if y.end != nil {
		until = y.end.seq
	}
	if x := y.start.login; len(x.Offered) > 0 && !contains(x.Offered, x.Mechanism) && x.Mechanism != "COMPONENT" && x.Mechanism != "IQ-AUTH" {
		v.fact(refSaslChoice, value(x.Mechanism)+" does not stand in the list of the server.", y.start.seq)
	}
	told := 0
	for i := range v.t.found {
		f := &v.t.found[i]
		if told < 2 && f.Seq >= y.start.seq && f.Seq < until && spoils(f, y) {
			v.blame("Wrong with that: ", f)
			told++
		}
	}
}

// spoils tells whether what a rule found may be why an attempt failed; advice
// alone that was not taken is no news of a login that went well.
func spoils(f *lint.Finding, y try) bool {
	refused := y.end != nil && y.end.cond != ""
	switch f.Rule {
	case "sasl-username-is-jid", "sasl-authzid-needless", "sasl-authzid-full-jid":
		return refused
	case "scram-proof-wrong":
		return false
	}
	return f.Level == lint.LevelError && (strings.HasPrefix(f.Rule, "sasl-base64") || strings.HasPrefix(f.Rule, "sasl-malformed") ||
		strings.HasPrefix(f.Rule, "plain-") || strings.HasPrefix(f.Rule, "scram-") || strings.HasPrefix(f.Rule, "digest-"))
}

// computed adds what follows from the password that the reader knows.
func (v *view) computed(y try) {
	switch w := y.end.verdict; {
	case w.Verified:
		v.fact(spec.Ref{}, "Computed from the password that you gave, the proof is right: the server has another password for this account, or refuses it for another reason.", y.start.seq, y.end.seq)
	case w.Why != "":
		v.fact(spec.Ref{}, "Computed from the password that you gave: "+w.Why+".", y.start.seq, y.end.seq)
	}
}

// reason adds what the refusal of the last attempt means.
func (v *view) reason(y try) {
	v.meant(y)
	switch y.end.cond {
	case "not-authorized":
		if y.start.login.Mechanism == "COMPONENT" {
			v.tell("The secret has to be the same in the settings of the server and of the component.")
			break
		}
		if w := y.end.verdict; w != nil && w.Known {
			if !w.Verified {
				v.tell("Let the client use the password that the server has for this account: compare what is set up in both.")
			}
			break
		}
		v.tell("Look in the client at the name and at the password. Which of the two is wrong the server does not say on purpose; its log may. With --password JID=PASSWORD the proof is computed here and compared.")
	case "encryption-required", "mechanism-too-weak":
		v.tell("Ask why the connection is not encrypted: starttls.")
	case "invalid-mechanism":
		v.tell("Compare it with the list of mechanisms: the question mechanism.")
	}
}

// loggedIn settles a login that was accepted.
func (v *view) loggedIn(won *moment) {
	tries := v.t.tries()
	for i, y := range tries {
		v.attempt(y)
		if i == 7 {
			break
		}
	}
	how := ""
	switch {
	case won.login != nil && won.login.Mechanism != "":
		how = " with " + mechanism(won.login)
	case won.after.Mechanism != "":
		how = " with " + value(won.after.Mechanism)
	}
	who := won.after.Identity
	if who == "" {
		who = v.Who(decode.FromInitiator)
	} else {
		who = value(who)
	}
	v.fact(refAccepted(won), v.Who(decode.FromReceiver)+" accepts the login.", won.seq)
	if won.verdict != nil && won.verdict.Known && !won.verdict.Verified {
		v.fact(spec.Ref{}, "Computed from the password that you gave the login does not fit: "+won.verdict.Why+".", won.seq)
	}
	failed := ""
	if n := won.after.Failures; n > 0 {
		failed = ", after " + count(n, "failed attempt")
	}
	v.happened("%s logged in%s%s.", who, how, failed)
	if n := len(tries); n > 1 && tries[n-2].end != nil {
		v.meant(tries[n-2])
	}
}

// nobodyTried settles a stream on which no login was tried.
func (v *view) nobodyTried() {
	t := v.t
	if t.mid > 0 && t.won() == nil && (t.stanzas[0] > 0 || t.stanzas[1] > 0) {
		v.fact(spec.Ref{}, "The capture begins in the middle of a stream that carries stanzas, as only one does on which somebody has logged in.", t.mid)
		v.unknown("Somebody had logged in before the capture begins; how it went it does not show.")
		v.tell(tellStart)
		return
	}
	if !v.started() {
		return
	}
	offers := t.offers()
	if len(offers) > 0 {
		m := offers[len(offers)-1]
		v.fact(refSaslOffer, v.offering(m), m.seq)
		v.left(m.seq, v.Who(decode.FromInitiator)+" does not try to log in")
		if end := t.ending(m.seq); v.a.Verdict == DidNot && (end == nil || end.dir == decode.FromInitiator) {
			v.tell("Who leaves at the list most often finds no mechanism in it that it is allowed to use; its settings or its log name the one that it wants.")
			if m.layer&decode.LayerTLS == 0 {
				v.tell("Many log in inside TLS only: see the question starttls.")
			} else {
				v.tell("Allow it " + list(mechanismsOf(m.after)) + ", or have " + v.who(m.dir) + " offer what it wants: the question mechanism, with its name behind it, says what that takes.")
			}
		}
		return
	}
	lists := t.features()
	asked := t.step(decode.StepStartTLSRequest, decode.FromInitiator)
	switch {
	case asked != nil:
		if v.needs("starttls", "The login was to come inside TLS.", spec.RFC(6120, "5.3.4")) {
			v.silentInside()
		}
	case t.secured():
		v.silentInside()
	case len(lists) > 0:
		v.noLoginOffer(lists[len(lists)-1])
	default:
		v.left(0, "No login was tried")
	}
}

// silentInside settles a connection that went into TLS and shows no login there.
func (v *view) silentInside() {
	if s := v.t.handshake(); s.refused || !s.done {
		v.needs("tls", "The login was to come inside TLS.", spec.RFC(6120, "5.3.4"))
		return
	}
	v.left(v.t.inside, "No login is offered inside TLS")
}

// noLoginOffer settles a list without any mechanism.
func (v *view) noLoginOffer(m *moment) {
	v.fact(refSaslOffer, v.Who(m.dir)+" offers "+joined(names(m))+", and no login.", m.seq)
	if f := m.after.Feature(nsTLS, "starttls"); f != nil {
		v.fact(spec.RFC(6120, "5.3.1"), "A server that wants encryption first offers nothing else before it; the mechanisms come in the list inside TLS.", m.seq)
		v.left(m.seq, "The login comes after encryption only, and "+v.who(decode.FromInitiator)+" does not ask for that")
		v.tell("Let " + v.who(decode.FromInitiator) + " use STARTTLS, or, on a test server alone, let the server allow logins in the clear.")
		return
	}
	v.left(m.seq, "No way to log in is offered")
}
