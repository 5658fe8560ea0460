package tui

import "xmppscope/decode"

// profileOf is the sort of connection as far as it is known with e.
func profileOf(e *decode.Event) decode.Profile {
	switch {
	case e.After != nil:
		return e.After.Profile
	case e.State != nil:
		return e.State.Profile
	}
	return decode.ProfileUnknown
}

// sideName names an entity in words.
func sideName(p decode.Profile, d decode.Dir) string {
	first := d == decode.FromInitiator
	switch p {
	case decode.ProfileC2S:
		if first {
			return "client"
		}
		return "server"
	case decode.ProfileComponent:
		if first {
			return "component"
		}
		return "server"
	}
	if first {
		return "initiator"
	}
	return "receiver"
}

// arrow is the direction of an event between the letters of both sides. The
// initiating side always stands at the left, so that a column of arrows reads
// like a ladder.
func arrow(p decode.Profile, d decode.Dir) string {
	switch {
	case p == decode.ProfileC2S || p == decode.ProfileComponent:
		if d == decode.FromInitiator {
			return "C → S"
		}
		return "C ← S"
	case d == decode.FromInitiator:
		return "I → R"
	}
	return "I ← R"
}
