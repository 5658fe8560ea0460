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
	refLines   = spec.RFC(9112, "2.2")
	refCodings = spec.RFC(9112, "6.1")
	refLength  = spec.RFC(9112, "6.3")
	refFields  = spec.RFC(9112, "5.1")
	refChunked = spec.RFC(9112, "7.1")
)

// headEnd finds the end of a head that begins at p: its first empty line. -1
// where it is not there yet.
func headEnd(p []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(p[at:], '\n')
		if i < 0 {
			return -1
		}
		line := bytes.TrimSuffix(p[at:at+i], []byte("\r"))
		if at += i + 1; len(line) == 0 {
			return at
		}
	}
}

// head reads a whole head.
func (c *Conn) head(side int, h *half) bool {
	p := bytes.TrimLeft(h.buf, "\r\n") // empty lines may come first (RFC 9112 §2.2)
	lead := len(h.buf) - len(p)
	if len(p) > 0 && !mayBegin(p) {
		h.state = lost
		n, _ := nextStart(h.buf[1:])
		c.junk(side, h, 1+n)
		c.out[len(c.out)-1].Faults = []Fault{{Rule: "http-malformed", Text: "no HTTP message begins here", Ref: refMessage}}
		return true
	}
	n := headEnd(p[:max(0, min(len(p), c.o.MaxHead-lead))])
	if n < 0 && len(h.buf) < c.o.MaxHead {
		return false
	}
	if n < 0 {
		h.state = lost
		c.junk(side, h, c.o.MaxHead)
		c.out[len(c.out)-1].Faults = []Fault{{Rule: "http-head-long", Text: "a head that is longer than any server takes", Ref: refMessage}}
		return true
	}
	n += lead
	m := &h.m
	m.HeadLen = n
	c.firstLine(m, h.buf[:n])
	if m.Kind == Request {
		if c.missed {
			c.asked, c.missed = nil, false // nobody asks on before the last answer
		}
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
	m.lineEnds(head)
	if bytes.IndexByte(head, 0) >= 0 {
		m.fault("http-malformed", "a zero byte in the head", refFields)
	}
}

// lineEnds looks for lines that do not end in CR LF (RFC 9112 §2.2).
func (m *Message) lineEnds(lines []byte) {
	feeds, pairs := bytes.Count(lines, []byte("\n")), bytes.Count(lines, []byte("\r\n"))
	if feeds > pairs {
		m.fault("http-line-end", "a line that ends in a line feed alone: servers do not agree whether a line ends there", refLines)
	}
	if bytes.Count(lines, []byte("\r")) > pairs {
		m.fault("http-line-end", "a carriage return in the middle of a line: servers do not agree whether a line ends there", refLines)
	}
}

// Bounds of the fields of one head.
const (
	maxHeaders = 256
	maxFolded  = 8 << 10 // bytes of a value that goes on over lines
)

// field reads one line of a head.
func (m *Message) field(line string) {
	if len(m.Headers) == maxHeaders {
		return
	}
	if line != "" && (line[0] == ' ' || line[0] == '\t') && len(m.Headers) > 0 {
		if v := &m.Headers[len(m.Headers)-1].Value; len(*v) < maxFolded {
			*v = strings.TrimSpace(*v + " " + strings.TrimSpace(line))
		}
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
	same := func(f Fault) bool { return f.Rule == rule && f.Text == text }
	if len(m.Faults) < 16 && !slices.ContainsFunc(m.Faults, same) {
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
		c.transferCoding(h, te, sized)
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

// transferCoding is framing by Transfer-Encoding (RFC 9112 §6.1); sized is set
// where Content-Length says something too.
func (c *Conn) transferCoding(h *half, te string, sized bool) {
	m := &h.m
	if sized {
		m.fault("http-smuggling", "both Content-Length and Transfer-Encoding: servers do not agree where this message ends", refLength)
	}
	if m.Version == "HTTP/1.0" {
		m.fault("http-smuggling", "Transfer-Encoding in HTTP/1.0, which does not have it: servers do not agree where this message ends", refCodings)
	}
	codings := strings.Split(strings.ToLower(te), ",")
	last, times := "", 0
	for _, one := range codings {
		if last = strings.TrimSpace(one); last == "chunked" {
			times++
		}
	}
	if times > 1 {
		m.fault("http-smuggling", "chunked is named more than once", refCodings)
	}
	if last == "chunked" {
		h.state = inChunkSize
		return
	}
	m.fault("http-smuggling", "the last transfer coding is not chunked, so the end cannot be told", refLength)
	h.state = toTheEnd
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
	i := bytes.IndexByte(h.buf[:min(len(h.buf), maxLine)], '\n')
	if i < 0 {
		if len(h.buf) >= maxLine {
			c.lostChunk(side, h)
			return true
		}
		return false
	}
	h.m.lineEnds(h.buf[:i+1])
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
