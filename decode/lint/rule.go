package lint

import (
	"time"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
)

// Needs say what must have been seen for a rule to be judged.
type Needs uint16

const (
	// NeedStart: the conversation from its first byte.
	NeedStart Needs = 1 << iota
	// NeedBoth: both directions.
	NeedBoth
	// NeedWhole: no bytes lost before the event.
	NeedWhole
	// NeedEnd: how the conversation ended.
	NeedEnd
	// NeedSecret: a password or another secret.
	NeedSecret
	// Outside: can be told although what is inside TLS is not read. Every other
	// rule needs what is inside.
	Outside
	// NeedAnswers: where the answers to requests come from. Between servers that
	// may be another connection (RFC 6120 §4.5).
	NeedAnswers
	// NeedAsked: all that was asked. Between servers nobody knows whether there
	// are connections that were not captured.
	NeedAsked
	// NeedPeer: the TLS of the receiving entity itself, not that of a proxy. What
	// the initiating entity does in TLS can be judged all the same.
	NeedPeer
)

// Rule is one thing that can be wrong.
type Rule struct {
	// Name is that of PROTOCOL and never changes: "iq-no-id".
	Name string
	// Doc is one sentence that says what the rule is about, for a newcomer.
	Doc string
	// Level is how grave it is where nothing makes it better or worse.
	Level Level
	// Who is to blame; WhoSender where it is whoever sent the event.
	Who Who
	Ref spec.Ref
	// Advice says what to do; may be empty.
	Advice string
	Needs  Needs
}

// Group is rules that look at the same things.
type Group struct {
	Rules []Rule
	// Kinds are the events that Check wants to see; none where it is nil.
	Kinds []decode.Kind
	// Check looks at one event. Nil where decode itself reports the faults.
	Check func(*Pass)
	// End, where set, looks back when a conversation is over; the Pass has no
	// Event then.
	End func(*Pass)
}

// Options of an Engine. The zero value is good for a capture.
type Options struct {
	// Timeout is how long an answer may take before its absence counts; 0 is
	// DefaultTimeout.
	Timeout time.Duration
	// TimingRatio is how many times longer a server must take to refuse names
	// that exist than others, or the other way round, to give them away; 0 is
	// DefaultTimingRatio.
	TimingRatio float64
	// Ignore are names of rules that are not reported.
	Ignore []string
	// Verify checks a login where a secret is known; nil where there is none.
	// ok tells that there is a secret for the account.
	Verify func(*decode.Event) (v sasl.Verdict, ok bool)
}

// DefaultTimeout is how long an answer may take.
const DefaultTimeout = 30 * time.Second

// Rules lists all rules in the order of PROTOCOL part 2. The slice is a copy.
func Rules() []Rule {
	var all []Rule
	for _, g := range groups {
		all = append(all, g.Rules...)
	}
	return all
}

// Lookup finds a rule by its name, nil where there is none.
func Lookup(name string) *Rule { return built.rules[name] }

// tables are the indexes of the table of groups. They are built once and never
// written again. Checks reach them through the engine.
type tables struct {
	groups []*Group
	rules  map[string]*Rule
	byKind [][]*Group
}

var built = build()

func build() *tables {
	t := &tables{groups: groups, rules: map[string]*Rule{}, byKind: make([][]*Group, len(decode.Kinds())+1)}
	for _, g := range groups {
		for i := range g.Rules {
			t.rules[g.Rules[i].Name] = &g.Rules[i]
		}
		for _, k := range g.Kinds {
			t.byKind[k] = append(t.byKind[k], g)
		}
	}
	return t
}
