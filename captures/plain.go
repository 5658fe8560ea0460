package captures

import (
	"net/netip"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"xmppscope/decode"
)

// PlainWriter writes what conversations say, above TLS and compression, as TCP
// in the clear, for programs that cannot decrypt it themselves. Addresses,
// ports and times are those of the conversation; sequence numbers are made.
type PlainWriter struct {
	out   *Writer
	talks map[decode.ConnID]*plainTalk
	buf   gopacket.SerializeBuffer
}

// plainTalk is one conversation while it is written.
type plainTalk struct {
	ends  [2]netip.AddrPort
	next  [2]uint32 // sequence number of each side's next byte
	last  time.Time
	begun bool
}

// NewPlainWriter begins a file.
func NewPlainWriter(out *Writer) *PlainWriter {
	return &PlainWriter{out: out, talks: map[decode.ConnID]*plainTalk{}, buf: gopacket.NewSerializeBuffer()}
}

// Begin says who takes part in a conversation. Without addresses of both it is
// left out.
func (p *PlainWriter) Begin(c *decode.Conversation) error {
	a, err1 := netip.ParseAddrPort(c.Initiator)
	b, err2 := netip.ParseAddrPort(c.Receiver)
	if err1 == nil && err2 == nil && a.Addr().Is4() == b.Addr().Is4() {
		p.talks[c.Conn] = &plainTalk{ends: [2]netip.AddrPort{a, b}, next: [2]uint32{1000, 2000}}
	}
	return p.out.err
}

// maxSegment is how many bytes go into one segment.
const maxSegment = 1400

// Event writes what an event says. What TLS says itself, the agreement on it,
// names that were asked for, and what stands in another event have no bytes
// here.
func (p *PlainWriter) Event(e *decode.Event, comment string) error {
	t := p.talks[e.Conn]
	if t == nil || e.Kind == decode.KindTLS || e.Kind == decode.KindDNS || e.Step == decode.StepHostMeta || switches(e) {
		return p.out.err
	}
	t.last = e.Time
	t.next[e.Dir] += uint32(e.Lost)
	for data := e.Wire; len(data) > 0; comment = "" {
		p.open(t)
		n := min(len(data), maxSegment)
		p.segment(t, int(e.Dir), data[:n], layers.TCP{PSH: n == len(data), ACK: true}, comment)
		data = data[n:]
	}
	return p.out.err
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

// open writes the handshake of TCP.
func (p *PlainWriter) open(t *plainTalk) {
	if t.begun {
		return
	}
	t.begun = true
	p.segment(t, 0, nil, layers.TCP{SYN: true}, "")
	p.segment(t, 1, nil, layers.TCP{SYN: true, ACK: true}, "")
	p.segment(t, 0, nil, layers.TCP{ACK: true}, "")
}

// End closes a conversation.
func (p *PlainWriter) End(c *decode.Conversation) error {
	if t := p.talks[c.Conn]; t != nil && t.begun {
		p.segment(t, 0, nil, layers.TCP{FIN: true, ACK: true}, "")
		p.segment(t, 1, nil, layers.TCP{FIN: true, ACK: true}, "")
		p.segment(t, 0, nil, layers.TCP{ACK: true}, "")
	}
	delete(p.talks, c.Conn)
	return p.out.err
}

// segment writes one segment of a side.
func (p *PlainWriter) segment(t *plainTalk, side int, data []byte, tcp layers.TCP, comment string) {
	from, to := t.ends[side], t.ends[side^1]
	tcp.SrcPort, tcp.DstPort, tcp.Window = layers.TCPPort(from.Port()), layers.TCPPort(to.Port()), 65535
	tcp.Seq = t.next[side]
	if tcp.ACK {
		tcp.Ack = t.next[side^1]
	}
	t.next[side] += uint32(len(data))
	if tcp.SYN || tcp.FIN {
		t.next[side]++
	}
	eth := &layers.Ethernet{SrcMAC: []byte{2, 0, 0, 0, 0, byte(side + 1)}, DstMAC: []byte{2, 0, 0, 0, 0, byte(2 - side)}, EthernetType: layers.EthernetTypeIPv4}
	var ip gopacket.SerializableLayer
	if from.Addr().Is4() {
		v4 := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolTCP, SrcIP: from.Addr().AsSlice(), DstIP: to.Addr().AsSlice()}
		_ = tcp.SetNetworkLayerForChecksum(v4)
		ip = v4
	} else {
		v6 := &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: layers.IPProtocolTCP, SrcIP: from.Addr().AsSlice(), DstIP: to.Addr().AsSlice()}
		_ = tcp.SetNetworkLayerForChecksum(v6)
		eth.EthernetType = layers.EthernetTypeIPv6
		ip = v6
	}
	o := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(p.buf, o, eth, ip, &tcp, gopacket.Payload(data)); err != nil {
		p.out.err = err
		return
	}
	p.out.Packet(&Packet{Data: p.buf.Bytes(), Time: t.last.UnixNano(), Link: 1}, comment)
}
