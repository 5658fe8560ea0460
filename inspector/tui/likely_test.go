package tui

import (
	"slices"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/why"
)

// The question that an event suggests stands first: the stanza itself, what
// failed, the phase.
func TestLikelyQuestionsComeFirst(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "scram", "broken", "session", "tls13"), NoColor: true}, 80, 24)
	for _, c := range []struct {
		conn decode.ConnID
		at   func(e *decode.Event) bool
		want string
	}{
		{1, func(e *decode.Event) bool { return e.Kind == decode.KindTCP }, "login"}, // it failed
		{1, func(e *decode.Event) bool { return e.Kind == decode.KindFeatures }, "starttls"},
		{1, func(e *decode.Event) bool { return e.Condition != "" }, "login"},
		{1, func(e *decode.Event) bool { return e.Name.Local == "message" }, "message"},
		{2, func(e *decode.Event) bool { return e.Kind == decode.KindTCP }, "close"}, // by a stream error
		{2, func(e *decode.Event) bool { return e.Kind == decode.KindStreamError }, "close"},
		{3, func(e *decode.Event) bool { return e.Name.Local == "presence" }, "presence"},
		{4, func(e *decode.Event) bool { return e.Phase == decode.PhaseTLS }, "tls"},
	} {
		found := false
		for row := range th.u.cap.store.Len() {
			e, err := th.u.cap.store.Event(row)
			if err != nil || e.Conn != c.conn || !c.at(e) {
				continue
			}
			th.u.goTo(row)
			all, likely := th.u.questions()
			if likely == 0 || all[0].Name != c.want {
				t.Errorf("#%d of conversation %d: %s first of %d, not %s", e.Seq, c.conn, all[0].Name, likely, c.want)
			}
			if len(all) != len(why.Questions()) {
				t.Errorf("%d questions of %d", len(all), len(why.Questions()))
			}
			th.press("w").has("Likely here").has("▶ " + c.want).press("Esc")
			found = true
			break
		}
		if !found {
			t.Errorf("no such event in conversation %d", c.conn)
		}
	}
}

// Every name in the tables is a question, so that none is lost.
func TestLikelyQuestionsExist(t *testing.T) {
	for _, p := range decode.Phases() {
		if len(likelyByPhase[p]) == 0 {
			t.Errorf("nothing is likely in phase %s", p)
		}
		for _, name := range likelyByPhase[p] {
			if q := why.Lookup(name); q == nil || q.Name != name {
				t.Errorf("%s: no question %s", p, name)
			}
		}
	}
	for _, name := range likelyByName {
		if !slices.ContainsFunc(why.Questions(), func(q why.Question) bool { return q.Name == name }) {
			t.Errorf("no question %s", name)
		}
	}
}
