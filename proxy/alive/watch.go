package alive

import (
	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Stage is where a leg stands, as its peer has it. The two legs differ while
// something is held: a client may be waiting for a challenge to an <auth/> that
// the server has not seen.
type Stage uint8

const (
	Opening    Stage = iota // a stream header is missing
	Running                 // elements may come
	Switching               // a switch to TLS or compression was asked for
	LoggingIn               // a login of SASL has begun
	Restarting              // a switch or a login succeeded: new headers are due
	Ended                   // one side has closed its stream
)

// Namespaces of the elements that change the stage.
const (
	nsStreams  = "http://etherx.jabber.org/streams"
	nsTLS      = "urn:ietf:params:xml:ns:xmpp-tls"
	nsSASL     = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsSASL2    = "urn:xmpp:sasl:2"
	nsCompress = "http://jabber.org/protocol/compress"
)

// Watch follows one leg: what the peer has sent and what it was sent, each when it
// passes the peer's own connection. The zero Watch is a leg on which nothing was
// said.
type Watch struct {
	stage   Stage
	headers [2]bool // that of each direction came since the last restart became possible
}

// Stage is where the leg stands now.
func (w *Watch) Stage() Stage { return w.stage }

// Header is a stream header, or <open/> on WebSocket. An impatient client sends
// the one for the restart before it hears of success (XEP-0305).
func (w *Watch) Header(dir decode.Dir) {
	w.headers[dir&1] = true
	w.opened()
}

func (w *Watch) opened() {
	if (w.stage == Opening || w.stage == Restarting) && w.headers == [2]bool{true, true} {
		w.stage = Running
	}
}

// Secured says that TLS stands: with it begins a stream of its own (RFC 6120
// §5.4.3.3).
func (w *Watch) Secured() { *w = Watch{} }

// Closed is an end tag, or the end of the connection.
func (w *Watch) Closed() { w.stage = Ended }

// Element is any first-level element.
func (w *Watch) Element(n xmlstream.Name) {
	switch n.Space {
	case nsTLS:
		w.turn(n.Local == "starttls" || n.Local == "proceed", Switching, n.Local == "failure")
	case nsCompress:
		w.turn(n.Local == "compress", Switching, n.Local == "failure")
		if n.Local == "compressed" {
			w.stage, w.headers = Restarting, [2]bool{}
		}
	case nsSASL, nsSASL2:
		w.turn(n.Local == "auth" || n.Local == "authenticate", LoggingIn, n.Local == "failure" || n.Local == "success" && n.Space == nsSASL2)
		if n.Local == "success" && n.Space == nsSASL && w.stage == LoggingIn {
			w.stage = Restarting
			w.opened()
		}
	case nsStreams:
		if n.Local == "error" {
			w.stage = Ended
		}
	}
}

// turn enters a stage where begin holds and leaves it where end does.
func (w *Watch) turn(begin bool, to Stage, end bool) {
	switch {
	case w.stage == Ended:
	case begin && w.stage != to:
		w.stage, w.headers = to, [2]bool{}
	case end && w.stage == to:
		w.stage = Running
	}
}
