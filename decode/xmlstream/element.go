package xmlstream

// Name is an expanded name: the namespace and the local part.
type Name struct{ Space, Local string }

// Span is a stretch of a unit in bytes: from Start up to, not including, End.
type Span struct{ Start, End int32 }

// Of cuts the span out of its unit.
func (s Span) Of(unit []byte) []byte { return unit[s.Start:s.End] }

// Len is the length in bytes.
func (s Span) Len() int { return int(s.End - s.Start) }

// Attr is one attribute, namespace declarations included.
type Attr struct {
	// Name is expanded: an attribute without a prefix has no namespace, one
	// with xml: has the XML namespace, a declaration has Space "xmlns".
	Name Name
	// QName is the name as written; Raw is the value as written, between the
	// quotes.
	QName, Raw Span

	colon int32 // in QName; -1 without, -2 where a colon is misplaced
}

// NodeKind says what a Node is.
type NodeKind uint8

const (
	ElementNode NodeKind = iota + 1
	TextNode
	CDATANode
	CommentNode
	PINode
)

// Node is an element or a piece of content. Nodes belong to the Tree that
// made them and live until its next Parse.
type Node struct {
	Kind NodeKind
	// Name is the expanded name of an element; the target of a PI is in Local.
	Name Name
	// Span is the whole node; for an element from < of the start tag to > of
	// the end tag, as far as there is one.
	Span Span
	// Tag is the start tag, QName the name in it as written, EndTag the end
	// tag (empty for <a/> and for a header).
	Tag, QName, EndTag Span
	// Attrs are in the order of the wire.
	Attrs []Attr
	// Scope holds the namespace bindings inside the element.
	Scope *Scope

	Parent, FirstChild, LastChild, Next *Node

	unit  []byte
	plain bool // the text is its bytes
}
