package proxy

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
	"xmppscope/proxy/web"
)

// lane is one direction of a connection: it reads one leg and writes the other.
//
// A unit passes two queues. In wait are units about which nothing has been
// decided, because something before them is held; in out is what has been
// decided and is to be written. Whoever finds out non-empty and nobody writing
// writes, so that no goroutine stands by only to write.
type lane struct {
	c        *Conn
	dir      decode.Dir
	from, to *leg

	mu   sync.Mutex
	room *sync.Cond // something was written, or the lane is over
	wait []*item
	out  []*item
	size int  // bytes in both
	busy bool // somebody writes
	dead bool // to cannot be written any more

	framer framer
	aimed  bool      // that requests go elsewhere was said
	web    *web.Side // the framer, where the client speaks HTTP; else nil
	// base is what to add to offsets of the framer to have places of the
	// direction as from carries it; sent is up to where of the framer's bytes
	// have left already, cut or not; done the place up to which all is decided.
	base, sent, done int64
	fed              int64 // bytes given to the framer
	// planned is how many bytes will have been written to to when out is empty.
	planned int64
	opaque  atomic.Bool // nothing can be framed here: all passes as bytes
	// partial is set while the beginning of a unit waits for its end.
	partial bool
	frozen  bool
	closing bool // a verdict ends the connection: what is behind its unit does not go on
	turn    turn
	early   []byte // behind a request to switch, until its answer
	ended   bool   // from has ended
	over    bool   // and that was passed on

	// parked is sent to when the reader has stopped for a change of layers,
	// resumed when it may go on; exit is closed when it is over.
	parked, resumed, exit chan struct{}
}

// turn is where a lane is in a change of layers.
type turn uint8

const (
	noTurn  turn = iota
	asked        // a request or its answer has been read: what follows may be another layer
	turning      // the answer is yes: the lane stops reading
)

func newLane(c *Conn, dir decode.Dir, from, to *leg) *lane {
	l := &lane{c: c, dir: dir, from: from, to: to, framer: c.newFramer(),
		parked: make(chan struct{}), resumed: make(chan struct{}, 1), exit: make(chan struct{})}
	l.room = sync.NewCond(&l.mu)
	if c.talk != nil {
		l.web = c.talk.Side(dir)
		l.framer = l.web
	}
	return l
}

// framer cuts a direction into units.
type framer interface {
	Push(p []byte)
	Next() (xmlstream.Unit, bool)
	Pending() int
	Unread() []byte
	Take() []byte
	Depth() int
}

// patience is how long a unit may stay unfinished during the negotiation before
// what has come of it goes on: a peer may answer what is no element at all.
const patience = 3 * time.Second

// run reads until the end.
func (l *lane) run() {
	defer close(l.exit)
	for {
		open, ok := l.ready()
		if !ok {
			return
		}
		err := l.from.fill()
		if l.c.parking.Load() {
			if !l.park() {
				return
			}
			continue
		}
		if open {
			l.unhurry()
		}
		if err == nil {
			err = l.drink()
		}
		if open && isTimeout(err) {
			l.mu.Lock()
			l.spill("it has not been finished in %v", patience)
			l.partial = false
			l.step()
			l.mu.Unlock()
			continue
		}
		if err != nil {
			l.end(err)
			return
		}
	}
}

// ready waits until there is room for more. open tells that a unit is
// unfinished, which gets a deadline; ok that the lane is to go on.
func (l *lane) ready() (open, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.dead && !l.c.parking.Load() && l.size > l.c.p.o.Bounds.Lane {
		l.room.Wait()
	}
	open = l.partial && !l.c.watched() && !l.c.bars(l.dir) // what is to be gated is waited for
	if open && !l.c.parking.Load() {
		l.from.raw.SetReadDeadline(l.c.p.now().Add(patience))
	}
	return open, !l.dead && !l.c.over.Load()
}

func (l *lane) unhurry() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.c.parking.Load() {
		l.from.raw.SetReadDeadline(time.Time{})
	}
}

// unsent is how many bytes of those pending in the framer have left.
func (l *lane) unsent() int64 { return max(0, l.sent-l.cutUp()) }

// cutUp is the framer's offset of the next unit.
func (l *lane) cutUp() int64 { return l.fed - int64(l.framer.Pending()) }

func (l *lane) push(p []byte) {
	l.framer.Push(p)
	l.fed += int64(len(p))
}

// drink takes what has been read, record by record.
func (l *lane) drink() error {
	var buf []byte
	if l.from.tls != nil {
		b := l.c.p.bufs.get()
		defer l.c.p.bufs.put(b)
		buf = *b
	}
	for {
		p, err := l.from.next(buf)
		if len(p) > 0 {
			l.take(p)
		}
		if err != nil {
			return err
		}
		if len(p) == 0 || l.from.tls == nil {
			return nil
		}
	}
}

// take takes a piece of the direction.
func (l *lane) take(p []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.over || l.dead:
		l.from.tell(nil)
	case l.turn != noTurn:
		l.from.tell(nil)
		l.early = append(l.early, p...)
		l.size += len(p)
	case l.idle() && (l.opaque.Load() || !l.c.inline(l) && !l.c.surprise(l, p)):
		if l.partial {
			l.partial = false
			l.spill("") // what had waited for its end need not any more
			l.step()
		}
		l.pass(p)
	case l.opaque.Load():
		l.from.tell(nil)
		l.put(&item{kind: bytesItem, at: l.from.read - int64(len(p)), xml: clone(p)})
		l.step()
	default:
		l.c.catchUp()
		l.push(p)
		l.from.tell(l.work())
		l.c.nudge(l)
		l.drain()
		l.c.tidyLater()
	}
}

// idle tells whether nothing waits and nobody writes.
func (l *lane) idle() bool {
	return len(l.wait) == 0 && len(l.out) == 0 && !l.busy && !l.frozen && !l.closing
}

// pass writes a piece as it came and decodes it afterwards.
func (l *lane) pass(p []byte) {
	l.busy = true
	l.planned += int64(len(p)) // what is put in meanwhile goes out behind it
	l.done = l.from.read
	l.mu.Unlock()
	l.from.tell(nil)
	if !l.opaque.Load() {
		l.c.later(l, p)
	}
	err := l.to.write(p, nil)
	l.mu.Lock()
	l.busy = false
	if err != nil {
		l.die()
		return
	}
	if len(l.wait) > 0 || len(l.out) > 0 { // who came meanwhile has left it to this
		l.step()
	}
}

// follow frames and decodes what has passed.
func (l *lane) follow(p []byte) {
	l.push(p)
	l.sent = l.fed
	for {
		u, ok := l.framer.Next()
		if !ok {
			break
		}
		if hopeless(u) {
			l.giveUp(u)
			return
		}
	}
	l.c.observe(l.dir, p)
}

// hopeless tells a unit after which framing tells nothing.
func hopeless(u xmlstream.Unit) bool {
	return u.Kind == xmlstream.Opaque || u.Kind == xmlstream.Broken && (u.Err == nil || u.Err.Rule == "" || u.Err.Fatal)
}

// giveUp makes the lane opaque.
func (l *lane) giveUp(u xmlstream.Unit) {
	l.opaque.Store(true)
	why := "it is not XML that XMPP knows"
	if u.Err != nil {
		why = u.Err.Text
	}
	l.c.note(l.dir, "from here on bytes are relayed as they come, and no element is held or changed: %s", why)
}

// work takes what is complete and decides about it, and then about the rest.
func (l *lane) work() []decode.Mark {
	l.cut()
	marks := l.decide()
	if l.turn == noTurn && !l.opaque.Load() {
		l.rest()
		marks = append(marks, l.decide()...)
	}
	l.partial = !l.opaque.Load() && int64(l.framer.Pending()) > l.unsent()
	return marks
}

// cut takes the units that are complete.
func (l *lane) cut() {
	for l.turn == noTurn {
		u, ok := l.framer.Next()
		if !ok {
			return
		}
		l.unit(u)
		if l.opaque.Load() {
			l.spill("")
			return
		}
	}
}

// unit puts one unit into the queue, or what has not left of it.
func (l *lane) unit(u xmlstream.Unit) {
	it := &item{kind: unitItem, xml: u.Wire, at: l.base + u.Off, since: l.from.at}
	if gone := l.sent - u.Off; gone > 0 {
		gone = min(gone, int64(len(u.Wire)))
		it.kind, it.xml, it.at = bytesItem, u.Wire[gone:], it.at+gone
	}
	if hopeless(u) {
		it.kind = bytesItem
		l.giveUp(u)
	}
	first := l.sent > u.Off
	l.sent = max(l.sent, u.Off+int64(len(u.Wire)))
	if l.web != nil {
		if l.message(it); it.beside {
			return
		}
	}
	if l.put(it); first {
		l.first()
	}
	if it.kind == unitItem && l.web == nil && l.c.asksTurn(l.dir, u) {
		l.turn = asked
		rest := l.framer.Take()
		l.fed -= int64(len(rest))
		l.early = append(l.early, rest...)
		l.size += len(rest)
		it.turns = true
	}
}

// rest looks at what is not yet a unit: white space between elements does not
// wait for what ends it, text never becomes an element, and what is longer than
// the bound is not kept.
func (l *lane) rest() {
	p := l.framer.Unread()
	if len(p) == 0 {
		return
	}
	switch blank := l.blank(); {
	case l.begun():
		l.spill("") // the rest of what went on before anybody asked
	case l.web != nil:
		if len(p) > l.c.p.o.Bounds.Unit/2 {
			l.spill("it is longer than %d bytes", len(p))
		}
	case blank && l.framer.Depth() <= 1:
		if len(l.wait) == 0 {
			l.spill("")
		}
	case p[0] != '<' && p[0] != 0xEF && !blank && !isSpace(p[0]):
		l.opaque.Store(true)
		l.c.note(l.dir, "from here on bytes are relayed as they come, and no element is held or changed: there is text between elements")
		l.spill("")
	case len(p) > l.c.p.o.Bounds.Unit/2:
		l.spill("it is longer than %d bytes", len(p))
	}
}

// spill lets what is pending go on although it is no unit yet. The text says
// why; none where nothing needs to be said.
func (l *lane) spill(why string, args ...any) {
	p := l.framer.Unread()
	if gone := l.unsent(); gone > 0 {
		p = p[min(gone, int64(len(p))):]
	}
	if len(p) == 0 {
		return
	}
	if why != "" {
		l.c.note(l.dir, "the beginning of an element goes on before its end has come: "+why, args...)
	}
	first := l.begun()
	l.sent = l.fed
	if l.put(&item{kind: bytesItem, at: l.base + l.fed - int64(len(p)), xml: clone(p)}); first {
		l.first()
	}
}

// first brings the last item to the front: it is the rest of a unit that has
// left in part, which nothing may come into.
func (l *lane) first() {
	if n := len(l.wait) - 1; n > 0 {
		last := l.wait[n]
		copy(l.wait[1:], l.wait[:n])
		l.wait[0] = last
	}
}

// end passes on that from has ended, behind everything that waits.
func (l *lane) end(err error) {
	l.from.cool()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.from.tell(nil)
	l.from.finished.Store(true)
	if !l.c.over.Load() && !l.from.unseen {
		l.c.closed(l.from.which, l.dir, isReset(err))
	}
	l.c.catchUp()
	if !l.opaque.Load() && l.turn == noTurn {
		l.spill("")
	}
	if len(l.early) > 0 {
		l.put(&item{kind: bytesItem, at: l.from.read - int64(len(l.early)), xml: l.early})
		l.size -= len(l.early)
		l.early = nil
	}
	l.ended = true
	l.step()
	if n := len(l.wait); n > 0 && !l.c.over.Load() {
		l.c.note(l.dir, "the %s has closed the connection while %d of its units wait", who(l.dir), n)
	}
	if err != io.EOF && !isReset(err) && !errors.Is(err, net.ErrClosed) && !l.c.over.Load() {
		l.c.note(l.dir, "the connection to the %s broke: %s", who(l.dir), plain(err))
	}
	if l.over || l.dead {
		l.c.rest()
		return
	}
	l.put(&item{kind: endItem, reset: isReset(err), notify: l.from.tls != nil && errors.Is(err, io.EOF)})
	l.step()
}

// die is for a leg that cannot be written any more. What comes for it is
// thrown away.
func (l *lane) die() {
	if l.dead {
		return
	}
	l.dead = true
	for _, it := range l.wait {
		if it.timer != nil {
			it.timer.Stop()
		}
	}
	l.wait, l.out, l.size = nil, nil, 0
	l.room.Broadcast()
	l.c.laneOver(l)
}

// who names the side that sends in a direction.
func who(d decode.Dir) string {
	if d == decode.FromInitiator {
		return "client"
	}
	return "server"
}

func clone(p []byte) []byte { return append([]byte(nil), p...) }

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\r' || b == '\t' }

// blank tells whether all that is pending is white space. There may be much of it
// before its end comes, so nobody looks at all of it each time.
func (l *lane) blank() bool {
	if f, ok := l.framer.(*xmlstream.Framer); ok {
		return f.Blank()
	}
	return isBlank(l.framer.Unread())
}

func isBlank(p []byte) bool {
	for _, b := range p {
		if !isSpace(b) {
			return false
		}
	}
	return true
}
