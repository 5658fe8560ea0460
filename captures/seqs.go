package captures

import (
	"encoding/binary"

	"xmppscope/decode"
)

// seqs are the numbers that the events of a conversation got over all, in their
// order, which is ascending. A connection may last for days: only the latest
// stand as they are, of the others what each is more than the one before, a
// byte or two.
type seqs struct {
	blocks []seqBlock
	more   []byte
	tail   []decode.Seq
}

// seqBlock is the first of seqsTogether numbers, and where in more the rest is.
type seqBlock struct {
	first decode.Seq
	from  uint32
}

const seqsTogether = 64

func (s *seqs) len() int { return len(s.blocks)*seqsTogether + len(s.tail) }

func (s *seqs) add(seq decode.Seq) {
	if len(s.tail) == seqsTogether {
		s.blocks = append(s.blocks, seqBlock{s.tail[0], uint32(len(s.more))})
		for i, next := range s.tail[1:] {
			s.more = binary.AppendUvarint(s.more, uint64(next-s.tail[i]))
		}
		s.tail = s.tail[:0]
	}
	s.tail = append(s.tail, seq)
}

// at is number i, 0 <= i < len.
func (s *seqs) at(i int) decode.Seq {
	block := i / seqsTogether
	if block == len(s.blocks) {
		return s.tail[i%seqsTogether]
	}
	seq, from := s.blocks[block].first, int(s.blocks[block].from)
	for range i % seqsTogether {
		more, n := binary.Uvarint(s.more[from:])
		seq, from = seq+decode.Seq(more), from+n
	}
	return seq
}
