package sandbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"time"

	"github.com/xdg-go/scram"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// secured is the TLS of a connection.
type secured struct {
	conn     *tls.Conn
	bindings []scram.ChannelBinding // those that are offered on it
	possible []scram.ChannelBinding // those that can be checked, for tokens
	people   []jid.JID              // whom the client's certificate names
}

// startTLS answers <starttls/> (RFC 6120 §5.4.2).
func (c *conn) startTLS(*xmlstream.Node) error {
	if _, open := c.srv.does("starttls-failure-open"); open {
		c.send(element("", "failure", "xmlns", nsTLS))
		return nil
	}
	if _, refuse := c.srv.does("starttls-failure"); refuse || c.tls != nil || c.web || c.srv.o.TLS == nil {
		c.send(element("", "failure", "xmlns", nsTLS))
		c.peer = true // the stream is closed with it (RFC 6120 §5.4.2.2)
		return errEnded
	}
	// What came behind in the clear must not be taken for something that came
	// inside TLS (RFC 6120 §5.4.3.3).
	rest := c.framer.Take()
	if !clientHello(rest) {
		rest = nil
	}
	c.send(element("", "proceed", "xmlns", nsTLS))
	c.out.drain()
	return c.handshake(rest)
}

// handshake puts TLS around the connection; early is what was read of it.
func (c *conn) handshake(early []byte) error {
	if c.srv.o.TLS == nil {
		return errEnded
	}
	var leaf []byte
	conf := c.srv.o.TLS.Clone()
	conf.GetCertificate = noting(c.srv.shown(), &leaf)
	conf.Certificates = nil
	// A resumed handshake would come without a certificate to bind to.
	conf.SessionTicketsDisabled = true
	if c.srv.o.ClientCAs != nil {
		// What was shown is judged afterwards, so that one that is good for
		// nothing costs no handshake (XEP-0178 §2).
		conf.ClientAuth, conf.ClientCAs = tls.RequestClientCert, c.srv.o.ClientCAs
	}
	under := net.Conn(&earlyConn{Conn: c.raw, early: bytes.NewReader(early)})
	t := tls.Server(under, conf)
	ctx, stop := context.WithDeadline(context.Background(), c.begun.Add(c.srv.o.Limits.Login))
	defer stop()
	_ = c.raw.SetReadDeadline(time.Time{})
	if c.ending.Load() {
		return errEnded
	}
	if err := t.HandshakeContext(ctx); err != nil {
		return err
	}
	state := t.ConnectionState()
	c.nc, c.tls = t, &secured{conn: t, bindings: c.srv.o.bindings(state, leaf), possible: c.srv.o.among(possible(state, leaf)), people: c.srv.people(state.PeerCertificates)}
	c.out.change(t)
	c.restart(nil)
	return nil
}

// noting is the certificate of base, and notes which one was sent.
func noting(base *tls.Config, leaf *[]byte) func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		cert, err := choose(base, hello)
		if err == nil && cert != nil && len(cert.Certificate) > 0 {
			*leaf = cert.Certificate[0]
		}
		return cert, err
	}
}

// choose is the rule of crypto/tls: GetCertificate, then the first that fits,
// then the first.
func choose(base *tls.Config, hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if base.GetCertificate != nil {
		if cert, err := base.GetCertificate(hello); cert != nil || err != nil {
			return cert, err
		}
	}
	for i := range base.Certificates {
		if hello.SupportsCertificate(&base.Certificates[i]) == nil {
			return &base.Certificates[i], nil
		}
	}
	if len(base.Certificates) > 0 {
		return &base.Certificates[0], nil
	}
	return nil, nil
}

// earlyConn gives back first what was read too much.
type earlyConn struct {
	net.Conn
	early *bytes.Reader
}

func (e *earlyConn) Read(p []byte) (int, error) {
	if e.early.Len() > 0 {
		return e.early.Read(p)
	}
	return e.Conn.Read(p)
}
