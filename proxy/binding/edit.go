package binding

import (
	"bytes"
	"encoding/base64"
	"slices"

	"xmppscope/decode/xmlstream"
)

// edits are replacements of stretches of one unit. What they do not name stays
// byte for byte.
type edits []edit

type edit struct {
	at   xmlstream.Span
	text []byte
}

func (e *edits) replace(at xmlstream.Span, text []byte) { *e = append(*e, edit{at, text}) }

func (e *edits) remove(at xmlstream.Span) { e.replace(at, nil) }

// apply is the bytes of n with the edits made; nil where that changes nothing.
func (e edits) apply(n *xmlstream.Node) []byte {
	if len(e) == 0 {
		return nil
	}
	slices.SortStableFunc(e, func(a, b edit) int { return int(a.at.Start) - int(b.at.Start) })
	unit, at := n.Unit(), n.Span.Start
	var out []byte
	for _, one := range e {
		if one.at.Start < at || one.at.End > n.Span.End {
			continue
		}
		out = append(append(out, unit[at:one.at.Start]...), one.text...)
		at = one.at.End
	}
	out = append(out, unit[at:n.Span.End]...)
	if bytes.Equal(out, n.Wire()) {
		return nil
	}
	return out
}

// payload is what an element of the exchange carries.
type payload struct {
	node *xmlstream.Node // the element whose text it is; nil where there is none
	data []byte
	ok   bool // there is data, if only of length zero, and it is base64
	bad  bool // there is text, and it is no base64
}

// readPayload finds the data of an element: its own text in SASL 1, where "=" is
// data of length zero (RFC 6120 §6.4.2), or that of a child in SASL 2, where a
// missing child is no data (XEP-0388 §2.2).
func readPayload(n *xmlstream.Node) payload {
	p := payload{node: n}
	if n.Name.Space == nsSASL2 {
		switch n.Name.Local {
		case "authenticate":
			p.node = n.Child(nsSASL2, "initial-response")
		case "success", "continue":
			p.node = n.Child(nsSASL2, "additional-data")
		}
	}
	if p.node == nil {
		return p
	}
	text := p.node.Text()
	switch {
	case text == "":
		p.ok = n.Name.Space == nsSASL2
	case text == "=" && n.Name.Space == nsSASL:
		p.ok = true
	default:
		data, err := base64.StdEncoding.Strict().DecodeString(text)
		p.data, p.ok, p.bad = data, err == nil, err != nil
	}
	return p
}

// put writes other data into the element. Data that stand here are never empty.
func (p payload) put(e *edits, data []byte) {
	if p.node.EndTag.End > 0 && !bytes.Equal(data, p.data) {
		e.replace(p.node.InnerSpan(), encode(data))
	}
}

func encode(data []byte) []byte {
	return base64.StdEncoding.AppendEncode(nil, data)
}
