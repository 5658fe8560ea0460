package httpwire

import (
	"encoding/binary"

	"xmppscope/decode/spec"
)

// Opcodes of frames (RFC 6455 §5.2).
const (
	opContinue = 0
	opText     = 1
	opClose    = 8
	opPong     = 10
)

func frameFault(text, section string) Fault {
	return Fault{Rule: "ws-frame-broken", Text: text, Ref: spec.RFC(6455, section)}
}

// header is that of one frame (RFC 6455 §5.2).
type header struct {
	fin, masked bool
	rsv1        bool // compressed (RFC 7692 §6)
	opcode      uint8
	key         [4]byte
	size        int64
	bad         string // why it is no frame
	odd         string // why it is a bad one
}

// parseFrame reads a header and returns its length; 0 where more must come.
func parseFrame(p []byte) (f header, n int) {
	if len(p) < 2 {
		return f, 0
	}
	f.fin, f.rsv1, f.opcode, f.masked = p[0]&0x80 != 0, p[0]&0x40 != 0, p[0]&15, p[1]&0x80 != 0
	size := p[1] & 0x7f
	switch {
	case p[0]&0x30 != 0:
		f.bad = "a reserved bit is set: this is no WebSocket frame, or an extension that nobody agreed on"
	case f.opcode > opPong || f.opcode > 2 && f.opcode < opClose:
		f.bad = "an opcode that does not exist"
	case f.opcode >= opClose && (!f.fin || size > 125):
		f.bad = "a control frame that is cut or too long"
	case f.rsv1 && f.opcode >= opClose:
		f.odd = "a control frame that is marked as compressed"
	case f.rsv1 && f.opcode == opContinue:
		f.odd = "a continuation that is marked as compressed: only the first frame of a message is"
	}
	if f.bad != "" {
		return f, 2
	}
	n = 2
	switch size {
	case 126:
		if n += 2; len(p) < n {
			return f, 0
		}
		f.size = int64(binary.BigEndian.Uint16(p[2:]))
		if f.size < 126 {
			f.odd = "a length that is not written in the shortest form"
		}
	case 127:
		if n += 8; len(p) < n {
			return f, 0
		}
		v := binary.BigEndian.Uint64(p[2:])
		if v>>63 != 0 {
			f.bad = "a length with the highest bit set"
			return f, n
		}
		if f.size = int64(v); f.size < 1<<16 {
			f.odd = "a length that is not written in the shortest form"
		}
	default:
		f.size = int64(size)
	}
	if f.masked {
		if n += 4; len(p) < n {
			return f, 0
		}
		copy(f.key[:], p[n-4:])
	}
	return f, n
}

// BeginsWith tells whether p begins with a frame of text whose payload begins
// with b, and whether that frame is masked. It is not sure where more must come.
func BeginsWith(p []byte, b byte) (yes, masked, sure bool) {
	const finText = 0x80 | opText
	if len(p) == 0 || p[0] != finText {
		return false, false, len(p) > 0
	}
	f, n := parseFrame(p)
	switch {
	case f.bad != "", n > 0 && f.size == 0:
		return false, false, true
	case n == 0 || len(p) == n:
		return false, false, false
	}
	return p[n]^f.key[0] == b, f.masked, true
}
