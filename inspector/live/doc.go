// Package live is the debugger's verbs on connections that are still open: let
// go, edit, drop, insert, replay, close, step, continue. Programs ask for them by
// JSON, people by keys; both come through [Session.Do].
//
// It knows events by their numbers and which connection each belongs to. It must
// not know how events are shown, nor how bytes are moved.
package live
