package probe

import (
	"errors"
	"net"
	"sync"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/tlswire"
)

// errTooMuch ends a connection on which more came than a server has to say.
var errTooMuch = errors.New("the server says more than can be looked at")

// chunk is what passed at once.
type chunk struct {
	dir  decode.Dir
	time time.Time
	data []byte
	end  bool // of the direction
}

// tap keeps what passes on a TCP connection until it is decoded.
type tap struct {
	net.Conn
	mu     sync.Mutex
	chunks []chunk
	left   int64 // bytes that may still be read
	ended  [2]bool
}

func (c *tap) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	if n > 0 {
		c.chunks = append(c.chunks, chunk{dir: decode.FromReceiver, time: time.Now(), data: append([]byte(nil), p[:n]...)})
	}
	if c.left -= int64(n); c.left < 0 {
		return n, errTooMuch
	}
	if err != nil && !isTimeout(err) {
		c.finish(decode.FromReceiver)
	}
	return n, err
}

// Write keeps the bytes first: the answer must not stand before the question.
func (c *tap) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.chunks = append(c.chunks, chunk{dir: decode.FromInitiator, time: time.Now(), data: append([]byte(nil), p...)})
	c.mu.Unlock()
	return c.Conn.Write(p)
}

func (c *tap) Close() error {
	c.mu.Lock()
	c.finish(decode.FromInitiator)
	c.mu.Unlock()
	return c.Conn.Close()
}

func (c *tap) finish(dir decode.Dir) {
	if !c.ended[dir] {
		c.ended[dir] = true
		c.chunks = append(c.chunks, chunk{dir: dir, time: time.Now(), end: true})
	}
}

// over tells whether a direction has ended.
func (c *tap) over(dir decode.Dir) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended[dir]
}

func (c *tap) take() []chunk {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.chunks
	c.chunks = nil
	return all
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

// keys are the secrets of the TLS connections that were made here.
type keys struct{ log tlswire.KeyLog }

func (k *keys) Secret(label string, random *[32]byte) ([]byte, string) {
	return k.log.Secret(label, random), "proxy"
}

// watch decodes what a tap kept. It is used by one goroutine at a time.
type watch struct {
	tap  *tap
	keys keys
	conn *decode.Conn
	each func(*decode.Event)
	over bool
}

// newWatch begins with the connection of TCP, which stands already.
func newWatch(o *Options, t *tap, began time.Time) *watch {
	w := &watch{tap: t, each: o.each}
	w.conn = decode.NewConn(o.conn(), decode.Options{Keys: &w.keys, Number: o.number})
	w.tell(w.conn.Connect(began))
	return w
}

func (w *watch) tell(all []decode.Event) {
	for i := range all {
		w.each(&all[i])
	}
}

// flush decodes what has passed. The secrets of TLS are known by the time a
// read or a handshake returns.
func (w *watch) flush() {
	for _, c := range w.tap.take() {
		if c.end {
			w.tell(w.conn.End(c.dir, c.time))
			continue
		}
		for p := c.data; len(p) > 0; {
			events, n := w.conn.Feed(c.dir, c.time, p)
			w.tell(events)
			if n == 0 && len(events) == 0 {
				break // whoever does not take it now never will
			}
			p = p[n:]
		}
	}
}

// finish says that nothing more comes.
func (w *watch) finish() decode.Conversation {
	w.flush()
	if !w.over {
		w.over = true
		w.tell(w.conn.Finish(time.Now()))
	}
	return w.conn.Summary()
}
