package captures

import "io"

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
