package captures

import (
	"context"
	"io"
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"xmppscope/decode"
)

// feed runs packets through the assembler on a goroutine of its own and hands
// on what came out in batches: to every desk, and in order to the reader.
type feed struct {
	out   chan *batch
	free  chan *batch
	desks []*desk
	now   *batch
	ctx   context.Context
	keys  *Keyring
	from  []source // whose embedded secrets are taken over as they come
	taken []int
	grows bool // key log files may grow while this runs
	// certain: no byte comes twice, and none out of its place.
	certain bool
	remark  func(Remark) // nil where nobody asks
	tally   Tally
	err     error
	// nameBytes are kept of unfinished messages of DNS over TCP.
	nameBytes int
}

// batch is a run of calls of [Handler], with the bytes copied, and what the
// desks made of it.
type batch struct {
	ops     []op
	bytes   []byte
	names   []named
	wanted  uint8 // the desks that have something to do, a bit each
	made    [maxDesks][]made
	late    time.Time // it is no earlier behind them; zero where nobody says
	decoded sync.WaitGroup
}

// maxDesks bounds the goroutines that decode: beyond a few the packets do not
// come fast enough, and more than there are processors only cost memory.
const maxDesks = 4

func newFeed(ctx context.Context, o Options) *feed {
	f := &feed{out: make(chan *batch, batchesAhead), free: make(chan *batch, 2*batchesAhead), ctx: ctx, keys: o.Keys, grows: o.Follow, certain: o.Live, remark: o.Remark}
	if f.keys == nil {
		f.keys = &Keyring{}
	}
	o.Decode.Keys = f.keys
	if f.grows && f.keys.mayGrow() || o.Live {
		o.Decode.Hold = holdForKeys
	}
	for i := range min(runtime.GOMAXPROCS(0), runtime.NumCPU(), maxDesks) {
		f.desks = append(f.desks, newDesk(i, o.Decode))
	}
	return f
}

// start begins to read and to decode.
func (f *feed) start(src []source) {
	f.from, f.taken = src, make([]int, len(src))
	for _, d := range f.desks {
		go d.run()
	}
	go f.run(merge(src))
}

type opKind uint8

const (
	opConnect opKind = iota
	opData
	opGap
	opConflict
	opEnd
	opKeys  // keys have come; of no flow
	opMarks // what a proxy did
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
	marks []decode.Mark
}

// Batches are large enough to make handing over cheap, and small enough that
// the first rows come at once.
const (
	batchBytes   = 256 << 10
	batchOps     = 2048
	batchesAhead = 4
)

// run ends with the input, or when the context is done: what was read until
// then is brought to an end like a capture that ends there.
func (f *feed) run(src Source) {
	defer f.close()
	var o AssemblerOptions
	if f.certain {
		o.History = -1
	}
	a := NewAssembler(f, o)
	var p Packet
	for {
		if err := src.Next(&p); err != nil {
			if err != io.EOF {
				f.err = err
			}
			break
		}
		f.remarks(&p)
		a.Packet(&p)
		if f.now != nil && (len(f.now.ops) >= batchOps || len(f.now.names) >= batchOps || len(f.now.bytes) >= batchBytes) {
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

// remarks tells what was written at events that a packet completes.
func (f *feed) remarks(p *Packet) {
	if f.remark == nil {
		return
	}
	for _, r := range p.Remarks {
		r.Event.Frame = p.Frame
		f.remark(r)
	}
}

// flush hands on the batch at hand. It is called when that is full and before
// the reader may have to wait, so that nobody waits for what is there. The
// other side takes every batch until the last, whatever happens.
func (f *feed) flush() {
	f.unlock()
	if f.now == nil {
		return
	}
	b := f.now
	b.decoded.Add(bits.OnesCount8(b.wanted))
	for i, d := range f.desks {
		if b.wanted&(1<<i) != 0 {
			d.in <- b
		}
	}
	f.out <- f.now
	f.now = nil
}

// late hands on that time passes, where nothing else tells it.
func (f *feed) late(t time.Time) {
	f.batch().late = t
	f.flush()
}

// holdForKeys is how many bytes of a direction wait for keys in a live input.
const holdForKeys = 64 << 10

// unlock takes over the keys that have come since the last batch.
func (f *feed) unlock() {
	grew := false
	for i, s := range f.from {
		secrets := s.Secrets()
		for _, one := range secrets[f.taken[i]:] {
			if one.Type == SecretTLS {
				f.keys.Add(one)
				grew = true
			}
		}
		f.taken[i] = len(secrets)
	}
	if f.grows && f.keys.Poll() || grew {
		f.add(op{kind: opKeys})
	}
}

func (f *feed) close() {
	for _, d := range f.desks {
		close(d.in)
	}
	close(f.out)
}

func (f *feed) recycle(b *batch) {
	clear(b.ops)
	b.ops, b.bytes, b.names, b.wanted, b.late = b.ops[:0], b.bytes[:0], nil, 0, time.Time{}
	for i := range b.made {
		clear(b.made[i])
		b.made[i] = b.made[i][:0]
	}
	select {
	case f.free <- b:
	default:
	}
}

// batch is the one at hand.
func (f *feed) batch() *batch {
	if f.now == nil {
		select {
		case f.now = <-f.free:
		default:
			f.now = &batch{}
		}
	}
	return f.now
}

func (f *feed) add(o op) *op {
	b := f.batch()
	b.ops = append(b.ops, o)
	if o.flow != nil {
		b.wanted |= 1 << o.flow.desk
	} else {
		b.wanted = 1<<len(f.desks) - 1
	}
	return &b.ops[len(b.ops)-1]
}

// stream is a TCP connection as the decoding side knows it. Only ignored is
// touched by both goroutines; desk is the one that decodes it.
type stream struct {
	ignored atomic.Bool
	id      uint64
	desk    int
	conv    *conversation
	names   *nameStream // of a connection to port 53
}

// Connect implements [Handler], like the methods below.
func (f *feed) Connect(fl *Flow) {
	s := &stream{id: uint64(fl.ID), desk: int(fl.ID) % len(f.desks)}
	fl.User = s
	s.conv = &conversation{stream: s, addr: fl.addr}
	if fl.Addr(1).Port() == portDNS {
		s.names = &nameStream{}
	}
	f.add(op{kind: opConnect, flow: s, mark: fl.First})
}

func (f *feed) Data(fl *Flow, dir int, c Chunk) {
	s := fl.User.(*stream)
	names := s.names.wants(dir)
	if names {
		f.asks(s.names, fl, dir, c)
	}
	if s.ignored.Load() {
		if !names && !s.names.wants(1-dir) {
			fl.Ignore()
		}
		return
	}
	o := f.add(op{kind: opData, dir: uint8(dir), flow: s, mark: c.Mark, off: c.Off, n: int64(len(c.Bytes)), mid: fl.Midstream(dir)})
	o.syn = [3]Mark{fl.SYN, fl.SYNACK, fl.ACK}
	o.at = len(f.now.bytes)
	f.now.bytes = append(f.now.bytes, c.Bytes...)
}

func (f *feed) Gap(fl *Flow, dir int, g Gap) {
	s := fl.User.(*stream)
	if s.names.wants(dir) {
		s.names.stop(f, dir) // where the next message begins is not known
	}
	f.add(op{kind: opGap, dir: uint8(dir), flow: s, mark: g.Mark, off: g.Off, n: g.N})
}

func (f *feed) Conflict(fl *Flow, dir int, c Conflict) {
	f.add(op{kind: opConflict, dir: uint8(dir), flow: fl.User.(*stream), mark: c.Mark, off: c.Off, n: c.N})
}

// Marks of one packet stay in their order.
func (f *feed) Marks(fl *Flow, m Mark, all []decode.Mark) {
	f.add(op{kind: opMarks, flow: fl.User.(*stream), mark: m, marks: all})
}

func (f *feed) End(fl *Flow, dir int, e End) {
	if e.Cause == EndRST {
		dir = fl.ResetBy // it may end what the other side says alone, long after its own
	}
	s := fl.User.(*stream)
	if s.names.wants(dir) {
		s.names.stop(f, dir)
	}
	o := f.add(op{kind: opEnd, dir: uint8(dir), flow: s, mark: e.Mark, off: e.Off, cause: e.Cause})
	o.count = fl.Packets
}
