//go:build unix

package tui

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// soStopped is how long the system is given to stop a program that asked for it.
const soStopped = 500 * time.Millisecond

// stopGroup stops the program and what was started with it, and returns when it
// goes on. It tells whether that has happened: where no shell is there to bring
// it back the system leaves it running.
func stopGroup() bool {
	back := make(chan os.Signal, 1)
	signal.Notify(back, syscall.SIGCONT)
	defer signal.Stop(back)
	if syscall.Kill(0, syscall.SIGTSTP) != nil {
		return false
	}
	// The signal may reach another thread a moment later: wait to be stopped.
	late := time.NewTimer(soStopped)
	defer late.Stop()
	select {
	case <-back:
		return true
	case <-late.C:
		return false
	}
}

// listen hears that the program goes on after something else has stopped it: the
// shell has changed the terminal's modes, and others may have written on it.
// SIGTSTP itself is left to the system: a handler for it cannot be taken away
// again, and no signal but that one spares a program that nobody would wake.
func (s *signals) listen(wake func()) (end func()) {
	in := make(chan os.Signal, 4)
	over, ended := make(chan struct{}), make(chan struct{})
	signal.Notify(in, syscall.SIGCONT)
	go func() {
		defer close(ended)
		for {
			select {
			case <-in:
				if !s.lent.Load() {
					s.resumed.Store(true)
					wake()
				}
			case <-over:
				return
			}
		}
	}()
	return func() {
		signal.Stop(in)
		close(over)
		<-ended
	}
}
