package synth

import (
	"encoding/binary"
)

// Link types that frames can be wrapped in, by their LINKTYPE values.
const (
	Null     = 0
	Ethernet = 1
	PPP      = 9
	PPPHDLC  = 50
	Raw      = 101
	Loop     = 108
	SLL      = 113
	IPv4     = 228
	IPv6     = 229
	SLL2     = 276
)

// File says how frames are written. The zero value is a little-endian pcap with
// microseconds and Ethernet frames.
type File struct {
	Link      uint16
	Linked    bool     // Link is meant even when it is 0
	Tags      []uint16 // VLAN tag types between Ethernet header and payload, outermost first
	PPPoE     bool     // a PPPoE session inside Ethernet
	BigEndian bool
	Nano      bool
	Modified  bool // pcap with 24-byte record headers
	NG        bool // pcapng
	Snap      int  // snapshot length; 0 for none
	Secrets   string
}

func (o File) link() uint16 {
	if o.Link == 0 && !o.Linked {
		return Ethernet
	}
	return o.Link
}

func (o File) order() binary.AppendByteOrder {
	if o.BigEndian {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// Bytes writes frames as one capture file.
func (o File) Bytes(frames []Frame) []byte {
	var b []byte
	if o.NG {
		b = o.section(nil)
	} else {
		b = o.header(nil)
	}
	for _, f := range frames {
		data := f.Raw
		if data == nil {
			data = o.wrap(f.IP)
		}
		whole := len(data) + f.Cut
		if o.Snap > 0 && len(data) > o.Snap {
			data = data[:o.Snap]
		}
		if o.NG {
			b = o.packet(b, f.Time, data, whole)
		} else {
			b = o.record(b, f.Time, data, whole)
		}
	}
	return b
}

func (o File) header(b []byte) []byte {
	w := o.order()
	magic := uint32(0xa1b2c3d4)
	if o.Nano {
		magic = 0xa1b23c4d
	}
	if o.Modified {
		magic = 0xa1b2cd34
	}
	b = w.AppendUint32(b, magic)
	b = w.AppendUint16(b, 2)
	b = w.AppendUint16(b, 4)
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0)
	snap := uint32(262144)
	if o.Snap > 0 {
		snap = uint32(o.Snap)
	}
	b = w.AppendUint32(b, snap)
	return w.AppendUint32(b, uint32(o.link()))
}

func (o File) record(b []byte, t int64, data []byte, whole int) []byte {
	w := o.order()
	frac := t % 1e9
	if !o.Nano {
		frac /= 1000
	}
	b = w.AppendUint32(b, uint32(t/1e9))
	b = w.AppendUint32(b, uint32(frac))
	b = w.AppendUint32(b, uint32(len(data)))
	b = w.AppendUint32(b, uint32(whole))
	if o.Modified {
		b = append(b, 0, 0, 0, 0, 0, 0, 0, 0)
	}
	return append(b, data...)
}

// section writes a section header, a secrets block and one interface.
func (o File) section(b []byte) []byte {
	w := o.order()
	body := w.AppendUint32(nil, 0x1a2b3c4d)
	body = w.AppendUint16(body, 1)
	body = w.AppendUint16(body, 0)
	body = append(body, 255, 255, 255, 255, 255, 255, 255, 255)
	b = o.Block(b, 0x0a0d0d0a, body)
	if o.Secrets != "" {
		body = w.AppendUint32(nil, 0x544c534b)
		body = w.AppendUint32(body, uint32(len(o.Secrets)))
		b = o.Block(b, 10, append(body, o.Secrets...))
	}
	return o.iface(b)
}

func (o File) iface(b []byte) []byte {
	w := o.order()
	body := w.AppendUint16(nil, o.link())
	body = append(body, 0, 0)
	body = w.AppendUint32(body, uint32(o.Snap))
	if o.Nano {
		body = w.AppendUint16(body, 9)
		body = w.AppendUint16(body, 1)
		body = append(body, 9, 0, 0, 0, 0, 0, 0, 0)
	}
	return o.Block(b, 1, body)
}

func (o File) packet(b []byte, t int64, data []byte, whole int) []byte {
	w := o.order()
	if !o.Nano {
		t /= 1000
	}
	body := w.AppendUint32(nil, 0)
	body = w.AppendUint32(body, uint32(t>>32))
	body = w.AppendUint32(body, uint32(t))
	body = w.AppendUint32(body, uint32(len(data)))
	body = w.AppendUint32(body, uint32(whole))
	return o.Block(b, 6, append(body, data...))
}

// Block appends one pcapng block.
func (o File) Block(b []byte, kind uint32, body []byte) []byte {
	w := o.order()
	pad := (4 - len(body)%4) % 4
	size := uint32(12 + len(body) + pad)
	b = w.AppendUint32(b, kind)
	b = w.AppendUint32(b, size)
	b = append(b, body...)
	b = append(b, make([]byte, pad)...)
	return w.AppendUint32(b, size)
}

// wrap puts a link header before an IP datagram.
func (o File) wrap(ip []byte) []byte {
	v6 := ip[0]>>4 == 6
	kind, family, ppp := uint16(0x0800), uint32(2), byte(0x21)
	if v6 {
		kind, family, ppp = 0x86dd, 30, 0x57
	}
	var b []byte
	switch o.link() {
	case Null:
		b = o.order().AppendUint32(b, family)
	case Loop:
		b = binary.BigEndian.AppendUint32(b, family)
	case PPP:
		b = append(b, 0, ppp)
	case PPPHDLC:
		b = append(b, 0xff, 3, 0, ppp)
	case SLL:
		b = append(b, 0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0)
		b = binary.BigEndian.AppendUint16(b, kind)
	case SLL2:
		b = binary.BigEndian.AppendUint16(b, kind)
		b = append(b, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0)
	case Ethernet:
		b = o.ethernet(ip, kind, ppp)
	}
	return append(b, ip...)
}

func (o File) ethernet(ip []byte, kind uint16, ppp byte) []byte {
	b := []byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1}
	for i, tag := range o.Tags {
		b = binary.BigEndian.AppendUint16(b, tag)
		b = append(b, 0, byte(10+i))
	}
	if !o.PPPoE {
		return binary.BigEndian.AppendUint16(b, kind)
	}
	b = append(b, 0x88, 0x64, 0x11, 0, 0, 1)
	b = binary.BigEndian.AppendUint16(b, uint16(len(ip)+2))
	return append(b, 0, ppp)
}
