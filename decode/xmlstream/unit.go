package xmlstream

import "xmppscope/decode/spec"

// UnitKind says what the framer cut out of one direction of a stream.
type UnitKind uint8

const (
	// Header runs from the < of the XML declaration, if there is one, to the >
	// of the root's start tag; white space between the two is included.
	Header UnitKind = iota + 1
	// Element is one whole first-level element.
	Element
	// Close is the end tag of the root.
	Close
	// Space is one run of white space between other units.
	Space
	// Broken is anything else that has an end: text, a comment, a processing
	// instruction or a document type between first-level elements, an element
	// whose tags do not match, a root that is no stream, what a gap cut off.
	Broken
	// Opaque is a stretch of a direction in which framing was given up.
	Opaque
)

// Unit is a stretch of one direction. The units of a direction, in order, are
// its bytes: nothing is left out and nothing stands twice.
type Unit struct {
	Kind UnitKind
	// Wire is the exact bytes. It stays valid and unchanged for ever; the
	// framer never writes to it again.
	Wire []byte
	// Off is where Wire starts, in bytes from the first byte ever pushed
	// (bytes lost in gaps count, see Framer.Gap).
	Off int64
	// Err is what the framer itself found wrong: a mismatched tag, text
	// between elements, a limit. What it need not see to find the end of a
	// unit is left to Tree.Parse.
	Err *SyntaxError
}

// Options are the limits of framing and parsing. Zero means the default.
type Options struct {
	// MaxUnit is the longest unit in bytes.
	MaxUnit int
	// MaxDepth is the deepest nesting, the root not counted.
	MaxDepth int
	// MaxAttrs is the largest number of attributes of one element,
	// namespace declarations included.
	MaxAttrs int
}

// Defaults: servers allow far less (Prosody 0.25 to 10 MB a stanza; RFC 6120
// §13.12 asks for at least 10,000 bytes), so these only stop runaways.
const (
	DefaultMaxUnit  = 16 << 20
	DefaultMaxDepth = 256
	DefaultMaxAttrs = 512
)

// SyntaxError is a fault in the bytes, told as data.
type SyntaxError struct {
	// Rule is the id of the lint rule that the fault breaks, such as
	// xml-comment or xml-not-well-formed.
	Rule string
	// Text says what is wrong in plain words, without the offending bytes.
	Text string
	// Pos and End bound the fault, in bytes from the start of the unit.
	Pos, End int
	// Ref is the section that forbids it.
	Ref spec.Ref
	// Fatal means that an XML processor must stop here; otherwise the XML is
	// well-formed and XMPP alone forbids the construct.
	Fatal bool
}

// Error makes a SyntaxError usable where an error is wanted.
func (e *SyntaxError) Error() string { return e.Text }
