package lint

import (
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/transcript"
)

// How much longer counts is an option.
func TestTimingRatio(t *testing.T) {
	for _, x := range examples(t) {
		if x.file != "sasl_timing" || !strings.HasPrefix(x.title, "sasl-user-enumeration") {
			continue
		}
		for ratio, want := range map[float64]int{0: 1, 2: 1, 1000: 0} {
			if got := strings.Count(found(t, x.script, Options{TimingRatio: ratio}), "sasl-user-enumeration"); got != want {
				t.Errorf("ratio %v: %d findings, want %d", ratio, got, want)
			}
		}
		return
	}
	t.Fatal("no transcript")
}

// found are the rules that a transcript breaks, in their order.
func found(t *testing.T, script string, o Options) string {
	t.Helper()
	s, err := transcript.Parse(script)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Play(decode.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	g := New(o)
	for i := range p.Events {
		for _, f := range g.Event(&p.Events[i]) {
			rules = append(rules, f.Rule)
		}
	}
	for i := range p.Conversations {
		for _, f := range g.End(&p.Conversations[i]) {
			rules = append(rules, f.Rule)
		}
	}
	return strings.Join(rules, " ")
}
