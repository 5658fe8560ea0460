package gate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"xmppscope/decode/xmlstream"
)

// mutation is one way to write the same otherwise. Those with cut change only
// how the bytes are portioned; join lets them wait for the next unit.
type mutation struct {
	name, doc string
	write     func(text []byte, n *xmlstream.Node) []byte
	cut       func(text []byte, r *Rule) (at []int, join bool)
}

// mutations is the table; a mutation is one line here.
var mutations = [...]mutation{
	{name: "split", doc: "one byte a packet, as far as TCP lets it", cut: everywhere},
	{name: "coalesce", doc: "in one packet with the next unit", cut: func([]byte, *Rule) ([]int, bool) { return nil, true }},
	{name: "lone-lt", doc: "the first < in a packet of its own", cut: func([]byte, *Rule) ([]int, bool) { return []int{1}, false }},
	{name: "quotes", doc: "the other quotes around attributes", write: otherQuotes},
	{name: "prefixes", doc: "a prefix where a default namespace was", write: withPrefixes},
	{name: "cdata", doc: "text in CDATA sections", write: asCDATA},
	{name: "entities", doc: "text as character references", write: asReferences},
	{name: "space", doc: "more white space inside tags", write: moreSpace},
}

// Mutations lists the names of the mutations.
func Mutations() (names []string) {
	for _, m := range mutations {
		names = append(names, m.name)
	}
	return names
}

func mutationOf(name string) *mutation {
	for i := range mutations {
		if mutations[i].name == name {
			return &mutations[i]
		}
	}
	return nil
}

// maxCuts bounds the portions of one unit.
const maxCuts = 4096

// everywhere cuts after each byte, evenly where there are too many.
func everywhere(text []byte, _ *Rule) (at []int, join bool) {
	step := len(text)/maxCuts + 1
	for i := step; i < len(text); i += step {
		at = append(at, i)
	}
	return at, false
}

// eachTag makes patches for the start tag of n and of everything below it.
func eachTag(n *xmlstream.Node, do func(*xmlstream.Node) []patch) (all []patch) {
	for one := range n.All() {
		if one.Kind == xmlstream.ElementNode {
			all = append(all, do(one)...)
		}
	}
	return all
}

// eachText makes a patch for every piece of plain text.
func eachText(n *xmlstream.Node, do func(*xmlstream.Node) []byte) (all []patch) {
	for one := range n.All() {
		if one.Kind == xmlstream.TextNode && one.Span.Len() > 0 {
			all = append(all, patch{one.Span, do(one)})
		}
	}
	return all
}

func otherQuotes(text []byte, n *xmlstream.Node) []byte {
	return apply(text, eachTag(n, func(n *xmlstream.Node) (all []patch) {
		for _, a := range n.Attrs {
			other, escape := byte('"'), "&quot;"
			if text[a.Raw.End] == '"' {
				other, escape = '\'', "&apos;"
			}
			with := append([]byte{other}, bytes.ReplaceAll(a.Raw.Of(text), []byte{other}, []byte(escape))...)
			all = append(all, patch{xmlstream.Span{Start: a.Raw.Start - 1, End: a.Raw.End + 1}, append(with, other)})
		}
		return all
	}))
}

// moreSpace puts white space where XML allows it inside tags (XML 1.0 §3.1).
func moreSpace(text []byte, n *xmlstream.Node) []byte {
	return apply(text, eachTag(n, func(n *xmlstream.Node) (all []patch) {
		for _, a := range n.Attrs {
			all = append(all, patch{xmlstream.Span{Start: a.QName.Start, End: a.QName.Start}, []byte(" \n\t")})
			all = append(all, patch{xmlstream.Span{Start: a.QName.End, End: a.QName.End}, []byte(" ")})
			all = append(all, patch{xmlstream.Span{Start: a.Raw.Start - 1, End: a.Raw.Start - 1}, []byte(" ")})
		}
		end := n.Tag.End - 1
		if n.EndTag.Len() > 0 {
			all = append(all, patch{xmlstream.Span{Start: n.EndTag.End - 1, End: n.EndTag.End - 1}, []byte(" ")})
		} else {
			end--
		}
		return append(all, patch{xmlstream.Span{Start: end, End: end}, []byte(" ")})
	}))
}

// asCDATA writes text as CDATA; where that would end too early it is cut in two
// (XML 1.0 §2.7). A carriage return can stand only as a reference.
func asCDATA(text []byte, n *xmlstream.Node) []byte {
	return apply(text, eachText(n, func(n *xmlstream.Node) []byte {
		s := strings.ReplaceAll(n.Text(), "]]>", "]]]]><![CDATA[>")
		return []byte("<![CDATA[" + strings.ReplaceAll(s, "\r", "]]>&#13;<![CDATA[") + "]]>")
	}))
}

// asReferences writes every character of text as a reference (XML 1.0 §4.1).
func asReferences(text []byte, n *xmlstream.Node) []byte {
	return apply(text, eachText(n, func(n *xmlstream.Node) (out []byte) {
		for i, r := range n.Text() {
			if i%2 == 0 {
				out = fmt.Appendf(out, "&#%d;", r)
			} else {
				out = fmt.Appendf(out, "&#x%x;", r)
			}
		}
		return out
	}))
}

// withPrefixes gives elements without a prefix one of their own; the default
// namespace stays declared for those who look for it in vain.
func withPrefixes(text []byte, n *xmlstream.Node) []byte {
	var spaces []string
	prefix := func(space string) string {
		i := slices.Index(spaces, space)
		if i < 0 {
			i = len(spaces)
			spaces = append(spaces, space)
		}
		return freePrefix(text, i)
	}
	all := eachTag(n, func(n *xmlstream.Node) (all []patch) {
		if bytes.IndexByte(n.QName.Of(text), ':') >= 0 || n.Name.Space == "" {
			return nil
		}
		p := []byte(prefix(n.Name.Space) + ":")
		all = append(all, patch{xmlstream.Span{Start: n.QName.Start, End: n.QName.Start}, p})
		if n.EndTag.Len() > 0 {
			at := n.EndTag.Start + 2
			all = append(all, patch{xmlstream.Span{Start: at, End: at}, p})
		}
		return all
	})
	var declared []byte
	for i, space := range spaces {
		declared = fmt.Appendf(declared, " xmlns:%s='%s'", freePrefix(text, i), attribute(space, '\''))
	}
	return apply(text, append(all, patch{xmlstream.Span{Start: n.QName.End, End: n.QName.End}, declared}))
}

// freePrefix is the n-th of the prefixes that do not occur in the text.
func freePrefix(text []byte, n int) string {
	for i := 0; ; i++ {
		p := fmt.Sprintf("x%d", i)
		if bytes.Contains(text, []byte(p+":")) || bytes.Contains(text, []byte("xmlns:"+p)) {
			continue
		}
		if n--; n < 0 {
			return p
		}
	}
}
