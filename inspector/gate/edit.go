package gate

import (
	"bytes"
	"slices"
	"strings"

	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

// patch replaces one place of a text.
type patch struct {
	span xmlstream.Span
	with []byte
}

// apply makes patches. Of those that overlap, the outer one counts.
func apply(text []byte, all []patch) []byte {
	slices.SortFunc(all, func(a, b patch) int {
		if a.span.Start != b.span.Start {
			return int(a.span.Start) - int(b.span.Start)
		}
		return int(b.span.End) - int(a.span.End)
	})
	var out []byte
	at := 0
	for _, p := range all {
		if int(p.span.Start) < at {
			continue
		}
		out = append(append(out, text[at:p.span.Start]...), p.with...)
		at = int(p.span.End)
	}
	return append(out, text[at:]...)
}

// removal takes an element or an attribute out, with the space before an
// attribute.
func removal(text []byte, c inspector.Chosen) patch {
	if c.Attr == nil {
		return patch{span: c.Node.Span}
	}
	s := xmlstream.Span{Start: c.Attr.QName.Start, End: c.Attr.Raw.End + 1}
	for s.Start > 0 && bytes.IndexByte([]byte(" \t\r\n"), text[s.Start-1]) >= 0 {
		s.Start--
	}
	return patch{span: s}
}

// setting gives an attribute a value, or an element a text.
func setting(text []byte, c inspector.Chosen, value string) patch {
	if c.Attr != nil {
		quote := text[c.Attr.Raw.End]
		return patch{c.Attr.Raw, []byte(attribute(value, quote))}
	}
	n := c.Node
	if n.EndTag.End <= n.EndTag.Start { // <a/>
		tag := text[n.Tag.Start:n.Tag.End]
		open := strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(string(tag), ">"), "/"), " \t\r\n")
		return patch{n.Span, []byte(open + ">" + content(value) + "</" + string(text[n.QName.Start:n.QName.End]) + ">")}
	}
	return patch{n.InnerSpan(), []byte(content(value))}
}

var contentEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// content escapes text.
func content(s string) string { return contentEscaper.Replace(s) }

// attribute escapes the value of an attribute in these quotes.
func attribute(s string, quote byte) string {
	s = strings.NewReplacer("&", "&amp;", "<", "&lt;", "\n", "&#10;", "\t", "&#9;", "\r", "&#13;").Replace(s)
	if quote == '"' {
		return strings.ReplaceAll(s, `"`, "&quot;")
	}
	return strings.ReplaceAll(s, "'", "&apos;")
}
