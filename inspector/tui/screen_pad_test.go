package tui

import (
	"strings"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/gdamore/tcell/v2/terminfo"
)

// A vt100 asks for pauses after every move: they are left out, or a screen
// would take seconds.
func TestOldTerminalsAreNotWaitedFor(t *testing.T) {
	ti, err := tcell.LookupTerminfo("vt100")
	if err != nil {
		t.Fatal(err)
	}
	if ti.PadChar == "" || !strings.Contains(ti.SetCursor, "$<") {
		t.Skip("SKIPPED: this description of a vt100 asks for no pauses")
	}
	took := func(ti *terminfo.Terminfo) time.Duration {
		var out strings.Builder
		began := time.Now()
		ti.TPuts(&out, strings.Repeat("a$<50>", 8))
		if out.String() != "aaaaaaaa" {
			t.Errorf("it writes %q", out.String())
		}
		return time.Since(began)
	}
	if with, without := took(ti), took(unpadded(ti)); 2*without > with {
		t.Errorf("%v with its pauses, %v without", with, without)
	}
	if ti.PadChar == "" {
		t.Error("the description itself was changed")
	}
}
