package captures

import (
	"encoding/binary"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// carried says what a frame turned out to carry.
type carried uint8

const (
	carriesTCP carried = iota
	carriesUDP
	carriesOtherIP  // ICMP and its like
	carriesFragment // kept until its datagram is whole
	carriesBadIP    // headers that contradict themselves or are cut
	carriesNoIP     // ARP and its like
	carriesUnknown  // a link type this package cannot read
)

const (
	protoTCP = 6
	protoUDP = 17
)

// TCP flag bits.
const (
	flagFIN = 1 << iota
	flagSYN
	flagRST
	flagPSH
	flagACK
)

// segment is one TCP segment as far as the capture has it.
type segment struct {
	v6       bool
	src, dst address
	sport    uint16
	dport    uint16
	flags    uint8
	seq, ack uint32
	data     []byte // payload bytes that were captured
	cut      int    // payload bytes after them that the capture left out
	parts    []part // set when several frames carried it
}

// part is a run of a segment's payload that came in one frame.
type part struct {
	off, n int
	frame  uint32
	time   int64
	absent bool // the capture left these bytes out
}

// address is an IP address in 16 bytes; IPv4 lies in the first four.
type address [16]byte

// decoder takes frames apart. The usual datagram, one whole TCP segment behind
// a plain IP header, goes through gopacket's layers without an allocation. What
// those layers cannot do or do not survive goes by hand: fragments, IPv6
// extension headers (the library does not take a hop-by-hop header off the
// payload's length), lengths of zero, damaged options.
type decoder struct {
	ip4, ip6 *gopacket.DecodingLayerParser
	layers   []gopacket.LayerType
	h4       layers.IPv4
	h6       layers.IPv6
	tcp      layers.TCP
	frags    fragments
	seg      segment
}

func newDecoder(o AssemblerOptions) *decoder {
	d := &decoder{frags: newFragments(o.FragmentBytes)}
	parser := func(first gopacket.LayerType, ip gopacket.DecodingLayer) *gopacket.DecodingLayerParser {
		p := gopacket.NewDecodingLayerParser(first)
		p.IgnoreUnsupported = true
		box := gopacket.DecodingLayerContainer(gopacket.DecodingLayerArray(nil))
		for _, l := range []gopacket.DecodingLayer{ip, &d.tcp} {
			box = box.Put(l)
		}
		p.SetDecodingLayerContainer(box)
		return p
	}
	d.ip4 = parser(layers.LayerTypeIPv4, &d.h4)
	d.ip6 = parser(layers.LayerTypeIPv6, &d.h6)
	return d
}

// packet takes p apart. When it carries TCP, d.seg holds the segment.
func (d *decoder) packet(p *Packet) carried {
	version, ip, known := network(p.Link, p.Data)
	missing := int(p.OrigLen) - len(p.Data)
	d.seg.parts = nil
	switch {
	case !known:
		return carriesUnknown
	case version == 4:
		return d.datagram4(p, ip, missing)
	case version == 6:
		return d.datagram6(p, ip, missing)
	}
	return carriesNoIP
}

// plainIPv4 is the first byte of a header without options, version 4.
const plainIPv4 = 0x45

func (d *decoder) datagram4(p *Packet, b []byte, missing int) carried {
	if len(b) < 20 || b[0]>>4 != 4 {
		return carriesBadIP
	}
	total := int(binary.BigEndian.Uint16(b[2:]))
	offset := binary.BigEndian.Uint16(b[6:])
	copy(d.seg.src[:4], b[12:16])
	copy(d.seg.dst[:4], b[16:20])
	d.seg.v6 = false
	if b[0] == plainIPv4 && total != 0 && offset&0x3fff == 0 && b[9] == protoTCP {
		err := d.ip4.DecodeLayers(b, &d.layers)
		if err == nil && len(d.layers) == 2 && d.layers[1] == layers.LayerTypeTCP {
			return d.decoded(total - 20)
		}
	}
	header := int(b[0]&15) * 4
	if total == 0 { // segmentation left to the card: the length is the frame's
		total = len(b) + missing
	}
	if header < 20 || total < header || len(b) < header {
		return carriesBadIP
	}
	payload := b[header:min(total, len(b))]
	if offset&0x3fff != 0 {
		return d.fragment(p, fragment{
			key:  fragmentKey{src: d.seg.src, dst: d.seg.dst, id: uint32(binary.BigEndian.Uint16(b[4:])), proto: b[9]},
			from: int(offset&0x1fff) * 8, more: offset&0x2000 != 0, data: payload, wire: total - header, proto: b[9],
		})
	}
	return d.transport(b[9], payload, total-header)
}

func (d *decoder) datagram6(p *Packet, b []byte, missing int) carried {
	if len(b) < 40 || b[0]>>4 != 6 {
		return carriesBadIP
	}
	wire := int(binary.BigEndian.Uint16(b[4:]))
	copy(d.seg.src[:], b[8:24])
	copy(d.seg.dst[:], b[24:40])
	d.seg.v6 = true
	if b[6] == protoTCP && wire != 0 {
		err := d.ip6.DecodeLayers(b, &d.layers)
		if err == nil && len(d.layers) == 2 && d.layers[1] == layers.LayerTypeTCP {
			return d.decoded(wire)
		}
	}
	next := b[6]
	b = b[40:]
	if wire == 0 { // a jumbogram, or segmentation left to the card
		wire = len(b) + missing
	}
	b = b[:min(wire, len(b))]
	for range 16 {
		size := 0
		switch next {
		case 0, 43, 60, 135, 139, 140: // hop-by-hop, routing, destination, mobility, HIP, shim6
			if len(b) >= 2 {
				size = 8 + 8*int(b[1])
			}
		case 51: // authentication
			if len(b) >= 2 {
				size = 8 + 4*int(b[1])
			}
		case 44:
			return d.fragment6(p, b, wire)
		default:
			return d.transport(next, b, wire)
		}
		if size == 0 || size > len(b) {
			break
		}
		next, b, wire = b[0], b[size:], wire-size
	}
	return carriesBadIP
}

// fragment6 reads a fragment header (RFC 8200 section 4.5). A fragment that is
// the whole datagram is no fragment.
func (d *decoder) fragment6(p *Packet, b []byte, wire int) carried {
	if len(b) < 8 {
		return carriesBadIP
	}
	offset := binary.BigEndian.Uint16(b[2:])
	from, more := int(offset&^7), offset&1 != 0
	if from == 0 && !more {
		return d.transport(b[0], b[8:], wire-8)
	}
	return d.fragment(p, fragment{
		key:  fragmentKey{v6: true, src: d.seg.src, dst: d.seg.dst, id: binary.BigEndian.Uint32(b[4:])},
		from: from, more: more, data: b[8:], wire: wire - 8, proto: b[0],
	})
}

// fragment adds a fragment and goes on with the datagram it completes.
func (d *decoder) fragment(p *Packet, f fragment) carried {
	f.frame, f.time = p.Frame, p.Time
	whole := d.frags.add(f)
	if whole == nil {
		return carriesFragment
	}
	kind := d.transport(whole.proto, whole.payload(), whole.total)
	if kind == carriesTCP {
		d.seg.cut = 0
		d.seg.parts = whole.parts(whole.total - len(d.seg.data))
	}
	return kind
}

// decoded takes the segment from the layers; wire is the length of the TCP
// segment on the wire, header and all.
func (d *decoder) decoded(wire int) carried {
	t, s := &d.tcp, &d.seg
	s.sport, s.dport = uint16(t.SrcPort), uint16(t.DstPort)
	s.seq, s.ack = t.Seq, t.Ack
	s.flags = t.Contents[13]
	s.data = t.Payload
	s.cut = max(0, wire-int(t.DataOffset)*4-len(t.Payload))
	return carriesTCP
}

// transport reads the header of the transport protocol by hand. A TCP header
// whose options are damaged or cut still tells where its payload starts.
func (d *decoder) transport(proto byte, b []byte, wire int) carried {
	switch {
	case proto == protoUDP:
		s := &d.seg
		s.sport, s.dport, s.data = 0, 0, nil
		if len(b) >= 8 {
			s.sport, s.dport, s.data = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]), b[8:]
		}
		return carriesUDP
	case proto != protoTCP:
		return carriesOtherIP
	case len(b) < 20:
		return carriesBadIP
	}
	header := int(b[12]>>4) * 4
	if header < 20 || header > wire {
		return carriesBadIP
	}
	s := &d.seg
	s.sport, s.dport = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	s.seq, s.ack = binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	s.flags = b[13]
	s.data = b[min(header, len(b)):]
	s.cut = wire - header - len(s.data)
	return carriesTCP
}
