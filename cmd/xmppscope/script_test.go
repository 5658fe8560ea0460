package main

import (
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the expected outputs and the generated parts of README.md anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"xmppscope": func() { os.Exit(realMain()) }, "bare-relay": func() { os.Exit(bareRelay(os.Args[1:])) }})
}

// TestScripts runs the sessions of testdata/*.txtar: what a user types and what
// the program answers.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, "config"))
			e.Setenv("XDG_DATA_HOME", filepath.Join(e.WorkDir, "data"))
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "state"))
			e.Setenv("NO_COLOR", "")
			e.Setenv("TERM", "xterm-256color")
			e.Defer(func() { // a script that fails leaves no terminal behind
				_ = exec.Command("tmux", "-S", filepath.Join(e.WorkDir, "sock"), "kill-server").Run()
			})
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil // root may read every file
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":  cmdCode,
			"lines": cmdLines,
			"unhex": cmdUnhex,
			"until": cmdUntil,
		},
	})
}

// cmdCode runs a program that must end with an exit code: code 3 xmppscope dump
// missing.pcap. Its output is there for stdout and stderr as after exec.
func cmdCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N PROGRAM ARGUMENT…")
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if want := args[0]; want != strconv.Itoa(got) {
		ts.Fatalf("exit code %d, want %s", got, want)
	}
}

// cmdLines checks how many lines a file has: lines FILE N, or lines FILE N+ for
// at least so many.
func cmdLines(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: lines FILE N")
	}
	got := strings.Count(ts.ReadFile(args[0]), "\n")
	want, least := strings.CutSuffix(args[1], "+")
	n, err := strconv.Atoi(want)
	ts.Check(err)
	if ok := got == n || least && got > n; ok == neg {
		ts.Fatalf("%s has %d lines, want %s", args[0], got, args[1])
	}
}

// cmdUnhex makes a file of bytes from one with hexadecimal digits: unhex FROM TO.
func cmdUnhex(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: unhex FROM TO")
	}
	b, err := hex.DecodeString(strings.Join(strings.Fields(ts.ReadFile(args[0])), ""))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b, 0o644))
}

// cmdUntil runs a program again and again until its output fits a pattern:
// until PATTERN PROGRAM ARGUMENT…. It is for programs that draw when they are
// ready, and fails only where nothing comes for very long.
func cmdUntil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: until PATTERN PROGRAM ARGUMENT…")
	}
	pattern, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	for end := time.Now().Add(patient); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if err := ts.Exec(args[1], args[2:]...); err == nil && pattern.MatchString(ts.ReadFile("stdout")) {
			return
		}
	}
	ts.Fatalf("the output never fitted %s", args[0])
}
