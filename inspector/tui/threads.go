package tui

import (
	"os"
	"runtime"
)

// spareThreads is how many more threads run than there are processors.
const spareThreads = 2

// keysFirst lets threads run while every processor reads a capture. A key wakes
// one goroutine after another, and in the run-time each would wait until a
// reader gives its place up, up to 10 ms; the system lets a thread that slept
// run at once. A GOMAXPROCS of the user's own stays.
func keysFirst() (back func()) {
	if os.Getenv("GOMAXPROCS") != "" {
		return func() {}
	}
	before := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(before + spareThreads)
	return func() { runtime.GOMAXPROCS(before) }
}
