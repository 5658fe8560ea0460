package captures

import (
	"net/netip"
	"time"

	"xmppscope/decode"
)

// PlainWriter writes what conversations say, above TLS and compression, as TCP
// in the clear, for programs that cannot decrypt it themselves. Addresses,
// ports and times are those of the conversation; Ethernet and sequence numbers
// are made. What the capture lacks, or nobody could decrypt, is a segment that
// is missing. A connection whose beginning is not there has no SYN.
type PlainWriter struct {
	out   *Writer
	trace func() (*Trace, error)
	talks map[decode.ConnID]*plainTalk
	made  uint32
	last  time.Time // of the packet written last
	make  segments
}

// plainTalk is one conversation while it is written.
type plainTalk struct {
	plainConn
	bosh  bool
	conns map[uint32]*plainConn // on BOSH, by the connection of the trace
}

// plainConn is one TCP connection.
type plainConn struct {
	ends      [2]netip.AddrPort
	first     uint32    // sequence number of the initiator's SYN
	next      [2]uint32 // of each side's next byte
	now       time.Time
	connected time.Time // when TCP was set up; zero where that was not seen
	hello     string    // the comment on that
	cut       bool      // something was left out before the first bytes
	begun     bool
	over      [2]bool
	inside    [2]bool   // something that TLS had carried was written
	hidden    [2]uint32 // bytes that nobody could decrypt, not passed over yet
}

// NewPlainWriter begins a file. trace is asked, once and only where there is
// BOSH, which of several connections an event came on.
func NewPlainWriter(out *Writer, trace func() (*Trace, error)) *PlainWriter {
	return &PlainWriter{out: out, trace: trace, talks: map[decode.ConnID]*plainTalk{}, make: newSegments()}
}

// Begin says who takes part in a conversation. Without addresses of both it is
// left out.
func (p *PlainWriter) Begin(c *decode.Conversation) error {
	a, err1 := netip.ParseAddrPort(c.Initiator)
	b, err2 := netip.ParseAddrPort(c.Receiver)
	if err1 != nil || err2 != nil || a.Addr().Is4() != b.Addr().Is4() {
		return p.out.err
	}
	t := &plainTalk{bosh: c.Transport == decode.TransportBOSH}
	t.plainConn = p.conn(a, b)
	p.talks[c.Conn] = t
	return p.out.err
}

// firstSeq keeps the sequence numbers of connections apart: ports may be used
// again.
const firstSeq = 1 << 16

func (p *PlainWriter) conn(initiator, receiver netip.AddrPort) plainConn {
	p.made++
	n := p.made * firstSeq
	return plainConn{ends: [2]netip.AddrPort{initiator, receiver}, first: n, next: [2]uint32{n + 1, n + 1}}
}

// find is the connection that an event came on; nil where it is not written.
func (p *PlainWriter) find(e *decode.Event) (*plainConn, error) {
	t := p.talks[e.Conn]
	if t == nil || e.Kind == decode.KindDNS || e.Step == decode.StepHostMeta {
		return nil, p.out.err
	}
	if !t.bosh || p.trace == nil || len(e.Frames) == 0 {
		return &t.plainConn, p.out.err
	}
	trace, err := p.trace()
	if err != nil {
		return nil, err
	}
	flow, from, to, ok := trace.way(e.Frames[0])
	if !ok {
		return &t.plainConn, p.out.err
	}
	c := t.conns[flow]
	if c == nil {
		if e.Dir == decode.FromReceiver {
			from, to = to, from
		}
		made := p.conn(from, to)
		c = &made
		if t.conns == nil {
			t.conns = map[uint32]*plainConn{}
		}
		t.conns[flow] = c
	}
	return c, p.out.err
}

// maxSegment is how many bytes go into one segment.
const maxSegment = 1400

// Event writes what an event says. What TLS says itself, the agreement on it,
// names that were asked for, and what stands in another event have no bytes
// here. comment goes to the last frame.
func (p *PlainWriter) Event(e *decode.Event, comment string) error {
	c, err := p.find(e)
	if c == nil || err != nil {
		return err
	}
	c.now = e.Time
	c.next[e.Dir] += uint32(e.Lost)
	switch {
	case e.Kind == decode.KindTCP:
		p.tcp(c, e, comment)
	case e.Kind == decode.KindTLS && e.Name.Local == "":
		c.hide(int(e.Dir), uint32(len(e.Wire)))
	case e.Kind == decode.KindTLS, switches(e):
	default:
		if e.Layer&decode.LayerTLS != 0 && len(e.Wire) > 0 {
			c.hidden[e.Dir], c.inside[e.Dir] = 0, true
		}
		p.say(c, int(e.Dir), e.Wire, comment)
	}
	return p.out.err
}

// hide passes over what nobody could decrypt: it is lost to whoever reads this.
// Before anything was decrypted it may have been the rest of the handshake,
// which counts only where nothing comes after it.
func (c *plainConn) hide(side int, n uint32) {
	c.hidden[side] += n
	if c.inside[side] {
		c.next[side] += c.hidden[side]
		c.hidden[side] = 0
	}
}

// Skip passes over an event that is not wanted. What follows joins what came
// before.
func (p *PlainWriter) Skip(e *decode.Event) error {
	if e.Kind == decode.KindTCP {
		return p.Event(e, "")
	}
	c, err := p.find(e)
	if c != nil && e.Kind != decode.KindTLS && len(e.Wire) > 0 {
		c.cut = true
	}
	return err
}

// say writes bytes of a side.
func (p *PlainWriter) say(c *plainConn, side int, data []byte, comment string) {
	if len(data) > 0 {
		p.open(c)
	}
	for len(data) > 0 {
		n := min(len(data), maxSegment)
		tcp := tcpHead{flags: flagACK}
		text := ""
		if n == len(data) {
			tcp.flags, text = flagPSH|flagACK, comment
		}
		p.segment(c, side, data[:n], tcp, text)
		data = data[n:]
	}
}

// switches tells the elements that agree on TLS or compression. They would be
// untrue in a file that has neither, and every reader would stop at them.
func switches(e *decode.Event) bool {
	switch e.Step {
	case decode.StepStartTLSRequest, decode.StepStartTLSProceed:
		return true
	case decode.StepCompress:
		return e.Name.Local != "failure"
	}
	return false
}

// tcp writes how a connection begins and ends.
func (p *PlainWriter) tcp(c *plainConn, e *decode.Event, comment string) {
	side := int(e.Dir)
	switch {
	case e.Name.Local == "connect":
		c.connected, c.hello = e.Time, comment
	case !c.begun:
	case e.Name.Local == "reset": // also from who has ended its side
		c.over = [2]bool{true, true}
		p.segment(c, side, nil, tcpHead{flags: flagRST | flagACK}, comment)
	case e.Name.Local == "end" && !c.over[side]:
		c.over[side] = true
		c.next[side] += c.hidden[side]
		p.segment(c, side, nil, tcpHead{flags: flagFIN | flagACK}, comment)
		if c.over[side^1] {
			p.segment(c, side^1, nil, tcpHead{flags: flagACK}, "")
		}
	}
}

// open writes the handshake of TCP, where what follows is the beginning. It
// happened before the first words, but not before what stands in the file
// already.
func (p *PlainWriter) open(c *plainConn) {
	if c.begun {
		return
	}
	c.begun = true
	if c.connected.IsZero() || c.cut {
		return
	}
	now, next := c.now, c.next
	c.now, c.next = c.connected, [2]uint32{c.first, c.first}
	if c.now.Before(p.last) {
		c.now = p.last
	}
	p.segment(c, 0, nil, tcpHead{flags: flagSYN, longest: maxSegment}, "")
	p.segment(c, 1, nil, tcpHead{flags: flagSYN | flagACK, longest: maxSegment}, "")
	p.segment(c, 0, nil, tcpHead{flags: flagACK}, c.hello)
	c.now, c.next = now, next
}

// End forgets a conversation. How its connections ended was told by events.
func (p *PlainWriter) End(c *decode.Conversation) error {
	delete(p.talks, c.Conn)
	return p.out.err
}

// segment writes one segment of a side.
func (p *PlainWriter) segment(c *plainConn, side int, data []byte, tcp tcpHead, comment string) {
	frame, err := p.make.segment(c.ends, &c.next, side, data, tcp)
	if err != nil {
		p.out.err = err
		return
	}
	p.last = c.now
	p.out.Packet(&Packet{Data: frame, Time: c.now.UnixNano(), Link: LinkEthernet}, comment)
}
