package sandbox

import (
	"errors"

	"xmppscope/decode/xmlstream"
)

// streamError ends a stream (RFC 6120 §4.9).
type streamError struct {
	condition string
	text      string // for people; may be empty
	app       string // application-specific element, as XML
	inside    string // of the condition
}

func (e *streamError) Error() string { return "stream error " + e.condition }

// xml is the element as it is sent.
func (e *streamError) xml() string {
	inside := ""
	if e.condition != "" {
		inside = element(textEscaper.Replace(e.inside), e.condition, "xmlns", nsStreamErr)
	}
	if e.text != "" {
		inside += text(e.text, "text", "xmlns", nsStreamErr, "xml:lang", "en")
	}
	return element(inside+e.app, "stream:error")
}

// ended says that a connection is over and nothing is left to be said.
var errEnded = errors.New("the stream has ended")

// broken are the conditions for faults of XML, by the rule that they break
// (RFC 6120 §4.9.3, §11.1).
var broken = map[string]string{
	"xml-comment":          "restricted-xml",
	"xml-pi":               "restricted-xml",
	"xml-doctype":          "restricted-xml",
	"xml-entity-ref":       "restricted-xml",
	"xml-encoding":         "unsupported-encoding",
	"text-between-stanzas": "bad-format",
	"data-after-close":     "not-well-formed",
}

// tolerated are faults that a server can live with.
var tolerated = map[string]bool{"xml-bom": true, "xml-decl-standalone": true, "xml-decl-broken": true, "xml-version": true}

// fault is the stream error for a fault of XML; nil where it is tolerated.
func fault(e *xmlstream.SyntaxError) *streamError {
	if e == nil || tolerated[e.Rule] && !e.Fatal {
		return nil
	}
	if e.Rule == "" { // a limit
		return &streamError{condition: "policy-violation", text: e.Text, app: element("", "stanza-too-big", "xmlns", nsTooBig)}
	}
	condition := broken[e.Rule]
	if condition == "" {
		condition = "not-well-formed"
	}
	return &streamError{condition: condition, text: e.Text}
}

// firstFault is the first fault of a unit that is not tolerated.
func firstFault(errs []xmlstream.SyntaxError) *streamError {
	for i := range errs {
		if e := fault(&errs[i]); e != nil {
			return e
		}
	}
	return nil
}

// kinds are the types of stanza errors by condition (RFC 6120 §8.3.3).
var kinds = map[string]string{
	"bad-request":             "modify",
	"conflict":                "cancel",
	"feature-not-implemented": "cancel",
	"forbidden":               "auth",
	"internal-server-error":   "cancel",
	"item-not-found":          "cancel",
	"jid-malformed":           "modify",
	"not-acceptable":          "modify",
	"not-allowed":             "cancel",
	"not-authorized":          "auth",
	"policy-violation":        "modify",
	"recipient-unavailable":   "wait",
	"registration-required":   "auth",
	"remote-server-not-found": "cancel",
	"remote-server-timeout":   "wait",
	"resource-constraint":     "wait",
	"service-unavailable":     "cancel",
	"unexpected-request":      "wait",
}

// stanzaError is the <error/> of a stanza.
func stanzaError(condition, why string) string {
	inside := element("", condition, "xmlns", nsStanzaErr)
	if why != "" {
		inside += text(why, "text", "xmlns", nsStanzaErr, "xml:lang", "en")
	}
	return element(inside, "error", "type", kinds[condition])
}
