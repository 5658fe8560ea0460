package sandbox

import (
	"bytes"
	"strconv"
	"strings"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// unit handles what the framer cut out.
func (c *conn) unit(u xmlstream.Unit) error {
	switch u.Kind {
	case xmlstream.Space:
		return nil // keeps the connection alive, and asks for nothing (RFC 6120 §4.6.1)
	case xmlstream.Header:
		return c.open(u)
	case xmlstream.Close:
		c.peer = true
		return errEnded
	case xmlstream.Element:
		if c.fresh {
			return c.noStream(u)
		}
		if e := fault(u.Err); e != nil {
			return e
		}
		n := c.tree.Parse(u.Wire, c.scope, c.framerLimits())
		if e := firstFault(c.tree.Errs); e != nil {
			return e
		}
		return c.element(n)
	}
	if c.fresh {
		return c.noStream(u)
	}
	if e := fault(u.Err); e != nil {
		return e
	}
	return &streamError{condition: "not-well-formed"}
}

func (c *conn) framerLimits() xmlstream.Options { return c.limits(c.srv.o.Limits.Unit) }

// noStream is the error for what stands where a stream header has to be.
func (c *conn) noStream(u xmlstream.Unit) error {
	root, _ := c.tree.ParseHeader(u.Wire, c.framerLimits())
	if root != nil && root.Name.Space != xmlstream.NSStreams && firstFault(c.tree.Errs) == nil {
		return &streamError{condition: "invalid-namespace", text: "A stream header has to come first."}
	}
	if e := firstFault(c.tree.Errs); e != nil {
		return e
	}
	if e := fault(u.Err); e != nil {
		return e
	}
	return &streamError{condition: "bad-format", text: "A stream header has to come first."}
}

// open takes a stream header and answers it with ours and the features.
func (c *conn) open(u xmlstream.Unit) error {
	if !c.fresh {
		return &streamError{condition: "bad-format", text: "This stream is open already."}
	}
	root, scope := c.tree.ParseHeader(u.Wire, c.framerLimits())
	if root != nil {
		c.scope = scope
		c.lang, _ = root.AttrNS(xmlstream.NSXML, "lang")
	}
	if e := firstFault(c.tree.Errs); e != nil {
		return e
	}
	if e := fault(u.Err); e != nil {
		return e
	}
	if c.far != nil {
		c.scope = scope.Bind("", xmlstream.NSClient) // its namespace means the same (RFC 6120 §4.8.3)
		return c.far.open(u, root, scope)
	}
	if e := c.judge(root, scope); e != nil {
		return e
	}
	c.fresh = false
	c.send(c.headerTo(root))
	c.opened.Store(true) // now, and not before: who ends the stream meanwhile finds none to say it in
	if c.crowded {
		return &streamError{condition: "resource-constraint", text: "There are too many connections."}
	}
	if e := c.provoked(true); e != nil {
		return e
	}
	if _, new := root.Attr("version"); new { // whoever names none knows no features (RFC 6120 §4.7.5)
		c.send(c.features())
	}
	return nil
}

// judge checks a stream header (RFC 6120 §4.7, §4.8).
func (c *conn) judge(root *xmlstream.Node, scope *xmlstream.Scope) *streamError {
	if root.Name.Space != xmlstream.NSStreams {
		return &streamError{condition: "invalid-namespace", text: "The stream's namespace is " + xmlstream.NSStreams + "."}
	}
	if root.Name.Local != "stream" {
		return &streamError{condition: "bad-format", text: "A stream header has to come first."}
	}
	if content, _ := scope.Lookup(""); content != xmlstream.NSClient {
		return &streamError{condition: "invalid-namespace", text: "The default namespace has to be " + xmlstream.NSClient + "."}
	}
	to, _ := root.Attr("to")
	d, err := jid.Parse(to)
	if c.turnTo(d.Domain); err != nil || d != (jid.JID{Domain: c.srv.o.Domain}) {
		return &streamError{condition: "host-unknown", text: "This server serves " + c.srv.o.Domain + "."}
	}
	if v, ok := root.Attr("version"); !understood(v) && (ok || !c.srv.offers("iq-auth")) {
		return &streamError{condition: "unsupported-version", text: "This server speaks version 1.0."}
	}
	if from, ok := root.Attr("from"); ok && c.account != nil {
		if j, err := jid.Parse(from); err != nil || j.Bare() != c.account.bare {
			return &streamError{condition: "invalid-from"}
		}
	}
	return nil
}

// understood tells whether a version is 1.0 or a later one, which then comes
// down to ours (RFC 6120 §4.7.5).
func understood(version string) bool {
	major, minor, ok := strings.Cut(version, ".")
	if !ok {
		return false
	}
	m, err1 := strconv.ParseUint(major, 10, 16)
	_, err2 := strconv.ParseUint(minor, 10, 16)
	return err1 == nil && err2 == nil && m >= 1
}

// header is ours, where it is not sent yet and is needed for an error.
func (c *conn) header() string {
	if c.opened.Load() {
		return ""
	}
	return c.headerTo(nil)
}

// headerTo is our header, in answer to that of the peer (RFC 6120 §4.7).
func (c *conn) headerTo(root *xmlstream.Node) string {
	to, version := "", "1.0"
	if root != nil {
		if _, named := root.Attr("version"); !named && c.srv.offers("iq-auth") {
			version = "" // as the client, so this side (RFC 6120 §4.7.5)
		}
		if from, ok := root.Attr("from"); ok {
			if j, err := jid.Parse(from); err == nil {
				to = j.String()
			}
		}
	}
	c.id = c.ids.id(8)
	h := element(" ", "stream:stream", "from", c.srv.o.Domain, "to", to, "id", c.id, "version", version, "xml:lang", "en",
		"xmlns", xmlstream.NSClient, "xmlns:stream", xmlstream.NSStreams)
	open, _, _ := strings.Cut(h, "> </")
	return "<?xml version='1.0'?>" + open + ">"
}

// clientHello tells whether bytes behind <starttls/> are the TLS handshake of a
// client that did not wait (XEP-0305 §3).
func clientHello(b []byte) bool { return bytes.HasPrefix(b, []byte{0x16, 0x03}) }
