package captures

import (
	"context"
	"io"
	"sync"
)

// Journal keeps the packets of an input that cannot be read twice, such as a
// pipe or an interface, in a file, while they are read.
type Journal struct {
	mu  sync.Mutex
	out *Writer
}

// NewJournal writes to w, a pcapng file.
func NewJournal(w io.Writer) *Journal { return &Journal{out: NewWriter(w, nil)} }

// Input is in, with everything that is read of it written down.
func (j *Journal) Input(in Input) Input {
	return Input{Name: in.Name, Size: in.Size, source: func(ctx context.Context, o OpenOptions) (source, error) {
		s, err := in.open(ctx, o)
		if err != nil {
			return nil, err
		}
		return &journaled{source: s, j: j}, nil
	}}
}

// Flush brings out what was read until now. It tells why the journal is not
// whole: the first error of what it writes to.
func (j *Journal) Flush() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.out.Flush()
}

type journaled struct {
	source
	j    *Journal
	told int // keys that were written
}

// Next implements [Source]. That nothing more can be written down is no reason
// to stop reading; Flush tells it.
func (s *journaled) Next(p *Packet) error {
	err := s.source.Next(p)
	s.j.mu.Lock()
	defer s.j.mu.Unlock()
	secrets := s.source.Secrets()
	for _, one := range secrets[s.told:] {
		if one.Type == SecretTLS {
			s.j.out.secrets(one.Data)
		}
	}
	s.told = len(secrets)
	if err == nil {
		_ = s.j.out.packet(p, nil)
	}
	return err
}
