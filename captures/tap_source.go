package captures

import (
	"context"
	"io"
	"time"
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
	now   []Packet
	at    int
	since time.Time // of the first packet that the reader may still keep to itself
	over  bool
	told  int // keys that the reader has
}

// Next gives the next packet; io.EOF when the tap was closed, or the context is
// done.
func (s *tapSource) Next(p *Packet) error {
	for s.at == len(s.now) {
		if err := s.wait(); err != nil {
			return err
		}
	}
	*p = s.now[s.at]
	p.File = s.file
	s.now[s.at] = Packet{}
	s.at++
	return nil
}

// wait takes more packets. Before it has to wait for long, what was read goes on.
func (s *tapSource) wait() error {
	if s.over {
		return io.EOF
	}
	if !s.since.IsZero() && s.idle != nil {
		left := min(tapBreath, time.Until(s.since.Add(tapLatest)))
		if left <= 0 || !s.rings(left) {
			s.idle()
			s.since = time.Time{}
		}
	}
	if s.since.IsZero() {
		select {
		case <-s.ctx.Done():
			return io.EOF
		case <-s.t.bell:
		}
	}
	notes, ended := s.t.take()
	s.now, s.at = s.now[:0], 0
	s.t.packets(notes, func(p Packet) { s.now = append(s.now, p) })
	if s.over = ended; ended {
		s.t.making.Lock()
		s.t.flush()
		s.t.making.Unlock()
	}
	if s.since.IsZero() && len(notes) > 0 {
		s.since = time.Now()
	}
	return nil
}

// rings waits a little for the bell.
func (s *tapSource) rings(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return false
	case <-s.ctx.Done():
		return false
	case <-s.t.bell:
		return true
	}
}

// Close leaves what comes to the file.
func (s *tapSource) Close() {
	t := s.t
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
