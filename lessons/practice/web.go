package practice

import (
	"context"
	"net"
	"strings"

	"xmppscope/decode/xmlstream"
)

// Door is what carries the stream.
type Door string

// The doors: TCP, a WebSocket (RFC 7395), and BOSH (XEP-0124, XEP-0206). With the
// last two, Dial gives connections on which HTTP is spoken, BOSH as many as it
// needs.
const (
	TCP       Door = ""
	WebSocket Door = "ws"
	BOSH      Door = "bosh"
)

// webPath is what is asked for.
const webPath = "/xmpp"

// enter makes a connection at the door of the options. What is written to it and
// read from it is a stream as on TCP, whatever carries it.
func (c *Client) enter(ctx context.Context) (net.Conn, error) {
	switch c.o.Door {
	case WebSocket:
		nc, err := c.o.Dial(ctx)
		if err != nil {
			return nil, err
		}
		return upgrade(nc, c.o.Domain, c.o.Patience)
	case BOSH:
		return newBOSH(c.o.Dial, c.o.Domain, c.o.Patience), nil
	}
	return c.o.Dial(ctx)
}

const (
	nsFraming = "urn:ietf:params:xml:ns:xmpp-framing"
	headStart = "<stream:stream"
	endTag    = "</stream:stream>"
	headEnd   = " xmlns='" + xmlstream.NSClient + "' xmlns:stream='" + xmlstream.NSStreams + "'>"
)

// header tells whether what the client writes is a stream header, and gives its
// attributes but for the namespaces.
func header(xml string) (attrs string, ok bool) {
	_, rest, ok := strings.Cut(xml, headStart)
	attrs, _, _ = strings.Cut(rest, " xmlns='")
	return attrs, ok
}

// standalone gives a stanza the namespace that the stream gives it on TCP, as
// each stands for itself (RFC 7395 §3.3.3, XEP-0124 §7).
func standalone(xml string) string {
	for _, name := range []string{"<iq", "<message", "<presence"} {
		rest, ok := strings.CutPrefix(xml, name)
		if !ok || rest == "" || !strings.ContainsRune(" />", rune(rest[0])) {
			continue
		}
		if tag, _, _ := strings.Cut(rest, ">"); !strings.Contains(tag, " xmlns=") {
			return name + " xmlns='" + xmlstream.NSClient + "'" + rest
		}
	}
	return xml
}
