package lint

import (
	"fmt"
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// prefixGroup is the prefixes that a stream header declares.
var prefixGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: checkHeaderPrefixes,
	Rules: []Rule{
		{Name: "stream-header-extra-ns", Level: LevelWarning, Ref: spec.RFC(6120, "4.8.5"),
			Doc:    "A stanza declares the prefixes that it uses, because the stream header stays behind when the stanza travels on.",
			Advice: "declare the prefix in the stanza itself"},
	},
}

// topLevelGroup is the elements between stream header and end that nobody
// knows.
var topLevelGroup = Group{
	Kinds: []decode.Kind{decode.KindNonza},
	Check: checkTopLevel,
	Rules: []Rule{
		{Name: "toplevel-unknown", Level: LevelWarning, Ref: spec.RFC(6120, "4.8.4"), Needs: NeedStart | NeedWhole,
			Doc:    "Directly inside a stream only stanzas and the elements of the negotiation are known.",
			Advice: "put extensions inside a stanza; a peer may answer with unsupported-stanza-type"},
	},
}

// maxPrefixes bounds the prefixes of a header that are looked for.
const maxPrefixes = 16

// prefixes is the memory of prefixGroup and namespaceGroup. openingGroup keeps
// it.
type prefixes struct {
	// extra are those of each direction's header that stanzas must not use.
	extra [2][]string
	told  [2]bool
	// content tells that a prefix stands for a content namespace.
	content [2]bool
}

func checkHeaderPrefixes(p *Pass) {
	e := p.Event
	x := of(&p.own.prefixes)
	if len(x.extra[e.Dir]) == 0 || x.told[e.Dir] {
		return
	}
	if n := p.Node(); n != nil {
		x.stanza(p, n)
	}
}

// open takes over what a header declares.
func (x *prefixes) open(p *Pass) {
	d := p.Event.Dir
	x.extra[d], x.content[d] = nil, false
	n := p.Node()
	if n == nil || carrierOf(p.Event) != onTCP {
		return
	}
	for i := range n.Attrs {
		a := &n.Attrs[i]
		if a.Name.Space != "xmlns" || a.Name.Local == "" {
			continue
		}
		space := a.Value(n.Unit())
		x.content[d] = x.content[d] || isContent(space)
		// stanza-prefixed speaks of the content namespace.
		if a.Name.Local != "stream" && a.Name.Local != "db" && space != nsStreams && !isContent(space) && len(x.extra[d]) < maxPrefixes {
			x.extra[d] = append(x.extra[d], a.Name.Local)
		}
	}
}

// stanza finds the first use of such a prefix.
func (x *prefixes) stanza(p *Pass, n *xmlstream.Node) {
	d := p.Event.Dir
	for m := range n.All() {
		if m.Kind != xmlstream.ElementNode {
			continue
		}
		if prefix := prefixOf(m); slices.Contains(x.extra[d], prefix) && !declaredInside(m, prefix) {
			x.told[d] = true
			p.ReportAt("stream-header-extra-ns", m.QName, fmt.Sprintf("the prefix \"%s\" is declared in the stream header alone", short(prefix)))
			return
		}
	}
}

// declaredInside tells whether the element or one around it in the stanza
// declares a prefix.
func declaredInside(n *xmlstream.Node, prefix string) bool {
	for ; n != nil; n = n.Parent {
		if n.FindAttr("xmlns", prefix) != nil {
			return true
		}
	}
	return false
}

// topLevelSpaces are the namespaces whose elements may stand directly in a
// stream.
var topLevelSpaces = map[string]bool{
	nsStreams: true, nsTLS: true, nsSASL: true, nsSASL2: true, nsCompress: true, nsSM: true, nsSM2: true,
	nsCSI: true, nsBidi: true, nsDialback: true, nsFraming: true, nsHTTPBind: true, nsXBOSH: true,
}

func checkTopLevel(p *Pass) {
	e := p.Event
	if topLevelSpaces[e.Name.Space] || e.Step != decode.StepNone || !of(&p.own.opening).whole() {
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	if isStanzaName(e.Name.Local) && !isContent(e.Name.Space) && prefixOf(n) == "" {
		if a := declaration(n); a == nil || a.Value(n.Unit()) == "" {
			return // content-ns-unsupported or prefix-rebound
		}
	}
	where := "in no namespace"
	if e.Name.Space != "" {
		where = "in the namespace " + short(e.Name.Space)
	}
	p.ReportAt("toplevel-unknown", n.QName, fmt.Sprintf("%s %s stands directly in the stream", short(e.Name.Local), where))
}
