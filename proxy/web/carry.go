package web

import (
	"bytes"
	"strconv"
	"strings"

	"xmppscope/decode"
)

// nsHTTPBind is the namespace of <body/> (XEP-0124 §6).
const nsHTTPBind = "http://jabber.org/protocol/httpbind"

// IsBody tells the wrapper of BOSH by its root.
func IsBody(p []byte) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(p[:min(len(p), 2048)], []byte("\xef\xbb\xbf")), " \t\r\n")
	if bytes.HasPrefix(head, []byte("<?xml")) {
		_, head, _ = bytes.Cut(head, []byte(">"))
		head = bytes.TrimLeft(head, " \t\r\n")
	}
	head, _, _ = bytes.Cut(head, []byte(">"))
	return len(head) > 0 && head[0] == '<' && bytes.Contains(head, []byte("body")) && bytes.Contains(head, []byte(nsHTTPBind))
}

// Carry is the bytes that bring text in the place of what m carries: those that
// came where it is the same, as far as the receiver can read them. A text of nil
// is nothing at all. The calls come in the order of the direction.
func (s *Side) Carry(m *Message, text []byte) []byte {
	same := text != nil && bytes.Equal(text, m.Text)
	switch {
	case same && !(m.packed && s.spoiled):
		return m.wire
	case m.http != nil && text != nil:
		return m.rebody(text)
	}
	s.spoiled = s.spoiled || m.packed
	var p []byte
	for _, f := range m.inside {
		p = append(p, Frame(f.opcode, f.payload, s.masked())...)
	}
	if text != nil {
		p = append(p, s.Text(text)...)
	}
	return p
}

// Text is the frame that brings a text that nobody has sent. It is not
// compressed, as any message may be (RFC 7692 §6.1).
func (s *Side) Text(text []byte) []byte { return Frame(OpText, text, s.masked()) }

// Ping is a ping frame.
func (s *Side) Ping() []byte { return Frame(OpPing, nil, s.masked()) }

// Close is the close frame of a connection that ends in order.
func (s *Side) Close() []byte { return CloseFrame(CloseNormal, "", s.masked()) }

func (s *Side) masked() bool { return s.dir == decode.FromInitiator }

// rebody is the same message of HTTP with another body: its length right, sent
// in one piece and not compressed.
func (m *Message) rebody(text []byte) []byte {
	head := string(m.wire[:m.http.HeadLen])
	var b bytes.Buffer
	drop := false
	for i, line := range strings.SplitAfter(head, "\n") {
		bare := strings.TrimRight(line, "\r\n")
		switch {
		case bare == "":
			drop = false
			if i == 0 || b.Len() == 0 {
				continue // empty lines before the first
			}
		case bare[0] == ' ' || bare[0] == '\t': // belongs to the line before
		default:
			name, _, _ := strings.Cut(bare, ":")
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "content-length", "transfer-encoding", "content-encoding", "trailer", "content-md5", "digest", "etag":
				drop = true
			default:
				drop = false
			}
		}
		if bare != "" && !drop {
			b.WriteString(bare + "\r\n")
		}
	}
	b.WriteString("Content-Length: " + strconv.Itoa(len(text)) + "\r\n\r\n")
	b.Write(text)
	return b.Bytes()
}
