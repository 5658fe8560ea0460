package dial

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"xmppscope/decode"
)

// Upstream says what the upstream leg is to become.
type Upstream struct {
	// Wrapping is what is wished. Auto is StartTLS where it is offered, else
	// Plain.
	Wrapping Wrapping
	Service  Service
	// Domain is what the stream header is addressed to and TLS asks for by SNI
	// (RFC 6120 §13.7.2, XEP-0368 §3), in any form. From is the sender in the
	// header; empty for none.
	Domain, From string
	// URL and Header are those of the request for a WebSocket; Header adds to
	// what RFC 6455 §4.1 asks for, such as Origin. Wire, where set, is the whole
	// request instead: that of a client, which goes on as it came, and of whose
	// answer only the status is judged.
	URL    *url.URL
	Header http.Header
	Wire   []byte
	// Tap, where set, is put around the TCP connection before anything is sent:
	// it sees the bytes of the network.
	Tap func(net.Conn) net.Conn
	// TLS, where set, makes the configuration from one that has the server
	// name, and ALPN where that is due. Unchanged it verifies the host name
	// against the roots of the system.
	TLS func(*tls.Config) *tls.Config
	// Timeout bounds all of it (default 30 s).
	Timeout time.Duration
}

// Said is something that was said on the way.
type Said struct {
	Dir  decode.Dir // FromInitiator is what we sent
	Wire []byte
}

// Leg is an upstream leg on which the stream that was wished for can begin.
type Leg struct {
	// Conn is above TLS where there is any. Its reads begin with what had been
	// read ahead of the switch.
	Conn net.Conn
	// Wrapping is what it became: never Auto.
	Wrapping Wrapping
	// TLS is the state after the handshake; nil without TLS.
	TLS *tls.ConnectionState
	// Before is what was said in clear text before the switch, unit by unit.
	Before []Said
	// Opened is set where Auto found no STARTTLS: our stream header was sent,
	// and reads begin with the answer to it.
	Opened bool
	// Dropped is clear text that came between <proceed/> and TLS. It could be
	// anybody's and is not used (RFC 6120 §5.4.3.3).
	Dropped []byte
	// Request and Response are the heads of the WebSocket handshake.
	Request, Response []byte
}

// Errors of the negotiation, for errors.Is.
var (
	// ErrNoStartTLS: the features do not offer it.
	ErrNoStartTLS = errors.New("STARTTLS is not offered")
	// ErrRefused: the server answered, and said no.
	ErrRefused = errors.New("the server refused")
	// ErrProtocol: what came is not what belongs there.
	ErrProtocol = errors.New("not what belongs there")
	// ErrTLS: the TLS handshake failed.
	ErrTLS = errors.New("TLS handshake")
)

// Raise brings a TCP connection to the point where the stream can begin. The
// connection is closed where that fails; the Leg then still tells what was said
// before. The errors are those above, and that of ctx.
func Raise(ctx context.Context, c net.Conn, u Upstream, trail *Trail) (*Leg, error) {
	if u.Timeout <= 0 {
		u.Timeout = 30 * time.Second
	}
	ctx, stop := context.WithTimeoutCause(ctx, u.Timeout, fmt.Errorf("%w: no answer within %s", ErrUnreachable, u.Timeout))
	defer stop()
	if u.Tap != nil {
		c = u.Tap(c)
	}
	l := &Leg{Conn: c, Wrapping: u.Wrapping}
	free := bind(ctx, c)
	err := l.raise(ctx, u, trail)
	if over := ended(ctx); !free() && err == nil || err != nil && over != nil {
		err = over
	}
	if err != nil {
		trail.Add(Failed, "%v", err)
		c.Close()
		return l, err
	}
	return l, nil
}

// bind ends all reads and writes of a connection with ctx. free gives it back;
// false where that came too late.
func bind(ctx context.Context, c net.Conn) (free func() bool) {
	return context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
}

func (l *Leg) raise(ctx context.Context, u Upstream, trail *Trail) error {
	domain, err := ASCII(u.Domain)
	if err != nil && (u.Wrapping != Plain && u.Wrapping != WebSocket && u.Wrapping != BOSH) {
		return err
	}
	switch u.Wrapping {
	case TLS:
		return l.secure(ctx, u, domain, u.Service.ALPN(), trail)
	case StartTLS, Auto:
		ahead, err := l.startTLS(u, trail)
		if err != nil || l.Opened {
			return err
		}
		l.Wrapping = StartTLS
		if len(ahead) > 0 {
			l.Conn = &aheadConn{Conn: l.Conn, ahead: ahead}
		}
		return l.secure(ctx, u, domain, "", trail)
	case WebSocket, BOSH:
		return l.web(ctx, u, trail)
	}
	return nil
}

// secure makes the TLS handshake.
func (l *Leg) secure(ctx context.Context, u Upstream, name, alpn string, trail *Trail) error {
	config := &tls.Config{ServerName: name}
	if alpn != "" {
		config.NextProtos = []string{alpn}
	}
	if u.TLS != nil {
		config = u.TLS(config)
	}
	trail.Add(Tried, "TLS for %s", name)
	c := tls.Client(l.Conn, config)
	if err := c.HandshakeContext(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrTLS, err)
	}
	state := c.ConnectionState()
	l.Conn, l.TLS = c, &state
	trail.Add(Reached, "%s, %s", tls.VersionName(state.Version), tls.CipherSuiteName(state.CipherSuite))
	if alpn != "" && state.NegotiatedProtocol != alpn {
		trail.Add(Answered, "the server did not agree on the protocol %s by ALPN (XEP-0368 §3)", alpn)
	}
	return nil
}

// aheadConn gives what was read ahead before what is still to come.
type aheadConn struct {
	net.Conn
	ahead []byte
}

func (c *aheadConn) Read(p []byte) (int, error) {
	if len(c.ahead) == 0 {
		return c.Conn.Read(p)
	}
	n := copy(p, c.ahead)
	c.ahead = c.ahead[n:]
	return n, nil
}

// CloseWrite passes on a half close, which the connection beneath may know.
func (c *aheadConn) CloseWrite() error {
	if h, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return h.CloseWrite()
	}
	return errors.ErrUnsupported
}
