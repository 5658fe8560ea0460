package binding

import (
	"slices"
	"strings"

	"xmppscope/decode/xmlstream"
)

// maxListed bounds what is remembered of a list of features; real ones have a
// dozen.
const maxListed = 256

// lists are what a server offers: mechanisms and types of channel binding.
type lists struct {
	plain, sasl2 []string // RFC 6120 §6.4.1, XEP-0388 §2.1
	tokens       []string // XEP-0484 §3.1
	types        []string // XEP-0440 §2; nil where there is no list
	cut          bool     // there was more than is remembered
}

// of are the mechanisms for one of the two profiles of SASL.
func (l *lists) of(sasl2 bool) []string {
	if sasl2 {
		return l.sasl2
	}
	return l.plain
}

func (l *lists) offers(sasl2 bool, mechanism string) bool {
	return slices.Contains(l.of(sasl2), mechanism)
}

// keep decides about each thing that a server offers; what it gives back stands
// in the list that the client sees, and empty is nothing.
type keep struct {
	mechanism func(name string) bool
	token     func(mechanism string) bool
	typ       func(name string) string
	list      bool // the list of types stays at all
}

// reader goes through the features, edits them and writes down what was there
// and what is left.
type reader struct {
	keep        keep
	real, shown lists
	edits       edits
	gone        []string // what was removed or renamed, in words
}

func (r *reader) features(n *xmlstream.Node) {
	for c := range n.Children() {
		switch c.Name {
		case xmlstream.Name{Space: nsSASL, Local: "mechanisms"}:
			r.mechanisms(c, nsSASL, r.keep.mechanism, &r.real.plain, &r.shown.plain)
		case xmlstream.Name{Space: nsSASL2, Local: "authentication"}:
			r.mechanisms(c, nsSASL2, r.keep.mechanism, &r.real.sasl2, &r.shown.sasl2)
			r.inline(c)
		case xmlstream.Name{Space: nsChannelB, Local: "sasl-channel-binding"}:
			r.types(c)
		}
	}
}

func (r *reader) mechanisms(list *xmlstream.Node, space string, stays func(string) bool, real, shown *[]string) (left int) {
	for m := range list.Children() {
		if m.Name != (xmlstream.Name{Space: space, Local: "mechanism"}) {
			continue
		}
		name := m.Text()
		r.add(real, name)
		if stays(name) {
			r.add(shown, name)
			left++
			continue
		}
		r.edits.remove(m.Span)
		r.say(name)
	}
	return left
}

// inline edits the mechanisms for tokens. A list of them that has lost its last
// goes as a whole.
func (r *reader) inline(authentication *xmlstream.Node) {
	inline := authentication.Child(nsSASL2, "inline")
	if inline == nil {
		return
	}
	for c := range inline.Children() {
		if c.Name != (xmlstream.Name{Space: nsFAST, Local: "fast"}) {
			continue
		}
		before := len(r.edits)
		if left := r.mechanisms(c, nsFAST, r.keep.token, &r.real.tokens, &r.shown.tokens); left == 0 && len(r.edits) > before {
			r.edits = r.edits[:before]
			r.edits.remove(c.Span)
		}
	}
}

func (r *reader) types(list *xmlstream.Node) {
	var own edits
	r.real.types, r.shown.types = []string{}, []string{}
	for c := range list.Children() {
		a := c.FindAttr("", "type")
		if c.Name != (xmlstream.Name{Space: nsChannelB, Local: "channel-binding"}) || a == nil {
			continue
		}
		name := a.Value(c.Unit())
		r.add(&r.real.types, name)
		stays := ""
		if r.keep.list {
			stays = r.keep.typ(name)
		}
		switch {
		case stays == "":
			own.remove(c.Span)
			r.say(name)
		case stays != name:
			own.replace(a.Raw, []byte(stays))
			r.add(&r.shown.types, stays)
			r.say(name + " (now " + stays + ")")
		default:
			r.add(&r.shown.types, name)
		}
	}
	if len(r.shown.types) == 0 && (len(r.real.types) > 0 || !r.keep.list) {
		r.shown.types = nil
		own = nil
		own.remove(list.Span)
		r.say("the list of channel bindings")
	}
	r.edits = append(r.edits, own...)
}

// listedTypes are the types that the features list; nil where there is no list.
func listedTypes(features *xmlstream.Node) []string {
	list := features.Child(nsChannelB, "sasl-channel-binding")
	if list == nil {
		return nil
	}
	types := []string{}
	for c := range list.Children() {
		if t, ok := c.Attr("type"); ok && len(types) < maxListed {
			types = append(types, t)
		}
	}
	return types
}

func (r *reader) add(list *[]string, name string) {
	if len(*list) == maxListed || len(name) > maxListed {
		r.real.cut = true
		return
	}
	*list = append(*list, name)
}

func (r *reader) say(what string) {
	if len(r.gone) < maxListed {
		r.gone = append(r.gone, shown(what))
	}
}

func isPlus(mechanism string) bool { return strings.HasSuffix(strings.ToUpper(mechanism), "-PLUS") }
