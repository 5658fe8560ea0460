package lint

import (
	"bytes"
	"fmt"

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
		Advice: "take it out; a peer ends the stream, with restricted-xml or not-well-formed"},
	{Name: "xml-pi", Level: LevelError, Ref: spec.RFC(6120, "11.1"),
		Doc:    "XMPP is XML without processing instructions.",
		Advice: "take it out; a peer ends the stream, with restricted-xml or not-well-formed"},
	{Name: "xml-doctype", Level: LevelError, Ref: spec.RFC(6120, "11.1"),
		Doc:    "XMPP is XML without document types, which can be used for attacks.",
		Advice: "take it out; a peer ends the stream, with restricted-xml or not-well-formed"},
	{Name: "xml-entity-ref", Level: LevelError, Ref: spec.RFC(6120, "11.1"),
		Doc:    "Only the five entities that XML itself defines may be used.",
		Advice: "write the character itself or its number"},
	{Name: "xml-cdata", Level: LevelNote, Ref: spec.RFC(6120, "11.1"),
		Doc:    "A CDATA section is a rare but legal way to write text.",
		Advice: "allowed; nothing to repair"},
}}

// declarationGroup is the XML declaration and the encoding.
var declarationGroup = Group{
	Kinds: []decode.Kind{decode.KindOpen, decode.KindSpace, decode.KindNonza, decode.KindStanza},
	Check: checkDeclaration,
	Rules: []Rule{
		{Name: "xml-decl-missing", Level: LevelNote, Ref: spec.RFC(6120, "11.5"),
			Doc:    "A stream should begin with an XML declaration.",
			Advice: "harmless, but the declaration should be sent"},
		{Name: "xml-decl-standalone", Level: LevelError, Ref: spec.RFC(6120, "11.5"),
			Doc:    "The XML declaration of a stream says nothing about standalone.",
			Advice: "leave standalone out"},
		{Name: "xml-decl-broken", Level: LevelError, Needs: NeedWhole, Ref: spec.RFC(6120, "11.5"),
			Doc:    "The XML declaration has a fixed form and stands before everything else.",
			Advice: "begin a stream with <?xml version='1.0'?>, with a question mark at both ends and nothing before it; write none anywhere else"},
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

// blanks is the memory of declarationGroup: the white space that stands at the
// end of what a side has sent, where a new document may begin.
type blanks struct {
	seq   [2]decode.Seq
	layer [2]decode.Layer // where it stands: that before TLS is another fault
	// turn is the frame of the last element. White space comes out with what
	// follows it: only its frame tells that it was sent before.
	turn uint32
}

// checkDeclaration asks for the declaration where a document begins; elements
// of WebSocket and BOSH stand in messages and have none.
func checkDeclaration(p *Pass) {
	e := p.Event
	if e.Kind != decode.KindOpen {
		lead(p)
		return
	}
	if e.Off > 0 && e.State.Headers[e.Dir] == 0 {
		return // what stands before it, as a document type, holds the declaration
	}
	declared := bytes.HasPrefix(bytes.TrimLeft(e.Wire, "\xEF\xBB\xBF \t\r\n"), []byte("<?xml"))
	m := of(&p.own.blanks)
	switch {
	case e.XML != nil:
	case !declared:
		told := of(&p.own.undeclared)
		if told[e.Dir] {
			break
		}
		told[e.Dir] = true
		p.Report("xml-decl-missing", "the stream header comes without an XML declaration")
	case m.seq[e.Dir] != 0 && m.layer[e.Dir] == e.Layer && e.State.Headers[e.Dir] > 0 && !e.State.Late:
		// What ended the document may be what the capture lacks.
		p.after(e.Dir.Other(), Finding{Rule: "xml-decl-broken", Text: fmt.Sprintf("white space stands before the XML declaration (event %d); many parsers refuse the stream for that", m.seq[e.Dir])})
	}
	m.seq[e.Dir] = 0
}

// lead notes white space. What came before the element that ends a document, on
// either side, belongs to that document.
func lead(p *Pass) {
	e := p.Event
	m, frame := of(&p.own.blanks), uint32(0)
	if n := len(e.Frames); n > 0 {
		frame = e.Frames[n-1]
	}
	switch {
	case e.Kind != decode.KindSpace:
		m.seq, m.turn = [2]decode.Seq{}, frame
	case frame > 0 && frame >= m.turn:
		m.seq[e.Dir], m.layer[e.Dir] = e.Seq, e.Layer
	}
}
