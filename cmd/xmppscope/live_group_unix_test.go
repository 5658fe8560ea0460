//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// inGroup gives a command that is to be started a group of its own; end kills
// all of it.
func inGroup(c *exec.Cmd) (end func()) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return func() { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
