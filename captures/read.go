package captures

import (
	"context"
	"io"
	"iter"
	"sync/atomic"

	"xmppscope/decode"
)

// Item is one thing read: exactly one field is set. The event is valid until
// the next step of the iteration; what it points to is immutable.
type Item struct {
	Event        *decode.Event
	Conversation *decode.Conversation
}

// Options of [Read]. The zero value is good.
type Options struct {
	// Decode holds the limits of decoding. Number and MidStream are set here.
	Decode decode.Options
	// Follow waits at the end of a file for more, until the context is done.
	Follow bool
	// Begin, when set, is told of a conversation before its first event: its
	// number and who takes part. The rest comes with its end.
	Begin func(decode.Conversation)
	// Progress is told how many bytes of the inputs were read, and of how many;
	// total is 0 when not known. It is called on another goroutine.
	Progress func(done, total int64)
	// Tally, when set, is filled with the counts of the inputs at the end.
	Tally *Tally
	// Notice, when set, is told at the end what was wrong with an input.
	Notice func(input string, n Notice)
}

// Read gives the events of the inputs in file order, several merged by time,
// and a conversation after its last event. An input that cannot be opened is
// an error before the first item ([OpenError]); one that fails later, after
// all that was read. Packets are read and put in order on one goroutine while
// the caller's decodes.
func Read(ctx context.Context, inputs []Input, o Options) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		f := &feed{out: make(chan *batch, 4), free: make(chan *batch, 6), ctx: ctx}
		src, err := openAll(ctx, inputs, o, f)
		if err != nil {
			if ctx.Err() == nil {
				yield(Item{}, err)
			}
			return
		}
		go f.run(merge(src))
		d := newDesk(o, yield)
		for b := range f.out {
			if !d.stopped {
				d.take(b)
			}
			if d.stopped {
				cancel() // and drain what is still on its way
			}
			f.recycle(b)
		}
		if !d.stopped {
			d.finish()
		}
		report(inputs, src, f, o)
		if f.err != nil && !d.stopped {
			yield(Item{}, f.err)
		}
	}
}

// openAll opens every input or none.
func openAll(ctx context.Context, inputs []Input, o Options, f *feed) (src []source, err error) {
	done := make([]int64, len(inputs))
	total := make([]int64, len(inputs))
	for i := range inputs {
		oo := OpenOptions{File: i, Follow: o.Follow, Stop: ctx, Idle: f.flush}
		if o.Progress != nil {
			oo.Progress = func(read, size int64) {
				done[i], total[i] = read, size
				o.Progress(sum(done), sum(total))
			}
		}
		s, err := inputs[i].open(ctx, oo)
		if err != nil {
			for _, s := range src {
				s.Close()
			}
			return nil, err
		}
		src = append(src, s)
	}
	return src, nil
}

func sum(v []int64) (n int64) {
	for _, x := range v {
		n += x
	}
	return n
}

func report(inputs []Input, src []source, f *feed, o Options) {
	if o.Tally != nil {
		*o.Tally = f.tally
	}
	for i, s := range src {
		if o.Notice != nil {
			for _, n := range s.Notices() {
				o.Notice(inputs[i].Name, n)
			}
		}
		s.Close()
	}
}

// feed runs packets through the assembler on a goroutine of its own and hands
// on what came out, in batches.
type feed struct {
	out   chan *batch
	free  chan *batch
	now   *batch
	ctx   context.Context
	tally Tally
	err   error
}

// batch is a run of calls of [Handler], with the bytes copied.
type batch struct {
	ops   []op
	bytes []byte
}

type opKind uint8

const (
	opConnect opKind = iota
	opData
	opGap
	opConflict
	opEnd
)

// op is one call. What a Flow knows is copied, because the flow goes on
// changing while the op waits.
type op struct {
	kind  opKind
	dir   uint8
	cause EndCause
	mid   bool // the direction's beginning was not seen
	flow  *stream
	mark  Mark
	off   int64
	n     int64 // bytes, of data in the batch from at
	at    int
	syn   [3]Mark
	count [2]uint32
}

// Batches are large enough to make handing over cheap, and small enough that
// the first rows come at once.
const (
	batchBytes = 256 << 10
	batchOps   = 2048
)

// run ends with the input, or when the context is done: what was read until
// then is brought to an end like a capture that ends there.
func (f *feed) run(src Source) {
	defer close(f.out)
	a := NewAssembler(f, AssemblerOptions{})
	var p Packet
	for {
		if err := src.Next(&p); err != nil {
			if err != io.EOF {
				f.err = err
			}
			break
		}
		a.Packet(&p)
		if f.now != nil && (len(f.now.ops) >= batchOps || len(f.now.bytes) >= batchBytes) {
			f.flush()
			if f.ctx.Err() != nil {
				break
			}
		}
	}
	a.Finish()
	f.tally = *a.Tally()
	f.flush()
}

// flush hands on the batch at hand. It is called when that is full and before
// the reader may have to wait, so that nobody waits for what is there. The
// other side takes every batch until the last, whatever happens.
func (f *feed) flush() {
	if f.now != nil {
		f.out <- f.now
		f.now = nil
	}
}

func (f *feed) recycle(b *batch) {
	b.ops, b.bytes = b.ops[:0], b.bytes[:0]
	select {
	case f.free <- b:
	default:
	}
}

func (f *feed) add(o op) *op {
	if f.now == nil {
		select {
		case f.now = <-f.free:
		default:
			f.now = &batch{}
		}
	}
	f.now.ops = append(f.now.ops, o)
	return &f.now.ops[len(f.now.ops)-1]
}

// stream is a TCP connection as the decoding side knows it. Only ignored is
// touched by both goroutines.
type stream struct {
	ignored atomic.Bool
	conv    *conversation
}

// Connect implements [Handler], like the methods below.
func (f *feed) Connect(fl *Flow) {
	s := &stream{}
	fl.User = s
	s.conv = &conversation{stream: s, addr: fl.addr}
	f.add(op{kind: opConnect, flow: s, mark: fl.First})
}

func (f *feed) Data(fl *Flow, dir int, c Chunk) {
	s := fl.User.(*stream)
	if s.ignored.Load() {
		fl.Ignore()
		return
	}
	o := f.add(op{kind: opData, dir: uint8(dir), flow: s, mark: c.Mark, off: c.Off, n: int64(len(c.Bytes)), mid: fl.Midstream(dir)})
	o.syn = [3]Mark{fl.SYN, fl.SYNACK, fl.ACK}
	o.at = len(f.now.bytes)
	f.now.bytes = append(f.now.bytes, c.Bytes...)
}

func (f *feed) Gap(fl *Flow, dir int, g Gap) {
	f.add(op{kind: opGap, dir: uint8(dir), flow: fl.User.(*stream), mark: g.Mark, off: g.Off, n: g.N})
}

func (f *feed) Conflict(fl *Flow, dir int, c Conflict) {
	f.add(op{kind: opConflict, dir: uint8(dir), flow: fl.User.(*stream), mark: c.Mark, off: c.Off, n: c.N})
}

func (f *feed) End(fl *Flow, dir int, e End) {
	o := f.add(op{kind: opEnd, dir: uint8(dir), flow: fl.User.(*stream), mark: e.Mark, off: e.Off, cause: e.Cause})
	o.count = fl.Packets
}
