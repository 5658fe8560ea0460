package captures

import (
	"context"
	"io"
)

// Input names something to read and knows how to open it.
type Input struct {
	Name string // for messages
	Size int64  // in bytes; -1 when not known
	// Open gives the bytes of a capture. Inputs made by [File], [Stdin] and
	// [Live] open themselves.
	Open func(context.Context) (io.ReadCloser, error)

	source func(context.Context, OpenOptions) (source, error)
	paths  []string // the files in it that can be read again
}

// source is an opened input.
type source interface {
	Source
	Close()
	Notices() []Notice
	Secrets() []Secret
}

// File is a capture file, by path.
func File(path string) Input {
	var again []string
	if path != "-" {
		again = []string{path}
	}
	return Input{Name: path, Size: -1, paths: again, source: func(_ context.Context, o OpenOptions) (source, error) {
		r, err := OpenFile(path, o)
		if err != nil {
			return nil, err // a nil *Reader is no nil source
		}
		return r, nil
	}}
}

// Stdin is a capture on standard input.
func Stdin() Input { return File("-") }

func (in *Input) open(ctx context.Context, o OpenOptions) (source, error) {
	if in.source != nil {
		return in.source(ctx, o)
	}
	b, err := in.Open(ctx)
	if err != nil {
		return nil, unreadable(in.Name, err)
	}
	size := max(in.Size, 0)
	r, err := open(in.Name, &counted{r: b, total: size, o: o}, o)
	if err != nil {
		b.Close()
		return nil, err
	}
	r.close = append(r.close, func() { b.Close() })
	return r, nil
}
