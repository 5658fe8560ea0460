package tui

import "testing"

func TestUnfit(t *testing.T) {
	for term, fits := range map[string]bool{"": false, "dumb": false, "no-such-terminal": false, "xterm-256color": true, "screen": true, "vt100": true, "linux": true} {
		if why := Unfit(term); (why == "") != fits {
			t.Errorf("%q: %q", term, why)
		}
	}
	if why := Unfit("x\x1b[2J"); why != "TERM is x␛[2J, which is not known here" {
		t.Errorf("%q", why)
	}
}
