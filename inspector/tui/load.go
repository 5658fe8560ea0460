package tui

import (
	"context"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// loading is the state of a source's Load as the screen sees it. The loader
// only writes numbers here; it never calls the screen.
type loading struct {
	read, total atomic.Int64
	state       atomic.Int32
	err         error // valid once state is loadEnded
	began       time.Time
	took        time.Duration // valid once state is loadEnded
	cancel      context.CancelFunc
	ended       chan struct{}
}

// muchRead is how much a loader must have read, in bytes, for its garbage to be
// worth a collection of its own.
const muchRead = 64 << 20

const (
	loadNone int32 = iota
	loadRunning
	loadEnded
)

// start runs Load in a goroutine; wake is called when it has ended.
func (l *loading) start(ctx context.Context, load func(context.Context, func(done, total int64)) error, wake func()) {
	l.ended = make(chan struct{})
	l.cancel = func() {}
	if load == nil {
		l.state.Store(loadEnded)
		close(l.ended)
		return
	}
	ctx, l.cancel = context.WithCancel(ctx)
	l.total.Store(-1)
	l.began = time.Now()
	l.state.Store(loadRunning)
	go func() {
		defer close(l.ended)
		err := load(ctx, func(done, total int64) {
			l.read.Store(done)
			l.total.Store(total)
		})
		l.err, l.took = err, time.Since(l.began)
		l.state.Store(loadEnded)
		wake()
		if l.read.Load() > muchRead {
			debug.FreeOSMemory() // reading leaves about as much behind as is kept
		}
	}()
}

func (l *loading) running() bool { return l.state.Load() == loadRunning }
func (l *loading) done() bool    { return l.state.Load() == loadEnded }

// percent is how far it is, -1 where that is not known.
func (l *loading) percent() int {
	total := l.total.Load()
	if total <= 0 {
		return -1
	}
	return int(min(100, 100*l.read.Load()/total))
}

// stop ends the loader and waits for it, but not for ever: a read from a pipe
// that nobody writes to cannot be interrupted. It tells whether it has ended.
func (l *loading) stop(patience time.Duration) bool {
	l.cancel()
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-l.ended:
		return true
	case <-t.C:
		return false
	}
}
