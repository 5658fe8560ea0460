package decode

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// Many units that were held and go on one after the other cost what they are, not
// each a copy of all that waits behind it.
func TestManyHeldUnitsAreNotCopied(t *testing.T) {
	c := NewConn(1, Options{})
	now := time.Unix(0, 0)
	c.Feed(FromInitiator, now, []byte(opened))
	c.Feed(FromReceiver, now, []byte(answered))
	const n = 1000
	unit := "<message><body>" + strings.Repeat("x", 1000) + "</body></message>"
	for i := range n {
		c.Mark(now, Mark{Do: MarkHold, Dir: FromInitiator, At: int64(len(opened) + i*len(unit)), N: int64(len(unit)), ID: uint32(i + 1)})
	}
	for range n {
		c.Feed(FromInitiator, now, []byte(unit))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	came := 0
	for i := range n {
		for _, e := range c.Mark(now, Mark{Do: MarkRelease, Dir: FromInitiator, ID: uint32(i + 1)}) {
			if !e.Held && len(e.Wire) == len(unit) {
				came++
			}
		}
	}
	runtime.ReadMemStats(&after)
	if came != n {
		t.Errorf("%d of %d came", came, n)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
		t.Errorf("%d MiB for %d KiB", used>>20, n*len(unit)>>10)
	}
}
