package xmlstream

import "xmppscope/decode/spec"

// The lint rules that this room can see broken.
const (
	ruleWellFormed  = "xml-not-well-formed"
	ruleNamespace   = "xml-ns-not-well-formed"
	ruleChar        = "xml-illegal-char"
	ruleComment     = "xml-comment"
	rulePI          = "xml-pi"
	ruleDoctype     = "xml-doctype"
	ruleEntity      = "xml-entity-ref"
	ruleStandalone  = "xml-decl-standalone"
	ruleDeclaration = "xml-decl-broken"
	ruleVersion     = "xml-version"
	ruleEncoding    = "xml-encoding"
	ruleBOM         = "xml-bom"
	ruleText        = "text-between-stanzas"
	ruleAfterClose  = "data-after-close"

	// ruleNone is for what breaks no rule of a protocol: a limit of ours,
	// bytes that were lost, input that ended too early.
	ruleNone = ""
)

// fault makes a SyntaxError; section and weight follow from the rule.
func fault(rule, text string, pos, end int) *SyntaxError {
	e := &SyntaxError{Rule: rule, Text: text, Pos: pos, End: end, Fatal: true}
	switch rule {
	case ruleWellFormed, ruleNamespace, ruleChar:
		e.Ref = spec.RFC(6120, "11.3")
	case ruleEntity:
		e.Ref = spec.RFC(6120, "11.1")
	case ruleComment, rulePI, ruleDoctype:
		e.Ref, e.Fatal = spec.RFC(6120, "11.1"), false
	case ruleDeclaration:
		e.Ref = spec.RFC(6120, "11.5")
	case ruleStandalone:
		e.Ref, e.Fatal = spec.RFC(6120, "11.5"), false
	case ruleVersion:
		e.Ref, e.Fatal = spec.RFC(6120, "11.8"), false
	case ruleEncoding:
		e.Ref = spec.RFC(6120, "11.6")
	case ruleBOM:
		e.Ref, e.Fatal = spec.RFC(6120, "11.6"), false
	case ruleText:
		e.Ref, e.Fatal = spec.RFC(6120, "11.7"), false
	case ruleAfterClose:
		e.Ref = spec.RFC(6120, "4.4")
	case ruleNone:
		e.Fatal = false
	}
	return e
}

// limits fills in the defaults. Spans count in 32 bits, hence the ceiling.
func (o Options) limits() Options {
	if o.MaxUnit <= 0 {
		o.MaxUnit = DefaultMaxUnit
	}
	o.MaxUnit = min(o.MaxUnit, 1<<30)
	if o.MaxDepth <= 0 {
		o.MaxDepth = DefaultMaxDepth
	}
	if o.MaxAttrs <= 0 {
		o.MaxAttrs = DefaultMaxAttrs
	}
	return o
}
