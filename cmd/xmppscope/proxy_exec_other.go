//go:build !unix

package main

import (
	"os"
	"os/exec"
)

// shell runs a command line; only the command itself ends with us.
func shell(c *exec.Cmd, line string) {
	c.Path = os.Getenv("COMSPEC")
	if c.Path == "" {
		c.Path = "cmd.exe"
	}
	c.Args = []string{c.Path, "/c", line}
}
