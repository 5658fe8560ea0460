package lint

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/tlswire"
	"xmppscope/decode/xmlstream"
)

// tlsFailedGroup is TLS that comes to nothing.
var tlsFailedGroup = Group{
	Kinds: []decode.Kind{decode.KindTLS, decode.KindTCP},
	Check: checkTLSFailed,
	Rules: []Rule{
		{Name: "tls-failed", Level: LevelError, Needs: Outside, Ref: spec.RFC(8446, "6.2"),
			Doc:    "An alert other than close_notify, or an end in the middle of the handshake, means that there is no TLS, and no stream inside it.",
			Advice: "ask why certificate and why tls; a program that leaves without an alert may say why in its log"},
	},
}

// shaking is how far the handshake of a conversation is.
type shaking struct {
	begun  bool // a certificate or the end of the server's hello was seen in it
	agreed bool // the initiating entity has agreed, or may have
	ended  [2]bool
	told   bool
}

func checkTLSFailed(p *Pass) {
	e, m := p.Event, of(&p.own.shaking)
	switch {
	case m.told:
	case e.Kind == decode.KindTCP:
		if e.Name.Local == "connect" {
			return
		}
		m.ended[e.Dir&1] = true
		if m.begun && !m.agreed {
			m.told = true
			p.addNeeding(NeedWhole, Finding{Rule: "tls-failed", Level: LevelWarning, Advice: distrusted(p, ""), Text: "TCP ends in the middle of the TLS handshake, without an alert that says why"})
		}
	case e.Name.Local == "alert" && m.ended[e.Dir.Other()&1] && (m.agreed || p.talk.lacks&(NeedStart|NeedWhole) != 0):
		// What OpenSSL says to an end of TCP without close_notify: nothing failed.
	case e.Name.Local == "alert" && e.Condition != "" && e.Type != "user_canceled":
		m.told = true
		text, advice := "TLS ends with the alert "+short(e.Type), ""
		if !m.agreed {
			text = "the TLS handshake ends with the alert " + short(e.Type)
		}
		for _, f := range tlswire.DescribeAlert(e.Wire).Fields {
			switch {
			case f.Name == "advice":
				advice = f.Value
			case f.Meaning != "" && f.Name == "description":
				text += ": " + f.Meaning
			}
		}
		p.Add(Finding{Rule: "tls-failed", Advice: distrusted(p, advice), Text: text, Span: xmlstream.Span{Start: 0, End: int32(len(e.Wire))}})
	case e.Dir == decode.FromReceiver:
		m.begun = m.begun || e.Name.Local == "certificate" || e.Name.Local == "server_hello_done"
	case e.Name.Local == "finished", e.Name.Local == "change_cipher_spec" && e.State.TLS.Version < tlswire.TLS13, e.Name.Local == "":
		m.agreed = true // what cannot be read may be it
	}
}

// distrusted is what to do where a proxy shows a certificate of its own, which
// clients seldom know.
func distrusted(p *Pass, advice string) string {
	if p.talk.lacks&NeedPeer != 0 && p.Event.Dir == decode.FromInitiator {
		return "the certificate is that of the proxy between the two: make the client trust its authority, of which xmppscope ca tells"
	}
	return advice
}
