package sandbox

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"xmppscope/decode/xmlstream"
)

func number(n int) string { return strconv.Itoa(n) }

// Kinds of frames (RFC 6455 §5.2).
const (
	wsContinue = 0
	wsText     = 1
	wsBinary   = 2
	wsClose    = 8
	wsPing     = 9
	wsPong     = 10
)

// webSocket accepts a WebSocket for XMPP (RFC 7395 §3.1), and puts it under the
// connection.
func (c *conn) webSocket(r *http.Request, br *bufio.Reader) error {
	offered := false
	for _, p := range strings.Split(strings.Join(r.Header.Values("Sec-WebSocket-Protocol"), ","), ",") {
		offered = offered || strings.TrimSpace(p) == "xmpp"
	}
	key := r.Header.Get("Sec-WebSocket-Key")
	if !offered || key == "" || r.Header.Get("Sec-WebSocket-Version") != "13" {
		c.respond("400 Bad Request", "text/plain; charset=utf-8", "A WebSocket for XMPP has the protocol xmpp.\n")
		c.out.drain()
		return errEnded
	}
	h := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) // RFC 6455 §1.3
	c.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(h[:]) + "\r\n\r\n")
	c.out.drain()
	w := &wsConn{Conn: c.nc, from: br, cutter: newCutter(c.srv), limit: c.srv.o.Limits.Unit, time: c.srv.o.Limits.Write}
	c.nc = w
	c.out.change(w)
	return nil
}

// wsConn is a stream inside a WebSocket: whoever reads it reads a stream as it
// would come over TCP, and what is written as one goes out in frames.
type wsConn struct {
	net.Conn
	from  *bufio.Reader
	limit int
	time  time.Duration // for one answer to a frame
	ready []byte        // of the stream, not read yet

	mu     sync.Mutex // guards what is below, and writing
	cutter *cutter
	closed [2]bool // the stream, by the peer and by us
	over   bool    // the closing frame was sent
}

// errFrame is what a peer does that does not follow RFC 6455.
var errFrame = errors.New("sandbox: that is no frame")

func (w *wsConn) Read(p []byte) (int, error) {
	for len(w.ready) == 0 {
		message, err := w.message()
		if err != nil {
			return 0, err
		}
		w.ready = w.translated(message)
	}
	n := copy(p, w.ready)
	w.ready = w.ready[n:]
	return n, nil
}

// translated is a message as a part of a stream (RFC 7395 §3.3).
func (w *wsConn) translated(message []byte) []byte {
	n := parseAlone(message, w.cutter.o)
	switch {
	case n == nil || n.Name.Space != nsFraming:
		return message
	case n.Name.Local == "open":
		return []byte(streamHeader(n))
	case n.Name.Local == "close":
		w.mu.Lock()
		defer w.mu.Unlock()
		w.closed[0] = true
		w.bye()
		return []byte("</stream:stream>")
	}
	return message
}

// bye ends the WebSocket once both have closed the stream (RFC 7395 §3.6).
func (w *wsConn) bye() {
	if w.closed[0] && w.closed[1] && !w.over {
		w.over = true
		_ = w.frame(wsClose, []byte{0x03, 0xe8})
	}
}

// message reads one whole message; pings are answered meanwhile.
func (w *wsConn) message() ([]byte, error) {
	var all []byte
	for {
		fin, kind, payload, err := w.readFrame(len(all))
		if err != nil {
			return nil, err
		}
		switch kind {
		case wsPing:
			if err = w.pong(payload); err != nil {
				return nil, err
			}
		case wsPong:
		case wsClose:
			w.mu.Lock()
			if !w.over {
				w.over = true
				_ = w.frame(wsClose, payload[:min(2, len(payload))])
			}
			w.mu.Unlock()
			return nil, io.EOF
		case wsText, wsContinue:
			all = append(all, payload...)
			if fin {
				return all, nil
			}
		default:
			return nil, errFrame // XMPP is text (RFC 7395 §3.2)
		}
	}
}

// pong answers a ping. Its error is none of reading: who reads takes a deadline
// that has passed for silence of the peer.
func (w *wsConn) pong(payload []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.SetWriteDeadline(time.Now().Add(w.time))
	defer w.SetWriteDeadline(time.Time{})
	if err := w.frame(wsPong, payload); err != nil {
		return fmt.Errorf("sandbox: a ping could not be answered: %v", err)
	}
	return nil
}

// readFrame reads one frame of a client, which is masked (RFC 6455 §5.1).
func (w *wsConn) readFrame(had int) (fin bool, kind byte, payload []byte, err error) {
	var head [14]byte
	if _, err = io.ReadFull(w.from, head[:2]); err != nil {
		return
	}
	size := uint64(head[1] & 0x7f)
	if more := map[uint64]int{126: 2, 127: 8}[size]; more > 0 {
		if _, err = io.ReadFull(w.from, head[2:2+more]); err != nil {
			return
		}
		if size = uint64(binary.BigEndian.Uint16(head[2:])); more == 8 {
			size = binary.BigEndian.Uint64(head[2:])
		}
	}
	kind = head[0] & 0x0f
	if head[1]&0x80 == 0 || head[0]&0x70 != 0 || size > uint64(w.limit) || had+int(size) > w.limit || kind >= wsClose && size > 125 {
		return false, 0, nil, errFrame
	}
	mask := head[10:14]
	if _, err = io.ReadFull(w.from, mask); err != nil {
		return
	}
	payload = make([]byte, size)
	if _, err = io.ReadFull(w.from, payload); err != nil {
		return
	}
	for i := range payload {
		payload[i] ^= mask[i%4]
	}
	return head[0]&0x80 != 0, kind, payload, nil
}

// Write sends a stream, each of its parts in a message.
func (w *wsConn) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, part := range w.cutter.cut(p) {
		xml := part.xml
		switch part.kind {
		case xmlstream.Header:
			lang, _ := part.root.AttrNS(xmlstream.NSXML, "lang")
			xml = element("", "open", "xmlns", nsFraming, "from", attr(part.root, "from"), "to", attr(part.root, "to"),
				"id", attr(part.root, "id"), "version", attr(part.root, "version"), "xml:lang", lang)
		case xmlstream.Close:
			xml = element("", "close", "xmlns", nsFraming)
			w.closed[1] = true
		}
		if err := w.frame(wsText, []byte(xml)); err != nil {
			return 0, err
		}
		w.bye()
	}
	return len(p), nil
}

// frame writes one frame, which a server does not mask.
func (w *wsConn) frame(kind byte, payload []byte) error {
	b := []byte{0x80 | kind}
	switch n := len(payload); {
	case n < 126:
		b = append(b, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	_, err := w.Conn.Write(append(b, payload...))
	return err
}
