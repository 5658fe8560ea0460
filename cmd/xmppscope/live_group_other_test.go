//go:build !unix

package main

import "os/exec"

// inGroup: only the command itself can be ended.
func inGroup(c *exec.Cmd) (end func()) {
	return func() { _ = c.Process.Kill() }
}
