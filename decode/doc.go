// Package decode says what happened: it turns the bytes of both directions of
// one XMPP conversation into numbered events, and keeps what is true between
// them (State). It is a pure value: it takes a direction, a time and bytes and
// returns events.
//
// It must not know what a step means to a learner (explain), whether it is
// right (lint), where the bytes come from (captures, proxy), or what time it
// is now. It holds no clock, socket, file, goroutine or logger.
package decode
