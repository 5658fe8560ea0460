package sasl

import "xmppscope/decode/spec"

// Kind says what part a message plays in an exchange.
type Kind uint8

// The kinds of message, RFC 4422 §3 and §5.
const (
	InitialResponse Kind = iota + 1
	Challenge
	Response
	SuccessData
	Failure
)

// String gives the name used in records and on the screen.
func (k Kind) String() string {
	names := [...]string{"", "initial-response", "challenge", "response", "success-data", "failure"}
	if int(k) < len(names) {
		return names[k]
	}
	return ""
}

// FromInitiator says whether the initiating entity sends such a message.
func (k Kind) FromInitiator() bool { return k == InitialResponse || k == Response }

// Span is a range of bytes, Start included, End not.
type Span struct{ Start, End int }

// Fault is one thing that is wrong with a message, at one byte.
type Fault struct {
	Rule     string // the lint rule it belongs to, which also decides how grave it is
	Text     string // what is wrong, in plain words, without secrets
	Pos      int    // the byte, counted from 0 in Data, or in Base64
	InBase64 bool
	Ref      spec.Ref
}

// Part is one named piece of a message that has no encoding of its own: the
// text of one XML element.
type Part struct {
	Name string
	Text string
}

// Message is one step of an exchange.
type Message struct {
	Kind    Kind
	Present bool   // false: an empty element, no data at all; true with no Data: zero bytes on purpose
	Base64  []byte // as on the wire; nil for a message made of parts
	Data    []byte // decoded, as far as that went
	Unsound bool   // the base64 is so broken that Data is no evidence of what was meant
	Edited  bool   // it was changed between the two ends, by who tells of it
	Faults  []Fault

	Condition string // Failure only: the name of the condition element, RFC 6120 §6.5
	Text      string // Failure only: its human-readable text

	parts []namedSpan
}

type namedSpan struct {
	name string
	span Span
}

// MaxMessages is the most messages an Exchange keeps. When more arrive, each
// new one takes the place of the last.
const MaxMessages = 64

// Exchange is one attempt to log in, from the choice of a mechanism to its
// outcome. What is not known stays empty; the more is known, the more can be
// checked.
type Exchange struct {
	Mechanism string // as the initiating entity wrote it
	SASL2     bool   // inside the elements of XEP-0388
	Messages  []Message

	Domain          string   // the domain the initiating entity asked for
	Offered         []string // mechanisms the receiving entity listed
	OfferedBindings []string // channel-binding types it listed, XEP-0440; nil: no list
	TLSVersion      uint16   // 0x0304 for TLS 1.3; 0: no TLS, or not known
	Binding         []byte   // channel-binding data of this TLS connection, of the type in use
	BindingWhy      string   // why Binding is not known, in plain words
	CertNames       []string // identities in the initiating entity's certificate
	Tokens          []string // HT: secrets that were seen being given to this account, the latest first

	StreamID   string // of the response stream header: IQ-AUTH, COMPONENT, DIALBACK
	Originator string // DIALBACK: the domain that wants to send
	Receiver   string // DIALBACK: the domain that asks for proof
}

// Add appends a message with the text of its element. Nil means that there
// was no element for data, which XEP-0388 tells apart from an empty one;
// RFC 6120 writes zero-length data as "=". Add keeps the slice. The pointer is
// good until the next Add.
func (x *Exchange) Add(kind Kind, base64 []byte) *Message {
	m := Message{Kind: kind, Base64: base64}
	ref := refBase64
	if x.SASL2 {
		ref = refBase64SASL2
	}
	switch {
	case len(base64) == 0:
		m.Present = x.SASL2 && base64 != nil
	case len(base64) == 1 && base64[0] == '=':
		m.Present = true
		if x.SASL2 {
			m.Faults = append(m.Faults, Fault{Rule: "sasl-empty-not-equals", InBase64: true, Ref: spec.XEP(388, "5.1"),
				Text: "a lone \"=\": in this profile zero-length data is an empty element"})
		}
	default:
		m.Present = true
		m.Data, m.Faults, m.Unsound = decodeBase64(base64, ref)
	}
	return x.push(m)
}

// AddParts appends a message of a login whose data are plain XML texts:
// IQ-AUTH (username, password, digest, resource), COMPONENT (handshake) and
// DIALBACK (key). Data is those texts one after the other.
func (x *Exchange) AddParts(kind Kind, parts ...Part) *Message {
	m := Message{Kind: kind, Present: len(parts) > 0}
	for _, p := range parts {
		start := len(m.Data)
		m.Data = append(m.Data, p.Text...)
		m.parts = append(m.parts, namedSpan{p.Name, Span{start, len(m.Data)}})
	}
	return x.push(m)
}

// Fail appends the refusal. The condition is the name of its element; text
// may be empty.
func (x *Exchange) Fail(condition, text string) *Message {
	return x.push(Message{Kind: Failure, Condition: condition, Text: text})
}

func (x *Exchange) push(m Message) *Message {
	if len(x.Messages) == MaxMessages {
		x.Messages[MaxMessages-1] = m
	} else {
		x.Messages = append(x.Messages, m)
	}
	return &x.Messages[len(x.Messages)-1]
}

// Accepted says that the exchange ended in success.
func (x *Exchange) Accepted() bool { return x.has(SuccessData) }

// Refused says that the exchange ended in failure.
func (x *Exchange) Refused() bool { return x.has(Failure) }

func (x *Exchange) has(k Kind) bool {
	for i := range x.Messages {
		if x.Messages[i].Kind == k {
			return true
		}
	}
	return false
}

// part is the text of the named part and where it lies in Data.
func (m *Message) part(name string) (string, Span, bool) {
	for _, p := range m.parts {
		if p.name == name {
			return string(m.Data[p.span.Start:p.span.End]), p.span, true
		}
	}
	return "", Span{}, false
}
