package explain

import (
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Room for the notes and further sentences of most stanzas.
const (
	usualNotes = 12
	usualMore  = 4
)

func (x *Explanation) note(s xmlstream.Span, text string) {
	if s.Start < s.End && text != "" && len(x.Notes) < maxLines {
		if x.Notes == nil {
			x.Notes = make([]Note, 0, usualNotes)
		}
		x.Notes = append(x.Notes, Note{s, text})
	}
}

func (x *Explanation) more(text string) {
	if text != "" && len(x.More) < maxLines {
		if x.More == nil {
			x.More = make([]string, 0, usualMore)
		}
		x.More = append(x.More, text)
	}
}

// noteTag points at the start tag of n.
func (x *Explanation) noteTag(n *xmlstream.Node, text string) {
	if n != nil {
		x.note(n.Tag, text)
	}
}

// noteWhole points at all of n.
func (x *Explanation) noteWhole(n *xmlstream.Node, text string) {
	if n != nil {
		x.note(n.Span, text)
	}
}

// noteText points at the character data of n, at n itself where there is none.
func (x *Explanation) noteText(n *xmlstream.Node, text string) {
	if n == nil {
		return
	}
	if s := inside(n); s.Start < s.End {
		x.note(s, text)
		return
	}
	x.note(n.Span, text)
}

// noteAttr points at an attribute of n, name included.
func (x *Explanation) noteAttr(n *xmlstream.Node, local, text string) {
	if s, ok := attrSpan(n, local); ok {
		x.note(s, text)
	}
}

// addFaults points at what is wrong in the bytes.
func (x *Explanation) addFaults(e *decode.Event) {
	for i := range e.Errs {
		f := &e.Errs[i]
		end := max(f.End, f.Pos+1)
		x.note(xmlstream.Span{Start: int32(f.Pos), End: int32(end)}, "Wrong: "+f.Text+" ("+f.Ref.String()+").")
	}
}

// settle puts the notes in the order of the bytes and inside the text, and
// drops a second note on the same stretch: the first one knew more.
func (x *Explanation) settle(length int) {
	kept := x.Notes[:0]
	for _, n := range x.Notes {
		n.Span.Start, n.Span.End = max(n.Span.Start, 0), min(n.Span.End, int32(length))
		if n.Span.Start >= n.Span.End {
			continue
		}
		if at, taken := slices.BinarySearchFunc(kept, n, byPlace); !taken {
			kept = slices.Insert(kept, at, n)
		}
	}
	x.Notes = kept
}

// byPlace compares notes by where they stand: the outer one goes before what is
// inside of it. Only those of one stretch are equal.
func byPlace(a, b Note) int {
	if a.Span.Start != b.Span.Start {
		return int(a.Span.Start) - int(b.Span.Start)
	}
	return int(b.Span.End) - int(a.Span.End)
}
