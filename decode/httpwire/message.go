package httpwire

import "strings"

// Kind says what a Message is.
type Kind uint8

const (
	Request Kind = iota
	Response
	// Part is more of a body that is too long to be kept whole.
	Part
	// Broken is bytes that are no HTTP, or not all of a message.
	Broken
)

// Header is one field of a head, in the order of the wire.
type Header struct{ Name, Value string }

// Message is a request, a response, or a piece of one. Wire of all messages of
// a direction, in order, are its bytes.
type Message struct {
	Side           int
	Kind           Kind
	Method, Target string // of a request
	Status         int    // of a response
	Reason         string
	Version        string // such as HTTP/1.1
	Headers        []Header
	Wire           []byte // immutable
	HeadLen        int    // bytes of Wire up to the body
	Body           []byte // without chunks, decompressed; nil where it is too long
	// Exchange is the number of the request on its connection, from 1; a
	// response has that of its request, or 0 where none was seen.
	Exchange int
	Off      int64 // of Wire in its direction
	Faults   []Fault
}

// Header is the value of a field, or empty; several are joined with commas
// (RFC 9110 §5.3).
func (m *Message) Header(name string) string {
	v, _ := m.header(name)
	return v
}

func (m *Message) header(name string) (value string, ok bool) {
	for i := range m.Headers {
		if !strings.EqualFold(m.Headers[i].Name, name) {
			continue
		}
		if ok {
			value += ", "
		}
		value += m.Headers[i].Value
		ok = true
	}
	return value, ok
}
