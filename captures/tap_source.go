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
		return &tapSource{t: t, ctx: ctx, idle: o.Idle, late: o.late, file: uint16(o.File)}, nil
	}}
}

// tapSource is the reader's end.
type tapSource struct {
	t     *Tap
	ctx   context.Context
	idle  func()
	late  func(time.Time)
	file  uint16
	taken tapTaken
	now   []Packet // of the note at hand
	at    int
	frame []byte // what they are made of
	over  bool
	told  int // keys that the reader has
	// turned is when the block at hand was begun, zero for the first that was
	// taken; came is how much had been noted by then.
	turned time.Time
	came   int64
	// last is the time of the last packet, since when it was seen.
	last  int64
	since time.Time
}

// Next gives the next packet; io.EOF when the tap was closed, or the context is
// done.
func (s *tapSource) Next(p *Packet) error {
	for s.at == len(s.now) {
		if len(s.taken.b) == 0 && len(s.taken.blocks) > 0 {
			s.yield()
		}
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
	s.last = max(s.last, p.Time)
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
	s.since = time.Now()
	if !t.await(s.ctx.Done(), s.passes) {
		return io.EOF
	}
	s.taken, s.over = t.take()
	s.turned = time.Time{}
	return nil
}

// passes tells what time it is now, by the clock of what is captured. All that
// was noted until a while before has been read.
func (s *tapSource) passes() {
	const slack = time.Second // from when something passes until it is noted
	if s.late != nil && s.last != 0 {
		s.late(time.Unix(0, s.last).Add(time.Since(s.since) - slack).UTC())
	}
}

// yield leaves the processor to who forwards bytes, while those come faster than
// they are read: peers wait for the one and nobody for the other. What is not
// read yet is kept, and read when it is quieter, or when the file is half full.
func (s *tapSource) yield() {
	const share = 2 // of the time that reading takes
	came, free := s.t.pressed()
	if spent := time.Since(s.turned); !s.turned.IsZero() && spent < time.Second {
		for left := share * spent; left > 0 && free && came-s.came > tapBlockLen/4; left -= tapBreath {
			pause := time.NewTimer(min(left, tapBreath))
			select {
			case <-pause.C:
			case <-s.ctx.Done():
				free = false
			}
			pause.Stop()
			before := came
			if came, free = s.t.pressed(); came == before {
				break
			}
		}
	}
	s.turned, s.came = time.Now(), came
}

// pressed is how much was noted so far, and whether there is room for more.
func (t *Tap) pressed() (came int64, free bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.log.came, !t.ended && t.log.file.slots-len(t.log.file.free) < tapSlots/2
}

// Close leaves what comes to the file.
func (s *tapSource) Close() {
	t := s.t
	t.rest(&s.taken)
	t.mu.Lock()
	again, ended := !t.gone, t.ended
	t.gone, t.keys = true, nil
	if again && !ended {
		t.quiet.Add(1) // before Close waits for it
	}
	t.mu.Unlock()
	switch {
	case !again:
	case ended: // nothing more comes
		t.record()
		t.making.Lock()
		t.flush()
		t.making.Unlock()
	default:
		t.ring()
		go func() {
			defer t.quiet.Done()
			t.record()
		}()
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
