package workshop

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// maxOwn is how many connections one student may have open, fairOwn how many of
// them stay when there is no place: as many as a browser opens, and those that it
// keeps for a while.
const (
	maxOwn  = 16
	fairOwn = 8
)

// door is the listener of a class. It keeps a bounded number of connections: at
// the limit a newcomer takes the place of who came earliest and has not shown
// that it is of the class, from the address that has most of those; where all have
// shown it, of the one who has most; and where nobody has more than is fair, the
// newcomer is told that there is no place.
type door struct {
	net.Listener
	class *Class
	max   int

	mu   sync.Mutex
	open map[*held]bool
	tell chan struct{} // as many as may be told at once that they are refused
}

// held is a connection that is open.
type held struct {
	net.Conn
	door  *door
	addr  netip.Addr
	since time.Time
	owner string // who it is of, once that has been shown
}

func newDoor(ln net.Listener, c *Class) *door {
	return &door{Listener: ln, class: c, max: c.o.Limits.Conns, open: map[*held]bool{}, tell: make(chan struct{}, 32)}
}

// quiet is a log that nobody reads: what strangers send is no news.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// Accept implements [net.Listener].
func (d *door) Accept() (net.Conn, error) {
	for {
		conn, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		h := &held{Conn: conn, door: d, since: time.Now()}
		if tcp, ok := conn.RemoteAddr().(*net.TCPAddr); ok {
			h.addr = tcp.AddrPort().Addr().Unmap().WithZone("")
		}
		if !d.class.o.Anyone && !Near(h.addr) {
			d.turnAway(conn, "This class is for its own network only.")
			continue
		}
		if !d.room(h) {
			d.turnAway(conn, "There are too many connections to this class. Wait a little and try again.")
			continue
		}
		return h, nil
	}
}

// room takes a connection in, if there is room or some can be made.
func (d *door) room(h *held) bool {
	d.mu.Lock()
	var out *held
	if len(d.open) >= d.max {
		if out = d.least(); out == nil {
			d.mu.Unlock()
			return false
		}
		delete(d.open, out)
	}
	d.open[h] = true
	d.mu.Unlock()
	if out != nil {
		_ = out.Conn.Close() // a server that serves it sees the end
	}
	return true
}

// least is the one that is missed least. The caller holds mu.
func (d *door) least() (out *held) {
	by := map[netip.Prefix]int{}
	for h := range d.open {
		if h.owner == "" {
			by[network(h.addr)]++
		}
	}
	for h := range d.open {
		if h.owner != "" {
			continue
		}
		a, b := by[network(h.addr)], 0
		if out != nil {
			b = by[network(out.addr)]
		}
		if out == nil || a > b || a == b && h.since.Before(out.since) {
			out = h
		}
	}
	if out == nil {
		return d.greedy()
	}
	return out
}

// greedy is the latest of who has most. The caller holds mu.
func (d *door) greedy() (out *held) {
	has := map[string]int{}
	for h := range d.open {
		has[h.owner]++
	}
	for h := range d.open {
		n, most := has[h.owner], fairOwn
		if out != nil {
			most = has[out.owner]
		}
		if n > most || out != nil && n == most && h.since.After(out.since) {
			out = h
		}
	}
	return out
}

// owned notes whose a connection is. It is false where they have too many.
func (d *door) owned(h *held, who string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if h.owner == who {
		return true
	}
	n := 0
	for other := range d.open {
		if other.owner == who {
			n++
		}
	}
	if n >= maxOwn {
		return false
	}
	h.owner = who
	return true
}

// state is told by the server how it stands with a connection.
func (d *door) state(conn net.Conn, s http.ConnState) {
	if h, ok := conn.(*held); ok && (s == http.StateClosed || s == http.StateHijacked) {
		d.mu.Lock()
		delete(d.open, h)
		d.mu.Unlock()
	}
}

// turnAway says why somebody is not let in. Under a flood not everybody is told.
func (d *door) turnAway(conn net.Conn, why string) {
	select {
	case d.tell <- struct{}{}:
	default:
		_ = conn.Close()
		return
	}
	go func() {
		defer func() { <-d.tell }()
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(time.Second))
		body := `{"error":"` + why + `"}` + "\n"
		fmt.Fprintf(conn, "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json; charset=utf-8\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
		_, _ = io.CopyN(io.Discard, conn, 16<<10) // closed at once, the answer would be lost
	}()
}
