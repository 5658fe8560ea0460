package tui

import (
	"io"
	"sync"
	"time"

	"github.com/gdamore/tcell/v2"
)

// pending is how long the beginning of a sequence waits for the rest. Terminals
// send one at once; over a slow line it may come in two packets.
const pending = 50 * time.Millisecond

// keyboard is a terminal that tells keys from control strings, see typed. It
// reads in a goroutine of its own between Start and Drain, so that what was held
// back can be let go when nothing more comes.
type keyboard struct {
	tcell.Tty
	mu     sync.Mutex
	bursts chan burst
	typed  typed
	ready  []byte // not yet taken by Read
	fail   error  // what ended reading, for when ready is taken
	quit   chan struct{}
	ended  chan struct{}
}

// burst is what one read gave.
type burst struct {
	p   []byte
	err error
}

// Start takes the terminal and begins to read.
func (k *keyboard) Start() error {
	if err := k.Tty.Start(); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.bursts, k.quit, k.ended = make(chan burst), make(chan struct{}), make(chan struct{})
	k.typed, k.ready, k.fail = typed{}, nil, nil
	go listen(k.Tty, k.bursts, k.quit, k.ended)
	return nil
}

// listen reads until that fails or is given up.
func listen(from io.Reader, to chan<- burst, quit <-chan struct{}, ended chan<- struct{}) {
	defer close(ended)
	for {
		p := make([]byte, 4096)
		n, err := from.Read(p)
		if n == 0 && err == nil {
			err = io.EOF // a terminal that is gone reads so, for ever
		}
		select {
		case to <- burst{p[:n], err}:
		case <-quit:
			return
		}
		if err != nil {
			return
		}
	}
}

// Read gives keys. It ends with an error when the terminal is gone, or was
// drained.
func (k *keyboard) Read(p []byte) (int, error) {
	k.mu.Lock()
	bursts, quit := k.bursts, k.quit
	k.mu.Unlock()
	for len(k.ready) == 0 {
		if k.fail != nil {
			return 0, k.fail
		}
		var late <-chan time.Time
		if len(k.typed.held) > 0 {
			t := time.NewTimer(pending)
			defer t.Stop()
			late = t.C
		}
		select {
		case b := <-bursts:
			k.ready, k.fail = k.typed.feed(b.p), b.err
		case <-late:
			k.ready = k.typed.rest()
		case <-quit:
			return 0, io.EOF
		}
	}
	n := copy(p, k.ready)
	k.ready = k.ready[n:]
	return n, nil
}

// Drain ends reading.
func (k *keyboard) Drain() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	err := k.Tty.Drain()
	if k.quit != nil {
		close(k.quit)
		k.quit = nil
	}
	return err
}

// Stop gives the terminal back, when nothing reads from it any more.
func (k *keyboard) Stop() error {
	k.mu.Lock()
	ended := k.ended
	k.mu.Unlock()
	if ended != nil {
		<-ended
	}
	return k.Tty.Stop()
}
