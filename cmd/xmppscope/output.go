package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"xmppscope/captures"
	"xmppscope/inspector"
)

// output is where a command writes: standard output, a pipe or device that has
// a name, or a file that appears under its name only when it is whole.
type output struct {
	to     io.Writer
	file   *os.File // to be closed; nil for standard output
	path   string   // as it is told
	place  string   // of the file when it is whole; empty where it is written to as it goes
	failed error    // the first write that failed
}

// create opens the output named by -o; empty and "-" are standard output. A new
// file is the user's alone: what is written may hold passwords. Where a link
// stands, what it leads to is written.
func (e *env) create(ctx context.Context, path string) (*output, error) {
	if path == "" || path == "-" {
		return &output{to: e.out, path: "standard output"}, nil
	}
	place := path
	switch st, err := os.Stat(path); {
	case err != nil: // nothing is there
	case st.IsDir():
		return nil, cannot(path, syscall.EISDIR)
	case !st.Mode().IsRegular():
		f, err := openToWrite(ctx, path)
		if err != nil {
			return nil, err
		}
		return &output{to: f, file: f, path: path}, nil
	default:
		if place, err = filepath.EvalSymlinks(path); err != nil {
			return nil, cannot(path, err)
		}
	}
	tmp, err := os.CreateTemp(filepath.Dir(place), "."+filepath.Base(place)+".*")
	if err != nil {
		return nil, cannot(path, err)
	}
	return &output{to: tmp, file: tmp, path: path, place: place}, nil
}

// openToWrite opens what is no file. A named pipe opens when somebody reads it,
// which may be never.
func openToWrite(ctx context.Context, path string) (*os.File, error) {
	type opened struct {
		f   *os.File
		err error
	}
	done := make(chan opened, 1)
	go func() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		done <- opened{f, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case o := <-done:
		if o.err != nil {
			return nil, cannot(path, o.err)
		}
		return o.f, nil
	}
}

// Write tells an error by the name of the output, but for that of a pipe that
// nobody reads any more.
func (o *output) Write(p []byte) (int, error) {
	n, err := o.to.Write(p)
	if err != nil && !pipeClosed(err) {
		err = cannot(o.path, err)
	}
	if o.failed == nil {
		o.failed = err
	}
	return n, err
}

// commit puts the file in its place. What could not be written whole is not
// kept.
func (o *output) commit() error {
	if o.failed != nil || o.file == nil {
		o.discard()
		return o.failed
	}
	err := o.file.Close()
	if err == nil && o.place != "" {
		err = os.Rename(o.file.Name(), o.place)
	}
	if err != nil {
		o.discard()
		return cannot(o.path, err)
	}
	o.file = nil
	return nil
}

// unfinished says that what was kept is not all, where the user broke off.
func (e *env) unfinished(o *output, err error) {
	if errors.Is(err, context.Canceled) {
		fmt.Fprintf(e.err, "xmppscope: %s: interrupted: it holds what was read until then\n", inspector.Disarm(o.path))
	}
}

// discard removes what was written; after commit it does nothing.
func (o *output) discard() {
	if o.file == nil {
		return
	}
	o.file.Close()
	if o.place != "" {
		os.Remove(o.file.Name())
	}
	o.file = nil
}

// notOver refuses to write over what is read: a capture, a key log, a file of
// passwords.
func notOver(path string, flags *captureFlags, args []string) error {
	to, err := os.Stat(path)
	if err != nil {
		return nil // nothing is there, or create tells why not
	}
	from := slices.Concat(args, flags.keylogs, []string{flags.passFile, os.Getenv(envKeyLog)})
	for _, a := range args {
		from = append(from, captures.Siblings(a)...)
	}
	for _, name := range from {
		if st, err := os.Stat(name); err == nil && st.Mode().IsRegular() && os.SameFile(st, to) {
			return usage("-o "+path, "it would be written over while it is read", "name another file")
		}
	}
	return nil
}
