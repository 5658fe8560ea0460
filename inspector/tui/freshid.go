package tui

import (
	"strings"

	"xmppscope/decode/xmlstream"
)

// freshID says whether what is sent gets an id of its own. An id that a person
// has typed is theirs, unless they ask for another one.
type freshID struct {
	was    string // the id that the text began with
	on     bool
	chosen bool // by the switch
	// id is that of the text that was looked at last: it is drawn at every key.
	text, id string
}

func (f *freshID) wanted(text string, scope *xmlstream.Scope) bool {
	return f.on && (f.chosen || !f.typed(text, scope))
}

// typed tells whether the id is one that a person has written.
func (f *freshID) typed(text string, scope *xmlstream.Scope) bool {
	if text != f.text {
		f.text, f.id = text, stanzaID(text, scope)
	}
	return f.id != "" && f.id != f.was
}

// words are of one width, so that nothing beside them moves.
func (f *freshID) words(text string, scope *xmlstream.Scope) string {
	switch {
	case f.wanted(text, scope):
		return "fresh"
	case f.on && !f.chosen:
		return "yours"
	}
	return "as is"
}

// stanzaID is the id of the stanza that a text begins with; empty for none.
func stanzaID(text string, scope *xmlstream.Scope) string {
	if len(text) > maxJudged {
		return ""
	}
	var tree xmlstream.Tree
	n := tree.Parse([]byte(text), scope, xmlstream.Options{})
	if n == nil || n.Kind != xmlstream.ElementNode {
		return ""
	}
	id, _ := n.Attr("id")
	return id
}

// withFreshID is a text as the proxy would send it with an id of its own: one
// as long as that which it has, so that places stay what they are. An answer
// keeps that of its question.
func withFreshID(text string, scope *xmlstream.Scope) string {
	var tree xmlstream.Tree
	n := tree.Parse([]byte(text), scope, xmlstream.Options{})
	if n == nil || n.Kind != xmlstream.ElementNode || n.Name.Local != "iq" && n.Name.Local != "message" && n.Name.Local != "presence" {
		return text
	}
	if kind, _ := n.Attr("type"); n.Name.Local == "iq" && (kind == "result" || kind == "error") {
		return text
	}
	if a := n.FindAttr("", "id"); a != nil && a.Raw.Len() > 0 {
		return text[:a.Raw.Start] + strings.Repeat("~", a.Raw.Len()) + text[a.Raw.End:]
	}
	if a := n.FindAttr("", "id"); a != nil {
		return text
	}
	end := int(n.Tag.End) - 1
	if text[end-1] == '/' {
		end--
	}
	return text[:end] + " id='~'" + text[end:]
}
