package why

import (
	"fmt"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/spec"
	"xmppscope/decode/tlswire"
)

// shake is what is known of the TLS handshake.
type shake struct {
	client, server *moment // the hellos
	cert           *moment // the receiving entity's certificate
	refusal        *moment // a fatal alert before anything was read inside
	set            *moment // the note of a reader that set TLS up itself
	// done: it was completed. guess is set where that, or its failure, is
	// concluded from the sizes of records.
	done, refused, guess bool
}

func (t *talk) handshake() (s shake) {
	var finished, changed [2]bool
	t.path.all(func(m *moment) bool {
		switch {
		case m.kind == decode.KindNote && m.step == decode.StepTLSHandshake:
			s.set, s.done = m, true
		case m.kind != decode.KindTLS:
		case m.name.Local == "client_hello" && s.client == nil:
			s.client = m
		case m.name.Local == "server_hello":
			s.server = m
		case m.name.Local == "certificate" && m.dir == decode.FromReceiver && s.cert == nil:
			s.cert = m
		case m.name.Local == "finished":
			finished[m.dir&1] = true
		case m.name.Local == "change_cipher_spec":
			changed[m.dir&1] = true
		case m.name.Local == "alert" && m.cond != "" && s.refusal == nil && (t.inside == 0 || m.seq < t.inside):
			s.refusal = m
		}
		return true
	})
	if s.refusal != nil {
		s.refused = true
		return s
	}
	client, server := &t.hidden.side[decode.FromInitiator], &t.hidden.side[decode.FromReceiver]
	old := t.now != nil && t.now.TLS.Version != 0 && t.now.TLS.Version < tlswire.TLS13
	switch {
	case t.inside > 0, finished == [2]bool{true, true}:
		s.done = true
	case old && changed == [2]bool{true, true} && client.records+server.records > 0:
		s.done = true
	case !old && client.onlyAlert() && t.ending(client.first) != nil:
		s.refused, s.guess = true, true
	case !old && client.records >= 2 && server.records >= 1:
		s.done, s.guess = true, true
	}
	return s
}

// begun tells whether TLS was begun at all. Else it settles that by what stands
// before it.
func (v *view) begun(s *shake) bool {
	t := v.t
	if s.client != nil || s.server != nil || s.set != nil || t.hidden.first > 0 || t.secured() {
		return true
	}
	a := v.ask("starttls")
	v.fact(spec.RFC(6120, "5.1"), "TLS was never begun.")
	v.a.Facts = append(v.a.Facts, a.Facts...)
	for _, text := range a.Tell {
		v.tell(text)
	}
	if a.Verdict == Happened { // it was agreed on, and nothing came of it
		a.Verdict = DidNot
	}
	v.settle(a.Verdict, "TLS was never begun. %s", a.Text)
	return false
}

func answerTLS(v *view) {
	s := v.t.handshake()
	if !v.begun(&s) {
		return
	}
	v.hello(&s)
	switch {
	case s.refusal != nil:
		v.alerted(s.refusal)
	case s.refused:
		first := v.t.hidden.side[decode.FromInitiator].first
		v.fact(spec.RFC(8446, "6"), "All that "+v.who(decode.FromInitiator)+" sends after the hello of "+v.who(decode.FromReceiver)+
			" is one encrypted record of the size of an alert: it refuses the handshake.", first)
		v.tellEnding(first)
		v.didNot("%s broke the handshake off with an alert that is encrypted; most often the certificate is the reason.", v.Who(decode.FromInitiator))
		v.tell(tellKeys)
		v.tell("The log of the program that connects: it knows what it did not like about the certificate.")
	case s.done:
		v.negotiated(&s)
	default:
		v.unfinished(&s)
	}
}

// hello adds what both sides say in the handshake.
func (v *view) hello(s *shake) {
	if s.client != nil {
		text := v.Who(decode.FromInitiator) + " begins the handshake"
		if sni := s.client.after.TLS.SNI; sni != "" {
			text += " and asks for the certificate of " + value(sni)
		} else {
			text += " without saying which domain it wants (no SNI)"
		}
		v.fact(spec.RFC(6066, "3"), text+".", s.client.seq)
	}
	if s.server != nil {
		n := s.server.after.TLS
		v.fact(spec.RFC(8446, "4.1.3"), fmt.Sprintf("%s chooses %s with %s.", v.Who(decode.FromReceiver), tlswire.VersionName(n.Version), tlswire.CipherName(n.Cipher)), s.server.seq)
	}
	v.findings("starttls-whitespace", "starttls-data", "starttls-plaintext", "tls-version", "tls-cipher")
}

// alerted settles a handshake that an alert ended.
func (v *view) alerted(m *moment) {
	v.fact(spec.RFC(8446, "6.2"), v.Who(m.dir)+" refuses with the alert "+m.cond+".", m.seq)
	v.condition(explain.SortAlert, m.cond, m.seq)
	if aboutCertificate(m.cond) {
		v.findings("cert-")
	}
	v.didNot("%s broke the handshake off with the alert %s.", v.Who(m.dir), m.cond)
	switch m.cond {
	case "handshake_failure", "protocol_version", "insufficient_security":
		v.tell("Compare the versions and cipher suites in the ClientHello with what the server is set up for.")
	case "unrecognized_name", "no_application_protocol":
		v.tell("Compare the SNI and ALPN of the ClientHello with the domains and protocols that the server is set up for.")
	}
}

// negotiated settles a handshake that was completed.
func (v *view) negotiated(s *shake) {
	n := v.t.now.TLS
	what := "TLS"
	if n.Version != 0 {
		what = tlswire.VersionName(n.Version)
	}
	switch {
	case v.t.inside > 0:
		v.fact(spec.RFC(6120, "5.4.3.3"), "What follows was read inside TLS.", v.t.inside)
	case s.guess:
		v.fact(spec.RFC(8446, "5.2"), "Both sides go on to send encrypted records, which they could not without common keys.", v.t.hidden.side[0].first, v.t.hidden.side[1].first)
	case s.set != nil:
		v.fact(spec.RFC(6120, "5.4.3.3"), "TLS was set up here.", s.set.seq)
	}
	v.happened("The handshake was completed: %s.", what)
}

// unfinished settles a handshake of which nothing tells that it was completed.
func (v *view) unfinished(s *shake) {
	from := v.t.hidden.first
	for _, m := range []*moment{s.client, s.server, s.cert} {
		if m != nil {
			from = max(from, m.seq)
		}
	}
	if from == 0 {
		if m := v.t.step(decode.StepStartTLSProceed, decode.FromReceiver); m != nil {
			from = m.seq
		}
		v.fact(spec.RFC(6120, "5.4.3"), "TLS was agreed on, and nothing of it is in the capture.", from)
	}
	end := v.tellEnding(from)
	switch {
	case v.t.spoke[0] == 0 || v.t.spoke[1] == 0:
		v.blind(from)
	case end == nil:
		v.unknown("The capture ends in the middle of the handshake.")
		v.tell(tellMore)
	case v.t.hidden.first > 0:
		v.unknown("The connection ends in or soon after the handshake, and the alert that would say why is encrypted.")
		v.tell(tellKeys)
	default:
		text, _ := v.told(end)
		v.didNot("The handshake was not completed, and nobody says why: %s", lower(text))
		v.tell("The logs of both programs at that time: a connection cut without an alert says nothing itself.")
		if s.cert != nil && end.dir == decode.FromInitiator {
			v.fact(spec.RFC(6120, "13.7.2"), v.Who(end.dir)+" leaves after it has seen the certificate.", s.cert.seq, end.seq)
			v.tell("Whether it trusts who signed that certificate. A proxy signs its own: xmppscope ca says how a client comes to trust it.")
			v.findings("cert-")
		}
	}
}
