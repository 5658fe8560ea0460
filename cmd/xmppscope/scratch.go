package main

import (
	"context"
	"io"
	"math"
	"os"

	"xmppscope/captures"
)

// scratch is a temporary file of a capture. Passwords and keys may stand in it, so
// it is for nobody else and loses its name at once: nothing is left of it where the
// program is killed. Where the system does not remove open files, close does it.
type scratch struct {
	*os.File
	name string // empty where it has none any more
}

func newScratch() (*scratch, error) {
	f, err := os.CreateTemp("", "xmppscope-*.pcapng") // mode 0600
	if err != nil {
		return nil, cannot("a temporary file", err)
	}
	s := &scratch{File: f}
	if os.Remove(f.Name()) != nil {
		s.name = f.Name()
	}
	return s, nil
}

// input reads it from its start as often as it is opened, also while more is
// written.
func (s *scratch) input() captures.Input {
	return captures.Input{Name: "a temporary file", Size: -1, Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(s, 0, math.MaxInt64)), nil
	}}
}

func (s *scratch) close() {
	s.Close()
	if s.name != "" {
		os.Remove(s.name)
	}
}
