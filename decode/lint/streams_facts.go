package lint

import "xmppscope/decode"

// carrier is what stands for a stream header.
type carrier uint8

const (
	onTCP carrier = iota
	onWebSocket
	onBOSH
)

// opening is what several groups ask about the beginning of a conversation and
// what carries it. openingGroup keeps it.
type opening struct {
	carrier carrier
	// began: the first bytes were seen, and nothing stayed hidden since. A
	// capture may also begin right before a restart, which looks like the
	// beginning.
	began, hidden bool
}

// whole tells that what was not seen did not happen.
func (o *opening) whole() bool { return o.began && !o.hidden }

// openingGroup has no rules. It stands first, for those that read what it
// keeps.
var openingGroup = Group{
	Kinds: []decode.Kind{decode.KindTCP, decode.KindOpen, decode.KindTLS, decode.KindHTTP, decode.KindNote, decode.KindGap,
		decode.KindStanza, decode.KindNonza},
	Check: func(p *Pass) {
		switch p.Event.Kind {
		case decode.KindOpen:
			of(&p.own.prefixes).open(p)
		case decode.KindStanza:
			if p.Event.Step == decode.StepIQAuth {
				of(&p.own.logins).note(p.Event)
			}
			return
		case decode.KindNonza:
			of(&p.own.logins).note(p.Event)
			return
		}
		of(&p.own.logins).note(p.Event)
		of(&p.own.opening).note(p.Event)
	},
}

func (o *opening) note(e *decode.Event) {
	fresh := e.State != nil && e.State.Headers == [2]int{}
	switch e.Kind {
	case decode.KindTCP:
		o.began = o.began || fresh && e.Step == decode.StepTCPConnect
	case decode.KindHTTP:
		o.began = o.began || fresh
	case decode.KindNote:
		o.began = o.began || fresh && e.Step == decode.StepTLSHandshake
	case decode.KindGap:
		o.hidden = true
	case decode.KindTLS:
		if e.Name.Local == "" && e.Note != "" {
			o.hidden = true // records that nobody could read
		}
		o.began = o.began || fresh && e.Name.Local == "client_hello"
	case decode.KindOpen:
		o.carrier = carrierOf(e)
	}
}

func carrierOf(e *decode.Event) carrier {
	switch e.Name.Space {
	case nsFraming:
		return onWebSocket
	case nsHTTPBind:
		return onBOSH
	}
	return onTCP
}
