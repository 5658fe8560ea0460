package main

import (
	"runtime"
	"syscall"
)

// readingNice is how nice threads are that read while a person looks: what the
// screen, its terminal and those who forward bytes have to do comes first.
const readingNice = 10

// behind makes the goroutine that calls it, and ends with its work, one that
// others go before. Where that is not allowed it stays as it is.
func behind() {
	runtime.LockOSThread() // for good: the thread ends with the goroutine
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, readingNice)
}
