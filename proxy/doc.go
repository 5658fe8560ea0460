// Package proxy is bytes in motion: it stands between a client and a server,
// relays what they say byte for byte, crosses STARTTLS on both legs, and can
// stop at one element, change it, drop it or add another.
//
//	client ══leg A══ proxy ══leg B══ server
//
// A direction of a connection is a lane. A lane reads one leg, cuts what it
// reads into units where somebody asks for units, asks the [Gate] about each,
// and writes the other leg. Where nobody asks, bytes go on as they come and
// decoding follows behind.
//
// Everything that passes on either leg is told to a [Tap], together with marks:
// what the proxy itself did. The conversation that the tap's reader sees is leg
// A's, as the client has it; the marks say what differs on leg B.
//
// The room knows sockets, TLS, time, and the order in which things must happen.
// It must not know how a recording is written (captures), what a rule or a
// breakpoint is (inspector, behind the Gate), or what a stanza means beyond
// what decode tells.
//
// # Extending
//
// A door is one line in the table of doors.go and a function that makes the
// connection ready. What rewrites units on their way is a [Filter], one line in
// options.go. A way to end a connection is one line in the table of close.go.
package proxy
