package lint

import (
	"bytes"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// sole is the start tag of the only element at any depth that declares a
// namespace, without what stands in it; nil where there may be more of them or
// the text must be read to know. It is for telling cheaply that all is well.
func (p *Pass) sole(space string) *xmlstream.Node {
	e := p.Event
	text := e.Text()
	p.engine.sought = append(p.engine.sought[:0], space...)
	at := bytes.Index(text, p.engine.sought)
	if at < 0 || e.Inside.May(decode.InsidePrefix|decode.InsideCDATA) || bytes.Contains(text[at+1:], p.engine.sought) {
		return nil
	}
	n := p.tagAt(bytes.LastIndexByte(text[:at], '<'))
	if n == nil || n.Name.Space != space {
		return nil
	}
	return n
}

// tagAt is the start tag at a position of the event's text, read as if nothing
// stood around it. It lives until the next use.
func (p *Pass) tagAt(pos int) *xmlstream.Node {
	if pos < 0 {
		return nil
	}
	return p.engine.tag.ParseTag(p.Event.Text()[pos:], nil, xmlstream.Options{})
}
