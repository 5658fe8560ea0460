package web

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"net/url"
	"strconv"
	"strings"
	"time"

	"xmppscope/decode/xmlstream"
)

// newRID is where the request ids of a session begin: nobody guesses it, and
// there is room above it for all that come (XEP-0124 §7.1, §14.1).
func newRID() uint64 {
	var p [8]byte
	_, _ = rand.Read(p[:]) // never fails
	return binary.BigEndian.Uint64(p[:])&(1<<51-1) + 1
}

// said is what the answer to a request of BOSH says.
type said struct {
	head                      header
	sid, id, kind, condition  string
	wait, polling, inactivity time.Duration
	requests, hold            int // -1 where nothing is said
	acks                      bool
	parts                     [][]byte
	failed                    bool // a stream error is among them
}

// parseAnswer reads the body of an answer; nil where it is none.
func parseAnswer(p []byte) *said {
	var tree xmlstream.Tree
	n := parseWrapper(&tree, p)
	if n == nil {
		return nil
	}
	text := func(name string) string { v, _ := n.Attr(name); return v }
	s := &said{head: readHeader(n), sid: text("sid"), id: text("authid"), kind: text("type"), condition: text("condition"), requests: -1, hold: -1, acks: text("ack") != ""}
	if v, ok := n.AttrNS(nsXBOSH, "version"); ok {
		s.head.version = v
	}
	for _, x := range [...]struct {
		name string
		to   *time.Duration
	}{{"wait", &s.wait}, {"polling", &s.polling}, {"inactivity", &s.inactivity}} {
		if v, err := strconv.ParseUint(text(x.name), 10, 16); err == nil {
			*x.to = time.Duration(v) * time.Second
		}
	}
	for _, x := range [...]struct {
		name string
		to   *int
	}{{"requests", &s.requests}, {"hold", &s.hold}} {
		if v, err := strconv.ParseUint(text(x.name), 10, 8); err == nil {
			*x.to = int(v)
		}
	}
	for c := range n.Children() {
		if c.Name.Space == nsHTTPBind && c.Name.Local == "uri" {
			continue // of see-other-uri (XEP-0124 §17.2)
		}
		s.failed = s.failed || c.Name == (xmlstream.Name{Space: xmlstream.NSStreams, Local: "error"})
		s.parts = append(s.parts, alone(c, n.Scope))
	}
	return s
}

// parseWrapper reads a body; nil where it is none, or not well-formed.
func parseWrapper(tree *xmlstream.Tree, p []byte) *xmlstream.Node {
	if !IsBody(p) {
		return nil
	}
	p = p[bytes.IndexByte(p, '<'):]
	if bytes.HasPrefix(p, []byte("<?xml")) {
		_, p, _ = bytes.Cut(p, []byte("?>"))
		p = bytes.TrimLeft(p, " \t\r\n")
	}
	n := tree.Parse(p, nil, xmlstream.Options{})
	if n == nil || n.Kind != xmlstream.ElementNode || n.Name != (xmlstream.Name{Space: nsHTTPBind, Local: "body"}) || tree.Err() != nil {
		return nil
	}
	return n
}

// request is a POST with a body.
func request(u *url.URL, attrs string, inner []byte) []byte {
	target := u.RequestURI()
	if target == "" {
		target = "/"
	}
	open, end := "<body xmlns='"+nsHTTPBind+"'"+attrs+">", "</body>"
	if len(inner) == 0 {
		open, end = strings.TrimSuffix(open, ">")+"/>", ""
	}
	p := []byte("POST " + target + " HTTP/1.1\r\nHost: " + u.Host + "\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: " +
		strconv.Itoa(len(open)+len(inner)+len(end)) + "\r\n\r\n" + open)
	return append(append(p, inner...), end...)
}

// creates are the attributes of the request that creates a session (XEP-0124
// §7.1, XEP-0206 §3).
func (h header) creates(wait time.Duration) string {
	attrs := ""
	for _, a := range [...][2]string{{"to", h.to}, {"from", h.from}, {"xml:lang", h.lang}} {
		if a[1] != "" {
			attrs += " " + a[0] + "='" + escape(a[1]) + "'"
		}
	}
	attrs += " content='text/xml; charset=utf-8' ver='1.11' wait='" + strconv.Itoa(int(wait/time.Second)) + "' hold='1' ack='1' xmlns:xmpp='" + nsXBOSH + "'"
	if h.version != "" {
		attrs += " xmpp:version='" + escape(h.version) + "'"
	}
	return attrs
}

// restarts are those of the request that restarts a stream (XEP-0206 §5).
func (h header) restarts() string {
	attrs := ""
	for _, a := range [...][2]string{{"to", h.to}, {"xml:lang", h.lang}} {
		if a[1] != "" {
			attrs += " " + a[0] + "='" + escape(a[1]) + "'"
		}
	}
	return attrs + " xmpp:restart='true' xmlns:xmpp='" + nsXBOSH + "'"
}

// streamConditions are stream errors that say what the end of a session of BOSH
// says (XEP-0124 §17.2, RFC 6120 §4.9.3).
var streamConditions = map[string]string{
	"bad-request":              "bad-format",
	"host-gone":                "host-gone",
	"host-unknown":             "host-unknown",
	"improper-addressing":      "improper-addressing",
	"internal-server-error":    "internal-server-error",
	"item-not-found":           "connection-timeout", // the session is not known any more
	"policy-violation":         "policy-violation",
	"remote-connection-failed": "remote-connection-failed",
	"system-shutdown":          "system-shutdown",
}

// httpConditions are what old servers say in terms of HTTP (XEP-0124 §17.1).
var httpConditions = map[int]string{400: "bad-request", 403: "policy-violation", 404: "item-not-found"}
