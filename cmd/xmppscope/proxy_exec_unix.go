//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// shell runs a command line with its children in a group of their own, so that
// all of them end with it.
func shell(c *exec.Cmd, line string) {
	c.Path, c.Args = "/bin/sh", []string{"sh", "-c", line}
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGTERM) }
}
