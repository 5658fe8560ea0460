package sandbox

import (
	"strings"
	"testing"

	"xmppscope/lessons/practice"
)

// TestLogin2: the practice client logs in with SASL 2, and with the token that it
// got; scripts that ask for what there is not are refused.
func TestLogin2(t *testing.T) {
	s := newHouse(t, Options{SASL2: true})
	for _, mechanism := range []string{"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"} {
		a := s.actor()
		a.do("open\nstarttls\nlogin2 " + mechanism + " mbed mirror lamp sm carbons\npresence\nS: presence\nping\nclose\nopen\nstarttls\nlogin2 HT-SHA-256-NONE mbed -\nping\nclose")
		if !strings.HasPrefix(a.Address(), "mbed@localhost/") {
			t.Errorf("%s: bound %q", mechanism, a.Address())
		}
	}
	for script, want := range map[string]string{
		"open\nstarttls\nlogin2 HT-SHA-256-NONE mbed -":   "there is no token yet",
		"open\nstarttls\nlogin2 PLAIN mbed wrong":         "the login was refused: not-authorized",
		"open\nlogin2 PLAIN mbed mirror":                  "does not offer SASL 2",
		"open\nstarttls\nlogin2 PLAIN mbed mirror a blue": "not \"blue\"",
	} {
		a := s.actor()
		all, err := practice.Parse(script)
		if err == nil {
			err = a.Play(t.Context(), all)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, not %q", script, err, want)
		}
	}
}
