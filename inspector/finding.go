package inspector

import (
	"xmppscope/decode/lint"
)

// Level, Who and Finding are those of the rules.
type (
	Level   = lint.Level
	Who     = lint.Who
	Finding = lint.Finding
)

const (
	LevelNone    = lint.LevelNone
	LevelNote    = lint.LevelNote
	LevelWarning = lint.LevelWarning
	LevelError   = lint.LevelError
	WhoInitiator = lint.WhoInitiator
	WhoReceiver  = lint.WhoReceiver
	WhoPath      = lint.WhoPath
)

// Levels lists the levels from the least to the most grave.
func Levels() []Level { return lint.Levels() }

// faultRule is what is known about a rule besides the fault itself.
type faultRule struct {
	rule   string
	level  Level // LevelNone: an error
	path   bool  // somebody between the two must have done it
	advice string
}

// RuleDoc tells of a rule that a fault in the bytes breaks.
type RuleDoc struct {
	Name   string
	Level  Level
	Advice string
}

// Rules lists the rules of Findings that have an advice, in the order of a
// conversation.
func Rules() []RuleDoc {
	all := make([]RuleDoc, len(faultRules))
	for i, r := range faultRules {
		all[i] = RuleDoc{r.rule, r.level, r.advice}
		if r.level == LevelNone {
			all[i].Level = LevelError
		}
	}
	return all
}

func ruleOf(rule string) *faultRule {
	for i := range faultRules {
		if faultRules[i].rule == rule {
			return &faultRules[i]
		}
	}
	return nil
}

// faultRules are the rules that faults in the bytes belong to and that are no
// plain errors or have an advice. Any other fault breaks a requirement.
var faultRules = [...]faultRule{
	{"xml-not-well-formed", 0, false, "write & as &amp; and < as &lt; in text and attribute values; close every element"},
	{"xml-ns-not-well-formed", 0, false, "declare every prefix in the stanza that uses it"},
	{"xml-illegal-char", 0, false, "take control characters out before sending"},
	{"xml-comment", 0, false, "take it out; a peer answers with restricted-xml"},
	{"xml-pi", 0, false, "take it out; a peer answers with restricted-xml"},
	{"xml-doctype", 0, false, "take it out; a peer answers with restricted-xml"},
	{"xml-entity-ref", 0, false, "write the character itself or its number"},
	{"xml-cdata", LevelNote, false, "allowed; nothing to repair"},
	{"xml-decl-missing", LevelNote, false, "harmless, but the declaration should be sent"},
	{"xml-decl-broken", 0, false, "the declaration is <?xml version='1.0'?>, with a question mark at both ends"},
	{"xml-bom", 0, false, "send UTF-8 without a byte order mark"},
	{"xml-encoding", 0, false, "only UTF-8 travels in XMPP"},
	{"text-between-stanzas", 0, false, "only white space may stand between elements"},
	{"stream-ns-wrong", 0, false, "a namespace is a name: write it letter by letter, with http and without a slash at the end"},
	{"stream-prefix-unusual", LevelWarning, false, "legal XML, but some parsers know the prefix stream only"},
	{"stanza-too-big", LevelWarning, false, "send large data by other means than one stanza"},
	{"starttls-whitespace", 0, false, "the byte after the > must be the first one of TLS"},
	{"starttls-data-before-proceed", 0, false, "wait for <proceed/> before sending anything"},
	{"starttls-plaintext-injection", 0, true, "throw away what arrived before TLS began: anybody on the way can have added it"},
	{"sasl-base64-illegal", 0, false, "base64 here has no line breaks and no blanks: switch off the wrapping of the encoder"},
	{"sasl-base64-padding", 0, false, "pad to a multiple of four characters with ="},
	{"sasl-empty-not-equals", LevelNote, false, "SASL 1 writes zero-length data as =, SASL 2 as an empty element"},
	{"sasl-failure-no-condition", 0, false, "say why in a child element of <failure/>"},
	{"sasl-authzid-full-jid", 0, false, "leave the resource out: it is bound after login"},
	{"sasl-authzid-needless", LevelWarning, false, "leave the authorization identity out"},
	{"sasl-username-is-jid", LevelWarning, false, "use the part before the @ alone"},
	{"scram-iterations-low", LevelWarning, false, "use 4096 rounds at least"},
	{"scram-nonce-not-extended", 0, false, "the server must append to the client's nonce"},
	{"scram-downgrade-suspected", 0, true, "somebody hid the -PLUS mechanisms from the client"},
	{"scram-h-mismatch", 0, true, "the list of mechanisms was changed on its way"},
	{"scram-no-server-signature", 0, false, "a client must not trust a server that does not prove itself"},
	{"plain-malformed", 0, false, "PLAIN is authzid NUL username NUL password, in UTF-8"},
	{"iq-auth-used", LevelWarning, false, "use SASL"},
}
