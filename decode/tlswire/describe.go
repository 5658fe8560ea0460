package tlswire

import "xmppscope/decode/spec"

// Field is one thing that a message says: Value is from the wire and must be
// disarmed before it is shown, Meaning says it in words. Start and End are its
// bytes in the message; both are 0 where it has none of its own.
type Field struct {
	Name, Value, Meaning string
	Start, End           int
}

// Message is a message taken apart for a reader.
type Message struct {
	Name   string // as the standards write it, such as client_hello
	Title  string
	Fields []Field
	Faults []Fault
	Ref    spec.Ref
}
