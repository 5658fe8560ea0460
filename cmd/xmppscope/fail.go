package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	"xmppscope/captures"
	"xmppscope/inspector"
)

// Exit codes, CONTRACT.
const (
	exitDone        = 0
	exitFindings    = 1 // or differences
	exitUsage       = 2
	exitInput       = 3
	exitFault       = 70  // of the program itself
	exitInterrupted = 130 // what shells expect after Ctrl-C
)

// failure is an error that knows its exit code and how it is told.
type failure struct {
	code      int
	what, why string
	hint      string
}

func (f *failure) Error() string {
	if f.what == "" {
		return f.why
	}
	return f.what + ": " + f.why
}

// usage is a failure of the command line.
func usage(what, why, hint string) error {
	return &failure{code: exitUsage, what: what, why: why, hint: hint}
}

// cannot is a failure of the world outside: a file, a screen.
func cannot(what string, err error) error {
	return &failure{code: exitInput, what: what, why: plain(err)}
}

// errQuiet ends the program without a word: what it had to say was said.
type errQuiet int

func (e errQuiet) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// report tells an error in one line on standard error, with a hint on a second
// one where there is any, and returns the exit code.
func (e *env) report(err error) int {
	code, what, hint := judge(err)
	if what != "" {
		fmt.Fprintf(e.err, "xmppscope: %s\n", inspector.Disarm(what))
		if hint != "" {
			fmt.Fprintf(e.err, "hint: %s\n", inspector.Disarm(hint))
		}
	}
	return code
}

func judge(err error) (code int, what, hint string) {
	var f *failure
	var q errQuiet
	var open *captures.OpenError
	switch {
	case err == nil, pipeClosed(err):
		return exitDone, "", ""
	case errors.As(err, &q):
		return int(q), "", ""
	case errors.Is(err, context.Canceled):
		return exitInterrupted, "", ""
	case errors.As(err, &f):
		return f.code, f.Error(), f.hint
	case errors.As(err, &open):
		return exitInput, open.Error(), open.Hint
	}
	return exitInput, unnamed(err), ""
}

// pipeClosed tells whether the reader of our output went away.
func pipeClosed(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe)
}

// plain is the text of an error without the name of the system call and of the
// file.
func plain(err error) string {
	var no syscall.Errno
	var at *fs.PathError
	if errors.As(err, &no) {
		return no.Error()
	}
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}

// unnamed is the text of an error of a file, with the name of that.
func unnamed(err error) string {
	var at *fs.PathError
	switch {
	case !errors.As(err, &at):
		return plain(err)
	case at.Path == os.Stdout.Name():
		return "standard output: " + plain(err)
	}
	return at.Path + ": " + plain(err)
}
