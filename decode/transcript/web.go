package transcript

import (
	"encoding/binary"
	"fmt"

	"xmppscope/decode"
)

// frame is a text frame of WebSocket (RFC 6455 §5.2). What the client sends is
// masked, here with zeros, so that it can be read in a hex dump.
func frame(dir decode.Dir, text []byte) []byte {
	const finText, masked = 0x81, 0x80
	mask, key := byte(0), 0
	if dir == decode.FromInitiator {
		mask, key = masked, 4
	}
	b := []byte{finText}
	switch n := len(text); {
	case n < 126:
		b = append(b, mask|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, mask|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, mask|127), uint64(n))
	}
	return append(append(b, make([]byte, key)...), text...)
}

// message is an HTTP message with a body of BOSH: a request, or the answer to
// one (XEP-0124 §5).
func message(dir decode.Dir, body []byte) []byte {
	first := "HTTP/1.1 200 OK\r\n"
	if dir == decode.FromInitiator {
		first = "POST /http-bind HTTP/1.1\r\nHost: localhost\r\n"
	}
	head := fmt.Sprintf("%sContent-Type: text/xml; charset=utf-8\r\nContent-Length: %d\r\n\r\n", first, len(body))
	return append([]byte(head), body...)
}
