package sandbox

import (
	"strings"
	"time"

	"xmppscope/decode/xmlstream"
)

// escaper makes text safe between tags and in attributes of either quote.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&apos;", `"`, "&quot;",
	"\t", "&#9;", "\n", "&#10;", "\r", "&#13;")

// textEscaper leaves the white space of text legible.
var textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")

// element writes one element: its name, pairs of attributes, of which empty
// ones are left out, and what is inside, which is XML already.
func element(inside, name string, attrs ...string) string {
	var b strings.Builder
	b.WriteString("<" + name)
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i+1] != "" {
			b.WriteString(" " + attrs[i] + "='" + escaper.Replace(attrs[i+1]) + "'")
		}
	}
	if inside == "" {
		b.WriteString("/>")
		return b.String()
	}
	b.WriteString(">" + inside + "</" + name + ">")
	return b.String()
}

// text writes an element with character data inside.
func text(data, name string, attrs ...string) string {
	return element(textEscaper.Replace(data), name, attrs...)
}

// stamp writes a time as XEP-0082 §3.2 has it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// forwarded writes a client's stanza anew for its recipient: with the addresses
// that the server vouches for (RFC 6120 §8.1.2.1), with the language of the
// sender's stream where it names none (§8.1.5), with declarations for prefixes
// that the sender's stream header bound; what is inside stays as it was
// written. Streams here have jabber:client as default namespace, both the
// sender's and the recipient's.
func forwarded(n *xmlstream.Node, stream *xmlstream.Scope, lang, from, to string) string {
	unit := n.Unit()
	name := string(n.QName.Of(unit))
	var b strings.Builder
	b.WriteString("<" + name)
	hasLang := false
	for i := range n.Attrs {
		a := &n.Attrs[i]
		q := string(a.QName.Of(unit))
		if q == "from" || q == "to" || q == "xmlns" && a.Value(unit) == xmlstream.NSClient {
			continue
		}
		hasLang = hasLang || q == "xml:lang"
		b.WriteByte(' ')
		b.Write(unit[a.QName.Start : a.Raw.End+1])
	}
	for _, pair := range [][2]string{{"from", from}, {"to", to}} {
		if pair[1] != "" {
			b.WriteString(" " + pair[0] + "='" + escaper.Replace(pair[1]) + "'")
		}
	}
	if !hasLang && lang != "" {
		b.WriteString(" xml:lang='" + escaper.Replace(lang) + "'")
	}
	for _, p := range borrowed(n, stream) {
		space, _ := stream.Lookup(p)
		b.WriteString(" xmlns:" + p + "='" + escaper.Replace(space) + "'")
	}
	if inner := n.Inner(); len(inner) > 0 {
		b.WriteByte('>')
		b.Write(inner)
		b.WriteString("</" + name + ">")
	} else {
		b.WriteString("/>")
	}
	return b.String()
}

// borrowed are the prefixes in a stanza that only the stream header may bind.
func borrowed(n *xmlstream.Node, stream *xmlstream.Scope) (all []string) {
	unit := n.Unit()
	seen := map[string]bool{"": true, "xml": true, "xmlns": true}
	for i := range n.Attrs {
		if own, ok := strings.CutPrefix(string(n.Attrs[i].QName.Of(unit)), "xmlns:"); ok {
			seen[own] = true
		}
	}
	note := func(qname []byte) {
		p, _, prefixed := strings.Cut(string(qname), ":")
		if !prefixed || seen[p] {
			return
		}
		seen[p] = true
		if _, bound := stream.Lookup(p); bound {
			all = append(all, p)
		}
	}
	for e := range n.All() {
		if e.Kind != xmlstream.ElementNode {
			continue
		}
		note(e.QName.Of(unit))
		for i := range e.Attrs {
			note(e.Attrs[i].QName.Of(unit))
		}
	}
	return all
}

// inClient names the namespace of a stanza that is put inside something else.
func inClient(stanza string) string {
	end := strings.IndexAny(stanza, " />")
	return stanza[:end] + " xmlns='" + xmlstream.NSClient + "'" + stanza[end:]
}

// insert puts XML behind what is inside a stanza.
func insert(stanza, xml string) string {
	if open, empty := strings.CutSuffix(stanza, "/>"); empty {
		name := open[1:]
		if i := strings.IndexAny(name, " \t\r\n"); i >= 0 {
			name = name[:i]
		}
		return open + ">" + xml + "</" + name + ">"
	}
	i := strings.LastIndex(stanza, "</")
	return stanza[:i] + xml + stanza[i:]
}
