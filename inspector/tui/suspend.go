package tui

import (
	"os"
	"os/exec"
	"sync/atomic"
)

// suspendSelf gives the terminal back to the shell, as Ctrl-Z does everywhere;
// fg comes back. Where connections are open they would stand still with the
// program, so a shell on top of it is offered instead.
func (u *ui) suspendSelf() {
	if u.cap == nil || !u.isLive() || u.queue.status.Open == 0 {
		u.stopHere()
		return
	}
	u.over = &question{u: u, title: "Give the terminal back?", text: pick(u.queue.status.Open == 1, "1 connection is", thousands(u.queue.status.Open)+" connections are") + " open. While the program is stopped nothing passes, and one side or the other may give up.", answers: []answer{
		{"s", "a shell here; connections go on, exit comes back", u.shell},
		{"z", "stop all the same; fg comes back", u.stopHere},
		{"Esc", "stay", func() {}},
	}}
}

// lend runs f while the terminal belongs to somebody else, and paints anew.
func (u *ui) lend(f func()) {
	suspend := u.suspend
	if suspend == nil {
		suspend = u.app.Suspend
	}
	u.signals.lent.Store(true)
	suspend(f)
	u.signals.lent.Store(false)
	if !u.surface.there() { // the terminal has gone meanwhile
		u.pump.stop()
		return
	}
	u.surface.Sync()
}

func (u *ui) stopHere() {
	ok := true
	u.lend(func() { ok = stopGroup() })
	if !ok {
		u.say(noteInfo, "nothing here would take the terminal; q quits")
	}
}

// shell runs the person's shell in the terminal.
func (u *ui) shell() {
	name := os.Getenv("SHELL")
	if name == "" {
		name = "/bin/sh"
	}
	var err error
	u.lend(func() {
		c := exec.CommandContext(u.ctx, name)
		c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
		err = c.Run()
	})
	if _, ended := err.(*exec.ExitError); err != nil && !ended {
		u.say(noteBad, name+": "+wire(err.Error()))
	}
}

// heed does in the event loop what a signal asks for.
func (u *ui) heed() {
	if u.signals.resumed.Swap(false) {
		u.lend(func() {})
	}
}

// signals are what the system tells a program in a terminal.
type signals struct {
	resumed atomic.Bool // it was stopped, not by us, and goes on
	lent    atomic.Bool // the terminal is somebody else's just now
}
