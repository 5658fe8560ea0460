package web

import (
	"bytes"
	"net/url"
	"strconv"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Ride puts elements behind the children of a body that goes in a direction; nil
// where that body may carry none: one that creates a session or restarts a
// stream (XEP-0206 §5), and an answer that ends the session or asks for a
// request again (XEP-0124 §17).
func Ride(dir decode.Dir, body []byte, elements [][]byte) []byte {
	var tree xmlstream.Tree
	n := parseWrapper(&tree, body)
	if n == nil {
		return nil
	}
	sid, _ := n.Attr("sid")
	kind, _ := n.Attr("type")
	restart, _ := n.AttrNS(nsXBOSH, "restart")
	if kind == "error" || dir == decode.FromReceiver && kind == "terminate" || dir == decode.FromInitiator && (sid == "" || restart != "") {
		return nil
	}
	unit := n.Unit()
	lead := bytes.Index(body, unit[n.Span.Start:n.Tag.End])
	head, rest := lead+int(n.Tag.End-n.Span.Start), lead+int(n.Span.End-n.Span.Start)
	end := []byte("</" + string(n.QName.Of(unit)) + ">")
	var out []byte
	if head == rest { // an empty tag
		out = append(append(out, bytes.TrimRight(body[:head-2], " \t\r\n")...), '>')
	} else {
		at := bytes.LastIndex(body[:rest], []byte("</"))
		out, end = append(out, body[:at]...), body[at:rest]
	}
	for _, xml := range elements {
		out = append(out, Alone(xml)...)
	}
	return append(append(out, end...), body[rest:]...)
}

// Alone is an element of a stream of clients so that it stands alone; anything
// else as it is.
func Alone(xml []byte) []byte {
	var tree xmlstream.Tree
	around := xmlstream.MidStream(xmlstream.NSClient)
	n := tree.Parse(xml, around, xmlstream.Options{})
	if n == nil || n.Kind != xmlstream.ElementNode || tree.Err() != nil || int(n.Span.End) != len(xml) {
		return xml
	}
	return alone(n, around)
}

// Asked tells whether the client has asked for anything, to the end of a request.
func (t *Talk) Asked() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.target != ""
}

// Awaited tells whether the client waits for an answer on this connection.
func (t *Talk) Awaited() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.waits > 0
}

// End is the answer that ends a session of BOSH: with a stream error, or without
// (XEP-0206 §7).
func (t *Talk) End(failure []byte) []byte {
	attrs := " type='terminate'"
	if len(failure) > 0 {
		attrs += " condition='remote-stream-error' xmlns:stream='" + xmlstream.NSStreams + "'"
	}
	return response(attrs, failure)
}

// Leave is the request that ends a session of BOSH, to where the last request
// went, and its body; nil where there was none.
func (t *Talk) Leave(sid string, rid uint64) (message, body []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	u, err := url.ParseRequestURI(t.target)
	if err != nil {
		return nil, nil
	}
	u.Host = t.host
	message = request(u, " rid='"+strconv.FormatUint(rid, 10)+"' sid='"+escape(sid)+"' type='terminate'", nil)
	return message, message[bytes.Index(message, []byte("<body")):]
}
