package lint

import (
	"slices"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/transcript"
)

// What answers what between servers cannot be told from one of their
// connections, and that is said.
func TestSilentBetweenServers(t *testing.T) {
	for title, want := range map[string]map[string]string{
		"only one of the connections was captured": {"iq-unanswered": "over another connection", "iq-id-pending-twice": "over another connection",
			"ping-ignored": "over another connection", "iq-answer-unasked": "not captured", "iq-answer-spoofed": "not captured"},
		"the answers come over the other connection": {},
	} {
		got := map[string]string{}
		for _, s := range silentIn(t, "iq_servers", title) {
			for _, r := range s.Rules {
				got[r] = s.Why
			}
		}
		for _, r := range []string{"iq-unanswered", "iq-id-pending-twice", "ping-ignored", "iq-answer-unasked", "iq-answer-spoofed"} {
			if why := want[r]; why == "" && got[r] != "" || !strings.Contains(got[r], why) {
				t.Errorf("%s: %s is silent for %q, want %q", title, r, got[r], why)
			}
		}
	}
}

// silentIn plays a transcript and returns what could not be judged in it for
// other reasons than its end.
func silentIn(t *testing.T, file, title string) (all []Silence) {
	t.Helper()
	for _, x := range examples(t) {
		if x.file != file || !strings.HasSuffix(x.title, title) {
			continue
		}
		s, err := transcript.Parse(x.script)
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Play(decode.Options{})
		if err != nil {
			t.Fatal(err)
		}
		g := New(Options{})
		for i := range p.Events {
			g.Event(&p.Events[i])
		}
		for i := range p.Conversations {
			g.End(&p.Conversations[i])
		}
		return slices.DeleteFunc(g.Silent(), func(s Silence) bool { return s.Why == reasons[len(reasons)-1].why })
	}
	t.Fatalf("no transcript %q", title)
	return nil
}

// A session of BOSH that began before the capture is told apart from one that
// was seen from its first request on.
func TestSilentFromTheMiddleOfBOSH(t *testing.T) {
	for title, want := range map[string]bool{
		"the capture begins in the middle of the session":                true,
		"the capture begins with an answer in the middle of the session": true,
		"one is missing, which the server has":                           false,
	} {
		got := slices.ContainsFunc(silentIn(t, "bosh", title), func(s Silence) bool { return strings.Contains(s.Why, "began before") })
		if got != want {
			t.Errorf("%s: began before the capture: %v, want %v", title, got, want)
		}
	}
}
