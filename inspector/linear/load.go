package linear

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// loading is a source's Load that runs in a goroutine of its own.
type loading struct {
	read, total atomic.Int64
	cancel      context.CancelFunc
	ended       chan struct{}
	err         error // valid when ended is closed
}

func (l *loading) start(ctx context.Context, load func(context.Context, func(done, total int64)) error) {
	l.ended = make(chan struct{})
	ctx, l.cancel = context.WithCancel(ctx)
	if load == nil {
		close(l.ended)
		return
	}
	go func() {
		defer close(l.ended)
		l.err = load(ctx, func(done, total int64) {
			l.read.Store(done)
			l.total.Store(total)
		})
	}()
}

func (l *loading) running() bool {
	select {
	case <-l.ended:
		return false
	default:
		return true
	}
}

// stop ends the loader and tells whether it has ended in time.
func (l *loading) stop(patience time.Duration) bool {
	l.cancel()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-l.ended:
		return true
	case <-late.C:
		return false
	}
}

// sayEvery is how often it is said how far reading is.
const sayEvery = 5 * time.Second

// soon is how long what is typed waits for reading to end.
const soon = 2 * time.Second

// read waits until the input is read, or a person has something else to do.
func (t *talk) read() {
	if t.src.Follow {
		return
	}
	every := time.NewTicker(sayEvery)
	defer every.Stop()
	began := time.Now()
	var late <-chan time.Time
	for {
		t.flush()
		select {
		case <-t.load.ended:
			if t.load.err != nil && t.ctx.Err() == nil {
				t.say("Reading stopped: %s", sentence(t.load.err.Error()))
			}
			return
		case <-t.ctx.Done():
			return
		case <-t.o.Interrupts:
			t.say("Reading goes on; what is read so far can be looked at.")
			return
		case <-late:
			t.say("Reading goes on; what is read so far can be looked at.")
			return
		case line, ok := <-t.typed():
			if !ok {
				t.over = true
				return
			}
			t.ahead = append(t.ahead, line)
			late = time.After(soon - time.Since(began))
		case <-every.C:
			text := "Reading, " + counted(t.src.Store.Len(), "event") + " so far"
			if total := t.load.total.Load(); total > 0 {
				text += fmt.Sprintf(", %d percent", 100*t.load.read.Load()/total)
			}
			t.say("%s. Enter goes on with what there is.", text)
		}
	}
}

// typed are the lines of a person. Those of a script wait for their turn.
func (t *talk) typed() <-chan string {
	if t.o.Typed {
		return t.typing
	}
	return nil
}
