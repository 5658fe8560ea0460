package proxy

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/proxy/dial"
)

// secure makes the handshakes of both legs. That of leg B happens within that
// of leg A, so that what the client offers shapes what is offered to the server
// and what the server chose what is chosen for the client. Where the server's
// leg fails, the client's handshake still ends well and refusal says why: only a
// stream can tell a client what has happened.
func (c *Conn) secure(direct bool) error {
	config := &tls.Config{
		KeyLogWriter: keyLog{c.p.o.Tap, c.a},
		GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
			c.heard(h)
			c.a.tell(nil)
			c.hello = h
			if c.b == nil && !c.leaves(h) {
				c.refusal = c.dial()
			}
			if c.refusal == "" && c.b != nil && c.sealed(direct) {
				c.refusal = c.raise(h, direct)
			}
			if !c.shaking.CompareAndSwap(clearShake, lateShake) {
				return nil, errors.New("it was broken off, as asked")
			}
			return c.configA(h)
		},
	}
	a := c.a
	a.tls, a.wait = tls.Server(records{a}, config), true
	c.shaking.Store(clearShake)
	defer c.shaking.Store(notShaking)
	c.along(a)
	a.raw.SetDeadline(c.p.now().Add(c.p.o.Bounds.Dial + c.p.o.Bounds.Handshake))
	err := a.tls.Handshake()
	a.wait = false
	a.raw.SetDeadline(time.Time{})
	a.tell(nil)
	if err != nil {
		return c.unshaken(err)
	}
	c.secured()
	return nil
}

// unshaken says why there is no TLS with the client. Nearly always it has seen
// our certificate by then and does not trust it, which few say: some send an
// alert, others just leave.
func (c *Conn) unshaken(err error) error {
	alert, refused := strings.CutPrefix(err.Error(), "remote error: ")
	if !refused && c.a.alert != 0 {
		alert, refused = tls.AlertError(c.a.alert).Error(), true
	}
	gone := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || isReset(err)
	if gone {
		c.heardEnd(err) // it was the client who left
	}
	switch {
	case c.leaf != nil && gone:
		return errors.New("the client left the handshake after it had been shown our certificate; " + askTrust)
	case c.leaf != nil && refused && strings.Contains(alert, "certificate"):
		return errors.New("the client refuses our certificate (" + alert + "); " + askTrust)
	}
	if refused {
		return errors.New("the client ended the handshake with an alert: " + alert)
	}
	return fmt.Errorf("the handshake with the client: %w", err)
}

// askTrust is what to do about it.
const askTrust = "does it trust the authority that xmppscope ca tells of?"

// heard takes what a ClientHello tells.
func (c *Conn) heard(h *tls.ClientHelloInfo) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.facts.SNI, c.facts.ALPN = h.ServerName, h.SupportedProtos
	if c.facts.Domain == "" {
		c.facts.Domain = h.ServerName
	}
}

// wrapping is how the server is spoken to, where the client began as it did.
func (c *Conn) wrapping(direct bool) dial.Wrapping {
	switch w := c.up.Wrapping; {
	case w != dial.Auto:
		return w
	case direct:
		return dial.TLS
	}
	return dial.StartTLS
}

// sealed tells whether leg B gets TLS together with leg A.
func (c *Conn) sealed(direct bool) bool {
	if c.up.Wrapping.Web() {
		return c.overTLS()
	}
	return c.wrapping(direct) != dial.Plain
}

// raise makes the handshake of leg B. It returns why that came to nothing.
func (c *Conn) raise(h *tls.ClientHelloInfo, direct bool) string {
	b := c.b
	config := c.configB(h)
	b.wait = true
	c.along(b)
	b.raw.SetDeadline(c.p.now().Add(c.p.o.Bounds.Handshake))
	err := c.handshakeB(config, direct)
	b.wait = false
	b.raw.SetDeadline(time.Time{})
	b.tell(nil)
	if err != nil {
		return "the handshake with the server: " + plain(err)
	}
	state := b.tls.ConnectionState()
	found := Checked{Text: "nobody checks certificates here"}
	if c.p.o.Verify != nil {
		found = c.p.o.Verify(state, c.Facts())
	}
	c.mu.Lock()
	c.checked = found
	c.mu.Unlock()
	switch {
	case found.OK:
		c.note(decode.FromReceiver, "the server's certificate is good: %s", found.Text)
	case c.p.o.Insecure:
		c.note(decode.FromReceiver, "INSECURE: the server's certificate is not good, and the connection goes on as asked for: %s", found.Text)
	default:
		return "the server's certificate is not good: " + found.Text
	}
	return ""
}

func (c *Conn) handshakeB(config *tls.Config, direct bool) error {
	b := c.b
	if !direct || c.wrapping(direct) != dial.StartTLS {
		b.tls = tls.Client(records{b}, config)
		return b.tls.Handshake()
	}
	f := c.Facts()
	b.text = true
	l, err := dial.Raise(context.WithoutCancel(c.ctx), records{b}, dial.Upstream{
		Wrapping: dial.StartTLS, Service: f.Service(), Domain: config.ServerName, From: f.From,
		TLS:     func(*tls.Config) *tls.Config { b.text = false; return config },
		Timeout: c.p.o.Bounds.Handshake,
	}, nil)
	if err != nil {
		return err
	}
	secured, ok := l.Conn.(*tls.Conn)
	if !ok {
		return errors.New("there is no TLS")
	}
	b.tls = secured
	return nil
}

// configB offers the server what the client offers.
func (c *Conn) configB(h *tls.ClientHelloInfo) *tls.Config {
	o := &c.p.o
	config := &tls.Config{
		ServerName: c.up.Domain, InsecureSkipVerify: true, // Verify judges, with more to tell
		KeyLogWriter: keyLog{o.Tap, c.b}, DynamicRecordSizingDisabled: true,
		MinVersion: tls.VersionTLS12, MaxVersion: maxVersion(h),
		CipherSuites: known(h.CipherSuites), NextProtos: without(h.SupportedProtos, "h2"),
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			c.wantsCert = true
			if o.ClientCert != nil {
				return o.ClientCert, nil
			}
			return &tls.Certificate{}, nil
		},
	}
	config.MinVersion = min(config.MinVersion, config.MaxVersion)
	if c.up.Wrapping.Web() { // whatever the client speaks
		config.NextProtos = []string{"http/1.1"}
	}
	if f := c.Facts(); len(config.NextProtos) == 0 && c.wrapping(f.Direct) == dial.TLS {
		if alpn := f.Service().ALPN(); alpn != "" {
			config.NextProtos = []string{alpn}
		}
	}
	return config
}

// configA gives the client what the server chose.
func (c *Conn) configA(h *tls.ClientHelloInfo) (*tls.Config, error) {
	o := &c.p.o
	if o.Leaf == nil {
		return nil, errors.New("there is no certificate to show to the client")
	}
	leaf, err := o.Leaf(c.Facts())
	if err != nil {
		c.note(decode.FromInitiator, "no certificate for the client: %s", err)
		return nil, err
	}
	c.leaf = leaf
	config := &tls.Config{
		Certificates: []tls.Certificate{*leaf}, KeyLogWriter: keyLog{o.Tap, c.a},
		DynamicRecordSizingDisabled: true, SessionTicketsDisabled: true,
		MinVersion: min(tls.VersionTLS12, maxVersion(h)), MaxVersion: maxVersion(h),
	}
	for _, alpn := range []string{"http/1.1", "xmpp-client", "xmpp-server"} {
		if slices.Contains(h.SupportedProtos, alpn) {
			config.NextProtos = []string{alpn}
		}
	}
	if c.b == nil || c.b.tls == nil {
		return config, nil
	}
	state := c.b.tls.ConnectionState()
	config.MaxVersion = min(config.MaxVersion, state.Version)
	config.MinVersion = min(config.MinVersion, config.MaxVersion)
	if suite := twin(state.CipherSuite); slices.Contains(h.CipherSuites, suite) && state.Version < tls.VersionTLS13 {
		config.CipherSuites = []uint16{suite}
	}
	if !c.up.Wrapping.Web() { // else each leg has its own
		config.NextProtos = nil
		if state.NegotiatedProtocol != "" && slices.Contains(h.SupportedProtos, state.NegotiatedProtocol) {
			config.NextProtos = []string{state.NegotiatedProtocol}
		}
	}
	if c.wantsCert {
		config.ClientAuth = tls.RequestClientCert
	}
	return config, nil
}

// maxVersion is the latest version that a client offers.
func maxVersion(h *tls.ClientHelloInfo) uint16 {
	latest := uint16(tls.VersionTLS10)
	for _, v := range h.SupportedVersions {
		if v <= tls.VersionTLS13 {
			latest = max(latest, v)
		}
	}
	return latest
}

// without is a list without one of its entries: nobody here speaks HTTP/2.
func without(list []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == one })
}

// known are the suites of an offer that crypto/tls has; nil, which means its
// own choice, where there are none.
func known(offer []uint16) (all []uint16) {
	for _, list := range [][]*tls.CipherSuite{tls.CipherSuites(), tls.InsecureCipherSuites()} {
		for _, s := range list {
			if slices.Contains(offer, s.ID) && !slices.Equal(s.SupportedVersions, []uint16{tls.VersionTLS13}) {
				all = append(all, s.ID)
			}
		}
	}
	return all
}

// twin is the suite for a certificate with an ECDSA key that protects as one for
// RSA does, and the other suites themselves.
func twin(id uint16) uint16 {
	switch id {
	case tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:
		return tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
	case tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:
		return tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
	case tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256:
		return tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
	case tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA:
		return tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
	case tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA:
		return tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA
	}
	return id
}

// secured tells the decoder, the filters and the record what was agreed on.
func (c *Conn) secured() {
	a := c.a.tls.ConnectionState()
	c.desk.mu.Lock()
	c.dec.Secured(c.p.now(), decode.TLS{Version: a.Version, Cipher: a.CipherSuite, SNI: a.ServerName, ALPN: a.NegotiatedProtocol, Keys: "proxy"})
	c.desk.mu.Unlock()
	c.note(decode.FromInitiator, "TLS to the client: %s", agreed(&a))
	c.mark(exporter(decode.MarkExporter, &a)...)
	if len(a.PeerCertificates) > 0 {
		c.note(decode.FromInitiator, "the client shows a certificate for %s, which the server cannot be shown, for its key is the client's alone: %s", legible([]byte(a.PeerCertificates[0].Subject.String())), c.instead())
	}
	var b *tls.ConnectionState
	if c.b != nil && c.b.tls != nil {
		state := c.b.tls.ConnectionState()
		b = &state
		c.note(decode.FromReceiver, "TLS to the server: %s", agreed(b))
		c.mark(exporter(decode.MarkExporterBeyond, b)...)
	}
	c.tellFilters(&a, b)
}

// instead is what the server is shown in place of a client's certificate.
func (c *Conn) instead() string {
	if c.p.o.ClientCert != nil {
		return "it is shown that of --client-cert instead"
	}
	return "it is shown none, and with --client-cert another"
}

// tellFilters tells the filters what TLS of the legs has come to; nil without.
func (c *Conn) tellFilters(a, b *tls.ConnectionState) {
	c.fmu.Lock()
	defer c.fmu.Unlock()
	for _, f := range c.filters {
		if s, ok := f.(Securer); ok {
			s.Secured(a, c.leaf, b)
		}
	}
}

// exporter is the value of tls-exporter (RFC 9266 §2), which key logs do not tell.
func exporter(do decode.MarkKind, s *tls.ConnectionState) []decode.Mark {
	data, err := s.ExportKeyingMaterial("EXPORTER-Channel-Binding", []byte{}, 32)
	if err != nil {
		return nil // TLS 1.2 without an extended master secret has none
	}
	return []decode.Mark{{Do: do, Text: data}}
}

// agreed says what a handshake came to.
func agreed(s *tls.ConnectionState) string {
	text := tls.VersionName(s.Version) + ", " + tls.CipherSuiteName(s.CipherSuite)
	if s.NegotiatedProtocol != "" {
		text += ", ALPN " + legible([]byte(s.NegotiatedProtocol))
	}
	return text
}

// keyLog writes a key log to the tap.
type keyLog struct {
	tap Tap
	leg *leg // whose keys they are
}

func (k keyLog) Write(line []byte) (int, error) {
	if s := k.leg.shake; s != nil {
		s.keys.Write(line)
	}
	if k.tap != nil {
		k.tap.Keys(line)
	}
	return len(line), nil
}
