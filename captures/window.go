package captures

import (
	"context"
	"io"
)

const (
	windowSize = 1 << 20  // one read of this size costs less than the memory traffic it causes
	windowMax  = 64 << 20 // no record may ask for more
)

// window is a sliding view of a reader. It reads in large pieces, never waits
// for more than it was asked for (a pipe or a growing file must not stall), and
// grows only with bytes that really came.
type window struct {
	r      io.Reader
	stop   context.Context // when it is done the input ends here; nil: nobody stops it
	buf    []byte
	lo, hi int
	base   int64 // file offset of buf[0]
	err    error // why reading ended, sticky
}

// need makes at least n unread bytes visible and reports whether it could.
func (w *window) need(n int) bool {
	if w.hi-w.lo >= n {
		return true
	}
	return w.fill(n)
}

func (w *window) fill(n int) bool {
	if n > windowMax {
		return false
	}
	idle := 0
	for w.hi-w.lo < n {
		if w.err == nil && w.stop != nil && w.stop.Err() != nil {
			w.err = io.EOF // a plain end, as of a file that still grows
		}
		if w.err != nil {
			return false
		}
		w.room()
		m, err := w.r.Read(w.buf[w.hi:])
		if m == 0 && err == nil {
			if idle++; idle > 100 {
				err = io.ErrNoProgress
			}
		}
		w.hi += m
		w.err = err
	}
	return true
}

// room makes space for one read: by moving the rest to the front, else by doubling.
func (w *window) room() {
	if w.buf == nil {
		w.buf = make([]byte, windowSize)
	}
	if len(w.buf)-w.hi >= windowSize/16 {
		return
	}
	if w.lo > 0 {
		w.base += int64(w.lo)
		w.hi = copy(w.buf, w.buf[w.lo:w.hi])
		w.lo = 0
		return
	}
	if w.hi == len(w.buf) {
		grown := make([]byte, 2*len(w.buf))
		copy(grown, w.buf)
		w.buf = grown
	}
}

// view is all that is visible now.
func (w *window) view() []byte { return w.buf[w.lo:w.hi] }

// at is the file offset of the first visible byte.
func (w *window) at() int64 { return w.base + int64(w.lo) }

// skip passes over n bytes, in pieces, however many they are. It reports how
// many it passed; fewer than n means the input ended.
func (w *window) skip(n int64) int64 {
	left := n
	for left > 0 {
		have := int64(w.hi - w.lo)
		if have == 0 {
			if !w.need(1) {
				break
			}
			continue
		}
		step := min(have, left)
		w.lo += int(step)
		left -= step
	}
	return n - left
}

// failed is the reader's own error, nil at a plain end.
func (w *window) failed() error {
	if w.err == io.EOF || w.err == io.ErrUnexpectedEOF {
		return nil
	}
	return w.err
}
