// Command xmppscope shows both sides of an XMPP conversation as numbered steps.
//
// This room knows flags, files, signals and exit codes, and wires the other
// rooms together: one file a subcommand, one table of them. What an event is,
// means or looks like is decided elsewhere.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(realMain()) }

// realMain is main with an exit code, for the tests that run it as a program.
func realMain() int {
	if dir, is := os.LookupEnv(watchEnv); is {
		return watch(dir)
	}
	// A closed pipe (| head) shall end the program as an error of the write,
	// not as a signal: then temporary files are removed and the code is 0.
	signal.Ignore(syscall.SIGPIPE)
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as under nohup
		ends = append(ends, syscall.SIGHUP) // the terminal was closed: what is recorded is written to its end
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	defer stop()
	return run(ctx, &streams{in: os.Stdin, out: os.Stdout, err: os.Stderr}, os.Args[1:])
}

// streams are the three that a program has.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// run executes one command line and returns the exit code.
func run(ctx context.Context, s *streams, args []string) int {
	e := &env{streams: s}
	defer e.close()
	root := newRoot(e)
	root.SetArgs(args)
	return e.report(root.ExecuteContext(ctx))
}
