package why

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/tlswire"
)

var encryptionQuestions = []Question{
	{Name: "starttls", Also: []string{"encryption", "encrypted", "clear"}, Ask: "Is the connection encrypted?",
		Doc: "why the connection is not encrypted, or how it came to be", answer: answerStartTLS},
	{Name: "tls", Also: []string{"handshake"}, Ask: "Was the TLS handshake completed?",
		Doc: "why TLS failed, or what it came to", answer: answerTLS},
}

func answerStartTLS(v *view) {
	t := v.t
	if t.secured() {
		v.encrypted()
		return
	}
	if t.wrapped != "" {
		v.fact(spec.RFC(7395, "3.9"), "The stream stands in "+wrapping(t.wrapped)+", and "+wrapping(t.wrapped)+" has no TLS under it here. There is no STARTTLS inside it: the web server must have TLS, by wss: or https:.", t.first())
		v.didNot("The web address that was used is one without TLS.")
		v.tell("Use the wss: or https: address. Where a proxy in front of the server takes TLS off, this capture was made behind it: capture in front of it.")
		return
	}
	if !v.started() {
		return
	}
	asked := t.step(decode.StepStartTLSRequest, decode.FromInitiator)
	offered := t.offer(nsTLS, "starttls")
	if offered != nil {
		text := v.Who(decode.FromReceiver) + " offers STARTTLS"
		if offered.after.Feature(nsTLS, "starttls").Required {
			text += " and says that it is required"
		}
		v.fact(spec.RFC(6120, "5.4.1"), text+".", offered.seq)
	}
	switch {
	case asked != nil:
		v.askedTLS(asked)
	case offered != nil:
		v.ignoredTLS(offered)
	default:
		v.noOffer()
	}
}

// encrypted settles a connection inside TLS.
func (v *view) encrypted() {
	t := v.t
	offered, asked := t.offer(nsTLS, "starttls"), t.step(decode.StepStartTLSRequest, decode.FromInitiator)
	proceed := t.step(decode.StepStartTLSProceed, decode.FromReceiver)
	if offered != nil {
		v.fact(spec.RFC(6120, "5.4.1"), v.Who(decode.FromReceiver)+" offers STARTTLS.", offered.seq)
	}
	if asked != nil {
		v.fact(spec.RFC(6120, "5.4.2.1"), v.Who(decode.FromInitiator)+" asks for encryption.", asked.seq)
	}
	if proceed != nil {
		v.fact(spec.RFC(6120, "5.4.2.3"), v.Who(decode.FromReceiver)+" agrees: what follows is TLS.", proceed.seq)
	}
	s := t.handshake()
	switch {
	case proceed != nil, t.wrapped != "":
	case s.client != nil && t.over.Transport == decode.TransportDirectTLS:
		v.fact(spec.XEP(368, "3"), "TLS begins with the first byte: there is no STARTTLS.", s.client.seq)
	default:
		v.fact(spec.Ref{}, "The capture begins inside TLS; how that was agreed on it does not show.", t.first())
		v.tell(tellStart)
	}
	a := v.ask("tls")
	v.a.Facts = append(v.a.Facts, a.Facts...)
	if s.done || t.mid > 0 && !s.refused || a.Verdict == Happened {
		what := "TLS"
		if n := t.now.TLS.Version; n != 0 {
			what = tlswire.VersionName(n)
		}
		v.happened("The connection is encrypted with %s.", what)
		return
	}
	v.settle(a.Verdict, "%s", "TLS was agreed on. "+a.Text)
	for _, text := range a.Tell {
		v.tell(text)
	}
}

// askedTLS settles a request for encryption that came to nothing.
func (v *view) askedTLS(asked *moment) {
	v.fact(spec.RFC(6120, "5.4.2.1"), v.Who(decode.FromInitiator)+" asks for encryption.", asked.seq)
	if no := v.t.step(decode.StepStartTLSFailure, decode.FromReceiver); no != nil {
		v.fact(spec.RFC(6120, "5.4.2.2"), v.Who(no.dir)+" refuses. That is not about a certificate, which comes later: the server has no TLS ready to use.", no.seq)
		v.didNot("%s asks for STARTTLS, and %s refuses it.", v.Who(asked.dir), v.who(no.dir))
		v.tell("The log of the server: most often it could not read its certificate or key.")
		return
	}
	v.pending(asked, "the request for STARTTLS")
	v.findings("starttls-")
}

// ignoredTLS settles an offer that nobody took.
func (v *view) ignoredTLS(offered *moment) {
	login := v.t.path.find(func(m *moment) bool { return m.seq > offered.seq && m.login != nil && m.dir == decode.FromInitiator })
	if login == nil {
		v.left(offered.seq, v.Who(decode.FromInitiator)+" never asks for the encryption that is offered")
		v.tell("Let " + v.who(decode.FromInitiator) + " use STARTTLS. It may be set to use no encryption, or lack a TLS library.")
		return
	}
	if v.blind(offered.seq) {
		return
	}
	v.fact(spec.RFC(6120, "5.2"), v.Who(decode.FromInitiator)+" goes on in the clear instead, with "+mechanism(login.login)+".", login.seq)
	v.didNot("STARTTLS is offered, but %s does not use it and goes on without.", v.who(decode.FromInitiator))
	v.tell("Let " + v.who(decode.FromInitiator) + " use STARTTLS: it may be set to do so only where that is required.")
}

// noOffer settles a stream on which STARTTLS was never offered.
func (v *view) noOffer() {
	t := v.t
	lists := t.features()
	if t.now.Profile == decode.ProfileComponent {
		v.fact(spec.XEP(114, "3"), "The component protocol has no STARTTLS: it is meant for one machine or a closed network.", t.first())
		v.didNot("Components are connected without encryption.")
		v.tell("Keep the connection on one machine, or put it into a tunnel.")
		return
	}
	if t.mid > 0 {
		v.fact(spec.Ref{}, "The stream is in the clear, and the capture begins in the middle of it.", t.mid)
		v.unknown("The stream is not encrypted; why, was decided before the capture begins.")
		v.tell(tellStart)
		return
	}
	if len(lists) == 0 {
		v.absent(0, "There is no list of features on this stream, so that STARTTLS could not be offered.")
		return
	}
	v.fact(spec.RFC(6120, "5.4.1"), v.Who(decode.FromReceiver)+" offers "+joined(names(lists[0]))+", and no STARTTLS.", lists[0].seq)
	if len(t.gaps) > 0 && t.gaps[0] < lists[0].seq && v.blind(0) {
		return
	}
	v.didNot("%s does not offer STARTTLS, so that %s cannot ask for it.", v.Who(decode.FromReceiver), v.who(decode.FromInitiator))
	v.tell("See whether the server has a certificate for this domain and TLS switched on for this port.")
	v.tell("A capture on the server's machine: if STARTTLS stands in the list there, somebody between the two takes it out.")
}

// first is the first event of the conversation that was kept.
func (t *talk) first() decode.Seq {
	if m := t.path.find(func(m *moment) bool { return m.kind != decode.KindDNS }); m != nil {
		return m.seq
	}
	return 0
}

func wrapping(transport string) string {
	if transport == decode.TransportBOSH {
		return "HTTP (BOSH)"
	}
	return "a WebSocket"
}
