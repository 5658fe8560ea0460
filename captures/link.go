package captures

import "encoding/binary"

// LINKTYPE values (draft-ietf-opsawg-pcaplinktype) whose frames are understood.
const (
	LinkNull       = 0 // BSD loopback, the family in the byte order of the capturing host
	LinkEthernet   = 1
	LinkPPP        = 9
	LinkRaw12      = 12 // raw IP as most systems numbered it
	LinkRaw14      = 14 // raw IP on OpenBSD
	LinkPPPHDLC    = 50
	LinkPPPEther   = 51
	LinkRaw        = 101
	LinkCHDLC      = 104
	LinkLoop       = 108 // OpenBSD loopback, the family in network byte order
	LinkLinuxSLL   = 113
	LinkPPPWithDir = 204
	LinkIPv4       = 228
	LinkIPv6       = 229
	LinkLinuxSLL2  = 276
)

const (
	maxTags         = 8 // VLAN tags or MPLS labels in one frame
	etherIPv4       = 0x0800
	etherIPv6       = 0x86dd
	etherPPPSession = 0x8864
)

// network strips a frame down to its IP datagram. It returns 4 or 6 and the
// datagram with whatever trails it, or 0 when the frame carries something else.
// known is false for link types this package cannot read.
func network(link uint16, b []byte) (version int, ip []byte, known bool) {
	known = true
	switch link {
	case LinkEthernet:
		if len(b) < 14 {
			return 0, nil, true
		}
		version, ip = byEtherType(binary.BigEndian.Uint16(b[12:]), b[14:])
	case LinkLinuxSLL:
		if len(b) < 16 {
			return 0, nil, true
		}
		version, ip = byEtherType(binary.BigEndian.Uint16(b[14:]), b[16:])
	case LinkLinuxSLL2:
		if len(b) < 20 {
			return 0, nil, true
		}
		version, ip = byEtherType(binary.BigEndian.Uint16(b), b[20:])
	case LinkCHDLC:
		if len(b) < 4 {
			return 0, nil, true
		}
		version, ip = byEtherType(binary.BigEndian.Uint16(b[2:]), b[4:])
	case LinkNull, LinkLoop:
		version, ip = byFamily(b)
	case LinkRaw, LinkRaw12, LinkRaw14:
		version, ip = byVersion(b)
	case LinkIPv4:
		version, ip = 4, b
	case LinkIPv6:
		version, ip = 6, b
	case LinkPPP, LinkPPPHDLC:
		version, ip = byPPP(b)
	case LinkPPPWithDir:
		version, ip = byPPP(b[min(1, len(b)):])
	case LinkPPPEther:
		version, ip = byPPPoE(b)
	default:
		known = false
	}
	return version, ip, known
}

// byEtherType follows VLAN tags, MPLS labels and PPPoE to the datagram. Tags are
// recognised by all their registered and customary numbers, in any order.
func byEtherType(kind uint16, b []byte) (int, []byte) {
	for range maxTags {
		switch kind {
		case etherIPv4:
			return 4, b
		case etherIPv6:
			return 6, b
		case 0x8100, 0x88a8, 0x9100, 0x9200, 0x9300:
			if len(b) < 4 {
				return 0, nil
			}
			kind, b = binary.BigEndian.Uint16(b[2:]), b[4:]
		case etherPPPSession:
			return byPPPoE(b)
		case 0x8847, 0x8848:
			return byLabels(b)
		default:
			if kind >= 0x600 || len(b) < 8 || b[0] != 0xaa || b[1] != 0xaa || b[2] != 3 {
				return 0, nil
			}
			kind, b = binary.BigEndian.Uint16(b[6:]), b[8:] // IEEE 802.3 with LLC and SNAP
		}
	}
	return 0, nil
}

// byLabels passes an MPLS label stack; what follows names itself by its version.
func byLabels(b []byte) (int, []byte) {
	for range maxTags {
		if len(b) < 4 {
			break
		}
		last := b[2]&1 != 0
		if b = b[4:]; last {
			return byVersion(b)
		}
	}
	return 0, nil
}

// byPPPoE reads a session header (RFC 2516 section 4) and cuts off what follows
// the session's payload.
func byPPPoE(b []byte) (int, []byte) {
	if len(b) < 6 || b[1] != 0 {
		return 0, nil
	}
	n := int(binary.BigEndian.Uint16(b[4:]))
	b = b[6:]
	return byPPP(b[:min(n, len(b))])
}

// byPPP reads a PPP frame: address and control may be left out, and the protocol
// may be one byte long (RFC 1661 section 6.5 and 6.6).
func byPPP(b []byte) (int, []byte) {
	if len(b) >= 2 && (b[0] == 0xff || b[0] == 0x0f) && (b[1] == 3 || b[1] == 0) {
		cisco := b[0] == 0x0f || b[1] == 0
		if b = b[2:]; cisco && len(b) >= 2 {
			return byEtherType(binary.BigEndian.Uint16(b), b[2:])
		}
	}
	if len(b) < 2 {
		return 0, nil
	}
	kind := uint16(b[0])
	if b[0]&1 != 0 {
		b = b[1:]
	} else {
		kind, b = kind<<8|uint16(b[1]), b[2:]
	}
	switch kind {
	case 0x21:
		return 4, b
	case 0x57:
		return 6, b
	}
	return 0, nil
}

// byFamily reads the four bytes of a BSD loopback frame. Address families are
// small numbers, which tells the byte order.
func byFamily(b []byte) (int, []byte) {
	if len(b) < 4 {
		return 0, nil
	}
	family := binary.LittleEndian.Uint32(b)
	if b[0] == 0 && b[1] == 0 {
		family = binary.BigEndian.Uint32(b)
	}
	switch family {
	case 2:
		return 4, b[4:]
	case 10, 23, 24, 28, 30: // IPv6 on Linux, Windows, NetBSD and OpenBSD, FreeBSD, macOS
		return 6, b[4:]
	}
	return 0, nil
}

// byVersion trusts the first half byte of the datagram.
func byVersion(b []byte) (int, []byte) {
	if len(b) == 0 {
		return 0, nil
	}
	switch b[0] >> 4 {
	case 4:
		return 4, b
	case 6:
		return 6, b
	}
	return 0, nil
}
