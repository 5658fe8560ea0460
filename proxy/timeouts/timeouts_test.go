package timeouts

import (
	"testing"
	"time"

	"xmppscope/decode"
)

func TestTable(t *testing.T) {
	type key struct {
		program string
		when    When
	}
	seen := map[key]bool{}
	for _, l := range limits {
		k := key{l.Program, l.When}
		if l.Program == "" || l.When < BeforeLogin || l.When > Silence || l.After <= 0 || l.What == "" || l.Source == "" || seen[k] {
			t.Errorf("%+v", l)
		}
		seen[k] = true
	}
}

func TestFirst(t *testing.T) {
	tests := []struct {
		side    decode.Dir
		when    When
		program string
		after   time.Duration
	}{
		{decode.FromReceiver, BeforeLogin, "ejabberd", 2 * time.Minute},
		{decode.FromReceiver, Silence, "Prosody", 14 * time.Minute},
		{decode.FromInitiator, Silence, "profanity", time.Minute},
	}
	for _, tt := range tests {
		if l, ok := First(tt.side, tt.when); !ok || l.Program != tt.program || l.After != tt.after {
			t.Errorf("%v, %v: %+v, %v", tt.side, tt.when, l, ok)
		}
	}
	if l, ok := First(decode.FromInitiator, BeforeLogin); ok {
		t.Errorf("a client gives up before its login: %+v", l)
	}
}
