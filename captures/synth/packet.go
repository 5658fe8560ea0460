package synth

import (
	"encoding/binary"
	"net/netip"
)

// TCP flag bits.
const (
	FIN = 1 << iota
	SYN
	RST
	PSH
	ACK
)

const (
	protoTCP   = 6
	tcpHeader  = 32 // 20 bytes and the time stamp option, as every system sends it
	ipv4Header = 20
	ipv6Header = 40
)

// tcp describes one segment.
type tcp struct {
	src, dst netip.AddrPort
	seq, ack uint32
	flags    uint8
	stamp    uint32 // time stamp option, in milliseconds
	id       uint16 // IPv4 identification
	data     []byte
}

// appendIP appends the segment as an IP datagram with valid checksums.
func (s *tcp) appendIP(b []byte) []byte {
	size := tcpHeader + len(s.data)
	src, dst := s.src.Addr(), s.dst.Addr()
	var pseudo uint64
	if src.Is4() {
		at := len(b)
		x, y := src.As4(), dst.As4()
		b = append(b, 0x45, 0)
		b = binary.BigEndian.AppendUint16(b, uint16(ipv4Header+size))
		b = binary.BigEndian.AppendUint16(b, s.id)
		b = append(b, 0x40, 0, 64, protoTCP, 0, 0)
		b = append(b, x[:]...)
		b = append(b, y[:]...)
		binary.BigEndian.PutUint16(b[at+10:], fold(sum(0, b[at:])))
		pseudo = sum(sum(0, x[:]), y[:])
	} else {
		x, y := src.As16(), dst.As16()
		b = append(b, 0x60, 0, 0, 0)
		b = binary.BigEndian.AppendUint16(b, uint16(size))
		b = append(b, protoTCP, 64)
		b = append(b, x[:]...)
		b = append(b, y[:]...)
		pseudo = sum(sum(0, x[:]), y[:])
	}
	return s.appendTCP(b, pseudo+protoTCP+uint64(size))
}

func (s *tcp) appendTCP(b []byte, pseudo uint64) []byte {
	at := len(b)
	b = binary.BigEndian.AppendUint16(b, s.src.Port())
	b = binary.BigEndian.AppendUint16(b, s.dst.Port())
	b = binary.BigEndian.AppendUint32(b, s.seq)
	b = binary.BigEndian.AppendUint32(b, s.ack)
	b = append(b, tcpHeader/4<<4, s.flags, 0xfa, 0xf0, 0, 0, 0, 0)
	b = append(b, 1, 1, 8, 10)
	b = binary.BigEndian.AppendUint32(b, s.stamp)
	b = binary.BigEndian.AppendUint32(b, s.stamp-1)
	b = append(b, s.data...)
	binary.BigEndian.PutUint16(b[at+16:], fold(sum(pseudo, b[at:])))
	return b
}

// sum adds 16-bit words (RFC 1071), eight bytes a step.
func sum(n uint64, b []byte) uint64 {
	for len(b) >= 8 {
		v := binary.BigEndian.Uint64(b)
		n += v>>48 + v>>32&0xffff + v>>16&0xffff + v&0xffff
		b = b[8:]
	}
	for len(b) >= 2 {
		n += uint64(b[0])<<8 | uint64(b[1])
		b = b[2:]
	}
	if len(b) == 1 {
		n += uint64(b[0]) << 8
	}
	return n
}

func fold(n uint64) uint16 {
	for n > 0xffff {
		n = n>>16 + n&0xffff
	}
	return ^uint16(n)
}

// fragment cuts an IP datagram into fragments with at most size bytes of payload
// each, size a multiple of eight.
func fragment(ip []byte, size int, id uint32) [][]byte {
	v6 := ip[0]>>4 == 6
	header := ipv4Header
	if v6 {
		header = ipv6Header
	}
	payload := ip[header:]
	var out [][]byte
	for at := 0; at < len(payload); at += size {
		end := min(at+size, len(payload))
		more := end < len(payload)
		f := append([]byte(nil), ip[:header]...)
		if v6 {
			binary.BigEndian.PutUint16(f[4:], uint16(8+end-at))
			f[6] = 44
			f = append(f, protoTCP, 0)
			f = binary.BigEndian.AppendUint16(f, uint16(at)|bit(more))
			f = binary.BigEndian.AppendUint32(f, id)
		} else {
			binary.BigEndian.PutUint16(f[2:], uint16(header+end-at))
			binary.BigEndian.PutUint16(f[4:], uint16(id))
			binary.BigEndian.PutUint16(f[6:], uint16(at/8)|bit(more)<<13)
			f[10], f[11] = 0, 0
			binary.BigEndian.PutUint16(f[10:], fold(sum(0, f)))
		}
		out = append(out, append(f, payload[at:end]...))
	}
	return out
}

func bit(b bool) uint16 {
	if b {
		return 1
	}
	return 0
}
