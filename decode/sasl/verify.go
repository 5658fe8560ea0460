package sasl

import (
	"bytes"
	"crypto/subtle"
	"strings"
)

// DefaultMaxIterations is the iteration count up to which Verify derives a
// key. The count comes from the wire and would else be a way to keep the
// reader busy: a million rounds take well under a second.
const DefaultMaxIterations = 2_000_000

// Secret is what the reader knows about an account.
type Secret struct {
	Password      string    // also the shared secret of COMPONENT and DIALBACK
	Token         string    // OAUTHBEARER, X-OAUTH2, HT-*
	MaxIterations int       // 0: DefaultMaxIterations
	Keys          *KeyCache // may be nil; worth having where one account logs in often
}

// Step is one value of the chain from the secret to the wire.
type Step struct {
	Name    string // in the words of the mechanism's specification
	Value   string // hexadecimal, base64 or text, as that value is usually written
	Meaning string
	Formula string
	// Command is a line for a shell that prints Value; empty where nothing is
	// computed. It holds what the value is made of: secret like that.
	Command string
	Wire    string // what stood on the wire, for the values that travel
	Secret  bool   // whoever has the value can log in with it
	// Result is how the value compares with what it has to equal; Meaning says
	// it in words where that is not plain.
	Result Comparison
}

// Comparison is the outcome of holding two values against each other.
type Comparison uint8

const (
	NotCompared Comparison = iota // there is nothing to compare with
	Equal
	Different
	Unknown // one of the two is not known
)

// String is the outcome in a word; empty where nothing was compared.
func (c Comparison) String() string {
	names := [...]string{"", "equal", "different", "unknown"}
	if int(c) < len(names) {
		return names[c]
	}
	return ""
}

func comparison(equal bool) Comparison {
	if equal {
		return Equal
	}
	return Different
}

// Verdict says whether an exchange fits a secret.
type Verdict struct {
	Known    bool // a judgement was possible; if not, Why says what was missing
	Verified bool
	Chain    []Step
	Differs  []string // where not verified: the inputs that must differ, most likely first; none where we edited one
	Why      string   // the same in words; where verified, a remark, often empty
}

// Verify recomputes the exchange from the secret and compares every value that
// travelled. A nil secret is allowed: only mechanisms that need none are
// judged then.
func Verify(x *Exchange, s *Secret) Verdict {
	if s == nil {
		s = &Secret{}
	}
	return x.mechanism().Verify(x, s)
}

func notJudged(why string) Verdict { return Verdict{Why: why} }

func (v *Verdict) step(s Step) {
	s.Value, s.Wire = printable([]byte(s.Value)), printable([]byte(s.Wire))
	if s.Result == NotCompared && s.Wire != "" {
		s.Result = comparison(s.Wire == s.Value)
	}
	v.Chain = append(v.Chain, s)
}

// judge closes the verdict: it holds where the computed value is the one on
// the wire.
func (v *Verdict) judge(holds bool, why string, differs ...string) Verdict {
	v.Known, v.Verified, v.Why = true, holds, why
	if !holds {
		v.Differs = differs
	}
	return *v
}

const (
	whyNoPassword = "no password of this user was given"
	whyNoToken    = "no token was given"
)

// comparePassword judges a secret that travelled in clear.
func comparePassword(name, wire, given string) Verdict {
	var v Verdict
	want := prepare(given)
	v.step(Step{Name: name, Value: given, Wire: wire, Secret: true, Meaning: "travels as it is; nothing is computed", Formula: name})
	if same(wire, given) {
		return v.judge(true, "")
	}
	if same(prepare(wire).text, want.text) {
		return v.judge(true, "the two are written differently but are one after SASLprep")
	}
	if strings.TrimSpace(wire) == strings.TrimSpace(given) {
		return v.judge(false, "the secret on the wire differs from the given one only by white space at an end", name)
	}
	return v.judge(false, "the secret on the wire is not the given one", name)
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// dataOf lists the messages of one side that carry data.
func (x *Exchange) dataOf(fromInitiator func(Kind) bool) []*Message {
	var found []*Message
	for i := range x.Messages {
		m := &x.Messages[i]
		if fromInitiator(m.Kind) && len(bytes.TrimSpace(m.Data)) > 0 {
			found = append(found, m)
		}
	}
	return found
}

func initiator(k Kind) bool { return k.FromInitiator() }
func receiver(k Kind) bool  { return k == Challenge || k == SuccessData }
