package captures

import (
	"net/netip"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// segments makes packets of TCP: Ethernet and IP are made up around the
// addresses, lengths are right, and checksums where anybody looks at them.
type segments struct {
	buf  gopacket.SerializeBuffer
	sums bool // checksums are computed
}

const maxWindow = 65535

func newSegments() segments { return segments{buf: gopacket.NewSerializeBuffer(), sums: true} }

// segment makes the next packet of a side. next are the sequence numbers of both
// sides, which move on. tcp holds flags and options. The packet is valid until
// the next one is made.
func (s *segments) segment(ends [2]netip.AddrPort, next *[2]uint32, side int, data []byte, tcp layers.TCP) ([]byte, error) {
	from, to := ends[side], ends[side^1]
	tcp.SrcPort, tcp.DstPort = layers.TCPPort(from.Port()), layers.TCPPort(to.Port())
	if tcp.Window == 0 {
		tcp.Window = maxWindow
	}
	tcp.Seq = next[side]
	if tcp.ACK {
		tcp.Ack = next[side^1]
	}
	next[side] += uint32(len(data))
	if tcp.SYN || tcp.FIN {
		next[side]++
	}
	eth := &layers.Ethernet{SrcMAC: []byte{2, 0, 0, 0, 0, byte(side + 1)}, DstMAC: []byte{2, 0, 0, 0, 0, byte(2 - side)}, EthernetType: layers.EthernetTypeIPv4}
	var ip gopacket.SerializableLayer
	if from.Addr().Is4() {
		v4 := &layers.IPv4{Version: 4, TTL: 64, Flags: layers.IPv4DontFragment, Protocol: layers.IPProtocolTCP, SrcIP: from.Addr().AsSlice(), DstIP: to.Addr().AsSlice()}
		_ = tcp.SetNetworkLayerForChecksum(v4)
		ip = v4
	} else {
		v6 := &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: layers.IPProtocolTCP, SrcIP: from.Addr().AsSlice(), DstIP: to.Addr().AsSlice()}
		_ = tcp.SetNetworkLayerForChecksum(v6)
		eth.EthernetType = layers.EthernetTypeIPv6
		ip = v6
	}
	o := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: s.sums}
	err := gopacket.SerializeLayers(s.buf, o, eth, ip, &tcp, gopacket.Payload(data))
	return s.buf.Bytes(), err
}
