package proxy

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
	"xmppscope/proxy/binding"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/ledger"
)

// DoorKind is how clients come in.
type DoorKind string

// The kinds of doors. What a client says at a door of STARTTLS or TLS decides:
// XML, TLS and others are told apart by their first byte at either.
const (
	DoorStartTLS DoorKind = "starttls"
	DoorTLS      DoorKind = "tls"
	DoorWS       DoorKind = "ws"
	DoorBOSH     DoorKind = "bosh"
	DoorSOCKS5   DoorKind = "socks5"
	DoorConnect  DoorKind = "connect"
)

// Door is one address to listen at.
type Door struct {
	Kind DoorKind
	// Addr is host:port; port 0 takes a free one.
	Addr string
}

// Bound is a door that is open.
type Bound struct {
	Kind DoorKind
	Addr netip.AddrPort
}

// Facts are what is known about a connection, at first from its first bytes.
type Facts struct {
	Flow uint64
	Door DoorKind
	// Client is the client's address, Upstream the server's.
	Client, Upstream netip.AddrPort
	// Direct is set where the client began with TLS (XEP-0368).
	Direct bool
	// Domain is `to` of the client's first header, else SNI; From its `from`.
	Domain, From string
	// Content is the content namespace of the stream; empty where no header was
	// seen yet.
	Content string
	// SNI and ALPN are what the client's ClientHello offers.
	SNI  string
	ALPN []string
	// Asked is where a SOCKS5 or CONNECT client wants to go, as host:port.
	Asked string
}

// Service is the service that the facts speak of.
func (f *Facts) Service() dial.Service {
	switch {
	case f.Content == "jabber:server":
		return dial.Server
	case f.Content == "jabber:component:accept":
		return dial.Component
	case f.Content == "" && len(f.ALPN) > 0 && f.ALPN[0] == "xmpp-server":
		return dial.Server
	}
	return dial.Client
}

// Upstream is a TCP connection to the server and what is to happen on it.
type Upstream struct {
	Conn net.Conn
	// Wrapping is how the server is to be spoken to: StartTLS, TLS or Plain;
	// Auto follows the client.
	Wrapping dial.Wrapping
	// Domain is what the server's certificate must be for and what SNI says.
	Domain string
	// Sealed refuses a client that goes on in clear text and would take leg B
	// with it.
	Sealed bool
	// URL is where to ask, where Wrapping is of the web; nil asks for what the
	// client asks for.
	URL *url.URL
	// Notes say how it was found, in words; they are recorded.
	Notes []string
}

// Checked is the result of looking at the server's certificate.
type Checked struct {
	OK bool
	// Text says what was found, in words: "valid for example.org until …".
	Text string
}

// Options of a Proxy. Dial is needed, and Leaf where a leg may use TLS.
type Options struct {
	Doors []Door
	// Dial opens leg B. It must connect only where it was told to when it was
	// made, never to the proxy itself; its error's text is told to the client.
	Dial func(ctx context.Context, f Facts) (Upstream, error)
	// Allow judges what a SOCKS5 or CONNECT client asks for; nil refuses all.
	Allow func(hostport string) error
	// Leaf gives the certificate for leg A.
	Leaf func(f Facts) (*tls.Certificate, error)
	// Verify checks the certificate of leg B (RFC 6120 §13.7.2); nil accepts
	// nothing unless Insecure.
	Verify func(cs tls.ConnectionState, f Facts) Checked
	// Insecure goes on when Verify does not agree, and notes it.
	Insecure bool
	// ClientCert is what leg B shows where the server asks; nil shows none.
	ClientCert *tls.Certificate
	// Gate is asked about units; nil forwards all.
	Gate Gate
	// Tap is told everything; nil is allowed.
	Tap Tap
	// Binding says what is done about channel binding; the zero value nothing.
	Binding binding.Options
	// Book remembers the counts of streams that may be resumed (XEP-0198 §5);
	// nil makes one.
	Book *ledger.Book
	// Filters makes what else rewrites units on their way. They run in their
	// order on what the gate lets pass, before those for binding and counts.
	Filters []func(c *Conn) Filter
	// Keepalive is how long a side may hear nothing while something is held
	// before white space is sent to it (RFC 6120 §4.6.1). Zero means 30 s,
	// negative never.
	Keepalive time.Duration
	// MaxConns is how many connections are served at once; more are closed.
	// Zero means 20,000.
	MaxConns int
	Bounds   Bounds
	// Log is for the operator; nil discards.
	Log *slog.Logger
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Bounds limit memory and patience. Zero values mean the defaults.
type Bounds struct {
	Lane      int           // bytes that wait in one direction before reading stops; 1 MiB
	Unit      int           // longest unit that is gated; 10 MiB. Longer ones pass as bytes
	Requests  int           // injected iqs whose answers are awaited, a connection; 1,000
	Opening   time.Duration // until the client has sent its first byte and its header; 60 s
	Handshake time.Duration // for a TLS handshake; 30 s
	Dial      time.Duration // for leg B; 30 s
	Linger    time.Duration // for silence when one direction has ended; 5 min, negative: without limit
}

// Filter rewrites what passes. Its calls come under the locks of the connection:
// both directions take turns. See also [Observer], [Securer] and [Ender].
type Filter interface {
	// Rewrite is asked about everything that is about to be sent on, or is
	// dropped, in the order of its direction.
	Rewrite(p Passing) Rewritten
	// Shifted tells whether units must be framed before they are sent because
	// the filter has something to rewrite.
	Shifted() bool
}

// Passing is a unit on its way.
type Passing struct {
	// Event is what XML is, without a number. XML is what is about to be sent,
	// or has been dropped.
	Event *decode.Event
	XML   []byte
	// Was is the unit that an edit takes the place of; else nil.
	Was *decode.Event
	// Origin tells what goes on as it came or edited, what was dropped, injected
	// or made by the proxy itself.
	Origin decode.Origin
	// Element parses XML; nil where it is no whole element. It lives until the
	// filter returns.
	Element func() *xmlstream.Node
}

// Observer is what a [Filter] may also be: one that wants to see units that were
// sent without being asked about, after the fact.
type Observer interface {
	Observe(e *decode.Event, element func() *xmlstream.Node)
}

// Ender is what a [Filter] may also be: one that wants to know that the
// connection is over. closed is set where both streams were closed by their end
// tags (RFC 6120 §4.4).
type Ender interface{ Ended(closed bool) }

// Securer is what a [Filter] may also be: one that wants to know what TLS has
// agreed on. b is nil where leg B has no TLS; leaf is what the client was shown.
type Securer interface {
	Secured(a *tls.ConnectionState, leaf *tls.Certificate, b *tls.ConnectionState)
}

// Rewritten is what a [Filter] makes of a unit. The zero value leaves it.
type Rewritten struct {
	// XML replaces it; Drop sends nothing.
	XML    []byte
	Drop   bool
	Before []Insert
	After  []Insert
	Why    string
}
