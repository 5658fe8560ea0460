package tui

import "testing"

func TestUnfit(t *testing.T) {
	for term, fits := range map[string]bool{"": false, "dumb": false, "no-such-terminal": false, "xterm-256color": true, "xterm-16color": true, "xterm-never-heard-of": true, "screen.xterm-16color": true, "xtermish": false, "screen": true, "vt100": true, "linux": true} {
		if why := Unfit(term); (why == "") != fits {
			t.Errorf("%q: %q", term, why)
		}
	}
	ti, err := describe("xterm-16color")
	if err != nil || ti.Colors != 16 || ti.TParm(ti.SetFg, 9) != "\x1b[91m" || ti.TParm(ti.SetBg, 12) != "\x1b[104m" || ti.TParm(ti.SetFg, 1) != "\x1b[31m" {
		t.Errorf("sixteen colours: %+v, %v", ti, err)
	}
	if why := Unfit("x\x1b[2J"); why != "TERM is x␛[2J, which is not known here" {
		t.Errorf("%q", why)
	}
}
