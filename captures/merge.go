package captures

import (
	"context"
	"io"
	"slices"
	"strings"
)

// merged yields the packets of several inputs on one time line; packets of one
// input keep their order, and equal times go by the order of the inputs.
type merged struct {
	src  []source
	head []Packet
	have []bool
	done []bool
}

func merge(src []source) Source {
	if len(src) == 1 {
		return src[0]
	}
	n := len(src)
	return &merged{src: src, head: make([]Packet, n), have: make([]bool, n), done: make([]bool, n)}
}

func (m *merged) Next(p *Packet) error {
	best := -1
	for i := range m.src {
		if !m.have[i] && !m.done[i] {
			switch err := m.src[i].Next(&m.head[i]); err {
			case nil:
				m.have[i] = true
			case io.EOF:
				m.done[i] = true
			default:
				return err
			}
		}
		if m.have[i] && (best < 0 || m.head[i].Time < m.head[best].Time) {
			best = i
		}
	}
	if best < 0 {
		return io.EOF
	}
	*p = m.head[best]
	m.have[best] = false
	return nil
}

// Merged is several inputs as one: their packets on one time line, numbered
// anew from 1.
func Merged(inputs []Input) Input {
	if len(inputs) == 1 {
		return inputs[0]
	}
	var names, paths []string
	for _, in := range inputs {
		names, paths = append(names, in.Name), append(paths, in.paths...)
	}
	return Input{Name: strings.Join(names, ", "), Size: -1, paths: paths, source: func(ctx context.Context, o OpenOptions) (source, error) {
		j := &joint{names: names, file: uint16(o.File), taken: make([]int, len(inputs))}
		done, total := make([]int64, len(inputs)), make([]int64, len(inputs))
		for i := range inputs {
			one := o
			if o.Progress != nil {
				one.Progress = func(read, size int64) {
					done[i], total[i] = read, size
					o.Progress(sum(done), sum(total))
				}
			}
			s, err := inputs[i].open(ctx, one)
			if err != nil {
				j.Close()
				return nil, err
			}
			j.src = append(j.src, s)
		}
		j.Source = merge(j.src)
		return j, nil
	}}
}

// joint is the opened form of [Merged].
type joint struct {
	Source
	src     []source
	names   []string
	file    uint16
	frames  uint32
	secrets []Secret
	taken   []int // how many of each source are among secrets
}

func (j *joint) Next(p *Packet) error {
	if err := j.Source.Next(p); err != nil {
		return err
	}
	j.frames++
	p.Frame, p.File = j.frames, j.file
	return nil
}

func (j *joint) Close() {
	for _, s := range j.src {
		s.Close()
	}
}

func (j *joint) Notices() (all []Notice) {
	for i, s := range j.src {
		for _, n := range s.Notices() {
			n.What = j.names[i] + ": " + n.What
			all = append(all, n)
		}
	}
	return all
}

// Secrets only grows at its end, like that of every source.
func (j *joint) Secrets() []Secret {
	for i, s := range j.src {
		found := s.Secrets()
		j.secrets = append(j.secrets, found[j.taken[i]:]...)
		j.taken[i] = len(found)
	}
	return slices.Clip(j.secrets)
}
