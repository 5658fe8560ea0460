package proxy

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"xmppscope/decode"
	"xmppscope/proxy/dial"
)

// DoorKind is how clients come in.
type DoorKind string

// The kinds of doors. What a client says at a door of STARTTLS or TLS decides:
// XML, TLS and HTTP are told apart by their first byte at either.
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
	// Notes say how it was found, in words; they are recorded.
	Notes []string
	// Web makes a connection of XML out of one of HTTP, where Wrapping is of the
	// web; nil elsewhere.
	Web func(ctx context.Context, conn net.Conn, f Facts) (net.Conn, error)
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
	// Roots-independent check of leg B (RFC 6120 §13.7.2); nil accepts nothing
	// unless Insecure.
	Verify func(cs tls.ConnectionState, f Facts) Checked
	// Insecure goes on when Verify does not agree, and notes it.
	Insecure bool
	// ClientCert is what leg B shows where the server asks; nil shows none.
	ClientCert *tls.Certificate
	// Gate is asked about units; nil forwards all.
	Gate Gate
	// Tap is told everything; nil is allowed.
	Tap Tap
	// Filters makes what rewrites units on their way: channel binding, stream
	// management. They run in their order on what the gate lets pass.
	Filters []func(c *Conn) Filter
	// Web serves connections that begin with HTTP; nil relays them as bytes.
	Web WebDoor
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
	Linger    time.Duration // for the other direction when one has ended; 0: without limit
	Stop      time.Duration // for connections to end in order when Run is stopped; 2 s
}

// Filter rewrites what passes. Its calls come under the locks of the connection:
// both directions take turns. See also [Observer].
type Filter interface {
	// Rewrite takes the bytes that are about to be sent on as the unit e and
	// returns those to send instead, nil for the same; why is recorded. What is
	// returned in extra is sent as well, in its own direction: before the unit
	// where before is set.
	Rewrite(e *decode.Event, xml []byte) Rewritten
	// Shifted tells whether units must be framed before they are sent because
	// the filter has something to rewrite.
	Shifted() bool
}

// Observer is what a [Filter] may also be: one that wants to see units that were
// sent without being asked about, after the fact.
type Observer interface {
	Observe(e *decode.Event)
}

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

// WebDoor serves a client that speaks HTTP: WebSocket (RFC 7395) or BOSH
// (XEP-0124).
type WebDoor interface {
	// ServeWeb takes over a connection whose first bytes are HTTP. It may call
	// open any number of times, for each XMPP session that it finds.
	ServeWeb(ctx context.Context, conn net.Conn, f Facts, open func(Facts) (*Conn, error)) error
}
