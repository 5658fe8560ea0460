package web

import (
	"context"
	"crypto/rand"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"xmppscope/decode/httpwire"
	"xmppscope/decode/xmlstream"
)

// BOSH is the connection manager of clients of BOSH (XEP-0124, XEP-0206) whose
// servers speak a plain stream. Its sessions live beside the connections that
// requests come over.
type BOSH struct {
	o  Options
	do func(func()) // runs what goes on by itself

	mu       sync.Mutex
	sessions map[string]*session
}

// NewBOSH makes one without sessions. do runs what a session does by itself, as
// a goroutine that somebody waits for.
func NewBOSH(o Options, do func(func())) *BOSH {
	return &BOSH{o: o.filled(), do: do, sessions: map[string]*session{}}
}

// maxPipelined is how many requests of one connection may wait for answers.
const maxPipelined = 16

// Serve answers the requests of one connection until it ends. reach is for the
// sessions that begin here.
func (b *BOSH) Serve(ctx context.Context, conn net.Conn, reach Reach) error {
	ctx, stop := context.WithCancel(ctx)
	answers := make(chan chan answer, maxPipelined)
	over := make(chan struct{})
	b.do(func() {
		defer close(over)
		write(ctx, conn, answers)
	})
	defer func() { <-over }()
	defer stop()
	defer close(answers)
	h := httpwire.NewConn(httpwire.Options{MaxHead: maxHead, MaxBody: b.o.Most})
	var buf [16 << 10]byte
	for {
		n, err := conn.Read(buf[:])
		if n == 0 && err != nil {
			return err
		}
		for _, m := range h.Feed(0, buf[:n]) {
			to := make(chan answer, 1)
			select {
			case answers <- to:
			case <-over:
				return net.ErrClosed
			}
			if !b.request(&m, to, reach) {
				<-over
				return nil
			}
		}
	}
}

// answer is a whole response; last ends the connection.
type answer struct {
	text []byte
	last bool
}

// write writes the answers in the order of the requests.
func write(ctx context.Context, conn net.Conn, answers chan chan answer) {
	for one := range answers {
		select {
		case a := <-one:
			if _, err := conn.Write(a.text); err != nil || a.last {
				_ = conn.Close()
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// cors lets pages of other hosts ask (XEP-0124 §5 leaves it to HTTP).
const cors = "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: POST, OPTIONS\r\nAccess-Control-Allow-Headers: Content-Type\r\nAccess-Control-Max-Age: 7200\r\n"

// request takes one request. False ends the connection.
func (b *BOSH) request(m *httpwire.Message, to chan answer, reach Reach) bool {
	switch {
	case m.Kind != httpwire.Request:
		to <- answer{[]byte(Answer("400 Bad Request", "xmppscope: this is no request of HTTP that is read here\n")), true}
		return false
	case m.Method == "OPTIONS":
		to <- answer{text: []byte("HTTP/1.1 204 No Content\r\n" + cors + "\r\n")}
		return true
	case m.Method != "POST":
		to <- answer{[]byte(Answer("405 Method Not Allowed\r\nAllow: POST, OPTIONS", "xmppscope: this door is for XMPP by BOSH\n")), true}
		return false
	}
	last := m.Version == "HTTP/1.0" || lists(m.Header("Connection"), "close")
	q, why := parseBody(m.Body)
	if why != "" {
		to <- answer{terminate("bad-request", why), true}
		return false
	}
	q.to, q.last = to, last
	b.body(q, reach)
	return true
}

// query is one request: its body, taken apart.
type query struct {
	to      chan answer
	last    bool
	rid     uint64
	sid     string
	head    header
	restart bool
	leaves  bool // type='terminate'
	wait    time.Duration
	hold    int
	acks    bool
	parts   [][]byte
	timer   *time.Timer
}

// parseBody reads a body; why it is none.
func parseBody(p []byte) (q *query, why string) {
	if !IsBody(p) {
		return nil, "there is no body of BOSH in the request"
	}
	var tree xmlstream.Tree
	p = p[strings.IndexByte(string(p), '<'):]
	if strings.HasPrefix(string(p[:min(len(p), 5)]), "<?xml") {
		_, rest, _ := strings.Cut(string(p), "?>")
		p = []byte(strings.TrimLeft(rest, " \t\r\n"))
	}
	n := tree.Parse(p, nil, xmlstream.Options{})
	if n == nil || n.Name != (xmlstream.Name{Space: nsHTTPBind, Local: "body"}) || tree.Err() != nil {
		return nil, "the body is not well-formed"
	}
	q = &query{head: readHeader(n), wait: 60 * time.Second, hold: 1}
	text := func(name string) string { v, _ := n.Attr(name); return v }
	var err error
	if q.rid, err = strconv.ParseUint(text("rid"), 10, 53); err != nil || q.rid == 0 {
		return nil, "there is no rid (XEP-0124 section 7.1)"
	}
	q.sid, q.leaves, q.acks = text("sid"), text("type") == "terminate", text("ack") != ""
	if v, err := strconv.ParseUint(text("wait"), 10, 16); err == nil {
		q.wait = time.Duration(v) * time.Second
	}
	if text("hold") == "0" {
		q.hold = 0
	}
	v, _ := n.AttrNS(nsXBOSH, "restart")
	q.restart = v == "true" || v == "1"
	q.head.version, _ = n.AttrNS(nsXBOSH, "version")
	for c := range n.Children() {
		q.parts = append(q.parts, alone(c, n.Scope))
	}
	return q, ""
}

// body finds the session of a request, or begins one.
func (b *BOSH) body(q *query, reach Reach) {
	b.mu.Lock()
	s, many := b.sessions[q.sid], len(b.sessions)
	if q.sid == "" && many < b.o.Sessions {
		s = newSession(b, q)
		b.sessions[s.sid] = s
	}
	b.mu.Unlock()
	switch {
	case s == nil && q.sid == "":
		q.to <- answer{terminate("policy-violation", "there are too many sessions"), q.last}
	case s == nil:
		q.to <- answer{terminate("item-not-found", ""), q.last}
	case q.sid == "":
		b.do(func() { s.run(reach, q.head) })
		s.take(q)
	default:
		s.take(q)
	}
}

func (b *BOSH) forget(s *session) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.sessions, s.sid)
}

// terminate is the answer that ends a session (XEP-0124 §17.2).
func terminate(condition, text string) []byte {
	inner := ""
	if text != "" {
		inner = "<text xmlns='" + nsErrors + "'>" + escape("xmppscope: "+text) + "</text>"
	}
	attrs := " type='terminate'"
	if condition != "" {
		attrs += " condition='" + condition + "'"
	}
	return response(attrs, []byte(inner))
}

// response is an answer with a body.
func response(attrs string, inner []byte) []byte {
	body := "<body xmlns='" + nsHTTPBind + "'" + attrs
	end := "/>"
	if len(inner) > 0 {
		body, end = body+">", "</body>"
	}
	p := []byte("HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\n" + cors + "Content-Length: " + strconv.Itoa(len(body)+len(inner)+len(end)) + "\r\n\r\n" + body)
	return append(append(p, inner...), end...)
}

// newSID names a session so that nobody guesses it (XEP-0124 §22.5).
func newSID() string { return rand.Text() }
