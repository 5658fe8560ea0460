package explain

import (
	"encoding/binary"
	"fmt"

	"xmppscope/decode"
)

// maxFrames is how many frames of one message are listed.
const maxFrames = 20

// Frames takes the WebSocket frames that carry an event apart (RFC 6455 §5.2);
// nil where no frames do.
func Frames(e *decode.Event) []Field {
	if !framed(e) {
		return nil
	}
	return frameFields(e)
}

// framed tells whether WebSocket frames carry an event: what is in them is not
// what stands on the wire. BOSH has no wire of its own.
func framed(e *decode.Event) bool {
	if e.Kind != decode.KindHTTP {
		return e.XML != nil && len(e.Wire) > 0
	}
	switch e.Name.Local {
	case "ping", "pong", "close":
		return true
	}
	return false
}

func frameFields(e *decode.Event) []Field {
	var all []Field
	p := e.Wire
	for i := 0; i < maxFrames && len(p) >= 2; i++ {
		at := len(e.Wire) - len(p)
		n := frameHead(p)
		if n > len(p) {
			break
		}
		which := ""
		if i > 0 {
			which = fmt.Sprintf(" %d", i+1)
		}
		all = append(all, Field{Name: "frame" + which, Value: frameSort(p[0]), Meaning: frameText(p[0], e), Start: at, End: at + 1})
		all = append(all, Field{Name: "length" + which, Value: count(int64(frameSize(p)), "byte"), Meaning: "of the payload", Start: at + 1, End: at + n - maskSize(p)})
		if maskSize(p) > 0 {
			all = append(all, Field{Name: "masking key" + which, Value: fmt.Sprintf("%x", p[n-4:n]), Start: at + n - 4, End: at + n,
				Meaning: "every byte of the payload is combined with one of these by XOR. It hides nothing; it keeps old proxies from taking the payload for HTTP. Only clients mask"})
		}
		end := n + int(min(frameSize(p), uint64(len(p)-n)))
		if end > n {
			all = append(all, Field{Name: "payload" + which, Value: count(int64(end-n), "byte"), Start: at + n, End: at + end})
		}
		p = p[end:]
	}
	return all
}

// frameSort says what a frame is by its first byte.
func frameSort(b byte) string {
	sort := "opcode " + digits(int(b&15))
	switch b & 15 {
	case 0:
		sort = "continuation"
	case 1:
		sort = "text"
	case 2:
		sort = "binary"
	case 8:
		sort = "close"
	case 9:
		sort = "ping"
	case 10:
		sort = "pong"
	}
	return sort + when(b&0x40 != 0, ", compressed") + pick(b&0x80 != 0, ", final", ", to be continued")
}

func frameText(b byte, e *decode.Event) string {
	switch {
	case b&15 == 1 && e.Kind != decode.KindHTTP:
		return "one message holds one whole XML element (RFC 7395 §3.3)"
	case b&15 >= 8 && e.Kind != decode.KindHTTP:
		return "a control frame may stand between the pieces of a message"
	}
	return ""
}

// frameHead is the length of a frame's header.
func frameHead(p []byte) int {
	n := 2
	switch p[1] & 0x7f {
	case 126:
		n += 2
	case 127:
		n += 8
	}
	return n + maskSize(p)
}

func maskSize(p []byte) int {
	if p[1]&0x80 != 0 {
		return 4
	}
	return 0
}

// frameSize is the length of the payload; the header must be there.
func frameSize(p []byte) uint64 {
	switch n := p[1] & 0x7f; n {
	case 126:
		return uint64(binary.BigEndian.Uint16(p[2:]))
	case 127:
		return binary.BigEndian.Uint64(p[2:])
	default:
		return uint64(n)
	}
}
