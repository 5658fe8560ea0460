package decode

import (
	"time"

	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// Seq numbers the events of one input: 1, 2, 3 … in the order in which their
// units are completed. Zero is no event.
type Seq uint32

// ConnID numbers the conversations of one input from 1, in the order in which
// XMPP is first recognised.
type ConnID uint32

// Dir says which of the two entities of RFC 6120 §4.2 sent something.
type Dir uint8

const (
	// FromInitiator is what the initiating entity sent: the side that opened
	// the TCP connection, the client on c2s.
	FromInitiator Dir = iota
	// FromReceiver is what the receiving entity sent.
	FromReceiver
)

// Other is the opposite direction.
func (d Dir) Other() Dir { return d ^ 1 }

func (d Dir) String() string { return dirNames[d&1] }

var dirNames = [2]string{"initiator", "receiver"}

// Kind is the coarse sort of an event.
type Kind uint8

const (
	KindNone Kind = iota
	KindOpen
	KindClose
	KindFeatures
	KindStanza
	KindStreamError
	KindNonza
	KindSpace
	KindTLS
	KindHTTP
	KindDNS
	KindTCP
	KindGap
	KindHeld
	KindBroken
	KindNote
)

var kindNames = [...]string{
	KindNone: "", KindOpen: "open", KindClose: "close", KindFeatures: "features",
	KindStanza: "stanza", KindStreamError: "stream-error", KindNonza: "nonza",
	KindSpace: "space", KindTLS: "tls", KindHTTP: "http", KindDNS: "dns",
	KindTCP: "tcp", KindGap: "gap", KindHeld: "held", KindBroken: "broken",
	KindNote: "note",
}

func (k Kind) String() string { return nameOf(kindNames[:], int(k)) }

// Kinds lists all kinds in the order of their values, KindNone left out.
func Kinds() []Kind { return listOf[Kind](len(kindNames)) }

// Phase is a stage of the life of a connection, in order.
type Phase uint8

const (
	PhaseNone Phase = iota
	PhaseConnect
	PhaseOpen
	PhaseStartTLS
	PhaseTLS
	PhaseAuth
	PhaseCompress
	PhaseBind
	PhaseSession
	PhaseResume
	PhaseExchange
	PhaseClose
)

var phaseNames = [...]string{"", "connect", "open", "starttls", "tls", "auth",
	"compress", "bind", "session", "resume", "exchange", "close"}

func (p Phase) String() string { return nameOf(phaseNames[:], int(p)) }

// Phases lists all phases in order, PhaseNone left out.
func Phases() []Phase { return listOf[Phase](len(phaseNames)) }

// Layer says what carries the XML.
type Layer uint8

const (
	LayerPlain Layer = iota
	LayerTLS
	LayerZlib
	LayerTLSZlib
)

var layerNames = [...]string{"plain", "tls", "zlib", "tls+zlib"}

func (l Layer) String() string { return nameOf(layerNames[:], int(l)) }

// Origin says who put an event on the wire. It never changes (law 8).
type Origin uint8

const (
	OriginWire Origin = iota
	OriginEdited
	OriginDropped
	OriginInjected
	OriginSynthetic
)

var originNames = [...]string{"wire", "edited", "dropped", "injected", "synthetic"}

func (o Origin) String() string { return nameOf(originNames[:], int(o)) }

// Event is one thing that happened in one conversation: a stream header, a
// stanza, a run of white space, a gap. The Wire bytes of a direction's events,
// in order, are that direction's bytes (law 2).
type Event struct {
	Seq    Seq
	Conn   ConnID
	Dir    Dir
	Kind   Kind
	Step   Step
	Phase  Phase
	Layer  Layer
	Origin Origin
	// Time is that of the bytes that completed the event.
	Time time.Time
	// Name is the expanded name of the element; connect, end or reset on a tcp
	// event.
	Name xmlstream.Name
	// ID, Type, From and To are the attributes of a stanza, stream header or
	// nonza; empty where absent.
	ID, Type, From, To string
	// Payload is the name of the first child element.
	Payload xmlstream.Name
	// Inside rules out what does not stand in the element; not kept.
	Inside Inside
	// Condition is the defined condition of a stream error, SASL failure,
	// TLS failure or stanza error.
	Condition string
	// Wire is the exact bytes above TLS and compression. Immutable.
	Wire []byte
	// XML is the XML inside Wire where the two differ; else nil.
	XML []byte
	// Original is what came where something else was sent on in its place
	// (OriginEdited): whole elements as they stood on the wire.
	Original []byte
	// Held is set where the event is only announced: it waits for a decision,
	// has changed nothing yet, and will come again with the same Seq.
	Held bool
	// HeldID is its number among what was held of the connection; see [Mark].
	HeldID uint32
	// Off is where Wire starts in its direction's plaintext, in bytes, per TCP
	// connection. What TLS itself says counts with its decrypted messages, what
	// could not be decrypted with its records as they are.
	Off int64
	// Raw is where the bytes that carried Wire stand in the direction's TCP
	// stream: TLS records, compressed blocks. End is not included.
	Raw Extent
	// Pause is the longest time in which nothing more of the unit came, though
	// it was begun; of white space the shortest, which is how often it is sent
	// to keep the connection alive (RFC 6120 §4.6.1).
	Pause time.Duration
	// Lost is the length of a gap in bytes.
	Lost int64
	// Scope holds the namespace bindings that the element was read in.
	Scope *xmlstream.Scope
	// State is what was true just before, After what is true from here on.
	// Both are shared and immutable.
	State, After *State
	// SM is the stream management ledger just after the event.
	SM Ledger
	// Reply is the request that this answers.
	Reply Seq
	// Carrier is the http event that brought this one, on BOSH (XEP-0124 §8);
	// such an event has XML and no Wire.
	Carrier Seq
	// Related is an event of another conversation that this one is about, such
	// as the dialback key that is verified here (XEP-0220 §2.1.2) or the stream
	// that is resumed (XEP-0198 §5). Zero where there is none.
	Related Seq
	// SASL is the exchange up to and including this event's message, which is
	// its last; nil where no login data is carried.
	SASL *sasl.Exchange
	// Errs are the faults in the bytes, in order; the first is the cause.
	Errs []xmlstream.SyntaxError
	// Note says in plain words what no bytes can say (gap, held, note).
	Note string
	// Exchange numbers the requests of an HTTP connection from 1; an answer has
	// the number of its request. Body is what an http event carries, unchunked
	// and decompressed. Both are for [Sessions] and [Lookups] and are not kept.
	Exchange int
	Body     []byte
	// Frames are the numbers of the capture frames that carried Wire, from 1.
	Frames []uint32
	// Seams are where in the direction's TCP stream the bytes of each of Frames end,
	// but for the last; nil where that is not known.
	Seams []int64
}

// Extent is a range of bytes of a direction's TCP stream, from Start up to
// End.
type Extent struct{ Start, End int64 }

// Text is the XML of the event: XML where it differs from Wire, else Wire.
func (e *Event) Text() []byte {
	if e.XML != nil {
		return e.XML
	}
	return e.Wire
}

// Stage is where the conversation stands once the event has happened. It is
// Phase but for what still arrives after a goodbye: a late stanza belongs to
// the exchange and does not bring the conversation back to it.
func (e *Event) Stage() Phase {
	if e.After != nil && e.After.Phase != PhaseNone {
		return e.After.Phase
	}
	return e.Phase
}

// Element parses the event's XML into t and returns the element, or nil where
// the event carries none. The result lives until the next use of t.
func (e *Event) Element(t *xmlstream.Tree) *xmlstream.Node {
	switch e.Kind {
	case KindOpen:
		root, _ := t.ParseHeader(e.Text(), xmlstream.Options{})
		return root
	case KindClose: // the wrapper of BOSH, or the element of WebSocket
		if p := e.Text(); len(p) > 1 && p[0] == '<' && p[1] != '/' {
			root, _ := t.ParseHeader(p, xmlstream.Options{})
			return root
		}
	case KindStanza, KindNonza, KindFeatures, KindStreamError:
		return t.Parse(e.Text(), e.Scope, xmlstream.Options{})
	case KindBroken:
		if e.Name.Local != "" {
			return t.Parse(e.Text(), e.Scope, xmlstream.Options{})
		}
	}
	return nil
}

// IsStanza tells whether n is a message, presence or iq in a content namespace
// (RFC 6120 §8; XEP-0114 §3).
func IsStanza(n xmlstream.Name) bool {
	switch n.Local {
	case "message", "presence", "iq":
		return isContent(n.Space)
	}
	return false
}

func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return ""
}

func listOf[T ~uint8](n int) []T {
	all := make([]T, 0, n-1)
	for i := 1; i < n; i++ {
		all = append(all, T(i))
	}
	return all
}
