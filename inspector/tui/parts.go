package tui

import (
	"cmp"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// maxParts bounds the parts of an event that can be selected.
const maxParts = 2000

// partsOf lists all of an event that can be selected and has a name, each with
// what is known about it: elements, attributes and texts of the XML, the frames
// and headers that carry it, the base64 of a login and the fields inside. x is
// the explanation of the event.
func partsOf(e *decode.Event, l *links, x *explain.Explanation) []stretch {
	p := &parter{e: e, l: l, x: x}
	p.fields()
	if n := xmlTree(e); n != nil {
		p.element(n)
	}
	p.login()
	slices.SortStableFunc(p.all, func(a, b stretch) int {
		return cmp.Or(cmp.Compare(depth(a.in), depth(b.in)), cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	return p.all
}

// depth orders parts as they stand on the page of bytes.
func depth(in lint.Part) int { return slices.Index(chain[:], in) }

type parter struct {
	e   *decode.Event
	l   *links
	x   *explain.Explanation
	all []stretch
}

func (p *parter) add(s stretch) {
	if s.end > s.start && s.start >= 0 && s.end <= len(p.l.bytesOf(s.in)) && len(p.all) < maxParts {
		p.all = append(p.all, s)
	}
}

// fields are those of messages below XMPP, and the frames that carry it.
func (p *parter) fields() {
	in := lint.InText
	if p.l.runs != nil {
		in = inWire
	}
	for _, f := range carriedFields(p.e) {
		note := f.Value
		if f.Meaning != "" {
			note += pick(note == "", "", ": ") + f.Meaning
		}
		p.add(stretch{start: f.Start, end: f.End, in: in, name: f.Name, note: note})
	}
}

// element are the names, attributes and texts of an element and of what is in
// it.
func (p *parter) element(top *xmlstream.Node) {
	for n := range top.All() {
		if len(p.all) >= maxParts {
			return
		}
		switch n.Kind {
		case xmlstream.ElementNode:
			p.tag(n)
		case xmlstream.TextNode, xmlstream.CDATANode:
			if s := n.InnerSpan(); strings.TrimSpace(n.Text()) != "" {
				p.add(p.noted(s, "text of <"+n.Parent.Name.Local+">", ""))
			}
		default:
			p.add(p.noted(n.Span, "what XMPP does not allow here", ""))
		}
	}
}

func (p *parter) tag(n *xmlstream.Node) {
	about := ""
	if n.Name.Space != "" {
		about = "An element of the namespace " + n.Name.Space + "."
	}
	s := n.QName
	// What is said of the whole element or its tag is said of its name.
	for _, whole := range [...]xmlstream.Span{s, n.Tag, n.Span} {
		if note := p.noteAt(whole); note != "" {
			about = note
			break
		}
	}
	p.add(stretch{start: int(s.Start), end: int(s.End), name: "element " + n.Name.Local, note: about})
	for i := range n.Attrs {
		a := &n.Attrs[i]
		whole := xmlstream.Span{Start: a.QName.Start, End: min(a.Raw.End+1, n.Tag.End)}
		p.add(p.noted(whole, "attribute "+string(a.QName.Of(n.Unit())), "Its value: "+a.Value(n.Unit())))
	}
}

// noted is a part with what the explanation says of it.
func (p *parter) noted(s xmlstream.Span, name, otherwise string) stretch {
	note := p.noteAt(s)
	if note == "" {
		note = otherwise
	}
	return stretch{start: int(s.Start), end: int(s.End), name: name, note: note}
}

// noteAt is what the explanation says of exactly these bytes.
func (p *parter) noteAt(s xmlstream.Span) string {
	for _, n := range p.x.Notes {
		if n.Span == s {
			return n.Text
		}
	}
	return ""
}

// login is the base64 of a login and the fields in it.
func (p *parter) login() {
	x := p.e.SASL
	if x == nil || len(x.Messages) == 0 || p.l.data == nil && p.l.base64 == nil {
		return
	}
	if n := len(p.l.base64); n > 0 {
		note := "Login data in base64, so that any byte can stand in XML: " + plural(n, "character") + " for " + plural(len(p.l.data), "byte") + ", four for every three."
		p.add(stretch{end: n, in: lint.InBase64, name: "base64", note: note})
	}
	for _, f := range sasl.Decode(x, len(x.Messages)-1).Fields {
		note := f.Meaning
		if f.Value != "" {
			note = f.Value + pick(note == "", "", ": ") + note
		}
		if f.Secret {
			note = "SECRET, whoever has it can log in. " + note
		}
		p.add(stretch{start: f.Span.Start, end: f.Span.End, in: lint.InLogin, name: "field " + f.Name, note: note})
	}
}
