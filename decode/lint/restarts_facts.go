package lint

import "xmppscope/decode"

// loginWay is how a side logs in.
type loginWay uint8

const (
	noLogin loginWay = iota
	bySASL
	bySASL2
	byOther // jabber:iq:auth, dialback, a component's handshake
)

// logins is what several groups ask about the login. openingGroup keeps it: it
// holds what is true once the event at hand has happened.
type logins struct {
	// way is that of the login that succeeded, pending that of one without an
	// answer yet.
	way, pending loginWay
	// asked counts the initiating entity's stream headers when it sent its
	// login, done the other side's when it let it in.
	asked, done int
	// early: the header that restarts the stream was sent before the answer to
	// the login was there (XEP-0305).
	early bool
	// ahead: the answer was captured before the login, as happens where packets
	// were captured out of order; from then on the order is not to be trusted.
	ahead, mixed bool
}

func (l *logins) note(e *decode.Event) {
	switch e.Kind {
	case decode.KindOpen:
		if e.Dir == decode.FromInitiator && l.pending == bySASL {
			l.early = true
		}
	case decode.KindStanza:
		if !e.State.Authenticated && e.After.Authenticated {
			l.way = byOther
		}
	case decode.KindNonza:
		l.nonza(e)
	}
}

func (l *logins) nonza(e *decode.Event) {
	way := bySASL
	switch e.Name.Space {
	case nsSASL:
	case nsSASL2:
		way = bySASL2
	default:
		if !e.State.Authenticated && e.After.Authenticated {
			l.way = byOther
		}
		return
	}
	switch e.Name.Local {
	case "auth", "authenticate":
		if e.Dir != decode.FromInitiator {
			return
		}
		l.asked, l.early = e.State.Headers[decode.FromInitiator], false
		if l.pending = way; l.ahead {
			l.pending, l.ahead = noLogin, false
		}
	case "success":
		if e.Dir == decode.FromReceiver {
			l.ahead = l.pending == noLogin
			l.mixed = l.mixed || l.ahead
			l.way, l.pending, l.done = way, noLogin, e.State.Headers[decode.FromReceiver]
		}
	case "failure":
		l.pending = noLogin
	}
}
