package web

import (
	"bytes"
	"slices"
	"strings"

	"xmppscope/decode/xmlstream"
)

// Namespaces.
const (
	nsFraming  = "urn:ietf:params:xml:ns:xmpp-framing"
	nsTLS      = "urn:ietf:params:xml:ns:xmpp-tls"
	nsCompress = "http://jabber.org/features/compress"
	nsErrors   = "urn:ietf:params:xml:ns:xmpp-streams"
	nsXBOSH    = "urn:xmpp:xbosh"
)

// header is what a stream header, an <open/> or the <body/> that creates a
// session says.
type header struct{ to, from, id, version, lang string }

// readHeader reads the attributes that all three have.
func readHeader(n *xmlstream.Node) (h header) {
	h.to, _ = n.Attr("to")
	h.from, _ = n.Attr("from")
	h.id, _ = n.Attr("id")
	h.version, _ = n.Attr("version")
	h.lang, _ = n.AttrNS(xmlstream.NSXML, "lang")
	return h
}

// or fills what is not said with what was said before.
func (h header) or(before header) header {
	set := func(v *string, d string) {
		if *v == "" {
			*v = d
		}
	}
	set(&h.to, before.to)
	set(&h.from, before.from)
	set(&h.version, before.version)
	set(&h.lang, before.lang)
	return h
}

func (h header) attrs() string {
	var b strings.Builder
	for _, a := range [...][2]string{{"to", h.to}, {"from", h.from}, {"id", h.id}, {"version", h.version}, {"xml:lang", h.lang}} {
		if a[1] != "" {
			b.WriteString(" " + a[0] + "='" + escape(a[1]) + "'")
		}
	}
	return b.String()
}

// stream is the header of a stream over TCP (RFC 6120 §4.7).
func (h header) stream() []byte {
	return []byte("<?xml version='1.0'?><stream:stream xmlns='" + xmlstream.NSClient + "' xmlns:stream='" + xmlstream.NSStreams + "'" + h.attrs() + ">")
}

// open is that of one over WebSocket (RFC 7395 §3.4).
func (h header) open() []byte { return []byte("<open xmlns='" + nsFraming + "'" + h.attrs() + "/>") }

const streamEnd = "</stream:stream>"

var closing = []byte("<close xmlns='" + nsFraming + "'/>")

// streamError is a stream error that stands alone (RFC 7395 §3.5).
func streamError(condition, text string) []byte {
	return []byte("<stream:error xmlns:stream='" + xmlstream.NSStreams + "'><" + condition + " xmlns='" + nsErrors + "'/><text xmlns='" + nsErrors + "' xml:lang='en'>" + escape(text) + "</text></stream:error>")
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&apos;", "\"", "&quot;", "\t", "&#9;", "\n", "&#10;", "\r", "&#13;")

// escape writes text into XML; what XML has no character for becomes U+FFFD.
func escape(s string) string {
	return escaper.Replace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return 0xFFFD
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

// alone is an element of a stream so that it stands alone: what it uses of the
// namespaces around it is declared on it (RFC 7395 §3.3.3, XEP-0206 §3). Of
// stream features those that change what is beneath the stream are left out, for
// they are not the client's: STARTTLS and compression.
func alone(n *xmlstream.Node, around *xmlstream.Scope) []byte {
	free := map[string]bool{}
	unbound(n, nil, free)
	var names []string
	for p := range free {
		names = append(names, p)
	}
	slices.Sort(names)
	var b bytes.Buffer
	unit := n.Unit()
	b.Write(unit[n.Span.Start:n.QName.End])
	for _, p := range names {
		if space, ok := around.Lookup(p); ok && space != "" && space != nsHTTPBind { // what has that of the wrapper is meant to have that of the stream
			name := "xmlns"
			if p != "" {
				name += ":" + p
			}
			b.WriteString(" " + name + "='" + escape(space) + "'")
		}
	}
	at := n.QName.End
	if n.Name.Local == "features" && n.Name.Space == xmlstream.NSStreams {
		for f := range n.Children() {
			if f.Name.Space == nsTLS || f.Name.Space == nsCompress {
				b.Write(unit[at:f.Span.Start])
				at = f.Span.End
			}
		}
	}
	b.Write(unit[at:n.Span.End])
	return b.Bytes()
}

// unbound collects the prefixes that an element uses and does not declare; the
// empty one is the default namespace.
func unbound(n *xmlstream.Node, bound []string, free map[string]bool) {
	unit := n.Unit()
	for i := range n.Attrs {
		if a := &n.Attrs[i]; a.Name.Space == "xmlns" {
			bound = append(bound[:len(bound):len(bound)], a.Name.Local)
		}
	}
	use := func(name []byte, element bool) {
		prefix, _, ok := bytes.Cut(name, []byte(":"))
		if !ok {
			if !element {
				return
			}
			prefix = nil
		}
		if p := string(prefix); p != "xml" && p != "xmlns" && !slices.Contains(bound, p) {
			free[p] = true
		}
	}
	use(n.QName.Of(unit), true)
	for i := range n.Attrs {
		if a := &n.Attrs[i]; a.Name.Space != "xmlns" {
			use(a.QName.Of(unit), false)
		}
	}
	for c := range n.Children() {
		unbound(c, bound, free)
	}
}
