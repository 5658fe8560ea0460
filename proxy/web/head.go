package web

import (
	"bytes"
	"fmt"
	"net"
	"strings"
)

// methods begin the requests that a client of XMPP, or of what belongs to it,
// makes.
var methods = [...]string{"GET ", "POST ", "OPTIONS ", "HEAD ", "PUT ", "DELETE ", "PATCH "}

// maxHead bounds the head of a request, in bytes.
const maxHead = 64 << 10

// Begins tells whether p begins with a request of HTTP.
func Begins(p []byte) bool {
	for _, m := range methods {
		if bytes.HasPrefix(p, []byte(m)) {
			return true
		}
	}
	return false
}

// MayBegin tells whether p begins so, as far as it goes.
func MayBegin(p []byte) bool {
	for _, m := range methods {
		if n := min(len(p), len(m)); string(p[:n]) == m[:n] {
			return true
		}
	}
	return false
}

// Told tells whether p is enough to know whether it is HTTP.
func Told(p []byte) bool { return len(p) > 0 && (!MayBegin(p) || Begins(p)) }

// HeadEnds tells whether p has the whole head of a request, or is too long to be
// one.
func HeadEnds(p []byte) bool { return headLen(p) >= 0 || len(p) > maxHead }

// headLen is the length of the head that p begins with; -1 where its end is not
// there.
func headLen(p []byte) int {
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

// Head is what the head of a request says.
type Head struct {
	Method, Target string
	// Host is that of the field Host, without a port.
	Host string
	// Socket is set where it asks for a WebSocket.
	Socket bool
}

// Polls tells a request that a client of BOSH makes: one with a body, or a page's
// question whether it may make one (XEP-0124 §5).
func (h *Head) Polls() bool { return !h.Socket && (h.Method == "POST" || h.Method == "OPTIONS") }

// ParseHead reads the head that p begins with, as far as it is there.
func ParseHead(p []byte) (h Head) {
	if n := headLen(p); n >= 0 {
		p = p[:n]
	}
	first, rest, _ := strings.Cut(string(p[:min(len(p), maxHead)]), "\n")
	words := strings.Fields(first)
	if len(words) > 1 {
		h.Method, h.Target = words[0], words[1]
	}
	for line := range strings.SplitSeq(rest, "\n") {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\r"), ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "host":
			h.Host = value
			if host, _, err := net.SplitHostPort(value); err == nil {
				h.Host = host
			}
			h.Host = strings.Trim(h.Host, "[]")
		case "upgrade":
			h.Socket = h.Socket || lists(value, "websocket")
		}
	}
	return h
}

// lists tells whether a comma-separated value names a word.
func lists(value, word string) bool {
	for v := range strings.SplitSeq(value, ",") {
		if strings.EqualFold(strings.TrimSpace(v), word) {
			return true
		}
	}
	return false
}

// Answer is a whole response with a text, after which the connection ends.
func Answer(status, text string) string {
	return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", status, len(text), text)
}

// Aim makes a request ask for target at host. It tells whether anything was
// changed; what is no request stays as it is.
func (m *Message) Aim(target, host string) bool {
	if m.http == nil || m.http.Method == "" || target == "" {
		return false
	}
	head, body := string(m.wire[:m.http.HeadLen]), m.wire[m.http.HeadLen:]
	lines := strings.SplitAfter(head, "\n")
	changed := false
	for i, line := range lines {
		bare := strings.TrimRight(line, "\r\n")
		end := line[len(bare):]
		name, value, _ := strings.Cut(bare, ":")
		switch {
		case strings.HasPrefix(bare, m.http.Method+" ") && strings.HasSuffix(bare, " "+m.http.Version) && m.http.Target != target:
			lines[i] = m.http.Method + " " + target + " " + m.http.Version + end
		case strings.EqualFold(name, "host") && strings.TrimSpace(value) != host:
			lines[i] = name + ": " + host + end
		}
		changed = changed || lines[i] != line
	}
	if changed {
		head = strings.Join(lines, "")
		m.wire = append([]byte(head), body...)
		copied := *m.http
		copied.HeadLen = len(head)
		m.http = &copied
	}
	return changed
}

// Wire is the bytes that it goes on as where nothing of its text is changed.
func (m *Message) Wire() []byte { return m.wire }
