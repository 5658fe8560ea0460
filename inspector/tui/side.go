package tui

import (
	"xmppscope/decode"
	"xmppscope/decode/explain"
)

// sideName names an entity in words.
func sideName(p decode.Profile, d decode.Dir) string {
	switch {
	case p != decode.ProfileUnknown:
		return explain.Entity(p, d)
	case d == decode.FromInitiator:
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
