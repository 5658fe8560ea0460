package captures

import (
	"bytes"
	"encoding/binary"
	"os"

	"xmppscope/decode"
)

// tapLog is what passed a [Tap] and is no packet yet. Bytes, which are most of
// it, lie one behind the other in blocks; what is too much for memory waits in a
// file without a name. Whoever has a Tap's lock may use it.
type tapLog struct {
	blocks []*tapBlock // in order; the last is being filled
	rare   []tapNote   // what is not only bytes, in order: a record stands for each
	size   int         // of all that is in memory, in bytes
	came   int64       // bytes that ever came
	spare  [][]byte    // blocks to be used again
	file   tapFile
}

// tapBlock is a run of records, in memory or in a slot of the file.
type tapBlock struct {
	b      []byte
	rare   int // records that stand for what is not only bytes
	n      int // of a block in the file: its length
	slot   int
	onDisk bool
}

// A record is a head and the bytes. The head: what it is, whose, and when.
const (
	tapHead     = 1 + 2 + 8 + 8
	tapBlockLen = 256 << 10
	tapSpare    = 8 // blocks that are kept for use

	recRare   = 1 // the next of rare, no bytes
	recSide   = 2 // sent by the receiving side
	recBeside = 4 // on the leg of the server
	recMore   = 8 // more of the same follows
)

// rareSize is about what a rare note takes, in bytes: those that carry nothing
// count too, since connections that say nothing may come in any number.
func rareSize(n *tapNote) int {
	size := 160 + len(n.data)
	for i := range n.marks {
		size += 128 + len(n.marks[i].Text) + len(n.marks[i].Note)
	}
	return size
}

// add appends what is not only bytes.
func (l *tapLog) add(n tapNote) {
	b := l.room(tapHead)
	b.b = append(b.b, recRare)
	b.rare++
	l.rare = append(l.rare, n)
	l.size += 1 + rareSize(&n)
}

// bytes appends bytes of a leg, no longer than a packet.
func (l *tapLog) bytes(what uint8, flow uint64, at int64, p []byte) {
	b := l.room(tapHead + len(p))
	b.b = binary.LittleEndian.AppendUint16(append(b.b, what), uint16(len(p)))
	b.b = binary.LittleEndian.AppendUint64(b.b, flow)
	b.b = binary.LittleEndian.AppendUint64(b.b, uint64(at))
	b.b = append(b.b, p...)
	l.size += tapHead + len(p)
	l.came += int64(len(p))
}

// room is a block with room for n bytes more.
func (l *tapLog) room(n int) *tapBlock {
	if k := len(l.blocks); k > 0 {
		if b := l.blocks[k-1]; len(b.b)+n <= tapBlockLen {
			return b
		}
	}
	b := &tapBlock{}
	if k := len(l.spare); k > 0 {
		b.b, l.spare = l.spare[k-1], l.spare[:k-1]
	} else {
		b.b = make([]byte, 0, tapBlockLen)
	}
	l.blocks = append(l.blocks, b)
	return b
}

// spill moves a block that is full into the file, the latest one, because it is
// needed last. False where there is none, or the file takes no more.
func (l *tapLog) spill() bool {
	for i := len(l.blocks) - 2; i >= 0; i-- {
		b := l.blocks[i]
		if b.onDisk {
			continue
		}
		slot, ok := l.file.put(b.b)
		if !ok {
			return false
		}
		l.size -= len(b.b)
		spent := b.b
		b.b, b.n, b.slot, b.onDisk = nil, len(spent), slot, true
		l.keep(spent)
		return true
	}
	return false
}

// keep takes memory of a block back.
func (l *tapLog) keep(b []byte) {
	if len(l.spare) < tapSpare && cap(b) >= tapBlockLen {
		l.spare = append(l.spare, b[:0])
	}
}

// tapFile is the file: slots of the length of a block.
type tapFile struct {
	f      *os.File
	name   string // where it could not be removed while open
	slots  int
	free   []int
	failed bool
}

// tapSlots is how many blocks may wait in the file.
const tapSlots = 1 << 30 / tapBlockLen

func (x *tapFile) put(p []byte) (slot int, ok bool) {
	if x.failed {
		return 0, false
	}
	if x.f == nil {
		f, err := os.CreateTemp("", "xmppscope-live-*")
		if err != nil {
			x.failed = true
			return 0, false
		}
		if x.f = f; os.Remove(f.Name()) != nil {
			x.name = f.Name()
		}
	}
	if k := len(x.free); k > 0 {
		slot = x.free[k-1]
	} else if slot = x.slots; slot >= tapSlots {
		return 0, false
	}
	if _, err := x.f.WriteAt(p, int64(slot)*tapBlockLen); err != nil {
		x.failed = true // there is no room: who sends has to wait
		return 0, false
	}
	if k := len(x.free); k > 0 {
		x.free = x.free[:k-1]
	} else {
		x.slots++
	}
	return slot, true
}

// release gives a slot back, and the room of the file where all are free.
func (x *tapFile) release(slot int) {
	if x.free = append(x.free, slot); len(x.free) == x.slots {
		x.free, x.slots = nil, 0
		_ = x.f.Truncate(0)
	}
}

func (x *tapFile) close() {
	if x.f != nil {
		x.f.Close()
	}
	if x.name != "" {
		os.Remove(x.name)
	}
	*x = tapFile{failed: true}
}

// tapTaken is what was taken of a log, to be read once.
type tapTaken struct {
	blocks []*tapBlock
	rare   []tapNote
	b      []byte // what is left of the first block
	whole  []byte // its memory
}

// next is the next note; its bytes are valid until the one after it is asked
// for.
func (t *Tap) next(k *tapTaken) (n tapNote, ok bool) {
	for len(k.b) == 0 {
		if t.done(k); len(k.blocks) == 0 {
			return n, false
		}
		t.turn(k)
	}
	what := k.b[0]
	if what&recRare != 0 {
		k.b = k.b[1:]
		n, k.rare[0] = k.rare[0], tapNote{}
		k.rare = k.rare[1:]
	} else {
		size := int(binary.LittleEndian.Uint16(k.b[1:]))
		n = tapNote{what: tapData, at: int64(binary.LittleEndian.Uint64(k.b[11:])), more: what&recMore != 0}
		n.key = legKey{binary.LittleEndian.Uint64(k.b[3:]), what&recBeside != 0}
		if what&recSide != 0 {
			n.side = uint8(decode.FromReceiver)
		}
		n.data = k.b[tapHead : tapHead+size]
		k.b = k.b[tapHead+size:]
	}
	return n, true
}

// done gives back the memory of a block that was read.
func (t *Tap) done(k *tapTaken) {
	if k.whole != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.log.keep(k.whole)
		k.whole = nil
	}
}

// turn goes on to the next block, and fetches it where it is in the file.
func (t *Tap) turn(k *tapTaken) {
	b := k.blocks[0]
	k.blocks[0] = nil // what was read is not kept until all is
	k.blocks = k.blocks[1:]
	t.mu.Lock()
	f := t.log.file.f
	t.mu.Unlock()
	if b.onDisk {
		b.b = make([]byte, b.n, tapBlockLen)
		if _, err := f.ReadAt(b.b, int64(b.slot)*tapBlockLen); err != nil {
			b.b = bytes.Repeat([]byte{recRare}, b.rare) // the bytes are lost
		}
		t.mu.Lock()
		t.log.file.release(b.slot)
		t.mu.Unlock()
	}
	k.b, k.whole = b.b, b.b
}
