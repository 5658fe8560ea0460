package explain

import "xmppscope/decode"

// Who names the entity that sent e, as its profile calls it: client, server,
// initiating server, receiving server, component.
func Who(e *decode.Event) string { return label(stateOf(e), e.Dir) }

// whom names the other entity.
func whom(e *decode.Event) string { return label(stateOf(e), e.Dir.Other()) }

// sender and reader open or close a sentence: "The client", "the server".
func sender(e *decode.Event) string { return "The " + Who(e) }
func reader(e *decode.Event) string { return "the " + whom(e) }

// initiator and receiver name an entity whoever sent e.
func initiator(e *decode.Event) string { return "the " + label(stateOf(e), decode.FromInitiator) }
func receiver(e *decode.Event) string  { return "the " + label(stateOf(e), decode.FromReceiver) }

func label(s *decode.State, d decode.Dir) string {
	first := d == decode.FromInitiator
	switch s.Profile {
	case decode.ProfileC2S:
		return pick(first, "client", "server")
	case decode.ProfileS2S:
		return pick(first, "initiating server", "receiving server")
	case decode.ProfileComponent:
		if s.Content == nsComponentConnect {
			first = !first
		}
		return pick(first, "component", "server")
	}
	return pick(first, "initiating entity", "receiving entity")
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// stateOf is what is known with this event: a header itself tells the profile.
func stateOf(e *decode.Event) *decode.State {
	if e.After != nil {
		return e.After
	}
	return before(e)
}

// before is what was true just before e; never nil.
func before(e *decode.Event) *decode.State {
	if e.State != nil {
		return e.State
	}
	return &decode.State{}
}

// encrypted tells whether TLS carried the event.
func encrypted(e *decode.Event) bool {
	return e.Layer == decode.LayerTLS || e.Layer == decode.LayerTLSZlib
}

// relayed tells whether e speaks for somebody else: a server passes on what
// others say, to a client and to another server.
func relayed(e *decode.Event) bool {
	return e.From != "" && (!fromInitiator(e) || stateOf(e).Profile == decode.ProfileS2S)
}

// fromInitiator tells whether the initiating entity sent e.
func fromInitiator(e *decode.Event) bool { return e.Dir == decode.FromInitiator }
