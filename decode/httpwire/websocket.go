package httpwire

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode/utf8"

	"xmppscope/decode/inflate"
	"xmppscope/decode/spec"
)

// WSOptions say how a direction's frames are read. Zero values mean the
// defaults.
type WSOptions struct {
	// Masked is set for the client, whose frames must be masked (RFC 6455 §5.1).
	Masked bool
	// Deflate is set where permessage-deflate was agreed on (RFC 7692), and
	// NoContext where each message is compressed by itself.
	Deflate, NoContext bool
	Limits             inflate.Limits
	MaxMessage         int // bytes of one message; default 16 MiB
}

// WSMessage is a message, a control frame, or bytes that are neither.
type WSMessage struct {
	Opcode uint8
	// Wire is all its frames. A control frame between the fragments of a message
	// is in the message's Wire, and comes before it with Inside and no Wire.
	Wire    []byte
	Payload []byte // unmasked and decompressed
	Frames  int
	Code    uint16 // of a close frame; 0 without one
	Reason  string
	Inside  bool
	Broken  bool
	Off     int64 // of Wire in its direction
	Faults  []Fault
}

// WebSocket reads the frames of one direction.
type WebSocket struct {
	o      WSOptions
	buf    []byte
	at     int64
	out    []WSMessage
	m      WSMessage // begun and not ended
	begun  bool
	packed bool // it is compressed
	skip   int64
	seek   bool
	closed bool // the close frame was sent
	found  bool // reading went on behind a loss, where a frame seemed to begin
	broken bool
	z      *inflate.Reader
	spent  budget // of compressed messages
}

// NewWebSocket makes the reader of one direction.
func NewWebSocket(o WSOptions) *WebSocket {
	if o.MaxMessage == 0 {
		o.MaxMessage = 16 << 20
	}
	return &WebSocket{o: o}
}

// Feed takes the next bytes and returns what they complete. The slice is valid
// until the next call; what it points to is immutable.
func (w *WebSocket) Feed(p []byte) []WSMessage {
	w.out = w.out[:0]
	w.buf = append(w.buf, p...)
	for len(w.buf) > 0 && w.step() {
	}
	if len(w.buf) == 0 {
		w.buf = nil
	}
	return w.out
}

// At is where the next message begins, or the one that is not complete yet.
func (w *WebSocket) At() int64 { return w.at - int64(len(w.m.Wire)) }

// step reads the next frame; false means that more must come.
func (w *WebSocket) step() bool {
	switch {
	case w.broken:
		w.junk(len(w.buf), nil)
		return true
	case w.skip > 0:
		n := int(min(w.skip, int64(len(w.buf))))
		w.skip -= int64(n)
		w.junk(n, nil)
		return true
	case w.seek:
		return w.find()
	}
	f, n := parseFrame(w.buf)
	switch {
	case n == 0:
		return false
	case f.bad != "" && w.found:
		w.seek, w.found = true, false // it was none
		w.junk(1, nil)
		return true
	case f.bad != "":
		w.broken = true
		w.junk(len(w.buf), []Fault{frameFault(f.bad, "5.2")})
		return true
	case f.size > int64(w.o.MaxMessage):
		w.giveUp()
		w.skip = f.size
		w.junk(n, []Fault{frameFault("a frame that is longer than is read here", "5.2")})
		return true
	case int64(len(w.buf)) < int64(n)+f.size:
		return false
	}
	raw := w.buf[: n+int(f.size) : n+int(f.size)]
	w.buf = w.buf[len(raw):]
	w.frame(&f, raw, n)
	return true
}

// frame reads one whole frame.
func (w *WebSocket) frame(f *header, raw []byte, head int) {
	payload := bytes.Clone(raw[head:])
	if f.masked {
		for i := range payload {
			payload[i] ^= f.key[i&3]
		}
	}
	var faults []Fault
	if f.odd != "" {
		faults = append(faults, frameFault(f.odd, "5.2"))
	}
	if f.masked != w.o.Masked {
		text := "a frame of the server that is masked"
		if w.o.Masked {
			text = "a frame of the client that is not masked: the server must close the connection"
		}
		faults = append(faults, frameFault(text, "5.1"))
	}
	if w.closed {
		faults = append(faults, frameFault("a frame after the close frame, which is the last one", "5.5.1"))
	}
	off := w.at
	w.at += int64(len(raw))
	w.closed = w.closed || f.opcode == opClose
	if f.opcode >= opClose {
		w.control(f, raw, payload, off, faults)
		return
	}
	if f.opcode != opContinue && w.begun {
		faults = append(faults, frameFault("a new message begins before the last one has ended", "5.4"))
		w.giveUp()
	}
	if !w.begun {
		if f.opcode == opContinue {
			faults = append(faults, frameFault("a continuation of nothing", "5.4"))
		}
		w.m, w.begun, w.packed = WSMessage{Opcode: f.opcode, Off: off}, true, f.rsv1
		if f.rsv1 && !w.o.Deflate {
			faults = append(faults, frameFault("a compressed message, though no compression was agreed on", "5.2"))
		}
	}
	m := &w.m
	m.Wire = append(m.Wire, raw...)
	m.Payload = append(m.Payload, payload...)
	m.Frames++
	m.Faults = append(m.Faults, faults...)
	switch {
	case len(m.Wire) > 2*w.o.MaxMessage:
		m.Faults = append(m.Faults, frameFault("a message that is longer than is read here", "5.4"))
		w.giveUp()
	case f.fin:
		w.end()
	}
}

// control reads a control frame, which may stand between fragments (RFC 6455
// §5.5).
func (w *WebSocket) control(f *header, raw, payload []byte, off int64, faults []Fault) {
	m := WSMessage{Opcode: f.opcode, Payload: payload, Frames: 1, Off: off, Faults: faults}
	if w.begun {
		m.Inside = true
		w.m.Wire = append(w.m.Wire, raw...)
	} else {
		m.Wire = bytes.Clone(raw)
	}
	switch {
	case f.opcode != opClose || len(payload) == 0:
	case len(payload) == 1:
		m.Faults = append(m.Faults, frameFault("a close frame with half a code", "5.5.1"))
	default:
		m.Code, m.Reason = binary.BigEndian.Uint16(payload), string(payload[2:])
		if m.Code < 1000 || m.Code >= 5000 || m.Code >= 1004 && m.Code <= 1006 || m.Code == 1015 {
			m.Faults = append(m.Faults, frameFault("a close frame with a code that must not be sent", "7.4"))
		}
		if !utf8.ValidString(m.Reason) {
			m.Faults = append(m.Faults, Fault{Rule: "xml-encoding", Text: "a reason that is not UTF-8", Ref: spec.RFC(6455, "5.5.1")})
		}
	}
	w.out = append(w.out, m)
}

// end completes a message.
func (w *WebSocket) end() {
	m := w.m
	w.m, w.begun = WSMessage{}, false
	if w.packed && w.o.Deflate {
		m.Payload = w.inflate(&m)
	}
	if m.Opcode == opText && !m.Broken && !utf8.Valid(m.Payload) {
		m.Faults = append(m.Faults, Fault{Rule: "xml-encoding", Text: "a text message that is not UTF-8", Ref: spec.RFC(6455, "8.1")})
	}
	m.Wire = slices.Clip(m.Wire)
	w.out = append(w.out, m)
}

// inflate decompresses a message (RFC 7692 §7.2.2). Where one cannot be read,
// those after it are tried on their own: they may refer to nothing before.
func (w *WebSocket) inflate(m *WSMessage) []byte {
	if w.z == nil || w.o.NoContext || w.z.Done() {
		w.z = inflate.NewRaw(w.o.Limits)
	}
	limit := min(w.o.MaxMessage, w.spent.left(len(m.Payload)))
	w.z.Write(m.Payload)
	w.z.Write([]byte{0, 0, 0xff, 0xff})
	out := []byte{}
	for p := w.z.Read(); p != nil; p = w.z.Read() {
		if out = append(out, p...); len(out) > limit {
			w.spent.out += max(0, limit)
			m.Broken = true
			m.Faults = append(m.Faults, frameFault("far more comes out of a compressed message than is read here", "5.2"))
			w.z = nil
			return nil
		}
	}
	w.spent.out += len(out)
	if err := w.z.Err(); err != nil {
		m.Broken = true
		m.Faults = append(m.Faults, Fault{Rule: err.Rule, Text: err.Text, Ref: spec.RFC(7692, "7.2.2")})
		w.z = nil
	}
	return out
}

// giveUp gives out what there is of a message that will not be completed.
func (w *WebSocket) giveUp() {
	if !w.begun {
		return
	}
	m := w.m
	w.m, w.begun = WSMessage{}, false
	m.Broken = true
	m.Wire = slices.Clip(m.Wire)
	w.out = append(w.out, m)
}

func (w *WebSocket) junk(n int, faults []Fault) {
	w.giveUp()
	w.out = append(w.out, WSMessage{Broken: true, Wire: bytes.Clone(w.buf[:n]), Off: w.at, Faults: faults})
	w.buf = w.buf[n:]
	w.at += int64(n)
}

// Gap says that n bytes were lost here.
func (w *WebSocket) Gap(n int64) []WSMessage {
	w.out = w.out[:0]
	w.found = false
	left := w.skip
	if f, head := parseFrame(w.buf); head > 0 && f.bad == "" && !w.seek && w.skip == 0 {
		left = int64(head) + f.size - int64(len(w.buf))
	}
	lost := []Fault{{Rule: "ws-incomplete", Text: "bytes are missing from here on", Ref: spec.RFC(6455, "5.4")}}
	if len(w.buf) > 0 {
		w.junk(len(w.buf), lost)
	}
	w.giveUp()
	w.at += n
	w.z = nil // what was compressed with what is lost cannot be read
	switch {
	case left >= n && left > 0 && n > 0:
		w.skip = left - n
	default:
		w.skip, w.seek = 0, true
	}
	return w.out
}

// find looks for the next frame behind a loss: a header that fits this side
// and text that begins with <.
func (w *WebSocket) find() bool {
	for i := range w.buf {
		f, n := parseFrame(w.buf[i:])
		if f.bad != "" || f.masked != w.o.Masked || f.size > int64(w.o.MaxMessage) {
			continue
		}
		if n == 0 || len(w.buf) < i+n+1 {
			if i > 0 {
				w.junk(i, nil)
			}
			return false
		}
		first := w.buf[i+n]
		if f.masked {
			first ^= f.key[0]
		}
		if f.opcode == opText && f.fin && (first == '<' || f.rsv1 && w.o.Deflate) {
			if i > 0 {
				w.junk(i, nil)
			}
			w.seek, w.found = false, true
			return true
		}
	}
	w.junk(len(w.buf), nil)
	return true
}

// Flush says that the direction has ended.
func (w *WebSocket) Flush() []WSMessage {
	w.out = w.out[:0]
	if len(w.buf) > 0 {
		w.junk(len(w.buf), []Fault{{Rule: "ws-incomplete", Text: "the connection ends within this frame", Ref: spec.RFC(6455, "5.4")}})
	}
	w.giveUp()
	return w.out
}
