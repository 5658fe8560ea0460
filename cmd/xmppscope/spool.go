package main

import (
	"context"
	"io"
	"os"
	"slices"

	"xmppscope/captures"
)

// spool is a copy of standard input that can be read more than once. Only its
// owner may read it; it goes when the command ends.
type spool struct {
	path  string
	index int // of the argument that it stands for
}

// spooled puts a copy in the place of standard input.
func (e *env) spooled(ctx context.Context, args []string) ([]string, *spool, error) {
	index := slices.Index(args, "-")
	if index < 0 {
		return args, nil, nil
	}
	f, err := os.CreateTemp("", "xmppscope-*") // mode 0600
	if err != nil {
		return nil, nil, cannot("a temporary file", err)
	}
	s := &spool{path: f.Name(), index: index}
	done := make(chan error, 1)
	go func() {
		_, err := io.Copy(f, e.in)
		if closed := f.Close(); err == nil {
			err = closed
		}
		done <- err
	}()
	select {
	case err = <-done:
	case <-ctx.Done(): // whoever writes may be silent for ever
		f.Close()
	}
	switch {
	case ctx.Err() != nil:
		s.remove()
		return nil, nil, ctx.Err()
	case err != nil:
		s.remove()
		return nil, nil, cannot("standard input", err)
	}
	args = slices.Clone(args)
	args[index] = s.path
	return args, s, nil
}

func (s *spool) remove() {
	if s != nil {
		os.Remove(s.path)
	}
}

// serve gives a reading the copy under the name of what it was made of. Secrets
// that stand behind the packets are looked for in it.
func (s *spool) serve(ctx context.Context, r *reading) {
	if s == nil {
		return
	}
	r.inputs[s.index] = captures.Input{Name: "standard input", Size: -1, Open: func(context.Context) (io.ReadCloser, error) { return os.Open(s.path) }}
	r.options.Keys.Later(func() {
		secrets, _ := captures.ScanSecrets(ctx, s.path)
		for _, one := range secrets {
			if one.Type == captures.SecretTLS {
				r.options.Keys.Add(one)
			}
		}
	})
}
