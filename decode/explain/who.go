package explain

import (
	"strings"

	"xmppscope/decode"
)

// Who names the entity that sent e, as its profile calls it: client, server,
// initiating server, receiving server, component. An answer of DNS comes from
// the DNS server.
func Who(e *decode.Event) string {
	if answersDNS(e) {
		return "DNS server"
	}
	return sideOf(e, e.Dir)
}

// whom names the other entity.
func whom(e *decode.Event) string { return sideOf(e, e.Dir.Other()) }

// Entity names one entity of a conversation of which no more than its profile
// is known.
func Entity(p decode.Profile, d decode.Dir) string { return side(p, &decode.State{}, d) }

// As is e as it reads for somebody who knows what sort of conversation it turned
// out to be: its first events cannot tell, so they would speak of entities
// alone. Which side of a component's connection is the component is told by its
// stream alone.
func As(e *decode.Event, p decode.Profile) *decode.Event {
	if p == decode.ProfileUnknown || p == decode.ProfileComponent || ProfileOf(e) != decode.ProfileUnknown {
		return e
	}
	told, s := *e, *stateOf(e)
	s.Profile = p
	told.After = &s
	return &told
}

// ProfileOf is the sort of connection as far as it can be told with e. Before
// the first stream header TLS may tell it by its ALPN (XEP-0368 §3), DNS by the
// service that is asked for, and who speaks HTTP is a client.
func ProfileOf(e *decode.Event) decode.Profile {
	s := stateOf(e)
	switch {
	case s.Profile != decode.ProfileUnknown:
		return s.Profile
	case s.TLS.ALPN == "xmpp-client" || e.Kind == decode.KindHTTP || asksFor(e, "client"):
		return decode.ProfileC2S
	case s.TLS.ALPN == "xmpp-server" || asksFor(e, "server"):
		return decode.ProfileS2S
	}
	return decode.ProfileUnknown
}

// ProfileOfConversation is ProfileOf for what is known of a whole conversation.
func ProfileOfConversation(c *decode.Conversation) decode.Profile {
	switch {
	case c.Profile != decode.ProfileUnknown:
		return c.Profile
	case c.TLS.ALPN == "xmpp-client" || c.Transport == decode.TransportWebSocket || c.Transport == decode.TransportBOSH:
		return decode.ProfileC2S
	case c.TLS.ALPN == "xmpp-server":
		return decode.ProfileS2S
	}
	return decode.ProfileUnknown
}

// asksFor tells whether DNS is asked for the service of clients or of servers
// (RFC 6120 §3.2.1).
func asksFor(e *decode.Event, whom string) bool {
	return e.Kind == decode.KindDNS && (strings.HasPrefix(e.To, "_xmpp-"+whom) || strings.HasPrefix(e.To, "_xmpps-"+whom))
}

func answersDNS(e *decode.Event) bool {
	return e.Kind == decode.KindDNS && e.Dir == decode.FromReceiver
}

// sender and reader open or close a sentence: "The client", "the server".
func sender(e *decode.Event) string { return "The " + Who(e) }
func reader(e *decode.Event) string { return "the " + whom(e) }

// initiator and receiver name an entity whoever sent e.
func initiator(e *decode.Event) string { return "the " + sideOf(e, decode.FromInitiator) }
func receiver(e *decode.Event) string  { return "the " + sideOf(e, decode.FromReceiver) }

func sideOf(e *decode.Event, d decode.Dir) string { return side(ProfileOf(e), stateOf(e), d) }

func side(p decode.Profile, s *decode.State, d decode.Dir) string {
	first := d == decode.FromInitiator
	switch p {
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
