package xmlstream

// Scope is an immutable chain of namespace bindings.
type Scope struct {
	parent        *Scope
	prefix, space string
	depth         int
}

// Well-known namespaces that framing and parsing themselves need.
const (
	NSXML     = "http://www.w3.org/XML/1998/namespace"
	NSXMLNS   = "http://www.w3.org/2000/xmlns/"
	NSStreams = "http://etherx.jabber.org/streams"
	NSClient  = "jabber:client"
	NSServer  = "jabber:server"
)

// Bind returns a scope with one more binding; the empty prefix is the default
// namespace. Bind on nil starts a chain.
func (s *Scope) Bind(prefix, space string) *Scope {
	d := 1
	if s != nil {
		d = s.depth + 1
	}
	return &Scope{parent: s, prefix: prefix, space: space, depth: d}
}

// Lookup finds the namespace of a prefix. The prefixes xml and xmlns are
// always bound; the default namespace is empty until it is declared.
func (s *Scope) Lookup(prefix string) (space string, ok bool) {
	switch prefix {
	case "xml":
		return NSXML, true
	case "xmlns":
		return NSXMLNS, true
	}
	for ; s != nil; s = s.parent {
		if s.prefix == prefix {
			return s.space, s.space != "" || prefix == ""
		}
	}
	return "", prefix == ""
}

// MidStream is the scope to assume where the stream header was not seen: the
// content namespace as default and the prefix stream bound (CONTRACT: the
// name and ns fields in mid-stream).
func MidStream(content string) *Scope {
	return (*Scope)(nil).Bind("stream", NSStreams).Bind("db", "jabber:server:dialback").Bind("", content)
}
