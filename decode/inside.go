package decode

import "xmppscope/decode/xmlstream"

// Inside says what may stand inside a first-level element, so that whoever looks
// for something rare need not read every element again. It is known for events
// as they come from a Conn and is not kept; the zero value rules nothing out.
type Inside uint64

// Child says which children an element has in its own namespace, and what else
// is rare about it.
const (
	InsideBody Inside = 1 << (48 + iota)
	InsideSubject
	InsideThread
	InsideShow
	InsidePriority
	InsideError
	// InsideOther: a child in the element's own namespace that is none of these.
	InsideOther
	// InsideCDATA: a CDATA section, at any depth.
	InsideCDATA
	// InsidePrefix: a prefix is used or declared, at any depth.
	InsidePrefix
	// InsideLang: the element itself has xml:lang.
	InsideLang
	// InsideTwice: two children in the element's own namespace have one name.
	InsideTwice
	// InsideOdd: two children are chat states, or two are ids of the stanza, or one
	// of those lacks its id or who gave it (XEP-0085 §5.4, XEP-0359 §3).
	InsideOdd
	// InsideDeep: a child in the element's own namespace holds elements.
	InsideDeep
	// InsideSeveral: there is more than one child.
	InsideSeveral
	// InsideReceipt: a child in the namespace of receipts or of markers that does
	// not ask for one, so it may be one (XEP-0184 §5.4, XEP-0333 §4).
	InsideReceipt
	insideKnown
)

// insideSpaces is how many bits tell namespaces: a filter that may say yes for
// one that is not there, but never no for one that is.
const insideSpaces = 48

// insideSalt is a number for which the namespaces that everyday stanzas hold side
// by side have marks of their own; TestInsideSpaces lists them.
const insideSalt = 9633

// InsideSpace is the mark of a namespace that some element below is in.
func InsideSpace(space string) Inside {
	h := uint64(14695981039346656037) ^ insideSalt // FNV-1a
	for i := range len(space) {
		h = (h ^ uint64(space[i])) * 1099511628211
	}
	return 1 << (h >> 32 % insideSpaces)
}

// May tells whether any of the marks can hold.
func (i Inside) May(marks Inside) bool { return i&insideKnown == 0 || i&marks != 0 }

// Has tells whether all of the marks hold for sure; not for marks of namespaces.
func (i Inside) Has(marks Inside) bool { return i&insideKnown != 0 && i&marks == marks }

var insideChildren = map[string]Inside{"body": InsideBody, "subject": InsideSubject, "thread": InsideThread,
	"show": InsideShow, "priority": InsidePriority, "error": InsideError}

// insideOf looks at all that stands in an element.
func insideOf(n *xmlstream.Node) Inside {
	in := insideKnown | marksOf(n)
	if _, is := n.AttrNS(xmlstream.NSXML, "lang"); is {
		in |= InsideLang
	}
	first, last := n.FirstElement(), ""
	var space, seen Inside // the marks of the last namespace, and of the children's
	for x := n.FirstChild; x != nil; x = following(x, n) {
		switch x.Kind {
		case xmlstream.CDATANode:
			in |= InsideCDATA
		case xmlstream.ElementNode:
			in |= marksOf(x)
			if x.Name.Space != last {
				last, space = x.Name.Space, InsideSpace(x.Name.Space)
				in |= space
			}
			if x.Parent != n {
				continue
			}
			in |= markChild(x, in, seen&space != 0)
			if seen |= space; x != first {
				in |= InsideSeveral
			}
		}
	}
	return in
}

// markChild are the marks of a child, given the marks of what stands before it,
// and whether a child there may have its namespace. Any two that are none of the
// known ones count as two of one name.
func markChild(x *xmlstream.Node, before Inside, again bool) (in Inside) {
	switch x.Name.Space {
	case x.Parent.Name.Space:
	case nsReceipts, nsMarkers:
		if x.Name.Local != "request" && x.Name.Local != "markable" {
			in = InsideReceipt
		}
		return in
	case nsStates:
		if again {
			in = InsideOdd
		}
		return in
	case nsStanzaID:
		if x.Name.Local == "stanza-id" && (another(x) || !filled(x, "id") || !filled(x, "by")) {
			in = InsideOdd
		}
		return in
	default:
		return 0
	}
	mark, is := insideChildren[x.Name.Local]
	if !is {
		mark = InsideOther
	}
	if before&mark != 0 {
		in |= InsideTwice
	}
	if x.FirstElement() != nil {
		in |= InsideDeep
	}
	return in | mark
}

// another tells whether an element of the same name stands further on beside x.
func another(x *xmlstream.Node) bool {
	for o := x.Next; o != nil; o = o.Next {
		if o.Kind == xmlstream.ElementNode && o.Name == x.Name {
			return true
		}
	}
	return false
}

// filled tells whether an attribute is there and not empty.
func filled(x *xmlstream.Node, local string) bool {
	a := x.FindAttr("", local)
	return a != nil && a.Raw.Len() > 0
}

// following is the node after x in the order of the text, below top.
func following(x, top *xmlstream.Node) *xmlstream.Node {
	if x.FirstChild != nil {
		return x.FirstChild
	}
	for ; x != nil && x != top; x = x.Parent {
		if x.Next != nil {
			return x.Next
		}
	}
	return nil
}

// marksOf are the marks of one element: a prefix, used or declared.
func marksOf(n *xmlstream.Node) Inside {
	if n.QName.Len() != len(n.Name.Local) {
		return InsidePrefix
	}
	for i := range n.Attrs {
		if a := &n.Attrs[i]; a.Name.Space == "xmlns" && a.Name.Local != "" {
			return InsidePrefix
		}
	}
	return 0
}
