package sandbox

import (
	"crypto/tls"
	"net"
	"sync"
	"time"
)

// outbox is what waits to be written to a peer. Nobody who puts something in
// waits for the peer.
type outbox struct {
	mu    sync.Mutex
	cond  *sync.Cond
	limit int
	time  time.Duration // for one write
	to    net.Conn
	buf   []byte
	busy  bool
	then  net.Conn // takes the place of to once the first bytes of buf are written
	first int      // how many
	done  bool     // nothing more is taken; what waits is still written
	over  bool     // nothing more is written
	// spoil changes what is written; sent is how much of it there was before. It
	// is nil, or set before run.
	spoil func(sent int, p []byte) spoiled
	sent  int
}

// spoiled is what becomes of a write: it waits, is another, and may be the last
// before TCP is cut.
type spoiled struct {
	p    []byte
	wait time.Duration
	cut  bool
}

func newOutbox(to net.Conn, l *Limits) *outbox {
	o := &outbox{to: to, limit: l.Queue, time: l.Write}
	o.cond = sync.NewCond(&o.mu)
	return o
}

// put takes bytes. False means that they are not taken since the peer reads too
// slowly. What is put when nothing is written any more is for nobody: that the
// connection is lost is for its reader to find out, and no fault of the peer.
func (o *outbox) put(s string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.done || o.over {
		return true
	}
	if len(o.buf)+len(s) > o.limit {
		return false
	}
	o.buf = append(o.buf, s...)
	o.cond.Broadcast()
	return true
}

// last takes bytes beyond the limit, and none after them.
func (o *outbox) last(s string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.done {
		o.buf = append(o.buf, s...)
	}
	o.done = true
	o.cond.Broadcast()
}

// drain returns when everything is written, or nothing can be any more.
func (o *outbox) drain() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for (len(o.buf) > 0 || o.busy) && !o.over {
		o.cond.Wait()
	}
}

// change makes what comes go to another connection around the same one.
func (o *outbox) change(to net.Conn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.to = to
}

// follow makes what is put from now on go to another connection around the same
// one. What waits already goes where it was to go.
func (o *outbox) follow(to net.Conn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.buf) == 0 && !o.busy {
		o.to = to
		return
	}
	o.then, o.first = to, len(o.buf)
}

// take is what to write next. The lock is held.
func (o *outbox) take() []byte {
	batch := o.buf
	o.buf = nil
	if o.then != nil {
		batch, o.buf = batch[:o.first:o.first], batch[o.first:]
		o.first = 0
	}
	return batch
}

// hurry gives what is written, and what waits, no more than d.
func (o *outbox) hurry(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.time = d
	_ = o.to.SetWriteDeadline(time.Now().Add(d))
}

// stop ends run.
func (o *outbox) stop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.over = true
	o.cond.Broadcast()
}

// run writes until stop, or until a write fails; then it closes the connection,
// which ends its reader.
func (o *outbox) run() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for {
		for len(o.buf) == 0 && !o.over {
			o.cond.Wait()
		}
		if o.over {
			return
		}
		batch, to := o.take(), o.to
		o.busy = true
		cut := false
		if o.spoil != nil {
			s := o.spoil(o.sent, batch)
			o.sent += len(batch)
			batch, cut = s.p, s.cut
			o.rest(s.wait)
			to = o.to
		}
		_ = to.SetWriteDeadline(time.Now().Add(o.time)) // a closed one fails in Write
		o.mu.Unlock()
		var err error
		if len(batch) > 0 {
			_, err = to.Write(batch)
		}
		if err == nil { // what others write, pongs and answers of TLS, is not a part of this
			_ = to.SetWriteDeadline(time.Time{})
		}
		if cut {
			err = net.ErrClosed
		}
		o.mu.Lock()
		o.busy = false
		if o.then != nil && o.first == 0 {
			o.to, o.then = o.then, nil
		}
		if err != nil {
			o.over = true
			o.close(to)
		}
		o.cond.Broadcast()
	}
}

// close cuts the connection. Nothing is said at its end, not even by TLS: a
// record behind one that was lost would look to the peer like one that somebody
// has changed (RFC 8446 §5.2).
func (o *outbox) close(to net.Conn) {
	for inner := to; inner != nil; {
		to = inner
		switch around := to.(type) {
		case *tls.Conn:
			inner = around.NetConn()
		case *zipConn:
			inner = around.Conn
		case *wsConn:
			inner = around.Conn
		default:
			inner = nil
		}
	}
	_ = to.Close()
}

// rest lets time pass, unless run ends.
func (o *outbox) rest(d time.Duration) {
	if d <= 0 {
		return
	}
	until := time.Now().Add(d)
	wake := time.AfterFunc(d, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.cond.Broadcast()
	})
	defer wake.Stop()
	for !o.over && time.Now().Before(until) {
		o.cond.Wait()
	}
}

// past tells whether more than n bytes were written.
func (o *outbox) past(n int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.sent > n
}
