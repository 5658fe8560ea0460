package sasl

import "xmppscope/decode/spec"

// Condition is the name of a refusal and what it means.
type Condition struct {
	Name    string
	Meaning string
	Ref     spec.Ref
}

// Conditions lists the refusals of RFC 6120 §6.5, which XEP-0388 uses too. The
// slice is a copy.
func Conditions() []Condition { return append([]Condition(nil), conditions...) }

// ConditionMeaning explains a refusal. Names that are not defined count as
// not-authorized, RFC 6120 §6.5; known is false for them.
func ConditionMeaning(name string) (meaning string, ref spec.Ref, known bool) {
	for _, c := range conditions {
		if c.Name == name {
			return c.Meaning, c.Ref, true
		}
	}
	return "not a condition of the specification: counts as not-authorized", spec.RFC(6120, "6.5"), false
}

var conditions = []Condition{
	{"aborted", "the client gave up, and this confirms it", spec.RFC(6120, "6.5.1")},
	{"account-disabled", "the account exists but is switched off", spec.RFC(6120, "6.5.2")},
	{"credentials-expired", "the secret is right but no longer valid", spec.RFC(6120, "6.5.3")},
	{"encryption-required", "this mechanism needs TLS first", spec.RFC(6120, "6.5.4")},
	{"incorrect-encoding", "the base64 is wrong", spec.RFC(6120, "6.5.5")},
	{"invalid-authzid", "the login may not act as that identity, or it is malformed", spec.RFC(6120, "6.5.6")},
	{"invalid-mechanism", "no mechanism was named, or one that is not offered", spec.RFC(6120, "6.5.7")},
	{"malformed-request", "the data breaks the mechanism's grammar, or is not allowed here", spec.RFC(6120, "6.5.8")},
	{"mechanism-too-weak", "the server wants a stronger mechanism for this user", spec.RFC(6120, "6.5.9")},
	{"not-authorized", "wrong name or wrong secret; on purpose the same answer for both", spec.RFC(6120, "6.5.10")},
	{"temporary-auth-failure", "trouble on the server's side; try again later", spec.RFC(6120, "6.5.11")},
}

// scramErrors are the values of e=, RFC 5802 §7.
var scramErrors = map[string]string{
	"invalid-encoding":                    "a message was not valid UTF-8 or base64",
	"extensions-not-supported":            "an extension was marked as mandatory and is not known",
	"invalid-proof":                       "the client's proof is wrong: another password, or another text was signed",
	"channel-bindings-dont-match":         "the client's channel-binding data are not those of the server's TLS connection: somebody stands between them",
	"server-does-support-channel-binding": "the client believed that the server had no channel binding, but it has: the list was edited on its way",
	"channel-binding-not-supported":       "the client wants channel binding and the server has none",
	"unsupported-channel-binding-type":    "the server does not have this type of channel binding",
	"unknown-user":                        "there is no such user",
	"invalid-username-encoding":           "the username is not valid UTF-8, or SASLprep refuses it",
	"no-resources":                        "the server has no resources for this now",
	"other-error":                         "another error, not named",
}

func scramErrorMeaning(value string) string {
	if meaning, ok := scramErrors[value]; ok {
		return meaning
	}
	return "not an error value of the specification: counts as other-error"
}

func decodeFailure(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	m := p.m
	meaning, ref, known := ConditionMeaning(m.Condition)
	switch {
	case m.Condition == "":
		p.fault("sasl-failure-no-condition", 0, spec.RFC(6120, "6.5"), "the failure names no condition")
		p.summary("refused, without a reason")
	case known:
		p.add(Field{Name: "condition", Value: m.Condition, Meaning: meaning})
		p.summary("refused: %s", m.Condition)
	default:
		p.add(Field{Name: "condition", Value: printable([]byte(m.Condition)), Meaning: meaning})
		p.fault("sasl-failure-no-condition", 0, ref, "\"%s\" is not a defined condition", short(printable([]byte(m.Condition))))
		p.summary("refused: %s", short(printable([]byte(m.Condition))))
	}
	if m.Text != "" {
		p.add(Field{Name: "text", Value: printable([]byte(m.Text)), Meaning: "words for a person, not for a program"})
	}
	return p.d
}
