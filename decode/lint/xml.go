package lint

import (
	"bytes"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// xmlGroup is what decode finds while it reads XML (RFC 6120 §11).
var xmlGroup = Group{Kinds: elementKinds, Check: checkCDATA, Rules: []Rule{
	{Name: "xml-not-well-formed", Level: LevelError, Ref: spec.RFC(6120, "11.3"),
		Doc:    "Every element must be written so that an XML parser can read it to its end.",
		Advice: "write & as &amp; and < as &lt; in text and attribute values; close every element"},
	{Name: "xml-ns-not-well-formed", Level: LevelError, Ref: spec.RFC(6120, "11.3"),
		Doc:    "A prefix must be declared before it is used, and no attribute may stand twice.",
		Advice: "declare every prefix in the stanza that uses it"},
	{Name: "xml-illegal-char", Level: LevelError, Ref: spec.RFC(6120, "11.3"),
		Doc:    "XML has no place for most control characters, not even as a number.",
		Advice: "take control characters out before sending"},
	{Name: "xml-comment", Level: LevelError, Ref: spec.RFC(6120, "11.1"),
		Doc:    "XMPP is XML without comments.",
		Advice: "take it out; a peer answers with restricted-xml"},
	{Name: "xml-pi", Level: LevelError, Ref: spec.RFC(6120, "11.1"),
		Doc:    "XMPP is XML without processing instructions.",
		Advice: "take it out; a peer answers with restricted-xml"},
	{Name: "xml-doctype", Level: LevelError, Ref: spec.RFC(6120, "11.1"),
		Doc:    "XMPP is XML without document types, which can be used for attacks.",
		Advice: "take it out; a peer answers with restricted-xml"},
	{Name: "xml-entity-ref", Level: LevelError, Ref: spec.RFC(6120, "11.1"),
		Doc:    "Only the five entities that XML itself defines may be used.",
		Advice: "write the character itself or its number"},
	{Name: "xml-cdata", Level: LevelNote, Ref: spec.RFC(6120, "11.1"),
		Doc:    "A CDATA section is a rare but legal way to write text.",
		Advice: "allowed; nothing to repair"},
}}

// declarationGroup is the XML declaration and the encoding.
var declarationGroup = Group{
	Kinds: []decode.Kind{decode.KindOpen},
	Check: checkDeclaration,
	Rules: []Rule{
		{Name: "xml-decl-missing", Level: LevelNote, Ref: spec.RFC(6120, "11.5"),
			Doc:    "A stream should begin with an XML declaration.",
			Advice: "harmless, but the declaration should be sent"},
		{Name: "xml-decl-standalone", Level: LevelError, Ref: spec.RFC(6120, "11.5"),
			Doc:    "The XML declaration of a stream says nothing about standalone.",
			Advice: "leave standalone out"},
		{Name: "xml-decl-broken", Level: LevelError, Ref: spec.RFC(6120, "11.5"),
			Doc:    "The XML declaration has a fixed form and stands before everything else.",
			Advice: "the declaration is <?xml version='1.0'?>, with a question mark at both ends"},
		{Name: "xml-version", Level: LevelError, Ref: spec.RFC(6120, "11.5"),
			Doc:    "XMPP is written in XML 1.0 and in no other version.",
			Advice: "write version='1.0'"},
		{Name: "xml-encoding", Level: LevelError, Ref: spec.RFC(6120, "11.6"),
			Doc:    "All text in XMPP is UTF-8.",
			Advice: "only UTF-8 travels in XMPP"},
		{Name: "xml-bom", Level: LevelError, Ref: spec.RFC(6120, "11.6"),
			Doc:    "A byte order mark has no place in a stream.",
			Advice: "send UTF-8 without a byte order mark"},
	},
}

// textGroup is what stands between elements.
var textGroup = Group{
	Rules: []Rule{
		{Name: "text-between-stanzas", Level: LevelError, Ref: spec.RFC(6120, "11.7"),
			Doc:    "Between stanzas nothing but white space may stand.",
			Advice: "only white space may stand between elements"},
	},
}

// elementKinds are the events that hold a first-level element.
var elementKinds = []decode.Kind{decode.KindStanza, decode.KindNonza, decode.KindFeatures, decode.KindStreamError}

func checkCDATA(p *Pass) {
	const begin, end = "<![CDATA[", "]]>"
	if !p.Event.Inside.May(decode.InsideCDATA) {
		return
	}
	text := p.Event.Text()
	if at := bytes.Index(text, []byte(begin)); at >= 0 {
		span := xmlstream.Span{Start: int32(at), End: int32(at + len(begin))}
		if n := bytes.Index(text[at:], []byte(end)); n >= 0 {
			span.End = int32(at + n + len(end))
		}
		p.ReportAt("xml-cdata", span, "text in a CDATA section")
	}
}

// undeclared are the directions whose missing declaration was told: programs that
// leave it out do so at every restart.
type undeclared [2]bool

// checkDeclaration asks for the declaration where a document begins; elements
// of WebSocket and BOSH stand in messages and have none.
func checkDeclaration(p *Pass) {
	e := p.Event
	if e.Off > 0 && e.State.Headers[e.Dir] == 0 {
		return // what stands before it, as a document type, holds the declaration
	}
	if told := Own[undeclared](p); e.XML == nil && !told[e.Dir] && !bytes.HasPrefix(bytes.TrimLeft(e.Wire, "\xEF\xBB\xBF \t\r\n"), []byte("<?xml")) {
		told[e.Dir] = true
		p.Report("xml-decl-missing", "the stream header comes without an XML declaration")
	}
}
