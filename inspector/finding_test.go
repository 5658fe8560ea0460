package inspector

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

func TestFindings(t *testing.T) {
	ref := spec.RFC(6120, "11.1")
	event := func(dir decode.Dir, rules ...string) *decode.Event {
		e := &decode.Event{Dir: dir}
		for _, r := range rules {
			e.Errs = append(e.Errs, xmlstream.SyntaxError{Rule: r, Text: "about " + r, Ref: ref})
		}
		return e
	}
	login := func(sasl2 bool, message string) *decode.Event {
		x := &sasl.Exchange{Mechanism: "EXTERNAL", SASL2: sasl2}
		x.Add(sasl.InitialResponse, []byte(message))
		return &decode.Event{SASL: x}
	}
	type found struct {
		Rule  string
		Level Level
		Who   Who
	}
	for _, c := range []struct {
		name string
		e    *decode.Event
		want []found
	}{
		{"nothing", &decode.Event{}, nil},
		{"a rule without a row breaks a requirement", event(0, "some-new-rule"), []found{{"some-new-rule", LevelError, WhoInitiator}}},
		{"several, in order", event(1, "xml-comment", "xml-cdata", "stanza-too-big"), []found{{"xml-comment", LevelError, WhoReceiver}, {"xml-cdata", LevelNote, WhoReceiver}, {"stanza-too-big", LevelWarning, WhoReceiver}}},
		{"somebody in between", event(0, "starttls-plaintext-injection"), []found{{"starttls-plaintext-injection", LevelError, WhoPath}}},
		{"base64", login(false, "YWJj*"), []found{{"sasl-base64-illegal", LevelError, WhoInitiator}}},
		{"= in SASL 2", login(true, "="), []found{{"sasl-empty-not-equals", LevelWarning, WhoInitiator}}},
		{"= in SASL 1", login(false, "="), nil},
		{"an exchange without messages", &decode.Event{SASL: &sasl.Exchange{}}, nil},
	} {
		var got []found
		for _, f := range Findings(c.e) {
			got = append(got, found{f.Rule, f.Level, f.Who})
			if f.Text == "" || f.Ref.IsZero() {
				t.Errorf("%s: %+v", c.name, f)
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, d)
		}
	}
}

func TestFaultRules(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range faultRules {
		if seen[r.rule] || r.advice == "" {
			t.Errorf("rule %s stands twice or has no advice", r.rule)
		}
		seen[r.rule] = true
	}
	if LevelNote >= LevelWarning || LevelWarning >= LevelError {
		t.Error("levels are out of order")
	}
}
