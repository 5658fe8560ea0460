package practice

import (
	"bytes"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// socket is a WebSocket (RFC 6455) as a stream: each element that is written is a
// message, each message that comes an element.
type socket struct {
	net.Conn
	raw     []byte // frames that are not whole yet
	ready   []byte // what can be read
	message []byte // fragments of a message
	closing bool   // a close frame was sent
	ended   bool   // one came
}

// Opcodes of frames (RFC 6455 §5.2), and the longest one.
const (
	opText     = 1
	opClose    = 8
	opPing     = 9
	opPong     = 10
	maxMessage = 1 << 20
)

// upgrade asks for a WebSocket with the protocol xmpp (RFC 7395 §3.1).
func upgrade(nc net.Conn, host string, patience time.Duration) (net.Conn, error) {
	var secret [16]byte
	rand.Read(secret[:]) // never fails
	key := base64.StdEncoding.EncodeToString(secret[:])
	_ = nc.SetDeadline(time.Now().Add(patience))
	_, err := io.WriteString(nc, "GET "+webPath+" HTTP/1.1\r\nHost: "+host+"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "+key+
		"\r\nSec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Version: 13\r\n\r\n")
	s := &socket{Conn: nc}
	var head []byte
	for err == nil && head == nil {
		buf := make([]byte, 4<<10)
		var n int
		n, err = nc.Read(buf)
		s.raw = append(s.raw, buf[:n]...)
		if end := bytes.Index(s.raw, []byte("\r\n\r\n")); end >= 0 {
			head, s.raw = s.raw[:end], s.raw[end+4:]
		} else if len(s.raw) > 16<<10 {
			err = errors.New("the answer to the upgrade does not end")
		}
	}
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	if status, _, _ := strings.Cut(string(head), "\r\n"); err == nil && (!strings.Contains(status, " 101 ") || !bytes.Contains(head, []byte(base64.StdEncoding.EncodeToString(sum[:])))) {
		err = fmt.Errorf("the server takes no WebSocket: %.80q", status)
	}
	if err != nil {
		_ = nc.Close()
		return nil, err
	}
	_ = nc.SetDeadline(time.Time{})
	return s, nil
}

// Write sends an element as a message; a stream header as <open/>, an end tag as
// <close/> (RFC 7395 §3.4, §3.6).
func (s *socket) Write(p []byte) (int, error) {
	xml := string(p)
	if attrs, ok := header(xml); ok {
		return len(p), s.frame(opText, "<open xmlns='"+nsFraming+"'"+attrs+"/>")
	}
	before, ends := strings.CutSuffix(xml, endTag)
	if before != "" {
		if err := s.frame(opText, standalone(before)); err != nil {
			return 0, err
		}
	}
	if ends {
		return len(p), s.frame(opText, "<close xmlns='"+nsFraming+"'/>")
	}
	return len(p), nil
}

// frame sends a frame; what clients send is masked (RFC 6455 §5.3).
func (s *socket) frame(op byte, text string) error {
	b := []byte{0x80 | op}
	switch n := len(text); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	var mask [4]byte
	rand.Read(mask[:]) // never fails
	b = append(b, mask[:]...)
	for i := range len(text) {
		b = append(b, text[i]^mask[i%4])
	}
	_, err := s.Conn.Write(b)
	return err
}

func (s *socket) Read(p []byte) (int, error) {
	for len(s.ready) == 0 {
		if s.ended {
			return 0, io.EOF
		}
		if whole, err := s.next(); err != nil {
			return 0, err
		} else if whole {
			continue
		}
		buf := make([]byte, 16<<10)
		n, err := s.Conn.Read(buf)
		s.raw = append(s.raw, buf[:n]...)
		if err != nil && n == 0 {
			return 0, err
		}
	}
	n := copy(p, s.ready)
	s.ready = s.ready[n:]
	return n, nil
}

// next takes a frame, if there is a whole one.
func (s *socket) next() (whole bool, err error) {
	if len(s.raw) < 2 {
		return false, nil
	}
	size, at := uint64(s.raw[1]&0x7f), 2
	switch {
	case size == 126 && len(s.raw) >= 4:
		size, at = uint64(binary.BigEndian.Uint16(s.raw[2:])), 4
	case size == 127 && len(s.raw) >= 10:
		size, at = binary.BigEndian.Uint64(s.raw[2:]), 10
	case size >= 126:
		return false, nil
	}
	if size > maxMessage || len(s.message)+int(size) > maxMessage {
		return false, errors.New("the server sends a message that is too long")
	}
	if uint64(len(s.raw)-at) < size {
		return false, nil
	}
	first, payload := s.raw[0], s.raw[at:at+int(size)]
	switch first & 0x0f {
	case opPing:
		err = s.frame(opPong, string(payload))
	case opPong:
	case opClose:
		s.ended = true
		err = s.CloseWrite()
	default:
		s.message = append(s.message, payload...)
		if first&0x80 != 0 {
			s.ready, s.message = append(s.ready, fromFrame(string(s.message))...), nil
		}
	}
	s.raw = s.raw[at+int(size):]
	return true, err
}

// fromFrame is a message as it would stand on TCP.
func fromFrame(xml string) string {
	text := strings.TrimSpace(xml)
	switch {
	case strings.HasPrefix(text, "<open"):
		attrs := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(text, "<open"), "</open>"), ">")
		attrs = strings.TrimSuffix(attrs, "/")
		for _, q := range []string{"'", `"`} {
			attrs = strings.Replace(attrs, " xmlns="+q+nsFraming+q, "", 1)
		}
		return "<?xml version='1.0'?>" + headStart + attrs + headEnd
	case strings.HasPrefix(text, "<close"):
		return endTag
	}
	return xml
}

// CloseWrite says that nothing more comes (RFC 6455 §5.5.1).
func (s *socket) CloseWrite() error {
	if s.closing {
		return nil
	}
	s.closing = true
	return s.frame(opClose, "\x03\xe8")
}
