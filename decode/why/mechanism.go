package why

import (
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
)

var mechanismQuestions = []Question{
	{Name: "mechanism", Also: []string{"mechanisms", "sasl"}, Word: "MECHANISM", Ask: "Was the mechanism used?",
		Doc: "why a mechanism was not offered or not chosen, such as SCRAM-SHA-256; without a word, how the one in use was chosen", answer: answerMechanism},
}

// offers are the lists that name mechanisms.
func (t *talk) offers() []*moment {
	return t.path.every(func(m *moment) bool {
		return m.kind == decode.KindFeatures && m.after != nil && len(mechanismsOf(m.after)) > 0
	})
}

// mechanismsOf are those of SASL and of SASL 2, each once.
func mechanismsOf(s *decode.State) (all []string) {
	for _, at := range [...][2]string{{nsSASL, "mechanisms"}, {nsSASL2, "authentication"}} {
		if f := s.Feature(at[0], at[1]); f != nil {
			for _, m := range f.Values {
				if !slices.Contains(all, m) {
					all = append(all, m)
				}
			}
		}
	}
	return all
}

// attempts are the moments that begin a login.
func (t *talk) attempts() []*moment {
	return t.path.every(func(m *moment) bool {
		return m.login != nil && m.dir == decode.FromInitiator && len(m.login.Messages) > 0 && m.login.Messages[len(m.login.Messages)-1].Kind == sasl.InitialResponse
	})
}

// refSaslOffer is where a list of mechanisms is defined.
var refSaslOffer, refSaslChoice = spec.RFC(6120, "6.4.1"), spec.RFC(6120, "6.3.3")

func answerMechanism(v *view) {
	offers, tries := v.t.offers(), v.t.attempts()
	if len(offers) == 0 && len(tries) == 0 {
		v.needs("login", "There is no list of mechanisms in this capture; it comes before a login.", refSaslOffer)
		if v.a.Text == "" {
			v.unknown("No list of mechanisms is in this capture.")
			v.tell(tellStart)
		}
		return
	}
	for _, m := range offers {
		v.fact(refSaslOffer, v.offering(m), m.seq)
	}
	want := strings.ToUpper(v.word)
	if want == "" {
		v.choice(offers, tries)
		return
	}
	if i := slices.IndexFunc(tries, func(m *moment) bool { return m.login.Mechanism == want }); i >= 0 {
		v.fact(refSaslChoice, v.Who(decode.FromInitiator)+" chooses "+want+".", tries[i].seq)
		v.tried(want, tries[i])
		return
	}
	i := slices.IndexFunc(offers, func(m *moment) bool { return slices.Contains(mechanismsOf(m.after), want) })
	switch {
	case i >= 0:
		v.notChosen(want, tries)
	case len(offers) == 0:
		v.absent(0, "%s was not used.", want)
	default:
		v.notOffered(want, offers[len(offers)-1])
	}
}

// tried settles a mechanism that was chosen: it was used, unless the server does
// not take it at all.
func (v *view) tried(want string, m *moment) {
	if len(m.login.Offered) > 0 && !contains(m.login.Offered, want) {
		v.fact(refSaslChoice, want+" does not stand in the list of "+v.who(m.dir.Other())+".", m.seq)
	}
	for _, y := range v.t.tries() {
		if y.start == m && y.end != nil && (y.end.cond == "invalid-mechanism" || y.end.cond == "mechanism-too-weak" || y.end.cond == "encryption-required") {
			v.fact(refRefusal(m.login), v.Who(y.end.dir)+" refuses with "+value(y.end.cond)+said(y.end.text)+".", y.end.seq)
			v.condition(explain.SortSASL, y.end.cond, y.end.seq)
			v.didNot("%s was tried, but %s does not take it: %s.", want, v.who(y.end.dir), value(y.end.cond))
			return
		}
	}
	v.happened("%s was used.", want)
}

// offering says what a list offers.
func (v *view) offering(m *moment) string {
	text := v.Who(m.dir) + " offers " + list(mechanismsOf(m.after))
	if m.layer&decode.LayerTLS == 0 {
		text += ", in the clear"
	}
	return text + "."
}

// notOffered settles a mechanism that stands in no list.
func (v *view) notOffered(want string, last *moment) {
	all := mechanismsOf(last.after)
	if known := slices.IndexFunc(sasl.Mechanisms(), func(m sasl.Mechanism) bool { return m.Name == want }); known < 0 {
		v.fact(spec.RFC(4422, "3.1"), value(v.word)+" is no mechanism that is known here; see that it is spelt right.")
	}
	plain := last.layer&decode.LayerTLS == 0
	base, plus := strings.CutSuffix(want, "-PLUS")
	switch {
	case plus && plain:
		v.fact(spec.RFC(5802, "6"), "A -PLUS mechanism ties the login to a TLS connection, and here is none.", last.seq)
		v.tell("Encrypt the connection first: see the question starttls.")
	case plus && slices.Contains(all, base):
		v.fact(spec.RFC(5802, "6"), base+" is offered without -PLUS: the server does not do channel binding on this connection. Often TLS ends at a proxy in front of it, or its TLS library gives no binding for this version of TLS.", last.seq)
	case want == "PLAIN" && plain:
		v.fact(spec.RFC(6120, "13.8.3"), "PLAIN sends the password as it is; servers offer it inside TLS only.", last.seq)
		v.tell("Encrypt the connection first: see the question starttls.")
	case want == "EXTERNAL":
		v.fact(spec.XEP(178, "2"), "EXTERNAL is offered to those who have shown a certificate of their own in TLS.", last.seq)
	case strings.HasPrefix(want, "SCRAM-"):
		v.fact(spec.RFC(5802, "3"), "A server can offer a SCRAM mechanism only where it keeps the password, or its hash made with that very function, for the account store in use.", last.seq)
	}
	v.didNot("%s does not offer %s.", v.Who(decode.FromReceiver), value(want))
	v.tell("The server's settings for authentication. A capture on the server's machine shows whether the list was changed on its way.")
}

// notChosen settles a mechanism that is offered and not used.
func (v *view) notChosen(want string, tries []*moment) {
	if len(tries) == 0 {
		v.needs("login", "Nobody tried to log in.", refSaslChoice)
		return
	}
	m := tries[0]
	v.fact(refSaslChoice, v.Who(m.dir)+" chooses "+value(m.login.Mechanism)+" by its own order of preference.", m.seq)
	if !contains(m.login.Offered, m.login.Mechanism) && len(m.login.Offered) > 0 {
		v.fact(refSaslChoice, value(m.login.Mechanism)+" does not stand in that list.", m.seq)
	}
	v.flag(m, strings.HasSuffix(want, "-PLUS"))
	v.didNot("%s offers %s, but %s chooses %s.", v.Who(decode.FromReceiver), want, v.who(m.dir), value(m.login.Mechanism))
	v.tell("The settings of " + v.who(m.dir) + ", and whether its library knows " + want + ": a client does not say what it could have chosen.")
}

// flag adds what a client of SCRAM says about channel binding (RFC 5802 §7).
func (v *view) flag(m *moment, plus bool) {
	if !strings.HasPrefix(m.login.Mechanism, "SCRAM-") || len(m.login.Messages) == 0 || len(m.login.Messages[0].Data) == 0 {
		return
	}
	switch m.login.Messages[0].Data[0] {
	case 'n':
		if plus {
			v.fact(spec.RFC(5802, "7"), "The first letter of its message is n: it cannot do channel binding, or will not.", m.seq)
		}
	case 'y':
		text := "The first letter of its message is y: it could do channel binding and believes that the server cannot."
		if plus {
			text += " Yet the list seen here has it: either this program reads only part of the list, or the list was changed on its way to it."
		}
		v.fact(spec.RFC(5802, "7"), text, m.seq)
	}
}

// choice tells how the mechanism in use was chosen.
func (v *view) choice(offers, tries []*moment) {
	if len(tries) == 0 {
		if v.needs("login", "Mechanisms are offered, and nobody tries one.", refSaslChoice) {
			v.happened("The login was made without a mechanism of SASL.")
		}
		return
	}
	m := tries[len(tries)-1]
	v.fact(refSaslChoice, v.Who(m.dir)+" chooses "+value(m.login.Mechanism)+". The order of the list counts for nothing: the choice is its own.", m.seq)
	v.flag(m, len(offers) > 0 && slices.ContainsFunc(mechanismsOf(offers[len(offers)-1].after), func(s string) bool { return strings.HasSuffix(s, "-PLUS") }))
	v.findings("sasl-mechanism", "sasl-weak", "sasl-downgrade", "sasl-plus")
	if len(offers) > 0 && !slices.Contains(mechanismsOf(offers[len(offers)-1].after), m.login.Mechanism) {
		v.fact(refSaslChoice, value(m.login.Mechanism)+" is not in the list.", offers[len(offers)-1].seq, m.seq)
	}
	v.happened("%s chose %s.", v.Who(m.dir), value(m.login.Mechanism))
	v.tell("Ask about another one by its name, for example: mechanism SCRAM-SHA-256.")
}
