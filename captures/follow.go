package captures

import (
	"context"
	"io"
	"os"
	"time"
)

// tailPause is how often a followed file is looked at again: short enough to
// feel live, long enough to cost nothing.
const tailPause = 100 * time.Millisecond

// tail reads a file that another program is still writing. At the end it waits;
// when the context is done it reports a plain end, so that what a half-written
// last record left behind is told as a truncation and not as a failure.
type tail struct {
	f    *os.File
	stop context.Context
	idle func() // called after each pause; nil: nobody asks
}

func (t *tail) Read(p []byte) (int, error) {
	for {
		n, err := t.f.Read(p)
		if n > 0 || (err != nil && err != io.EOF) {
			return n, err
		}
		select {
		case <-t.stop.Done():
			return 0, io.EOF
		case <-time.After(tailPause):
			if t.idle != nil {
				t.idle()
			}
		}
	}
}

// pipe reads from what may block for ever and cannot be interrupted: standard
// input, a FIFO. When stop is done it ends; a read that still waits is left to
// the end of the program.
type pipe struct {
	stop   context.Context
	pieces chan []byte
	empty  chan []byte
	rest   []byte
	piece  []byte
	err    error // set before pieces is closed
}

const pipePiece = 64 << 10 // what a Linux pipe holds

func newPipe(r io.Reader, stop context.Context) *pipe {
	p := &pipe{stop: stop, pieces: make(chan []byte, 4), empty: make(chan []byte, 6)}
	go p.pump(r)
	return p
}

func (p *pipe) pump(r io.Reader) {
	defer close(p.pieces)
	for {
		var b []byte
		select {
		case b = <-p.empty:
		default:
			b = make([]byte, pipePiece)
		}
		n, err := r.Read(b[:pipePiece])
		if n > 0 {
			select {
			case p.pieces <- b[:n]:
			case <-p.stop.Done():
				err = io.EOF
			}
		}
		if err != nil {
			p.err = err
			return
		}
	}
}

func (p *pipe) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		if p.piece != nil {
			select {
			case p.empty <- p.piece:
			default:
			}
			p.piece = nil
		}
		select {
		case piece, ok := <-p.pieces:
			if !ok {
				return 0, p.err
			}
			p.piece, p.rest = piece, piece
		case <-p.stop.Done():
			return 0, io.EOF
		}
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}
