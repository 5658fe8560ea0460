package export

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/why"
)

// Wire text in an answer is disarmed, lines keep to the width, and facts name
// their events and their section.
func TestWhy(t *testing.T) {
	a := why.Answer{Conn: 3, Question: "login", Verdict: why.DidNot, Text: "The server refuses \x1b[31mred\u202e.",
		Facts: []why.Fact{{Text: "One two three four five six seven eight nine ten.", Seq: []decode.Seq{4, 7}, Ref: spec.RFC(6120, "6.5")}, {Text: "Nothing."}},
		Tell:  []string{"A longer capture."}}
	var b bytes.Buffer
	if err := Why(&b, Options{Width: 40}, why.Lookup("login"), []why.Answer{a, a}); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{"2 conversations. Did somebody log in? No in 2.\n", "conversation 3: Did somebody log in? No.\n",
		"   1. One two three four five six seven\n      eight nine ten.\n      events 4, 7 · RFC 6120 §6.5\n", "   2. Nothing.\n", "  ·  A longer capture.\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	if strings.ContainsAny(text, "\x1b\u202e") {
		t.Errorf("not disarmed: %q", text)
	}
	b.Reset()
	if err := WhyJSON(&b, []why.Answer{a}); err != nil {
		t.Fatal(err)
	}
	var back struct {
		Record, Question, Verdict, Text string
		Conn                            int
		Facts                           []struct {
			Text, Ref string
			Seq       []int
		}
		Tell []string
	}
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back.Record != "why" || back.Conn != 3 || back.Verdict != "did-not-happen" || back.Text != a.Text || len(back.Facts) != 2 ||
		back.Facts[0].Ref != "RFC 6120 §6.5" || len(back.Facts[0].Seq) != 2 || back.Facts[1].Seq != nil || len(back.Tell) != 1 {
		t.Errorf("read back: %+v", back)
	}
	if strings.ContainsAny(b.String(), "\x1b\u202e") {
		t.Errorf("not disarmed: %q", b.String())
	}
}
