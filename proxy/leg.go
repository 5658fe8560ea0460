package proxy

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"xmppscope/decode"
)

// Sizes of buffers, in bytes. A connection that says little keeps a small one;
// one that fills it borrows a whole, which holds the longest record of TLS
// (RFC 5246 §6.2.3).
const (
	smallBuf = 1 << 10
	wholeBuf = 18 << 10
)

// buffers lends whole buffers.
type buffers struct{ pool sync.Pool }

func (b *buffers) get() *[]byte {
	if p, ok := b.pool.Get().(*[]byte); ok {
		return p
	}
	p := make([]byte, wholeBuf)
	return &p
}

func (b *buffers) put(p *[]byte) {
	if p != nil && cap(*p) >= wholeBuf && cap(*p) <= 4*wholeBuf {
		*p = (*p)[:wholeBuf]
		b.pool.Put(p)
	}
}

// leg is one TCP connection, with TLS on it or without. One goroutine at a time
// reads it, one at a time writes it.
type leg struct {
	which Leg
	c     *Conn
	raw   net.Conn
	tls   *tls.Conn // nil in clear

	// Reading. in is what was read from TCP and not handed on.
	in    []byte
	small []byte
	big   *[]byte // borrowed while much arrives
	hot   bool
	// wait makes TLS wait for more bytes: during its handshakes. text is set
	// while it is spoken to in clear text, on the way to TLS.
	wait, text bool
	rec        record
	shake      *shake // reads along during a handshake; nil where nobody wants to know
	// alert is what an alert in clear text said during a handshake; 0 for none.
	alert uint8
	// untold is what was handed on and not told to the tap; the first ahead
	// bytes of in were told already.
	untold []byte
	lent   *[]byte
	ahead  int
	at     time.Time // when in arrived
	read   int64     // bytes above TLS

	// Writing.
	unseen bool // within the program: only marks are told
	wmu    sync.Mutex
	marks  []decode.Mark // told with the next bytes of TLS

	gone     atomic.Bool // written to the end, or reset
	lastIn   atomic.Int64
	lastOut  atomic.Int64
	finished atomic.Bool // read to the end
}

// errAgain is what TLS is told where it must wait: it is not over.
type errAgain struct{}

func (errAgain) Error() string   { return "nothing more has come" }
func (errAgain) Timeout() bool   { return true }
func (errAgain) Temporary() bool { return true }

// from is the direction in which the leg is read, to that in which it is
// written.
func (l *leg) from() decode.Dir { return decode.Dir(l.which) }
func (l *leg) to() decode.Dir   { return decode.Dir(l.which).Other() }

// fill waits for bytes of TCP. A buffer is kept only while much arrives.
func (l *leg) fill() error {
	if len(l.in) > 0 {
		return nil
	}
	buf := l.small
	if l.hot {
		if l.big == nil {
			l.big = l.c.p.bufs.get()
		}
		buf = *l.big
	} else {
		l.cool()
		if buf == nil {
			l.small = make([]byte, smallBuf)
			buf = l.small
		}
	}
	n, err := l.raw.Read(buf)
	if n > 0 {
		l.at = l.c.p.now()
		l.lastIn.Store(l.at.UnixNano())
		l.hot = n >= smallBuf
		l.in = buf[:n]
		return nil
	}
	if err == nil {
		return io.ErrNoProgress
	}
	return err
}

// cool gives the whole buffer back.
func (l *leg) cool() {
	l.c.p.bufs.put(l.big)
	l.big = nil
}

// next is what of the bytes read can be handed on, above TLS; none where more
// must come first. It is valid until the next call. buf is scratch for TLS.
func (l *leg) next(buf []byte) ([]byte, error) {
	if l.tls == nil {
		p := l.in
		l.in = nil
		if l.c.p.o.Tap != nil {
			n := min(l.ahead, len(p))
			l.ahead -= n
			if l.lent != nil {
				l.untold = append(l.untold, p[n:]...)
			} else {
				l.untold = p[n:]
			}
		}
		l.read += int64(len(p))
		return p, nil
	}
	n, err := l.tls.Read(buf)
	l.read += int64(n)
	if n > 0 {
		return buf[:n], nil
	}
	if errors.As(err, new(errAgain)) {
		return nil, nil
	}
	return nil, err
}

// keep makes what was handed on last the leg's own, so that more can be read
// before it is told.
func (l *leg) keep() {
	if l.tls == nil && len(l.untold) > 0 && l.lent == nil {
		p := l.untold
		l.lent = l.c.p.bufs.get()
		l.untold = append((*l.lent)[:0], p...)
	}
}

// unread puts bytes back that the tap was told about.
func (l *leg) unread(p []byte) {
	l.in = append(append([]byte(nil), p...), l.in...)
	l.ahead += len(p)
	l.read -= int64(len(p))
}

// tell tells the tap what was handed on, marks before it.
func (l *leg) tell(marks []decode.Mark) {
	if l.c.p.o.Tap == nil {
		return
	}
	if len(l.untold) > 0 && !l.unseen {
		l.c.data(l.which, l.from(), l.at, l.untold, marks)
	} else if len(marks) > 0 {
		l.c.mark(marks...)
	}
	l.untold = nil
	if l.lent != nil {
		l.c.p.bufs.put(l.lent)
		l.lent = nil
	}
}

// write sends bytes above TLS. The marks concern leg A and are told before.
func (l *leg) write(p []byte, marks []decode.Mark) error {
	if l.gone.Load() {
		return net.ErrClosed
	}
	l.lastOut.Store(l.c.p.now().UnixNano())
	if len(p) == 0 {
		l.c.mark(marks...)
		return nil
	}
	if l.tls == nil {
		_, err := l.send(p, marks)
		return err
	}
	l.wmu.Lock()
	l.marks = append(l.marks, marks...)
	l.wmu.Unlock()
	_, err := l.tls.Write(p)
	return err
}

// send writes bytes of TCP.
func (l *leg) send(p []byte, marks []decode.Mark) (int, error) {
	if l.unseen {
		l.c.mark(marks...)
	} else {
		l.c.data(l.which, l.to(), time.Time{}, p, marks)
	}
	return l.raw.Write(p)
}

// finish ends what is written: with close_notify where notify is set and TLS is
// on, then FIN (RFC 6120 §4.4, RFC 8446 §6.1).
func (l *leg) finish(notify bool) {
	if l.gone.Swap(true) {
		return
	}
	if l.tls != nil && notify {
		l.tls.CloseWrite()
	}
	l.shutAt(false)
	if half, ok := l.raw.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
		return
	}
	l.raw.Close()
}

// shutAt tells the tap that what is written has ended.
func (l *leg) shutAt(reset bool) {
	if !l.unseen {
		l.c.closed(l.which, l.to(), reset)
	}
}

// reset cuts the connection: RST where TCP can.
func (l *leg) reset() {
	if l == nil {
		return
	}
	if !l.gone.Swap(true) {
		l.shutAt(true)
	}
	if t, ok := l.raw.(interface{ SetLinger(int) error }); ok {
		t.SetLinger(0)
	}
	l.raw.Close()
}

// close lets the connection go.
func (l *leg) close() {
	if l == nil {
		return
	}
	if !l.gone.Swap(true) {
		l.shutAt(false)
	}
	l.raw.Close()
}

// isReset tells an end by RST from one in order.
func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// isTimeout tells a deadline that has passed.
func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}
