package live

import (
	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector/gate"
)

// Judge says what is wrong with a text that is to be sent in place of an event
// like e, or of its own where e is nil: fatal where it is not well-formed, else
// what its bytes break.
func Judge(text string, e *decode.Event) (fatal string, found []lint.Finding) {
	kind, scope := decode.KindStanza, xmlstream.MidStream(xmlstream.NSClient)
	if e != nil {
		kind = e.Kind
		if e.Scope != nil {
			scope = e.Scope
		}
	}
	if fatal = gate.Malformed([]byte(text), scope); fatal != "" || text == "" {
		return fatal, nil
	}
	var tree xmlstream.Tree
	would := decode.Event{Kind: kind, Wire: []byte(text), Scope: scope}
	switch kind {
	case decode.KindOpen:
		tree.ParseHeader(would.Wire, xmlstream.Options{})
	case decode.KindClose, decode.KindSpace:
	default:
		tree.Parse(would.Wire, scope, xmlstream.Options{})
	}
	would.Errs = tree.Errs
	return "", lint.Faults(&would)
}
