package why

import (
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
)

var channelQuestions = []Question{
	{Name: "channel-binding", Also: []string{"binding", "plus", "scram-plus"}, Ask: "Was the login bound to the TLS connection?",
		Doc: "why the login was not tied to the TLS connection, or why that was refused", answer: answerChannel},
}

var refBinding = spec.RFC(5802, "6")

func answerChannel(v *view) {
	t := v.t
	tries := t.tries()
	if len(tries) == 0 {
		if v.unSASL() {
			return
		}
		if v.needs("login", "Channel binding is part of a login, and none is in this capture.", refBinding) {
			v.unknown("How the login was made is not in this capture.")
			v.tell(tellStart)
		}
		return
	}
	last := tries[len(tries)-1]
	for _, y := range tries {
		if x := y.exchange(); sasl.BindingType(x) != "" {
			last = y
		}
	}
	x := last.exchange()
	v.fact(refSaslChoice, v.Who(decode.FromInitiator)+" logs in with "+value(x.Mechanism)+".", last.start.seq)
	v.listedBindings(last.start)
	kind := sasl.BindingType(x)
	if kind == "" {
		v.unbound(last, x)
		return
	}
	v.fact(spec.RFC(5802, "7"), "Its first message says p="+value(kind)+": the login is to be tied to the TLS connection by that value.", last.start.seq)
	v.compared(last, x)
	switch {
	case last.end == nil:
		v.pending(last.start, "the login with channel binding")
	case x.Accepted():
		v.happened("The login is bound to the TLS connection by %s, and the server has accepted that.", value(kind))
	default:
		v.didNot("The login with channel binding by %s is refused: %s%s.", value(kind), value(last.end.cond), said(last.end.text))
		v.tell("Where TLS ends at a proxy in front of the server, both sides see another TLS connection: let the proxy pass TLS through, or turn channel binding off there.")
		if last.end.cond == "not-authorized" {
			v.tell("A wrong password is refused with the same word: ask login, with --password JID=PASSWORD.")
		}
	}
}

// unSASL settles a stream that has no login of SASL: dialback, a component, the
// login of old Jabber.
func (v *view) unSASL() bool {
	t := v.t
	m := t.path.find(func(m *moment) bool {
		return m.login != nil && m.dir == decode.FromInitiator && (m.login.Mechanism == "DIALBACK" || m.login.Mechanism == "COMPONENT" || m.login.Mechanism == "IQ-AUTH")
	})
	sasl := t.path.find(func(m *moment) bool { return m.name.Space == nsSASL || m.name.Space == nsSASL2 })
	if m == nil || sasl != nil {
		return false
	}
	v.fact(refLogin(m.login), v.Who(m.dir)+" proves itself with "+mechanism(m.login)+".", m.seq)
	v.didNot("There is no login by SASL on this stream, but %s.", mechanism(m.login))
	return true
}

// exchange is the login as far as it went.
func (y try) exchange() *sasl.Exchange {
	if y.end != nil && y.end.login != nil {
		return y.end.login
	}
	return y.start.login
}

// listedBindings adds the types that the server lists (XEP-0440 §2).
func (v *view) listedBindings(start *moment) {
	m := v.t.path.latest(func(m *moment) bool {
		return m.seq < start.seq && m.kind == decode.KindFeatures && m.after != nil && m.after.Feature(nsChannel, "sasl-channel-binding") != nil
	})
	if m != nil {
		v.fact(spec.XEP(440, "2"), v.Who(m.dir)+" lists these types of channel binding: "+list(m.after.Feature(nsChannel, "sasl-channel-binding").Values)+".", m.seq)
	}
}

// boundBy are the steps of a login that tie it to its TLS connection, in words.
var boundBy = map[string]string{
	"channel-binding-type": "The type", "ChannelBinding": "The value", "gs2-header": "The header before the login",
	"TLSVersion": "The version of TLS", "ListHash": "The hash over the lists",
}

// compared adds how the value in the login fits that of this TLS connection. No
// secret is needed for that.
func (v *view) compared(y try, x *sasl.Exchange) {
	at := y.start.seq
	if y.end != nil {
		at = y.end.seq
	}
	for _, s := range sasl.Verify(x, nil).Chain {
		if s.Name == "ChannelBinding" && s.Wire != "" && len(x.Binding) > 0 {
			v.bound(y, s.Value == s.Wire, at)
			continue
		}
		if name := boundBy[s.Name]; name != "" && s.Meaning != "" && !s.Secret {
			v.fact(refBinding, name+": "+s.Meaning+".", y.start.seq, at)
		}
	}
}

// bound adds whether the value that a client sent is that of the TLS connection
// seen here.
func (v *view) bound(y try, same bool, at decode.Seq) {
	if same {
		v.fact(refBinding, "The value that "+v.who(y.start.dir)+" sends is that of this very TLS connection: up to the place of this capture nobody stands between. The server compares it with that of its own end.", y.start.seq, at)
		return
	}
	v.fact(refBinding, "The value that "+v.who(y.start.dir)+" sends is not that of this TLS connection: either somebody between the two has ended TLS and begun it anew, or "+v.who(y.start.dir)+" takes the value wrong.", y.start.seq, at)
}

// unbound settles a login without channel binding.
func (v *view) unbound(y try, x *sasl.Exchange) {
	if y.start.layer&decode.LayerTLS == 0 {
		v.fact(refBinding, "The login is made in the clear: there is no TLS connection that it could be tied to.", y.start.seq)
		v.didNot("There is no TLS to bind to.")
		v.tell("Encrypt the connection first: see the question starttls.")
		return
	}
	plus := slices.DeleteFunc(slices.Clone(x.Offered), func(m string) bool { return !strings.HasSuffix(m, "-PLUS") })
	switch {
	case !strings.HasPrefix(x.Mechanism, "SCRAM-") && !strings.HasPrefix(x.Mechanism, "HT-"):
		v.fact(refBinding, value(x.Mechanism)+" has no channel binding.", y.start.seq)
	default:
		v.flag(y.start, len(plus) > 0)
	}
	switch {
	case len(plus) > 0:
		v.fact(refSaslOffer, "The server offers it, with "+list(plus)+".", y.start.seq)
		v.didNot("%s does not choose a -PLUS mechanism, although the server offers one.", v.Who(decode.FromInitiator))
		v.tell("The settings of " + v.who(decode.FromInitiator) + ", and whether its TLS library gives tls-exporter or tls-server-end-point.")
	case len(x.Offered) == 0:
		v.absent(0, "The login was made without channel binding.")
	default:
		v.fact(refSaslOffer, "The server offers "+list(x.Offered)+", and none of them ends in -PLUS.", y.start.seq)
		v.didNot("The server offers no mechanism with channel binding.")
		v.tell("The server's settings: channel binding needs TLS in the server itself, not in a proxy before it. A list that was changed on its way looks the same here; the server's own capture would show it.")
	}
}
