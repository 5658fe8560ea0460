package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
)

// output is where a command writes: standard output, or a file that appears
// under its name only when it is whole.
type output struct {
	io.Writer
	tmp  *os.File
	path string
}

// create opens the output named by -o; empty and "-" are standard output. The
// file is the user's alone: what is written may hold passwords.
func (e *env) create(path string) (*output, error) {
	if path == "" || path == "-" {
		return &output{Writer: e.out}, nil
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return nil, cannot(path, err)
	}
	return &output{Writer: tmp, tmp: tmp, path: path}, nil
}

// commit puts the file in its place.
func (o *output) commit() error {
	if o.tmp == nil {
		return nil
	}
	err := o.tmp.Close()
	if err == nil {
		err = os.Rename(o.tmp.Name(), o.path)
	}
	if err != nil {
		os.Remove(o.tmp.Name())
		return cannot(o.path, err)
	}
	o.tmp = nil
	return nil
}

// discard removes what was written; after commit it does nothing.
func (o *output) discard() {
	if o.tmp != nil {
		o.tmp.Close()
		os.Remove(o.tmp.Name())
		o.tmp = nil
	}
}

// notOver refuses to write over what is read: a capture, a key log, a file of
// passwords.
func notOver(path string, flags *captureFlags, args []string) error {
	to, err := os.Stat(path)
	if err != nil {
		return nil // nothing is there, or create tells why not
	}
	for _, from := range slices.Concat(args, flags.keylogs, []string{flags.passFile, os.Getenv(envKeyLog)}) {
		if st, err := os.Stat(from); err == nil && st.Mode().IsRegular() && os.SameFile(st, to) {
			return usage("-o "+path, "it would be written over while it is read", "name another file")
		}
	}
	return nil
}
