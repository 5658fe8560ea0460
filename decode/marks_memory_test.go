package decode

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"xmppscope/decode/xmlstream"
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

// Units that were held and are changed cost no copy of what waits behind them
// either, and much that waits is not copied again for each piece of it.
func TestManyChangedUnitsAreNotCopied(t *testing.T) {
	const whole = 24 << 20
	unit := "<message><body>" + strings.Repeat("x", 20000) + "</body></message>"
	used := func(n int, text string) uint64 {
		c := NewConn(1, Options{XML: xmlstream.Options{MaxUnit: 1 << 20}})
		now := time.Unix(0, 0)
		c.Feed(FromInitiator, now, []byte(opened))
		c.Feed(FromReceiver, now, []byte(answered))
		for i := range n {
			c.Mark(now, Mark{Do: MarkHold, Dir: FromInitiator, At: int64(len(opened) + i*len(text)), N: int64(len(text)), ID: uint32(i + 1)})
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range n {
			c.Feed(FromInitiator, now, []byte(text))
		}
		came := 0
		for i := range n {
			for _, e := range c.Mark(now, Mark{Do: MarkRelease, Dir: FromInitiator, ID: uint32(i + 1), Origin: OriginEdited, Text: []byte("<presence/>")}) {
				if !e.Held && e.Origin == OriginEdited && string(e.Wire) == "<presence/>" && string(e.Original) == text {
					came++
				}
			}
		}
		runtime.ReadMemStats(&after)
		if came != n {
			t.Errorf("%d of %d came", came, n)
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	if got := used(whole/len(unit), unit); got > 8*whole {
		t.Errorf("%d MiB for %d MiB", got>>20, whole>>20)
	}
}
