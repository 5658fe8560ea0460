package captures

import (
	"context"
	"io"
)

// Input is what is captured from now on, to be read once in this process while
// it grows; see [Options.Live].
func (t *Tap) Input() Input {
	return Input{Name: "the proxy", Size: -1, source: func(ctx context.Context, o OpenOptions) (source, error) {
		return &tapSource{t: t, ctx: ctx, idle: o.Idle, file: uint16(o.File)}, nil
	}}
}

// tapSource is the reader's end.
type tapSource struct {
	t     *Tap
	ctx   context.Context
	idle  func()
	file  uint16
	taken tapTaken
	now   []Packet // of the note at hand
	at    int
	frame []byte // what they are made of
	over  bool
	told  int // keys that the reader has
}

// Next gives the next packet; io.EOF when the tap was closed, or the context is
// done.
func (s *tapSource) Next(p *Packet) error {
	for s.at == len(s.now) {
		n, ok := s.t.next(&s.taken)
		if !ok {
			if err := s.wait(); err != nil {
				return err
			}
			continue
		}
		s.now, s.frame, s.at = s.now[:0], s.frame[:0], 0
		s.t.packets(&n, func(p Packet) {
			from := len(s.frame)
			s.frame = append(s.frame, p.Data...)
			p.Data, p.File = s.frame[from:], s.file
			s.now = append(s.now, p)
		})
	}
	*p = s.now[s.at]
	s.at++
	return nil
}

// wait takes more. Before it waits, what was read goes on.
func (s *tapSource) wait() error {
	t := s.t
	if s.over {
		t.making.Lock()
		t.flush()
		t.making.Unlock()
		return io.EOF
	}
	if s.idle != nil {
		s.idle()
	}
	if !t.await(s.ctx.Done()) {
		return io.EOF
	}
	s.taken, s.over = t.take()
	return nil
}

// Close leaves what comes to the file.
func (s *tapSource) Close() {
	t := s.t
	t.rest(&s.taken)
	t.mu.Lock()
	again := !t.gone
	t.gone, t.keys = true, nil
	t.mu.Unlock()
	if again {
		t.ring()
		t.quiet.Go(t.record)
	}
}

func (s *tapSource) Notices() []Notice { return nil }

// Secrets gives those that came since the last call; of those before them only
// the places are left, because keys come as long as the proxy runs.
func (s *tapSource) Secrets() []Secret {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	clear(s.t.keys[:min(s.told, len(s.t.keys))])
	s.told = len(s.t.keys)
	return s.t.keys
}
