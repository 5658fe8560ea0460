package captures

import (
	"context"
	"iter"

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
	// Keys decrypts TLS; secrets embedded in the inputs are added to it. Nil
	// stands for an empty one.
	Keys *Keyring
	// Follow waits at the end of a file for more, until the context is done.
	Follow bool
	// Begin, when set, is told of a conversation before its first event: its
	// number and who takes part. The rest comes with its end.
	Begin func(decode.Conversation)
	// Held, when set, is told of a unit that waits for a decision, in the order of
	// the events; the event with this number comes when it is let go.
	Held func(*decode.Event)
	// Remark, when set, is told what a person wrote at an event, with the place of
	// that event, before the event comes. It is called on another goroutine.
	Remark func(Remark)
	// Live is set where the input is a [Tap]: keys may come a little after the
	// bytes that need them, and nothing comes twice.
	Live bool
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
// all that was read.
//
// Packets are read and put in order on one goroutine and decoded on others,
// each conversation on always the same one; the order of items does not depend
// on how many there are.
func Read(ctx context.Context, inputs []Input, o Options) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		f := newFeed(ctx, o)
		src, err := openAll(ctx, inputs, o, f)
		if err != nil {
			if ctx.Err() == nil {
				yield(Item{}, err)
			}
			return
		}
		f.start(src)
		n := newNumbering(o, yield)
		for b := range f.out {
			b.decoded.Wait()
			if !n.stopped {
				n.batch(b)
			}
			if n.stopped {
				cancel() // and drain what is still on its way
			}
			f.recycle(b)
		}
		if !n.stopped {
			n.finish()
		}
		f.tally.Hidden = n.hidden
		report(inputs, src, f, o)
		if f.err != nil && !n.stopped {
			yield(Item{}, f.err)
		}
	}
}

// openAll opens every input or none.
func openAll(ctx context.Context, inputs []Input, o Options, f *feed) (src []source, err error) {
	done := make([]int64, len(inputs))
	total := make([]int64, len(inputs))
	for i := range inputs {
		oo := OpenOptions{File: i, Follow: o.Follow, Stop: ctx, Idle: f.flush, late: f.late}
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
		for _, path := range inputs[i].paths {
			if !o.Follow {
				f.keys.scanLater(path, OpenOptions{Stop: ctx})
			}
		}
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
