package inspector

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
)

// spillFile is where a store puts what exceeds its memory: a temporary file
// that has no name. It only grows, but for small corrections. One writer adds,
// many read what was added.
type spillFile struct {
	dir  string
	file *os.File
	name string                // where the file could not be removed while open
	end  atomic.Int64          // where the file ends
	err  atomic.Pointer[error] // the first one; from then on nothing is added
}

// add writes at the end and tells where that was.
func (f *spillFile) add(b []byte) (at int64, err error) {
	if err := f.failure(); err != nil {
		return 0, err
	}
	if f.file == nil {
		if err := f.create(); err != nil {
			return 0, f.fail(err)
		}
	}
	at = f.end.Load()
	if _, err := f.file.WriteAt(b, at); err != nil {
		return 0, f.fail(err)
	}
	f.end.Add(int64(len(b)))
	return at, nil
}

// correct writes over something that was added.
func (f *spillFile) correct(b []byte, at int64) error {
	if _, err := f.file.WriteAt(b, at); err != nil {
		return f.fail(err)
	}
	return nil
}

// read fills b from what was added.
func (f *spillFile) read(b []byte, at int64) error {
	if _, err := f.file.ReadAt(b, at); err != nil {
		return fmt.Errorf("inspector: spill file: %w", err)
	}
	return nil
}

// create makes the file, readable by nobody else, and takes its name away at
// once. Where the system does not remove open files, close does it.
func (f *spillFile) create() error {
	file, err := os.CreateTemp(f.dir, "xmppscope-*.spill")
	if err != nil {
		return err
	}
	if os.Remove(file.Name()) != nil {
		f.name = file.Name()
	}
	f.file = file
	return nil
}

// fail keeps the first error and gives it back.
func (f *spillFile) fail(err error) error {
	err = fmt.Errorf("inspector: spill file: %w; everything stays in memory", err)
	f.err.CompareAndSwap(nil, &err)
	return f.failure()
}

func (f *spillFile) failure() error {
	if e := f.err.Load(); e != nil {
		return *e
	}
	return nil
}

func (f *spillFile) close() error {
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	if f.name != "" {
		err = errors.Join(err, os.Remove(f.name))
	}
	return err
}
