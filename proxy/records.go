package proxy

import (
	"net"
	"time"
)

// records is the TCP connection of a leg as crypto/tls sees it: it reads one
// record at a time, so that what a record says can be decided on before the
// next is told to the tap.
type records struct{ l *leg }

// record is where in the records of TLS reading is (RFC 8446 §5.1).
type record struct {
	head [5]byte
	have int // bytes of head
	left int // bytes of the body that are to come
}

// whole is how many bytes of p belong to the record at hand.
func (r *record) whole(p []byte) int {
	if r.have == len(r.head) {
		return min(r.left, len(p))
	}
	need := len(r.head) - r.have
	if len(p) < need {
		return len(p)
	}
	h := r.head
	copy(h[r.have:], p[:need])
	return min(need+int(h[3])<<8+int(h[4]), len(p))
}

// pass notes that p, no longer than whole, was handed on. It tells whether the
// record is complete.
func (r *record) pass(p []byte) bool {
	n := copy(r.head[r.have:], p)
	if r.have < len(r.head) {
		r.have += n
		if r.have < len(r.head) {
			return false
		}
		r.left = int(r.head[3])<<8 + int(r.head[4])
	} else {
		n = 0
	}
	r.left -= len(p) - n
	if r.left > 0 {
		return false
	}
	*r = record{}
	return true
}

// Read hands on at most the rest of one record.
func (r records) Read(p []byte) (int, error) {
	l := r.l
	for len(l.in) == 0 {
		if !l.wait {
			return 0, errAgain{}
		}
		l.tell(nil)
		if err := l.fill(); err != nil {
			return 0, err
		}
	}
	if l.text {
		n := copy(p, l.in)
		l.untold, l.in = l.in[:n], l.in[n:]
		l.tell(nil)
		return n, nil
	}
	if l.rec.have == 0 {
		l.tell(nil) // the last record said nothing above TLS
	}
	if l.wait && l.rec.have == 0 {
		l.alert = clearAlert(l.in)
	}
	n := min(l.rec.whole(l.in), len(p))
	copy(p, l.in[:n])
	l.shake.see(int(l.from()), p[:n])
	l.spend(n)
	return n, nil
}

// clearAlert is what a record says that is an alert in clear text, 0 where it is
// none. OpenSSL sends such where TLS 1.3 encrypts already, and crypto/tls cannot
// read them.
func clearAlert(record []byte) uint8 {
	if len(record) >= 7 && record[0] == 0x15 && record[3] == 0 && record[4] == 2 {
		return record[6]
	}
	return 0
}

// spend takes n bytes of in as handed on.
func (l *leg) spend(n int) {
	p := l.in[:n]
	l.rec.pass(p)
	l.in = l.in[n:]
	if len(l.in) == 0 {
		l.in = nil
	}
	skip := min(l.ahead, n)
	l.ahead -= skip
	if p = p[skip:]; len(p) == 0 || l.c.p.o.Tap == nil {
		return
	}
	if l.lent == nil {
		l.lent = l.c.p.bufs.get()
		l.untold = (*l.lent)[:0]
	}
	l.untold = append(l.untold, p...)
}

// Write sends one record or more.
func (r records) Write(p []byte) (int, error) {
	l := r.l
	if l.wait {
		if l.gone.Load() {
			return 0, net.ErrClosed // it was broken off with an alert
		}
		l.tell(nil) // what this is the answer to
	}
	l.wmu.Lock()
	marks := l.marks
	l.marks = nil
	l.wmu.Unlock()
	if l.wait && !l.text {
		l.shake.see(int(l.to()), p)
	}
	return l.send(p, marks)
}

func (r records) Close() error                       { return nil } // the leg closes
func (r records) LocalAddr() net.Addr                { return r.l.raw.LocalAddr() }
func (r records) RemoteAddr() net.Addr               { return r.l.raw.RemoteAddr() }
func (r records) SetDeadline(t time.Time) error      { return r.l.raw.SetDeadline(t) }
func (r records) SetReadDeadline(t time.Time) error  { return r.l.raw.SetReadDeadline(t) }
func (r records) SetWriteDeadline(t time.Time) error { return r.l.raw.SetWriteDeadline(t) }
