package explain

import (
	"bytes"

	"xmppscope/decode"
	"xmppscope/decode/httpwire"
	"xmppscope/decode/tlswire"
	"xmppscope/decode/xmlstream"
)

// Field is one thing that a message below XMPP says: its value comes from the
// wire, its meaning is ours, Start and End are its bytes in the event's Wire.
type Field = tlswire.Field

// httpOf reads the message of an http event again. It is empty where the bytes
// are none, such as those of a control frame.
func httpOf(e *decode.Event) httpwire.Message {
	if e.Kind != decode.KindHTTP || e.Name.Local != "request" && e.Name.Local != "response" {
		return httpwire.Message{}
	}
	if bytes.HasPrefix(e.Wire, []byte("<")) {
		return httpwire.Message{Body: e.Wire} // that waits at a proxy: its head is not at hand
	}
	c := httpwire.NewConn(httpwire.Options{MaxBody: maxHTTPBody})
	all := c.Feed(int(e.Dir), e.Wire)
	if len(all) == 0 {
		all = c.Flush(int(e.Dir))
	}
	if len(all) == 0 {
		return httpwire.Message{}
	}
	return all[0]
}

// maxHTTPBody is how much of a body is read to explain it, in bytes.
const maxHTTPBody = 256 << 10

// frameOf reads the WebSocket message of an event again; false where there is
// none.
func frameOf(e *decode.Event) (httpwire.WSMessage, bool) {
	w := httpwire.NewWebSocket(httpwire.WSOptions{Masked: fromInitiator(e)})
	for _, m := range w.Feed(e.Wire) {
		if !m.Inside {
			return m, !m.Broken
		}
	}
	return httpwire.WSMessage{}, false
}

// headerFields lists the fields of a head with what they mean here.
func headerFields(e *decode.Event) []Field {
	m := httpOf(e)
	var all []Field
	at := 0
	for _, h := range m.Headers {
		f := Field{Name: h.Name, Value: h.Value, Meaning: headerText(h.Name)}
		if i := bytes.Index(m.Wire[at:m.HeadLen], []byte(h.Name+":")); i >= 0 {
			f.Start = at + i
			f.End = f.Start + len(h.Name) + 1
			if n := bytes.IndexAny(m.Wire[f.End:m.HeadLen], "\r\n"); n >= 0 {
				f.End += n
			}
			at = f.End
		}
		if len(all) < maxLines {
			all = append(all, f)
		}
	}
	return all
}

// bodyOf is the start tag of the wrapper that an http event of BOSH carries
// (XEP-0124 §6).
type bodyOf struct {
	node  *xmlstream.Node // nil where there is none
	empty bool            // no element stands in it
}

func wrapperOf(m *httpwire.Message) bodyOf {
	p := m.Body
	if i := bytes.Index(p, []byte("<body")); i >= 0 {
		p = p[i:]
	}
	var tree xmlstream.Tree
	n, _ := tree.ParseHeader(p, xmlstream.Options{})
	if n == nil || n.Name.Local != "body" {
		return bodyOf{}
	}
	rest := bytes.TrimSpace(p[n.Tag.End:])
	return bodyOf{node: n, empty: len(rest) == 0 || bytes.HasPrefix(rest, []byte("</"))}
}
