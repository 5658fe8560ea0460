package captures

import "xmppscope/decode"

// numbering puts the work of the desks in the order of the packets and numbers
// it: conversations as they are recognised, events over all of them.
type numbering struct {
	begin   func(decode.Conversation)
	yield   func(Item, error) bool
	stopped bool
	seq     decode.Seq
	conns   decode.ConnID
}

// batch hands on what was made of a batch. Each desk's work is in the order of
// the ops already.
func (n *numbering) batch(b *batch) {
	var at [maxDesks]int
	for !n.stopped {
		next := -1
		for i := range b.made {
			if at[i] < len(b.made[i]) && (next < 0 || b.made[i][at[i]].op < b.made[next][at[next]].op) {
				next = i
			}
		}
		if next < 0 {
			return
		}
		n.one(&b.made[next][at[next]])
		at[next]++
	}
}

func (n *numbering) one(m *made) {
	c := m.conv
	switch {
	case m.begun != nil:
		n.conns++
		c.id = n.conns
		m.begun.Conn = c.id
		if n.begin != nil {
			n.begin(*m.begun)
		}
	case m.over != nil:
		m.over.Conn = c.id
		c.seqs = nil
		n.stopped = !n.yield(Item{Conversation: m.over}, nil)
	default:
		e := &m.event
		n.seq++
		c.seqs = append(c.seqs, n.seq)
		e.Seq, e.Conn = n.seq, c.id
		if e.Reply > 0 && int(e.Reply) <= len(c.seqs) {
			e.Reply = c.seqs[e.Reply-1]
		}
		n.stopped = !n.yield(Item{Event: e}, nil)
	}
}
