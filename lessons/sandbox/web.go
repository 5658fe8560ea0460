package sandbox

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"time"

	"xmppscope/decode/xmlstream"
)

// Namespaces of the two ways through the web.
const (
	nsFraming = "urn:ietf:params:xml:ns:xmpp-framing"
	nsBOSH    = "http://jabber.org/protocol/httpbind"
	nsXBOSH   = "urn:xmpp:xbosh"
)

// maxHead is how long the head of a request may be.
const maxHead = 16 << 10

// http speaks HTTP until a WebSocket begins, for which it returns nil: the
// connection then reads and writes as if it were a stream over TCP.
func (c *conn) http(w Wrapping) error {
	c.web, c.sealed = true, w == HTTPS
	br := bufio.NewReaderSize(c.nc, maxHead)
	for {
		if err := c.wait(); err != nil {
			return err
		}
		if tooLong(br) {
			c.send("HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
			c.out.drain()
			return errEnded
		}
		r, err := http.ReadRequest(br)
		if err != nil {
			return err
		}
		switch {
		case strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
			return c.webSocket(r, br)
		case r.Method == http.MethodPost:
			err = c.bosh(r)
			c.begun = time.Now() // a connection that is used lives on
		case r.Method == http.MethodOptions:
			c.respond("204 No Content", "", "")
		default:
			c.respond("200 OK", "text/plain; charset=utf-8", "The practice server: XMPP by WebSocket or BOSH.\n")
		}
		if err != nil {
			return err
		}
		if r.Close {
			c.out.drain()
			return errEnded
		}
	}
}

// tooLong tells whether the head of the next request does not fit.
func tooLong(br *bufio.Reader) bool {
	for {
		b, _ := br.Peek(br.Buffered())
		switch {
		case bytes.Contains(b, []byte("\r\n\r\n")):
			return false
		case len(b) >= maxHead:
			return true
		}
		if _, err := br.Peek(len(b) + 1); err != nil {
			return false // ReadRequest says what is wrong
		}
	}
}

// respond answers a request. Pages of any origin may ask: there is nothing here
// but what a password opens.
func (c *conn) respond(status, kind, body string) {
	head := "HTTP/1.1 " + status + "\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: Content-Type\r\nAccess-Control-Allow-Methods: GET, POST, OPTIONS\r\n"
	if kind != "" {
		head += "Content-Type: " + kind + "\r\n"
	}
	if !strings.HasPrefix(status, "204") {
		head += "Content-Length: " + number(len(body)) + "\r\n"
	}
	c.send(head + "\r\n" + body)
}

// piece is one part of a stream that the server wrote, as the web carries it.
type piece struct {
	kind xmlstream.UnitKind
	xml  string          // an element that can stand alone
	root *xmlstream.Node // of a header
}

// cutter takes a stream that is written apart. It belongs to one goroutine.
type cutter struct {
	framer *xmlstream.Framer
	o      xmlstream.Options
}

func newCutter(s *Server) *cutter {
	o := xmlstream.Options{MaxUnit: 2*s.o.Limits.Unit + 1<<16, MaxDepth: 200, MaxAttrs: 200}
	return &cutter{xmlstream.NewFramer(o), o}
}

func (k *cutter) cut(p []byte) (all []piece) {
	k.framer.Push(p)
	for u, ok := k.framer.Next(); ok; u, ok = k.framer.Next() {
		switch u.Kind {
		case xmlstream.Header:
			var t xmlstream.Tree
			root, _ := t.ParseHeader(append([]byte(nil), u.Wire...), k.o)
			if root != nil {
				all = append(all, piece{kind: u.Kind, root: root})
			}
		case xmlstream.Close:
			k.framer = xmlstream.NewFramer(k.o)
			all = append(all, piece{kind: u.Kind})
		case xmlstream.Element:
			all = append(all, piece{kind: u.Kind, xml: alone(string(u.Wire))})
		}
	}
	return all
}

// alone declares in an element what the stream header had declared for it.
func alone(xml string) string {
	end := strings.IndexAny(xml, " \t\r\n/>")
	tag := xml[:tagEnd(xml)]
	if strings.HasPrefix(xml, "<stream:") {
		return xml[:end] + " xmlns:stream='" + xmlstream.NSStreams + "' xmlns='" + xmlstream.NSClient + "'" + xml[end:]
	}
	if strings.Contains(tag, " xmlns='") || strings.Contains(tag, ` xmlns="`) || strings.Contains(xml[:end], ":") {
		return xml
	}
	return xml[:end] + " xmlns='" + xmlstream.NSClient + "'" + xml[end:]
}

// tagEnd is where the first start tag ends.
func tagEnd(xml string) int {
	var quote byte
	for i := range len(xml) {
		switch b := xml[i]; {
		case quote != 0 && b == quote:
			quote = 0
		case quote != 0:
		case b == '\'' || b == '"':
			quote = b
		case b == '>':
			return i
		}
	}
	return len(xml)
}

// streamHeader is a stream header with attributes of something that stands for one in
// the web.
func streamHeader(n *xmlstream.Node) string {
	lang, _ := n.AttrNS(xmlstream.NSXML, "lang")
	version := attr(n, "version")
	if v, ok := n.AttrNS(nsXBOSH, "version"); ok {
		version = v
	} else if n.Name.Space == nsBOSH && version == "" { // old clients, and restarts, name none
		version = "1.0"
	}
	h := element(" ", "stream:stream", "to", attr(n, "to"), "from", attr(n, "from"), "version", version, "xml:lang", lang,
		"xmlns", xmlstream.NSClient, "xmlns:stream", xmlstream.NSStreams)
	open, _, _ := strings.Cut(h, "> </")
	return "<?xml version='1.0'?>" + open + ">"
}

// parseAlone reads an element that stands alone; nil: it is none.
func parseAlone(b []byte, o xmlstream.Options) *xmlstream.Node {
	var t xmlstream.Tree
	n := t.Parse(b, nil, o)
	if n == nil || len(t.Errs) > 0 || n.Kind != xmlstream.ElementNode {
		return nil
	}
	return n
}
