package lint

import (
	"fmt"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// namespaceGroup is the namespaces of the stream and of what stands in it
// (RFC 6120 §4.8). decode tells of stream-ns-wrong; headerGroup, which holds the
// two headers side by side, of content-ns-mismatch.
var namespaceGroup = Group{
	Kinds: []decode.Kind{decode.KindOpen, decode.KindStanza, decode.KindNonza, decode.KindStreamError},
	Check: checkNamespaces,
	Rules: []Rule{
		{Name: "stream-ns-wrong", Level: LevelError, Ref: spec.RFC(6120, "4.8.1"),
			Doc:    "The root of a stream stands in one fixed namespace, which is a name and not a link.",
			Advice: "write http://etherx.jabber.org/streams exactly so; a namespace is never \"upgraded\" to https"},
		{Name: "stream-prefix-unusual", Level: LevelWarning, Ref: spec.RFC(6120, "4.8.5"),
			Doc:    "The stream's own elements are usually written with the prefix stream, and some programs accept no other.",
			Advice: "use the prefix stream"},
		{Name: "prefix-rebound", Level: LevelWarning, Ref: spec.RFC(6120, "4.8.5"),
			Doc:    "A stanza should not give the prefix stream another meaning, nor take its own namespace away.",
			Advice: "leave the prefix stream and the default namespace of the stanza as the stream header set them"},
		{Name: "content-ns-unsupported", Level: LevelError, Ref: spec.RFC(6120, "4.8.3"),
			Doc:    "What is not said otherwise stands in the content namespace, which must be one that XMPP knows.",
			Advice: "declare jabber:client (servers: jabber:server) as the default namespace of the stream header"},
		{Name: "stanza-wrong-content-ns", Level: LevelError, Ref: spec.RFC(6120, "4.8.3"), Needs: NeedStart,
			Doc:    "A stanza stands in the content namespace of the stream that carries it.",
			Advice: "give a stanza the namespace of the new stream when it is passed on"},
		{Name: "stanza-prefixed", Level: LevelError, Ref: spec.RFC(6120, "4.8.5"),
			Doc:    "Stanzas and their own children are written without a prefix.",
			Advice: "use the default namespace instead of a prefix"},
		{Name: "content-ns-mismatch", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "4.8.2"),
			Doc:    "The two stream headers of one exchange have the same content namespace.",
			Advice: "answer with the content namespace that was asked for"},
	},
}

// contents is the memory of namespaceGroup.
type contents struct {
	told [2]bool // content-ns-unsupported
}

func checkNamespaces(p *Pass) {
	e := p.Event
	switch e.Kind {
	case decode.KindOpen:
		checkStreamPrefix(p)
		checkContent(p)
	case decode.KindStreamError:
		checkRefusedNamespace(p)
	case decode.KindStanza:
		if s := e.State; s != nil && s.Content != "" && e.Name.Space != s.Content && of(&p.own.opening).whole() {
			p.Report("stanza-wrong-content-ns", fmt.Sprintf("the stanza stands in %s, but the stream carries %s", e.Name.Space, s.Content))
		}
		checkRebound(p)
		checkPrefixed(p)
	case decode.KindNonza:
		if isStanzaName(e.Name.Local) && !isContent(e.Name.Space) {
			checkOddContent(p)
		}
	}
}

func checkStreamPrefix(p *Pass) {
	if p.Event.Name.Space != nsStreams {
		return
	}
	if n := p.Node(); n != nil {
		if prefix := prefixOf(n); prefix != "" && prefix != "stream" {
			p.ReportAt("stream-prefix-unusual", n.QName, fmt.Sprintf("the stream header has the prefix \"%s\"", short(prefix)))
		}
	}
}

// checkContent looks at the default namespace of a header, which is the content
// namespace (RFC 6120 §4.8.2). Without one every stanza may bring its own.
func checkContent(p *Pass) {
	e := p.Event
	n := p.Node()
	memory := of(&p.own.contents)
	memory.told[e.Dir] = false
	if n == nil || e.Name.Space != nsStreams {
		return
	}
	if content, _ := n.Scope.Lookup(""); content != "" && content != nsStreams && !isContent(content) {
		memory.told[e.Dir] = true
		p.ReportAt("content-ns-unsupported", valueSpan(n, "xmlns", ""), "the stream header declares "+inWords(content))
	}
}

// checkRebound looks only at the start tag, for which no parser is needed where
// nothing is declared.
func checkRebound(p *Pass) {
	if !p.Event.Inside.May(decode.InsidePrefix) {
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	if a := n.FindAttr("xmlns", "stream"); a != nil {
		if v := a.Value(n.Unit()); v != nsStreams {
			p.ReportAt("prefix-rebound", a.Raw, fmt.Sprintf("the stanza binds the prefix stream to \"%s\"", short(v)))
		}
	}
}

// checkOddContent looks at what would be a stanza in another namespace.
func checkOddContent(p *Pass) {
	e := p.Event
	n := p.Node()
	if n == nil || prefixOf(n) != "" {
		return
	}
	if a := declaration(n); a != nil {
		if a.Value(n.Unit()) == "" {
			p.ReportAt("prefix-rebound", a.Raw, fmt.Sprintf("the %s sets xmlns='' on itself, so it stands in no namespace", e.Name.Local))
		}
		return // a namespace of its own: toplevel-unknown
	}
	memory := of(&p.own.contents)
	if memory.told[e.Dir] || !onSocket(e) {
		return
	}
	memory.told[e.Dir] = true
	p.ReportAt("content-ns-unsupported", n.QName, fmt.Sprintf("the %s has %s", e.Name.Local, inWords(e.Name.Space)))
}

// checkRefusedNamespace blames a header without a content namespace for the
// error that it was answered with.
func checkRefusedNamespace(p *Pass) {
	e := p.Event
	if e.Condition != "invalid-namespace" || e.Dir != decode.FromReceiver || of(&p.own.opening).carrier != onTCP {
		return
	}
	h := of(&p.own.headers)
	memory := of(&p.own.contents)
	if h.next == 0 || memory.told[decode.FromInitiator] {
		return
	}
	last := h.asked[(h.next-1)%len(h.asked)]
	if isContent(last.content) || last.content == nsStreams {
		return
	}
	memory.told[decode.FromInitiator] = true
	p.Add(Finding{Rule: "content-ns-unsupported", Who: WhoInitiator, Seq: last.seq, Text: "the stream header declares " + inWords(last.content)})
}

func inWords(space string) string {
	if space == "" {
		return "no default namespace"
	}
	return fmt.Sprintf("the content namespace \"%s\"", short(space))
}

// declaration is the default namespace that an element declares itself.
func declaration(n *xmlstream.Node) *xmlstream.Attr { return n.FindAttr("xmlns", "") }

// checkPrefixed finds prefixes on a stanza or on its children in the content
// namespace. Where no prefix is bound to that namespace there can be none.
func checkPrefixed(p *Pass) {
	e := p.Event
	if e.Name.Space != nsClient && e.Name.Space != nsServer {
		return
	}
	if !e.Inside.May(decode.InsidePrefix) && !of(&p.own.prefixes).content[e.Dir] {
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	if prefixOf(n) != "" {
		p.ReportAt("stanza-prefixed", n.QName, fmt.Sprintf("the stanza is written as %s", short(string(n.QName.Of(n.Unit())))))
		return
	}
	for child := range n.Children() {
		if child.Name.Space == e.Name.Space && prefixOf(child) != "" {
			p.ReportAt("stanza-prefixed", child.QName, fmt.Sprintf("a child of the stanza is written as %s", short(string(child.QName.Of(n.Unit())))))
			return
		}
	}
}
