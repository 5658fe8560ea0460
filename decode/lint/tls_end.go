package lint

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// tlsEndGroup is how TLS ends.
var tlsEndGroup = Group{
	Kinds: []decode.Kind{decode.KindTLS, decode.KindClose, decode.KindTCP},
	Check: checkTLSEnd,
	Rules: []Rule{
		{Name: "tls-close-notify-missing", Level: LevelWarning, Needs: NeedWhole | NeedPeer, Ref: spec.RFC(6120, "4.4"),
			Doc:    "Before a side ends TCP it says so inside TLS, so that an end can be told from a cut.",
			Advice: "close the TLS connection before the socket: send close_notify"},
	},
}

// tlsEnd is how far each direction has said goodbye.
type tlsEnd struct {
	read           bool // records were read here: live, the library keeps alerts to itself
	closed, notify [2]bool
	told           [2]bool
}

func checkTLSEnd(p *Pass) {
	e, m := p.Event, of(&p.own.tlsEnd)
	d := e.Dir & 1
	switch e.Kind {
	case decode.KindTLS:
		m.read = true
		// A record that cannot be read may be the alert.
		if e.Name.Local == "" || e.Name.Local == "alert" && e.Type == "close_notify" {
			m.notify[d] = true
		}
	case decode.KindClose:
		// TLS below WebSocket belongs to the web server.
		m.closed[d] = onSocket(e)
	case decode.KindTCP:
		if e.Name.Local == "connect" || m.told[d] || !m.read || !inTLS(e.State) {
			return
		}
		m.told[d] = true // a reset may answer what arrived after the end
		if m.closed[d] && !m.notify[d] {
			p.after(e.Dir, Finding{Rule: "tls-close-notify-missing", Text: "TCP ends after the stream was closed, but no close_notify was sent"})
		}
	}
}
