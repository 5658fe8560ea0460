package captures

import (
	"encoding/binary"
	"errors"
	"net/netip"
)

// segments makes packets of TCP: Ethernet and IP are made up around the
// addresses, lengths are right, and checksums where anybody looks at them.
type segments struct {
	b    []byte
	sums bool // checksums are computed
}

// tcpHead is what of a header of TCP is not made up: flags, the window (0 for
// the largest), and on a SYN the longest segment (RFC 9293 §3.7.1), 0 for none.
type tcpHead struct {
	flags   uint8
	window  uint16
	longest uint16
}

const maxWindow = 65535

// errMixed is for addresses of two kinds: no packet has both.
var errMixed = errors.New("the addresses of a packet are of two kinds")

func newSegments() segments { return segments{sums: true} }

// segment makes the next packet of a side. next are the sequence numbers of both
// sides, which move on. The packet is valid until the next one is made.
func (s *segments) segment(ends [2]netip.AddrPort, next *[2]uint32, side int, data []byte, h tcpHead) ([]byte, error) {
	from, to := ends[side], ends[side^1]
	seq, ack := next[side], uint32(0)
	if h.flags&flagACK != 0 {
		ack = next[side^1]
	}
	next[side] += uint32(len(data))
	if h.flags&(flagSYN|flagFIN) != 0 {
		next[side]++
	}
	if from.Addr().Is4() != to.Addr().Is4() || !from.IsValid() || !to.IsValid() {
		return nil, errMixed
	}
	size := 20
	if h.longest > 0 {
		size += 4
	}
	b := append(s.b[:0], 2, 0, 0, 0, 0, byte(2-side), 2, 0, 0, 0, 0, byte(side+1))
	b, pseudo := s.network(b, from.Addr(), to.Addr(), size+len(data))
	at := len(b)
	b = binary.BigEndian.AppendUint16(b, from.Port())
	b = binary.BigEndian.AppendUint16(b, to.Port())
	b = binary.BigEndian.AppendUint32(b, seq)
	b = binary.BigEndian.AppendUint32(b, ack)
	if h.window == 0 {
		h.window = maxWindow
	}
	b = append(b, byte(size/4)<<4, h.flags)
	b = binary.BigEndian.AppendUint16(b, h.window)
	b = append(b, 0, 0, 0, 0) // checksum, urgent pointer
	if h.longest > 0 {
		const kind, length = 2, 4
		b = binary.BigEndian.AppendUint16(append(b, kind, length), h.longest)
	}
	b = append(b, data...)
	if s.sums {
		binary.BigEndian.PutUint16(b[at+16:], ^onesSum(pseudo+uint64(size+len(data))+protoTCP, b[at:]))
	}
	const shortest = 60 // of a frame (IEEE 802.3), without its checksum
	for len(b) < shortest {
		b = append(b, 0)
	}
	s.b = b
	return b, nil
}

// network appends the type of Ethernet and the header of IP (RFC 791 §3.1, RFC
// 8200 §3) for n bytes of TCP, and returns the sum of the addresses, which that
// of TCP covers too (RFC 9293 §3.1).
func (s *segments) network(b []byte, from, to netip.Addr, n int) (_ []byte, pseudo uint64) {
	const hops = 64
	if from.Is4() {
		b = binary.BigEndian.AppendUint16(b, etherIPv4)
		at := len(b)
		b = binary.BigEndian.AppendUint16(append(b, 0x45, 0), uint16(20+n))
		b = append(b, 0, 0, 0x40, 0, hops, protoTCP, 0, 0) // never cut into fragments
		a, z := from.As4(), to.As4()
		b = append(append(b, a[:]...), z[:]...)
		if s.sums {
			pseudo = uint64(onesSum(0, b[at+12:]))
			binary.BigEndian.PutUint16(b[at+10:], ^onesSum(0, b[at:]))
		}
		return b, pseudo
	}
	b = binary.BigEndian.AppendUint16(b, etherIPv6)
	b = binary.BigEndian.AppendUint16(append(b, 0x60, 0, 0, 0), uint16(n))
	b = append(b, protoTCP, hops)
	at := len(b)
	a, z := from.As16(), to.As16()
	b = append(append(b, a[:]...), z[:]...)
	if s.sums {
		pseudo = uint64(onesSum(0, b[at:]))
	}
	return b, pseudo
}

// onesSum is the sum in ones' complement of RFC 1071 §1, begun with a sum.
func onesSum(sum uint64, p []byte) uint16 {
	for ; len(p) >= 4; p = p[4:] {
		sum += uint64(binary.BigEndian.Uint32(p))
	}
	if len(p) >= 2 {
		sum += uint64(binary.BigEndian.Uint16(p))
		p = p[2:]
	}
	if len(p) > 0 {
		sum += uint64(p[0]) << 8
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return uint16(sum)
}
