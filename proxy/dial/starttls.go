package dial

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

const (
	nsStreams = "http://etherx.jabber.org/streams"
	nsTLS     = "urn:ietf:params:xml:ns:xmpp-tls"
	nsErrors  = "urn:ietf:params:xml:ns:xmpp-streams"
)

// maxBefore is how many bytes a server may say before TLS.
const maxBefore = 256 << 10

// Header is a stream header (RFC 6120 §4.7) with its XML declaration, addressed
// to a domain.
func Header(s Service, domain, from string) []byte {
	var b strings.Builder
	b.WriteString("<?xml version='1.0'?><stream:stream xmlns='" + s.Content() + "' xmlns:stream='" + nsStreams + "'")
	if s == Server {
		b.WriteString(" xmlns:db='jabber:server:dialback'") // XEP-0220 §2.4.1
	}
	for _, a := range [...][2]string{{"to", domain}, {"from", from}} {
		if a[1] != "" {
			b.WriteString(" " + a[0] + "='" + attr.Replace(a[1]) + "'")
		}
	}
	if s != Component { // which has no version (XEP-0114 §3)
		b.WriteString(" version='1.0'")
	}
	b.WriteString(">")
	return []byte(b.String())
}

var attr = strings.NewReplacer("&", "&amp;", "<", "&lt;", "'", "&apos;", "\t", "&#9;", "\n", "&#10;", "\r", "&#13;")

// clear is the clear text before the switch.
type clear struct {
	conn   net.Conn
	leg    *Leg
	framer *xmlstream.Framer
	tree   xmlstream.Tree
	scope  *xmlstream.Scope
	left   int // bytes that may still come
	raw    []byte
}

// startTLS asks for TLS and reads up to the last byte of the answer (RFC 6120
// §5.4.2). It returns what came behind that and may belong to TLS.
func (l *Leg) startTLS(u Upstream, trail *Trail) (ahead []byte, err error) {
	x := &clear{conn: l.Conn, leg: l, framer: xmlstream.NewFramer(xmlstream.Options{MaxUnit: maxBefore}), left: maxBefore}
	trail.Add(Tried, "a stream to %s, for STARTTLS", u.Domain)
	if err := x.send(Header(u.Service, u.Domain, u.From)); err != nil {
		return nil, err
	}
	features, err := x.features()
	if err != nil {
		return nil, err
	}
	if features.Child(nsTLS, "starttls") == nil {
		if u.Wrapping != Auto {
			return nil, fmt.Errorf("%w: the features are %s", ErrNoStartTLS, offered(features))
		}
		trail.Add(Decided, "STARTTLS is not offered: the stream stays in clear text")
		l.Opened, l.Wrapping = true, Plain
		l.Conn = &aheadConn{Conn: l.Conn, ahead: x.raw}
		return nil, nil
	}
	if err := x.send([]byte("<starttls xmlns='" + nsTLS + "'/>")); err != nil {
		return nil, err
	}
	answer, err := x.element()
	if err != nil {
		return nil, err
	}
	if answer.Name != (xmlstream.Name{Space: nsTLS, Local: "proceed"}) {
		return nil, refusal(answer, "the answer to <starttls/>")
	}
	ahead = x.framer.Take()
	if len(ahead) > 0 && (ahead[0] < 0x14 || ahead[0] > 0x17) { // no record of TLS (RFC 8446 §5.1)
		l.Dropped = ahead
		trail.Add(Decided, "clear text between <proceed/> and TLS is dropped, %d B (RFC 6120 §5.4.3.3)", len(ahead))
		return nil, nil
	}
	return ahead, nil
}

func (x *clear) send(p []byte) error {
	if _, err := x.conn.Write(p); err != nil {
		return broken(err)
	}
	x.leg.Before = append(x.leg.Before, Said{decode.FromInitiator, p})
	return nil
}

// features reads the stream header and the features behind it.
func (x *clear) features() (*xmlstream.Node, error) {
	for x.scope == nil {
		u, err := x.unit()
		switch {
		case err != nil:
			return nil, err
		case u.Kind == xmlstream.Header:
			root, scope := x.tree.ParseHeader(u.Wire, xmlstream.Options{})
			if root == nil || root.Name != (xmlstream.Name{Space: nsStreams, Local: "stream"}) {
				return nil, fmt.Errorf("%w: the answer is no stream header", ErrProtocol)
			}
			x.scope = scope
		case u.Kind != xmlstream.Space:
			return nil, fmt.Errorf("%w: the answer is no XMPP: it begins with %q", ErrProtocol, u.Wire[:min(len(u.Wire), 40)])
		}
	}
	n, err := x.element()
	if err != nil {
		return nil, err
	}
	if n.Name != (xmlstream.Name{Space: nsStreams, Local: "features"}) {
		return nil, refusal(n, "what came instead of the features")
	}
	return n, nil
}

// element reads the next first-level element; it lives until the next one.
func (x *clear) element() (*xmlstream.Node, error) {
	for {
		u, err := x.unit()
		switch {
		case err != nil:
			return nil, err
		case u.Kind == xmlstream.Space:
			continue
		case u.Kind == xmlstream.Close:
			return nil, fmt.Errorf("%w: it closed the stream", ErrRefused)
		}
		if u.Kind == xmlstream.Element {
			if n := x.tree.Parse(u.Wire, x.scope, xmlstream.Options{}); n != nil {
				return n, nil
			}
		}
		return nil, fmt.Errorf("%w: broken XML: %q", ErrProtocol, u.Wire[:min(len(u.Wire), 40)])
	}
}

// unit reads the next unit, and nothing behind the read that completes it.
func (x *clear) unit() (xmlstream.Unit, error) {
	var buf [4 << 10]byte
	for {
		if u, ok := x.framer.Next(); ok {
			x.leg.Before = append(x.leg.Before, Said{decode.FromReceiver, u.Wire})
			return u, nil
		}
		if p := bytes.TrimLeft(x.framer.Unread(), " \t\r\n\xef\xbb\xbf"); x.scope == nil && len(p) > 0 && p[0] != '<' {
			return xmlstream.Unit{}, fmt.Errorf("%w: the answer is no XMPP: it begins with %q", ErrProtocol, p[:min(len(p), 40)])
		}
		if x.left <= 0 {
			return xmlstream.Unit{}, fmt.Errorf("%w: more than %d KiB without an end", ErrProtocol, maxBefore>>10)
		}
		n, err := x.conn.Read(buf[:min(len(buf), x.left)])
		x.left -= n
		x.raw = append(x.raw, buf[:n]...)
		x.framer.Push(buf[:n])
		if err != nil && n == 0 {
			return xmlstream.Unit{}, broken(err)
		}
	}
}

// broken says that the connection ended in the middle.
func broken(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%w: it closed the connection", ErrRefused)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("%w: no answer in time", ErrUnreachable)
	}
	return fmt.Errorf("%w: %s", ErrRefused, plain(err))
}

// refusal is what a server said instead of what was asked for.
func refusal(n *xmlstream.Node, instead string) error {
	switch n.Name {
	case xmlstream.Name{Space: nsTLS, Local: "failure"}:
		return fmt.Errorf("%w STARTTLS (RFC 6120 §5.4.2.2)", ErrRefused)
	case xmlstream.Name{Space: nsStreams, Local: "error"}:
		condition, text := "undefined-condition", ""
		for c := range n.Children() {
			switch {
			case c.Name.Space == nsErrors && c.Name.Local == "text":
				text = ": " + c.AllText()
			case c.Name.Space == nsErrors:
				condition = c.Name.Local
				if to := c.AllText(); to != "" {
					condition += " " + to
				}
			}
		}
		return fmt.Errorf("%w: stream error %s%s", ErrRefused, condition, text)
	}
	return fmt.Errorf("%w: %s is <%s xmlns=%q>", ErrProtocol, instead, n.Name.Local, n.Name.Space)
}

// offered lists features by name.
func offered(features *xmlstream.Node) string {
	var names []string
	for c := range features.Children() {
		if len(names) == 16 {
			names = append(names, "…")
			break
		}
		names = append(names, c.Name.Local)
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, ", ")
}
