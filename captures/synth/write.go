package synth

import (
	"bufio"
	"container/heap"
	"io"
	"math/rand/v2"
	"net/netip"
)

// Options of a big capture.
type Options struct {
	Conns   int     // client connections at the same time; default 100
	Size    int64   // bytes of the file at which clients begin to log out; default 10,000,000
	Seed    uint64  // the same seed gives the same bytes
	Retrans float64 // share of data segments that are sent twice; negative for none, default 0.005
	Reorder float64 // share of data segments that their successor overtakes; likewise
	// KeyLog, where set, makes the connections use STARTTLS and TLS 1.3, and
	// gets the key log.
	KeyLog io.Writer
}

func (o Options) withDefaults() Options {
	if o.Conns <= 0 {
		o.Conns = 100
	}
	if o.Size <= 0 {
		o.Size = 10_000_000
	}
	if o.Retrans == 0 {
		o.Retrans = 0.005
	}
	if o.Reorder == 0 {
		o.Reorder = 0.005
	}
	return o
}

// Truth is what a capture holds, counted while it was written. Pairs are by
// direction: client, server.
type Truth struct {
	Conns     int      `json:"conns"`
	Packets   int64    `json:"packets"`
	FileBytes int64    `json:"file_bytes"`
	XMLBytes  [2]int64 `json:"xml_bytes"`
	Open      [2]int64 `json:"open"`
	Features  [2]int64 `json:"features"`
	Nonza     [2]int64 `json:"nonza"`
	Message   [2]int64 `json:"message"`
	Presence  [2]int64 `json:"presence"`
	IQ        [2]int64 `json:"iq"`
	Close     [2]int64 `json:"close"`
	Retrans   int64    `json:"retransmitted"`
	Reordered int64    `json:"reordered"`
}

// Stanzas is the number of messages, presences and iqs of both directions.
func (t *Truth) Stanzas() int64 {
	return t.Message[0] + t.Message[1] + t.Presence[0] + t.Presence[1] + t.IQ[0] + t.IQ[1]
}

const mss = 1448

// writer is one run of the generator.
type writer struct {
	o     Options
	r     *rand.Rand
	out   *bufio.Writer
	truth Truth
	wire  wire
	text  []byte // the write being composed
	raw   bool   // which is TLS records already
	steps []step // of a login
	keys  []byte
	creds credentials
}

// Write writes a classic pcap of client connections to port 5222: logins with
// PLAIN or SCRAM-SHA-1, then talk in both directions until the file has the
// wanted size, then orderly ends. Headers, checksums and proofs are valid.
func Write(w io.Writer, o Options) (Truth, error) {
	o = o.withDefaults()
	g := &writer{o: o, r: rand.New(rand.NewPCG(o.Seed, 0x73796e7468)), out: bufio.NewWriterSize(w, 1<<18), creds: newCredentials()}
	g.truth.Conns = o.Conns
	if g.steps = login; o.KeyLog != nil {
		g.steps = append(append([]step(nil), encryption...), login[1:]...)
	}
	n, err := g.out.Write(File{}.header(nil))
	g.truth.FileBytes = int64(n)
	clients := g.clients()
	heap.Init(&clients)
	for err == nil && len(clients) > 0 {
		c := clients[0]
		if err = g.flush(c.now); err != nil {
			break
		}
		if g.act(c) {
			heap.Fix(&clients, 0)
		} else {
			heap.Pop(&clients)
		}
	}
	if err == nil {
		err = g.flush(1<<63 - 1)
	}
	if err == nil {
		err = g.out.Flush()
	}
	if err == nil && o.KeyLog != nil {
		_, err = o.KeyLog.Write(g.keys)
	}
	return g.truth, err
}

// clients spreads the logins over some seconds.
func (g *writer) clients() clientHeap {
	const start = 1_767_322_800_000_000 // microseconds
	all := make(clientHeap, g.o.Conns)
	for i := range all {
		c := &client{
			id:  i,
			now: start + int64(i)*5_000_000/int64(g.o.Conns) + int64(g.r.IntN(2000)),
			addr: [2]netip.AddrPort{
				netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 1 + byte(i>>16), byte(i >> 8), byte(i)}), uint16(32768+g.r.IntN(28000))),
				netip.AddrPortFrom(netip.AddrFrom4([4]byte{198, 51, 100, byte(1 + i%3)}), 5222),
			},
			seq:   [2]uint32{g.r.Uint32(), g.r.Uint32()},
			scram: g.r.IntN(2) == 0,
		}
		c.nonce[0], c.nonce[1] = g.token(18), g.token(18)
		all[i] = c
	}
	return all
}

// act lets a client take its next step; false when it has left.
func (g *writer) act(c *client) bool {
	switch {
	case c.step < len(g.steps):
		g.login(c)
	case g.truth.FileBytes < g.o.Size:
		g.talk(c)
	default:
		g.leave(c)
		return false
	}
	return true
}

// leave closes stream and connection.
func (g *writer) leave(c *client) {
	g.say(c, 0, kindPresence, "<presence type='unavailable'/>")
	g.say(c, 0, kindClose, "</stream:stream>")
	g.send(c, 0)
	c.now += 21_000
	g.say(c, 1, kindClose, "</stream:stream>")
	g.send(c, 1)
	c.now += 20_000
	for _, d := range []int{0, 1} {
		g.segment(c, d, c.now+int64(d)*300, FIN|ACK, nil)
		c.seq[d]++
	}
	g.segment(c, 0, c.now+20_000, ACK, nil)
}

// kind is what the truth counts.
type kind uint8

const (
	kindOpen kind = iota
	kindFeatures
	kindNonza
	kindMessage
	kindPresence
	kindIQ
	kindClose
	kindRaw // TLS itself, which is not counted
)

func (t *Truth) of(k kind) *[2]int64 {
	return [...]*[2]int64{&t.Open, &t.Features, &t.Nonza, &t.Message, &t.Presence, &t.IQ, &t.Close}[k]
}

// say adds one unit to the write that send will make.
func (g *writer) say(c *client, dir int, k kind, unit string) {
	g.text = append(g.text, unit...)
	g.counted(c, dir, k)
}

// counted counts a unit that was composed in place.
func (g *writer) counted(c *client, dir int, k kind) {
	if k == kindRaw {
		g.raw = true
		return
	}
	g.truth.of(k)[dir]++
	if k >= kindMessage && k <= kindIQ && c.managed {
		c.stanzas[dir]++
	}
}

// client is one connection and what both of its ends know.
type client struct {
	id      int
	now     int64 // microseconds
	addr    [2]netip.AddrPort
	seq     [2]uint32
	ipid    [2]uint16
	step    int
	scram   bool
	managed bool
	nonce   [2]string
	stanzas [2]int64 // since stream management was enabled
	serial  int
	tls     *tlsConn // nil before TLS
}

type clientHeap []*client

func (h clientHeap) Len() int      { return len(h) }
func (h clientHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *clientHeap) Push(x any)   { *h = append(*h, x.(*client)) }
func (h *clientHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
func (h clientHeap) Less(i, j int) bool {
	if h[i].now != h[j].now {
		return h[i].now < h[j].now
	}
	return h[i].id < h[j].id
}
