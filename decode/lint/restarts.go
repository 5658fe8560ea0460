package lint

import (
	"fmt"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// restartGroup is when a stream begins anew on the same connection (RFC 6120
// §4.3.3).
var restartGroup = Group{
	Kinds: []decode.Kind{decode.KindOpen, decode.KindStanza, decode.KindNonza, decode.KindClose, decode.KindBroken},
	Check: checkRestart,
	Rules: []Rule{
		{Name: "restart-missing", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6120, "4.3.3"), Needs: NeedBoth | NeedWhole,
			Doc:    "After TLS, after a login by SASL and after compression the stream begins anew with a new header.",
			Advice: "send a new stream header first; nothing of the old stream counts any more"},
		{Name: "restart-unwanted", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6120, "4.3.3"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "In the middle of a stream a new header has no place unless a step of the negotiation asks for it.",
			Advice: "send no header after binding, nor after a login by SASL 2"},
		{Name: "close-before-restart", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6120, "4.3.3"), Needs: NeedBoth | NeedWhole,
			Doc:    "A restart replaces the old stream, which is not closed before.",
			Advice: "send the new header at once, without </stream:stream> before it"},
	},
}

// restarts is the memory of restartGroup.
type restarts struct {
	// cause is why the initiating entity must send a header next.
	cause string
	// closed is its closing tag, where it came instead.
	closed decode.Seq
}

func checkRestart(p *Pass) {
	e := p.Event
	r := of(&p.own.restarts)
	if e.Dir == decode.FromReceiver {
		if e.Kind == decode.KindNonza {
			r.answer(p)
		}
		return
	}
	switch e.Kind {
	case decode.KindOpen:
		r.header(p)
	case decode.KindClose:
		if r.cause != "" {
			r.closed = e.Seq
		}
	case decode.KindBroken:
		// An element where a document should begin.
		if e.Name.Local != "" && e.Name.Local != "stream" {
			r.missing(p)
		}
	default:
		r.missing(p)
	}
}

// answer notes what makes a restart due.
func (r *restarts) answer(p *Pass) {
	e := p.Event
	switch {
	case e.Reply == 0 && e.Name.Space != nsSASL:
		// What was asked for comes later: packets were captured out of order.
	case e.Name.Space == nsTLS && e.Name.Local == "proceed":
		r.due("TLS")
	case e.Name.Space == nsCompress && e.Name.Local == "compressed":
		r.due("compression")
	case e.Name.Space == nsSASL && e.Name.Local == "success":
		if l := of(&p.own.logins); !l.early && !l.ahead {
			r.due("the login")
		}
	}
}

func (r *restarts) due(cause string) { r.cause, r.closed = cause, 0 }

func (r *restarts) header(p *Pass) {
	e, l := p.Event, of(&p.own.logins)
	switch {
	case r.cause != "" && carrierOf(e) == onTCP && e.Name.Space != nsStreams && e.Name.Local != "stream":
		// The first element of a document that has no header is its root.
		r.missing(p)
	case r.closed != 0:
		r.wasClosed(p)
	case r.cause == "" && e.State.Headers[e.Dir] > 0 && e.State.Open[e.Dir] && l.pending != bySASL && !l.mixed:
		p.Report("restart-unwanted", "a new stream header in the middle of a stream, where nothing asks for one")
	}
	r.due("")
}

func (r *restarts) missing(p *Pass) {
	if r.cause == "" {
		return
	}
	p.Report("restart-missing", fmt.Sprintf("after %s comes %s instead of a new stream header", r.cause, short(p.Event.Name.Local)))
	r.due("")
}

func (r *restarts) wasClosed(p *Pass) {
	p.Add(Finding{Rule: "close-before-restart", Seq: r.closed, Text: fmt.Sprintf("the stream is closed before it is restarted after %s", r.cause)})
	r.due("")
}
