//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/term"
)

// watched lets a second process of this program watch over the terminal while the
// screen has it: what ends a Go program at once, such as a panic of a goroutine
// that moves bytes, can only be put in order from outside. end lets it go.
// Where it cannot be had, the screen works without.
func (e *env) watched() (end func()) {
	nothing := func() {}
	self, err := os.Executable()
	if err != nil {
		return nothing
	}
	told, tell, err := os.Pipe()
	if err != nil {
		return nothing
	}
	defer told.Close()
	c := exec.Command(self)
	c.Env = append(os.Environ(), watchEnv+"="+statePath())
	c.Stdin, c.Stderr = told, os.Stderr
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C and Ctrl-Z are not for it
	ready, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		tell.Close()
		return nothing
	}
	// It has to see the terminal before the screen changes it.
	_, _ = ready.Read(make([]byte, 1))
	_ = debug.SetCrashOutput(tell, debug.CrashOptions{})
	return func() {
		_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
		tell.Close()
		_ = c.Wait()
	}
}

// watch is the watcher: it does nothing until standard input ends, or says what
// has gone wrong.
func watch(dir string) int {
	signal.Ignore(syscall.SIGINT, syscall.SIGHUP, syscall.SIGTERM, syscall.SIGTSTP, syscall.SIGTTOU, syscall.SIGPIPE)
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return exitInput
	}
	defer tty.Close()
	modes, err := term.GetState(int(tty.Fd()))
	if err != nil {
		return exitInput
	}
	os.Stdout.Write([]byte{'.'})
	first := make([]byte, 4096)
	n, _ := os.Stdin.Read(first)
	if n == 0 {
		return exitDone
	}
	_ = term.Restore(int(tty.Fd()), modes)
	fmt.Fprint(tty, letGo)
	path, err := faultReport(dir, first[:n], os.Stdin, time.Now())
	if err != nil {
		fmt.Fprintf(tty, "xmppscope: a fault of xmppscope itself ended it; no report could be written: %v\r\n", err)
		return exitFault
	}
	fmt.Fprintf(tty, "xmppscope: a fault of xmppscope itself ended it; %s tells where, without anything from the wire\r\n", path)
	return exitDone
}
