package httpwire

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"xmppscope/decode/spec"
)

var (
	refMessage = spec.RFC(9112, "2.1")
	refLength  = spec.RFC(9112, "6.3")
	refFields  = spec.RFC(9112, "5.1")
	refChunked = spec.RFC(9112, "7.1")
)

// headEnd finds the end of a head: the empty line behind its first one. -1
// where it is not there yet.
func headEnd(p []byte) int {
	at := 0
	some := false
	for {
		i := bytes.IndexByte(p[at:], '\n')
		if i < 0 {
			return -1
		}
		line := bytes.TrimSuffix(p[at:at+i], []byte("\r"))
		at += i + 1
		if len(line) == 0 && some {
			return at
		}
		some = some || len(line) > 0
	}
}

// head reads a whole head.
func (c *Conn) head(side int, h *half) bool {
	if p := bytes.TrimLeft(h.buf, "\r\n"); len(p) > 0 && !mayBegin(p) {
		h.state = lost
		n, _ := nextStart(h.buf[1:])
		c.junk(side, h, 1+n)
		c.out[len(c.out)-1].Faults = []Fault{{Rule: "http-malformed", Text: "no HTTP message begins here", Ref: refMessage}}
		return true
	}
	n := headEnd(h.buf)
	if n < 0 {
		if len(h.buf) > c.o.MaxHead {
			h.state = lost
			c.junk(side, h, len(h.buf))
			c.out[len(c.out)-1].Faults = []Fault{{Rule: "http-head-long", Text: "a head that is longer than any server takes", Ref: refMessage}}
		}
		return false
	}
	m := &h.m
	m.HeadLen = n
	c.firstLine(m, h.buf[:n])
	if m.Kind == Request {
		c.count++
		m.Exchange = c.count
		if len(c.asked) < maxAsked {
			c.asked = append(c.asked, asked{number: c.count, method: m.Method})
		}
	} else if len(c.asked) > 0 {
		m.Exchange = c.asked[0].number
	}
	c.framing(h)
	state := h.state
	c.advance(side, h, n)
	if state == inHead || state == lost {
		c.end(side, h)
	}
	if state == lost {
		h.state = lost
	}
	return true
}

// mayBegin tells whether a first line may begin so.
func mayBegin(p []byte) bool {
	for i, b := range p[:min(len(p), 32)] {
		switch {
		case b == ' ' && i > 0, b == '/' && i == 4 && string(p[:4]) == "HTTP":
			return true
		case b >= 'A' && b <= 'Z', b == '-' && i > 0, b == '_' && i > 0:
		default:
			return false
		}
	}
	return len(p) < 32
}

// firstLine reads the first line and the fields of a head.
func (c *Conn) firstLine(m *Message, head []byte) {
	lines := bytes.Split(bytes.TrimRight(bytes.TrimLeft(head, "\r\n"), "\r\n"), []byte("\n"))
	first := strings.TrimSuffix(string(lines[0]), "\r")
	if version, rest, ok := strings.Cut(first, " "); ok && strings.HasPrefix(version, "HTTP/") {
		code, reason, _ := strings.Cut(rest, " ")
		m.Kind, m.Version, m.Reason = Response, version, reason
		n, err := strconv.Atoi(code)
		if err != nil || n < 100 || n > 999 {
			n = 0
			m.fault("http-malformed", "the status is no number of three digits", refMessage)
		}
		m.Status = n
	} else {
		m.Kind, m.Method = Request, version
		at := strings.LastIndexByte(rest, ' ')
		if at < 0 {
			m.Target = rest
			m.fault("http-malformed", "the first line does not name a version of HTTP", refMessage)
		} else {
			m.Target, m.Version = rest[:at], rest[at+1:]
		}
	}
	for _, l := range lines[1:] {
		m.field(strings.TrimSuffix(string(l), "\r"))
	}
	if bytes.IndexByte(head, 0) >= 0 {
		m.fault("http-malformed", "a zero byte in the head", refFields)
	}
}

// maxHeaders bounds the fields of one head.
const maxHeaders = 256

// field reads one line of a head.
func (m *Message) field(line string) {
	if len(m.Headers) == maxHeaders {
		return
	}
	if line != "" && (line[0] == ' ' || line[0] == '\t') && len(m.Headers) > 0 {
		m.Headers[len(m.Headers)-1].Value += " " + strings.TrimSpace(line)
		m.fault("http-folding", "a header that goes on in the next line, which is forbidden now", spec.RFC(9112, "5.2"))
		return
	}
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		m.fault("http-malformed", "a line of the head without a colon", refFields)
		return
	}
	if trimmed := strings.TrimSpace(name); trimmed != name {
		m.fault("http-smuggling", "white space before the colon of a header: servers do not agree what it means", refFields)
		name = trimmed
	}
	m.Headers = append(m.Headers, Header{name, strings.TrimSpace(value)})
}

func (m *Message) fault(rule, text string, ref spec.Ref) {
	if len(m.Faults) < 16 {
		m.Faults = append(m.Faults, Fault{Rule: rule, Text: text, Ref: ref})
	}
}

// framing decides how the body ends (RFC 9112 §6.3).
func (c *Conn) framing(h *half) {
	m := &h.m
	te, chunked := m.header("Transfer-Encoding")
	length, sized := m.header("Content-Length")
	if m.Kind == Response && c.bodiless(m) {
		return
	}
	if chunked {
		if sized {
			m.fault("http-smuggling", "both Content-Length and Transfer-Encoding: servers do not agree where this message ends", refLength)
		}
		codings := strings.Split(strings.ToLower(te), ",")
		if strings.TrimSpace(codings[len(codings)-1]) == "chunked" {
			h.state = inChunkSize
			return
		}
		m.fault("http-smuggling", "the last transfer coding is not chunked, so the end cannot be told", refLength)
		h.state = toTheEnd
		return
	}
	if sized {
		n, ok := contentLength(length)
		if !ok {
			m.fault("http-smuggling", "Content-Length is no number, or several that differ", refLength)
			h.state = lost
			return
		}
		if h.left = n; n > 0 {
			h.state = inBody
		}
		return
	}
	if m.Kind == Response {
		h.state = toTheEnd
	}
}

// bodiless tells the responses that never have a body.
func (c *Conn) bodiless(m *Message) bool {
	if m.Status/100 == 1 || m.Status == 204 || m.Status == 304 {
		return true
	}
	if len(c.asked) == 0 {
		return false
	}
	a := c.asked[0].method
	return a == "HEAD" || a == "CONNECT" && m.Status/100 == 2
}

// contentLength reads a length; several are allowed where they are the same.
func contentLength(v string) (int64, bool) {
	all := strings.Split(v, ",")
	first := strings.TrimSpace(all[0])
	for _, one := range all[1:] {
		if strings.TrimSpace(one) != first {
			return 0, false
		}
	}
	if first == "" || strings.Trim(first, "0123456789") != "" || len(first) > 15 {
		return 0, false
	}
	n, err := strconv.ParseInt(first, 10, 64)
	return n, err == nil
}

// maxLine bounds a chunk's size line and a trailer, in bytes.
const maxLine = 8 << 10

// chunk reads the next piece of a chunked body (RFC 9112 §7.1).
func (c *Conn) chunk(side int, h *half) bool {
	if h.state == inChunk {
		n := int(min(h.left, int64(len(h.buf))))
		c.body(side, h, h.buf[:n])
		h.left -= int64(n)
		c.advance(side, h, n)
		if h.left == 0 {
			h.state = inChunkEnd
		}
		return true
	}
	i := bytes.IndexByte(h.buf, '\n')
	if i < 0 {
		if len(h.buf) > maxLine {
			c.lostChunk(side, h)
			return true
		}
		return false
	}
	line := strings.TrimSuffix(string(h.buf[:i]), "\r")
	state := h.state
	if state == inChunkEnd && line != "" {
		c.lostChunk(side, h)
		return true
	}
	c.advance(side, h, i+1)
	switch state {
	case inChunkEnd:
		h.state = inChunkSize
	case inTrailer:
		if line == "" {
			c.end(side, h)
		}
	default:
		size, _, _ := strings.Cut(line, ";")
		n, err := strconv.ParseUint(strings.TrimSpace(size), 16, 62)
		if err != nil {
			h.m.fault("http-smuggling", "the size of a chunk is no hexadecimal number", refChunked)
			c.lostChunk(side, h)
			return true
		}
		if h.left, h.state = int64(n), inChunk; n == 0 {
			h.state = inTrailer
		}
	}
	return true
}

// lostChunk ends a body whose chunks cannot be followed any more.
func (c *Conn) lostChunk(side int, h *half) {
	h.m.fault("http-malformed", "the chunks of the body do not fit together", refChunked)
	m := h.m
	m.Side, m.Wire = side, slices.Clip(m.Wire)
	c.out = append(c.out, m)
	h.m, h.raw, h.long = Message{}, nil, false
	h.state, h.left = lost, 0
	if m.Kind == Response {
		c.answered(side, &m)
	}
}
