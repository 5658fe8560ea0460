package tui

import (
	"strings"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"
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
	var out strings.Builder
	began := time.Now()
	unpadded(ti).TPuts(&out, strings.Repeat("a$<500>", 8))
	if took := time.Since(began); took > time.Second || out.String() != "aaaaaaaa" {
		t.Errorf("%q took %v", out.String(), took)
	}
	if ti.PadChar == "" {
		t.Error("the description itself was changed")
	}
}
