package captures

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// TestSegmentsAreThoseOfGopacket: every header that is made by hand is, byte for
// byte, what the library makes.
func TestSegmentsAreThoseOfGopacket(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	ends := [][2]netip.AddrPort{
		{netip.MustParseAddrPort("192.0.2.255:40112"), netip.MustParseAddrPort("198.51.100.7:5222")},
		{netip.MustParseAddrPort("[2001:db8::ffff:1]:40112"), netip.MustParseAddrPort("[::1]:5269")},
	}
	for i := range 2000 {
		e, side := ends[i%2], r.IntN(2)
		data := make([]byte, r.IntN(70))
		for k := range data {
			data[k] = byte(r.IntN(256)) | byte(i%3*255) // also of ones only
		}
		next := [2]uint32{r.Uint32(), r.Uint32()}
		h := tcpHead{flags: []uint8{flagSYN, flagSYN | flagACK, flagACK, flagACK | flagPSH, flagFIN | flagACK, flagRST | flagACK}[r.IntN(6)], window: uint16(r.IntN(3) * 1000)}
		if h.flags&flagSYN != 0 {
			h.longest = 65495
		}
		want := byGopacket(t, e, next, side, data, h)
		s := newSegments()
		got, err := s.segment(e, &next, side, data, h)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%+v:\n% x\n% x %v", h, got, want, err)
		}
	}
	s := newSegments()
	if _, err := s.segment([2]netip.AddrPort{ends[0][0], ends[1][0]}, &[2]uint32{}, 0, nil, tcpHead{}); err == nil {
		t.Error("a packet between addresses of two kinds")
	}
}

func byGopacket(t *testing.T, ends [2]netip.AddrPort, next [2]uint32, side int, data []byte, h tcpHead) []byte {
	from, to := ends[side], ends[side^1]
	tcp := &layers.TCP{SrcPort: layers.TCPPort(from.Port()), DstPort: layers.TCPPort(to.Port()), Seq: next[side], Window: h.window,
		FIN: h.flags&flagFIN != 0, SYN: h.flags&flagSYN != 0, RST: h.flags&flagRST != 0, PSH: h.flags&flagPSH != 0, ACK: h.flags&flagACK != 0}
	if tcp.ACK {
		tcp.Ack = next[side^1]
	}
	if tcp.Window == 0 {
		tcp.Window = maxWindow
	}
	if h.longest > 0 {
		tcp.Options = []layers.TCPOption{{OptionType: layers.TCPOptionKindMSS, OptionLength: 4, OptionData: []byte{byte(h.longest >> 8), byte(h.longest)}}}
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
		eth.EthernetType, ip = layers.EthernetTypeIPv6, v6
	}
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, eth, ip, tcp, gopacket.Payload(data)); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}
