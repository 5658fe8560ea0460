package sandbox

import (
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"xmppscope/decode/xmlstream"
)

// What the server grants in BOSH (XEP-0124 §7): how long a request is held, how
// many are, how many may be under way, and how long a client may be silent.
const (
	boshWait       = 60 * time.Second
	boshHold       = 1
	boshRequests   = boshHold + 1
	boshInactivity = 60 * time.Second
)

// boshSession is a stream whose parts travel in requests and responses
// (XEP-0124). Inside, it is a connection through memory.
type boshSession struct {
	sid string
	in  net.Conn // what is written here is read as a stream
	o   xmlstream.Options

	mu     sync.Mutex
	cond   *sync.Cond
	header *xmlstream.Node // of the server's stream
	out    []string
	over   bool
	rid    uint64            // of the last request whose payload was taken
	held   []uint64          // requests that wait for their responses, by their numbers
	busy   bool              // a payload is being taken
	given  map[uint64]string // the last responses, for requests that come again
	hold   int
	wait   time.Duration
	idle   *time.Timer
}

// bosh answers one request.
func (c *conn) bosh(r *http.Request) error {
	text, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, int64(c.srv.o.Limits.Unit)))
	if err != nil {
		return err
	}
	o := c.limits(c.srv.o.Limits.Unit)
	n := parseAlone(text, o)
	if n == nil || n.Name != (xmlstream.Name{Space: nsBOSH, Local: "body"}) {
		c.terminate("bad-request")
		return nil
	}
	rid, err := strconv.ParseUint(attr(n, "rid"), 10, 53)
	if err != nil {
		c.terminate("bad-request")
		return nil
	}
	sid := attr(n, "sid")
	c.srv.life.Lock()
	b := c.srv.boshes[sid]
	c.srv.life.Unlock()
	switch {
	case sid == "":
		if b = c.newBosh(n, rid, o); b == nil {
			c.terminate("internal-server-error")
			return nil
		}
	case b == nil:
		c.terminate("item-not-found")
		return nil
	}
	answer, ok := b.request(n, rid, sid == "")
	if !ok {
		c.terminate("item-not-found")
		return nil
	}
	c.respond("200 OK", "text/xml; charset=utf-8", answer)
	return nil
}

// terminate refuses a request (XEP-0124 §17.2).
func (c *conn) terminate(condition string) {
	c.respond("200 OK", "text/xml; charset=utf-8", element("", "body", "xmlns", nsBOSH, "type", "terminate", "condition", condition))
}

// newBosh begins a session (XEP-0124 §7).
func (c *conn) newBosh(n *xmlstream.Node, rid uint64, o xmlstream.Options) *boshSession {
	ours, theirs := net.Pipe()
	inner := c.srv.admit(ours)
	if inner == nil {
		return nil
	}
	inner.web, inner.sealed = true, c.sealed
	b := &boshSession{sid: inner.ids.id(12), in: theirs, o: o, rid: rid - 1, given: map[uint64]string{}, hold: boshHold, wait: boshWait}
	b.cond = sync.NewCond(&b.mu)
	if v, err := strconv.Atoi(attr(n, "wait")); err == nil && v >= 0 {
		b.wait = min(boshWait, time.Duration(min(v, 3600))*time.Second)
	}
	if attr(n, "hold") == "0" {
		b.hold = 0
	}
	b.idle = time.AfterFunc(boshInactivity, func() { _ = theirs.Close() })
	c.srv.life.Lock()
	c.srv.boshes[b.sid] = b
	c.srv.life.Unlock()
	c.srv.running.Go(func() {
		defer c.srv.dismiss(inner)
		inner.run(StartTLS)
	})
	c.srv.running.Go(func() {
		b.collect(newCutter(c.srv))
		c.srv.life.Lock()
		delete(c.srv.boshes, b.sid)
		c.srv.life.Unlock()
	})
	return b
}

// collect gathers what the server writes until the stream ends.
func (b *boshSession) collect(k *cutter) {
	buf := make([]byte, 8<<10)
	for {
		n, err := b.in.Read(buf)
		b.mu.Lock()
		for _, p := range k.cut(buf[:n]) {
			switch p.kind {
			case xmlstream.Header:
				if b.header == nil {
					b.header = p.root
				}
			case xmlstream.Close:
				b.over = true
			default:
				b.out = append(b.out, p.xml)
			}
		}
		b.over = b.over || err != nil
		b.cond.Broadcast()
		b.mu.Unlock()
		if err != nil {
			b.idle.Stop()
			_ = b.in.Close()
			return
		}
	}
}

// request takes what a request brings, when its turn has come, and returns the
// response. Not ok: its number is out of the window (XEP-0124 §14).
func (b *boshSession) request(n *xmlstream.Node, rid uint64, first bool) (answer string, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if again, known := b.given[rid]; known {
		return again, true
	}
	if rid <= b.rid || rid > b.rid+boshRequests {
		return "", false
	}
	b.idle.Stop()
	at, _ := slices.BinarySearch(b.held, rid) // requests may overtake each other
	b.held = slices.Insert(b.held, at, rid)
	b.cond.Broadcast()
	late := false
	clock := time.AfterFunc(b.wait, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		late = true
		b.cond.Broadcast()
	})
	defer clock.Stop()
	for (b.rid+1 != rid || b.busy) && !b.over && !late {
		b.cond.Wait()
	}
	if b.rid+1 == rid && !b.busy {
		b.rid, b.busy = rid, true
		b.feed(n)
		b.busy = false
		b.cond.Broadcast()
	}
	ending := attr(n, "type") == "terminate"
	// Responses go in the order of their requests (XEP-0124 §14.1).
	for !b.over && !late && (b.held[0] != rid || (ending || len(b.out) == 0) && (first || ending || len(b.held) <= b.hold)) {
		b.cond.Wait()
	}
	answer = b.response(first)
	b.given[rid] = answer
	delete(b.given, rid-boshRequests)
	b.held = slices.DeleteFunc(b.held, func(h uint64) bool { return h == rid })
	if len(b.held) == 0 && !b.over {
		b.idle.Reset(boshInactivity)
	}
	b.cond.Broadcast()
	return answer, true
}

// feed gives what stands in a request to the stream. The lock is let go
// meanwhile: the stream may have to be written first.
func (b *boshSession) feed(n *xmlstream.Node) {
	said := ""
	if b.header == nil || attrNS(n, nsXBOSH, "restart") == "true" {
		said = streamHeader(n)
	}
	for e := range n.Children() {
		said += forwarded(e, e.Scope, "", attr(e, "from"), attr(e, "to"))
	}
	if attr(n, "type") == "terminate" {
		said += "</stream:stream>"
	}
	if said == "" {
		return
	}
	b.mu.Unlock()
	defer b.mu.Lock()
	_, _ = io.WriteString(b.in, said) // who is gone is told so by response
}

func attrNS(n *xmlstream.Node, space, name string) string {
	v, _ := n.AttrNS(space, name)
	return v
}

// response wraps what waits (XEP-0124 §8, XEP-0206 §4).
func (b *boshSession) response(first bool) string {
	attrs := []string{"xmlns", nsBOSH, "xmlns:stream", xmlstream.NSStreams}
	if first && b.header != nil {
		attrs = append(attrs, "sid", b.sid, "wait", number(int(b.wait/time.Second)), "hold", number(b.hold), "requests", number(b.hold+1),
			"inactivity", number(int(boshInactivity/time.Second)), "polling", "2", "ver", "1.6", "from", attr(b.header, "from"),
			"authid", attr(b.header, "id"), "xmlns:xmpp", nsXBOSH, "xmpp:version", "1.0", "xmpp:restartlogic", "true")
	}
	if b.over {
		attrs = append(attrs, "type", "terminate")
		for _, xml := range b.out {
			if strings.HasPrefix(xml, "<stream:error") {
				attrs = append(attrs, "condition", "remote-stream-error")
				break
			}
		}
	}
	inside := strings.Join(b.out, "")
	b.out = nil
	return element(inside, "body", attrs...)
}
