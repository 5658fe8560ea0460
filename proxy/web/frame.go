package web

import (
	"crypto/rand"
	"encoding/binary"
)

// Opcodes of frames (RFC 6455 §5.2).
const (
	OpText  = 1
	OpClose = 8
	OpPing  = 9
	OpPong  = 10
)

// CloseNormal is the code of a close frame when all is well (RFC 6455 §7.4.1).
const CloseNormal = 1000

// Frame makes one whole frame, masked with a key of its own where masked is set:
// towards a server (RFC 6455 §5.1). Payloads of control frames are cut to what
// those may hold (§5.5).
func Frame(opcode byte, payload []byte, masked bool) []byte {
	if opcode >= OpClose {
		payload = payload[:min(len(payload), 125)]
	}
	p := make([]byte, 1, 14+len(payload))
	p[0] = 0x80 | opcode
	switch n := len(payload); {
	case n < 126:
		p = append(p, byte(n))
	case n < 1<<16:
		p = binary.BigEndian.AppendUint16(append(p, 126), uint16(n))
	default:
		p = binary.BigEndian.AppendUint64(append(p, 127), uint64(n))
	}
	if !masked {
		return append(p, payload...)
	}
	p[1] |= 0x80
	var key [4]byte
	_, _ = rand.Read(key[:]) // never fails
	p = append(p, key[:]...)
	at := len(p)
	p = append(p, payload...)
	for i := range payload {
		p[at+i] ^= key[i&3]
	}
	return p
}

// CloseFrame makes a close frame with a code and a reason (RFC 6455 §5.5.1).
func CloseFrame(code uint16, reason string, masked bool) []byte {
	return Frame(OpClose, append(binary.BigEndian.AppendUint16(nil, code), reason...), masked)
}
