package why

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/spec"
	"xmppscope/decode/tlswire"
)

var certificateQuestions = []Question{
	{Name: "certificate", Also: []string{"cert"}, Ask: "Was the certificate accepted?",
		Doc: "why the certificate was refused, or that it was not", answer: answerCertificate},
}

// aboutCertificate tells whether an alert speaks of a certificate (RFC 8446
// §6.2).
func aboutCertificate(alert string) bool {
	return strings.Contains(alert, "certificate") || alert == "unknown_ca" || alert == "access_denied"
}

func answerCertificate(v *view) {
	t := v.t
	s := t.handshake()
	if !v.begun(&s) {
		return
	}
	v.shown(&s)
	switch {
	case s.refusal != nil && aboutCertificate(s.refusal.cond):
		v.refusedCertificate(s.refusal)
	case s.refusal != nil:
		v.fact(spec.RFC(8446, "6.2"), v.Who(s.refusal.dir)+" ends the handshake with the alert "+s.refusal.cond+", which is not about certificates.", s.refusal.seq)
		v.condition(explain.SortAlert, s.refusal.cond, s.refusal.seq)
		v.didNot("The handshake failed for another reason: %s.", s.refusal.cond)
	case s.refused:
		a := v.ask("tls")
		v.a.Facts = a.Facts
		v.unknown("Most likely the certificate was refused: %s sends one encrypted alert as soon as it has seen it, and leaves.", v.who(decode.FromInitiator))
		v.a.Tell = a.Tell
	case s.done:
		v.acceptedCertificate(&s)
	default:
		v.unfinished(&s)
	}
}

// shown adds what is known of the certificate.
func (v *view) shown(s *shake) {
	n := v.t.now.TLS
	switch {
	case s.cert != nil:
		text := v.Who(decode.FromReceiver) + " shows its certificate"
		if len(n.ServerNames) > 0 {
			text += ", made out to " + list(n.ServerNames)
		}
		v.fact(spec.RFC(6120, "13.7.2.1"), text+".", s.cert.seq)
	case len(n.ServerNames) > 0 && s.set != nil:
		v.fact(spec.RFC(6120, "13.7.2.1"), "The certificate is made out to "+list(n.ServerNames)+".", s.set.seq)
	case n.Resumed && s.server != nil:
		v.fact(spec.RFC(8446, "2.2"), "An older TLS session goes on, so that no certificate is shown: it was judged then.", s.server.seq)
	case n.Version >= tlswire.TLS13 && v.t.hidden.first > 0 && s.server != nil:
		v.fact(spec.RFC(8446, "4.4.2"), "In TLS 1.3 the certificate is encrypted and cannot be seen without keys.", s.server.seq, v.t.hidden.first)
	}
	if domain := v.domain(); domain != "" {
		v.fact(spec.RFC(6120, "13.7.2.1"), "It has to be made out to "+value(domain)+", the domain that "+v.who(decode.FromInitiator)+" wants.", v.domainSeq())
	}
}

// domain is what the initiating entity asks for.
func (v *view) domain() string {
	if h := v.t.header(decode.FromInitiator); h != nil && h.to != "" {
		return h.to
	}
	if v.t.now != nil {
		return v.t.now.TLS.SNI
	}
	return ""
}

func (v *view) domainSeq() decode.Seq {
	if h := v.t.header(decode.FromInitiator); h != nil && h.to != "" {
		return h.seq
	}
	if s := v.t.handshake(); s.client != nil {
		return s.client.seq
	}
	return 0
}

func (v *view) refusedCertificate(m *moment) {
	v.fact(spec.RFC(8446, "6.2"), v.Who(m.dir)+" refuses the certificate of "+v.who(m.dir.Other())+" with the alert "+m.cond+".", m.seq)
	v.condition(explain.SortAlert, m.cond, m.seq)
	some := v.findings("cert-")
	v.didNot("%s refuses the certificate: %s.", v.Who(m.dir), m.cond)
	if !some {
		v.tell("The list of authorities that " + v.who(m.dir) + " trusts, and its clock: nothing in the certificate itself looks wrong here.")
	}
}

func (v *view) acceptedCertificate(s *shake) {
	some := v.findings("cert-")
	hidden := s.cert == nil && s.set == nil && !v.t.now.TLS.Resumed
	switch {
	case hidden && v.t.inside == 0:
		v.fact(spec.RFC(8446, "4.4.2"), v.Who(decode.FromInitiator)+" goes on after the handshake, so that it did not refuse the certificate.", v.t.hidden.side[decode.FromInitiator].first)
		v.happened("The certificate was not refused; what stands in it is hidden.")
		v.tell(tellKeys)
	case some:
		v.happened("The certificate was accepted, although something is wrong with it.")
	default:
		if v.t.inside > 0 {
			v.fact(spec.RFC(6120, "5.4.3.3"), v.Who(decode.FromInitiator)+" goes on inside TLS.", v.t.inside)
		}
		v.happened("The certificate was accepted.")
	}
}
