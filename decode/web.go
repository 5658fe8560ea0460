package decode

import (
	"bytes"
	"maps"
	"strconv"
	"strings"
	"time"

	"xmppscope/decode/httpwire"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// web is what a connection that speaks HTTP needs besides.
type web struct {
	http *httpwire.Conn
	// sock reads the frames of each direction once the connection was upgraded;
	// sockAt is where they begin.
	sock   [2]*httpwire.WebSocket
	sockAt [2]int64
	// asked are the requests that wait for an answer, by exchange.
	asked map[int]webRequest
	count int  // messages so far
	xmpp  bool // a WebSocket that carries XMPP
	bosh  bool // requests that carry <body/>
	offer string
	lossy bool // bytes of HTTP are missing
}

type webRequest struct {
	seq    Seq
	at     time.Time
	lookup bool
}

// maxAsked bounds the requests that wait for an answer.
const maxAsked = 256

// methods begin the requests of HTTP that lead to XMPP or stand beside it.
var methods = [...]string{"GET ", "POST ", "OPTIONS ", "HEAD ", "PUT ", "DELETE ", "PATCH ", "CONNECT ", "HTTP/"}

// looksHTTP tells HTTP from XML: by the first letter, or in the middle of a
// connection by the first word.
func looksHTTP(p []byte, midStream bool) bool {
	if !midStream {
		return p[0] >= 'A' && p[0] <= 'Z'
	}
	for _, m := range methods {
		if bytes.HasPrefix(p, []byte(m)) {
			return true
		}
	}
	return false
}

// mayBeHTTP tells whether p is the beginning of such a word, and no more.
func mayBeHTTP(p []byte) bool {
	for _, m := range methods {
		if len(p) < len(m) && m[:len(p)] == string(p) {
			return true
		}
	}
	return false
}

// enterWeb reads a direction as HTTP.
func (c *Conn) enterWeb(h *half) {
	if c.web == nil {
		c.web = &web{http: httpwire.NewConn(httpwire.Options{}), asked: map[int]webRequest{}}
	}
	h.mode = asWeb
}

func (c *Conn) webText(dir Dir, t time.Time, p []byte) {
	h, w := &c.half[dir], c.web
	c.advance(h, len(p))
	if w.sock[dir] != nil {
		c.frames(dir, t, w.sock[dir].Feed(p))
		return
	}
	c.messages(t, w.http.Feed(int(dir), p))
	c.upgrade(dir, t)
}

// upgrade goes on with frames where the server has agreed to (RFC 6455 §4.2.2).
// What the other side has said already comes first, however much of this one
// is there yet.
func (c *Conn) upgrade(dir Dir, t time.Time) {
	w := c.web
	proto, ok := w.http.Upgraded()
	if !ok || w.sock[0] != nil {
		return
	}
	c.settle(FromInitiator, t)
	c.settle(FromReceiver, t)
	if !strings.EqualFold(proto, "websocket") || !c.allWeb() {
		for _, d := range [...]Dir{dir.Other(), dir} {
			if c.half[d].mode != asWeb {
				continue
			}
			rest := w.http.Rest(int(d))
			h := &c.half[d]
			c.advance(h, -len(rest))
			c.giveUp(d, t, rest, c.extent(h, h.next, len(rest)), "the connection goes over to something that is not read", nil)
		}
		return
	}
	o := httpwire.ParseExtensions(w.offer)
	c.half[0].mode, c.half[1].mode = asWeb, asWeb
	c.sum.transport = TransportWebSocket
	for d := range c.half {
		w.sock[d] = httpwire.NewWebSocket(o[d])
	}
	for _, d := range [...]Dir{dir.Other(), dir} {
		rest := w.http.Rest(int(d))
		w.sockAt[d] = c.half[d].next - int64(len(rest))
		if len(rest) > 0 {
			c.frames(d, t, w.sock[d].Feed(rest))
		}
	}
}

// allWeb tells whether no direction has spoken anything but HTTP.
func (c *Conn) allWeb() bool {
	for d := range c.half {
		if h := &c.half[d]; h.mode != asWeb && h.next > 0 {
			return false
		}
	}
	return true
}

// messages makes events of HTTP messages.
func (c *Conn) messages(t time.Time, all []httpwire.Message) {
	for i := range all {
		m := &all[i]
		dir := Dir(m.Side & 1)
		h := &c.half[dir]
		if m.Kind == httpwire.Broken {
			c.web.count++
			c.junk(dir, t, m.Wire, m.Off, m.Faults)
			continue
		}
		if h.alter != nil && c.alteredMessage(dir, t, m) {
			continue
		}
		c.message(dir, t, m, label{})
	}
	clear(all) // or the reader would keep the last body until it is fed again
}

// message makes the event of one HTTP message, with a label where it has one.
func (c *Conn) message(dir Dir, t time.Time, m *httpwire.Message, l label) {
	h := &c.half[dir]
	c.web.count++
	c.flushRun(dir, t)
	if l.origin != OriginWire || l.seq != 0 {
		c.label = &l
		defer func() { c.label = nil }()
	}
	e := c.event(dir, t, KindHTTP)
	e.Wire, e.Off, e.Raw = m.Wire, m.Off, c.extent(h, m.Off, len(m.Wire))
	e.Exchange = m.Exchange
	if isBOSH(m.Body) {
		e.Body = m.Body // others may be long, and nobody asks for them
	}
	if l.origin == OriginEdited && dir == FromInitiator {
		e.Body = l.text // what the server got
	}
	e.Errs = webFaults(m.Faults)
	switch m.Kind {
	case httpwire.Request:
		e.Name.Local, e.Type, e.To = "request", m.Method, m.Target
		c.request(e, m)
	case httpwire.Part:
		e.Note = "more of a body that is too long to be shown in one piece"
	default:
		e.Name.Local, e.Type = "response", strconv.Itoa(m.Status)
		c.response(e, m)
	}
	c.emit(e, nil, nil)
}

// junk passes bytes that are no message.
func (c *Conn) junk(dir Dir, t time.Time, p []byte, off int64, faults []httpwire.Fault) {
	r := run{kind: brokenRun, bytes: p, off: off, x: c.extent(&c.half[dir], off, len(p))}
	if len(faults) > 0 {
		r.fault = &webFaults(faults[:1])[0]
	}
	c.pass(dir, t, r)
}

// request reads what a request is for: a WebSocket (RFC 7395 §3.1), BOSH
// (XEP-0124 §7), or looking for either (XEP-0156 §2).
func (c *Conn) request(e *Event, m *httpwire.Message) {
	w := c.web
	path, _, _ := strings.Cut(m.Target, "?")
	lookup := strings.HasSuffix(path, "/.well-known/host-meta") || strings.HasSuffix(path, "/.well-known/host-meta.json")
	switch {
	case lookup:
		e.Step = StepHostMeta
	case lists(m.Header("Upgrade"), "websocket"):
		e.Step = StepWSHandshake
		w.xmpp = w.xmpp || lists(m.Header("Sec-WebSocket-Protocol"), "xmpp")
	case isBOSH(m.Body):
		w.bosh = true
	}
	if len(w.asked) == maxAsked {
		clear(w.asked) // nobody asks so much: the answers are lost
	}
	w.asked[m.Exchange] = webRequest{e.Seq, e.Time, lookup}
}

var refWSHandshake = spec.RFC(7395, "3.1")

func (c *Conn) response(e *Event, m *httpwire.Message) {
	w := c.web
	if w.lossy {
		e.Exchange = w.latest(e.Time)
	}
	asked := w.asked[e.Exchange]
	e.Reply = asked.seq
	if m.Status/100 != 1 || m.Status == 101 {
		delete(w.asked, e.Exchange)
	}
	switch {
	case asked.lookup:
		e.Step = StepHostMeta
	case m.Status == 101:
		e.Step = StepWSHandshake
		w.offer = m.Header("Sec-WebSocket-Extensions")
		if lists(m.Header("Sec-WebSocket-Protocol"), "xmpp") {
			w.xmpp = true
		} else if w.xmpp {
			e.Errs = append(e.Errs, xmlstream.SyntaxError{Rule: "ws-subprotocol-missing", End: m.HeadLen, Ref: refWSHandshake,
				Text: "the answer does not name the subprotocol xmpp: the client must close the connection"})
		}
	case isBOSH(m.Body):
		w.bosh = true
	}
}

// latest is the last request that was sent before a time; those before it have
// lost their answers. Where bytes are missing, counting does not tell which
// answer is whose, but nobody asks on before the last answer has come.
func (w *web) latest(t time.Time) (exchange int) {
	for x, r := range w.asked {
		if !r.at.After(t) {
			exchange = max(exchange, x)
		}
	}
	maps.DeleteFunc(w.asked, func(x int, _ webRequest) bool { return x < exchange })
	return exchange
}

// lists tells whether a comma-separated header names a word.
func lists(header, word string) bool {
	for v := range strings.SplitSeq(header, ",") {
		if strings.EqualFold(strings.TrimSpace(v), word) {
			return true
		}
	}
	return false
}

// isBOSH tells a body of BOSH by its root (XEP-0124 §6).
func isBOSH(body []byte) bool {
	head := body[:min(len(body), 2048)]
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if bytes.HasPrefix(head, []byte("<?xml")) {
		_, head, _ = bytes.Cut(head, []byte(">"))
		head = bytes.TrimLeft(head, " \t\r\n")
	}
	if i := bytes.IndexByte(head, '>'); i >= 0 {
		head = head[:i]
	}
	return len(head) > 0 && head[0] == '<' && bytes.Contains(head, []byte("body")) && bytes.Contains(head, []byte(nsHTTPBind))
}

func webFaults(all []httpwire.Fault) (errs []xmlstream.SyntaxError) {
	for _, f := range all {
		errs = append(errs, xmlstream.SyntaxError{Rule: f.Rule, Text: f.Text, Pos: f.Pos, End: f.Pos, Ref: f.Ref})
	}
	return errs
}

// webGap tells HTTP or WebSocket that n bytes are missing; n is 0 where they
// cannot be counted.
func (c *Conn) webGap(dir Dir, t time.Time, n int64) {
	w := c.web
	if w.sock[dir] != nil {
		c.frames(dir, t, w.sock[dir].Gap(n))
	} else {
		w.lossy = true
		c.messages(t, w.http.Gap(int(dir), n))
	}
	c.half[dir].next += n
}

func (c *Conn) webFlush(dir Dir, t time.Time) {
	w := c.web
	if w.sock[dir] != nil {
		c.frames(dir, t, w.sock[dir].Flush())
		return
	}
	c.messages(t, w.http.Flush(int(dir)))
}
