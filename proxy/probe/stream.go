package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/verify"
	"xmppscope/proxy/web"
)

// maxRead is how many bytes a probe reads of one connection.
const maxRead = 4 << 20

// maxFresh is how many events wait for a look.
const maxFresh = 1 << 13

// Options say how to ask. Request is needed.
type Options struct {
	Request dial.Request
	Dial    dial.Options
	// From is the sender of the stream header, which servers want to know of
	// each other; empty for none.
	From string
	// Timeout is how long one negotiation may take (default 10 s).
	Timeout time.Duration
	// TLS makes the configuration from one that has the server name; nil leaves
	// it. A probe wants to see bad certificates too: they do not end the
	// handshake.
	TLS func(*tls.Config) *tls.Config
	// Roots are the authorities that are trusted; nil means those of the system.
	// RootsName says whose they are.
	Roots     *x509.CertPool
	RootsName string
	// Event gets every event in order, of one connection after the other, and
	// Conversation each connection when it is over. They may be nil.
	Event        func(*decode.Event)
	Conversation func(*decode.Conversation)
	// Trail takes what was done; it may be nil.
	Trail *dial.Trail

	counted struct {
		conns decode.ConnID
		seq   decode.Seq
	}
}

func (o *Options) number() decode.Seq { o.counted.seq++; return o.counted.seq }

func (o *Options) conn() decode.ConnID { o.counted.conns++; return o.counted.conns }

func (o *Options) each(e *decode.Event) {
	if o.Event != nil {
		o.Event(e)
	}
}

func (o *Options) timeout() time.Duration {
	if o.Timeout <= 0 {
		return 10 * time.Second
	}
	return o.Timeout
}

// domain is what streams are addressed to.
func (o *Options) domain() string {
	if o.Request.Domain != "" {
		return o.Request.Domain
	}
	host := o.Request.To
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return host
}

// Stream is a connection to a server on which a stream was begun. Send and Quit
// may be called beside Next; Close ends them all.
type Stream struct {
	// Leg is what was negotiated.
	Leg *dial.Leg
	// Menus are what was offered, list by list.
	Menus []Menu

	o     *Options
	mu    sync.Mutex // of what follows
	w     *watch
	link  *dial.Link
	tree  xmlstream.Tree
	fresh []*decode.Event // since the last look, for Await
}

// Open connects to one address that was reached, brings the connection to what
// its target wants, opens a stream and reads what is offered. The Stream tells
// also after an error what was met until then; it must be closed in any case.
func Open(ctx context.Context, l *dial.Link, o *Options) (*Stream, error) {
	s := &Stream{o: o, link: l}
	t := &tap{Conn: l.Conn, left: maxRead}
	s.w = newWatch(o, t, time.Now())
	s.w.each = s.event
	u := dial.Upstream{Wrapping: l.Target.Wrapping, Service: o.Request.Service, Domain: o.domain(), From: o.From, URL: l.Target.URL,
		Tap: func(net.Conn) net.Conn { return t }, TLS: s.config, Timeout: o.timeout()}
	if u.Wrapping == dial.StartTLS {
		u.Wrapping = dial.Auto // what is offered without it is worth a look
	}
	if u.Wrapping == dial.BOSH {
		return s, fmt.Errorf("%w: a stream over BOSH cannot be begun by hand", dial.ErrUsage)
	}
	leg, err := dial.Raise(ctx, l.Conn, u, o.Trail)
	s.Leg = leg
	s.flush()
	if err != nil {
		return s, err
	}
	if leg.Opened {
		return s, s.Await(ctx, offered)
	}
	if err := s.Restart(ctx); err != nil {
		return s, err
	}
	return s, nil
}

// config is for TLS, with everything that a look at the connection needs.
func (s *Stream) config(c *tls.Config) *tls.Config {
	c.InsecureSkipVerify = true // it is judged afterwards, and told in full
	c.KeyLogWriter = &s.w.keys.log
	if s.o.TLS != nil {
		c = s.o.TLS(c)
	}
	return c
}

// offered tells that a menu came.
func offered(e *decode.Event) bool { return e.Kind == decode.KindFeatures }

// Restart opens a stream, or opens it again (RFC 6120 §4.3.3), and reads what is
// offered.
func (s *Stream) Restart(ctx context.Context) error {
	header := dial.Header(s.o.Request.Service, s.o.domain(), s.o.From)
	if s.Leg.Wrapping == dial.WebSocket {
		header = []byte("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='" + escape(s.o.domain()) + "' version='1.0'/>")
	}
	s.news() // the document before is over
	if err := s.Send(header); err != nil {
		return err
	}
	if s.o.Request.Service == dial.Component {
		return s.Await(ctx, func(e *decode.Event) bool { return e.Kind == decode.KindOpen && e.Dir == decode.FromReceiver })
	}
	return s.Await(ctx, offered)
}

// Send sends XML as it is; over WebSocket as one message.
func (s *Stream) Send(xml []byte) error {
	if s.Leg.Wrapping == dial.WebSocket {
		xml = web.Frame(web.OpText, xml, true)
	}
	_, err := s.Leg.Conn.Write(xml)
	s.flush()
	if err != nil {
		return errGone(err)
	}
	return nil
}

// Next waits for the next bytes and decodes them; the events are told by then.
// The error is io.EOF where the server has ended the connection.
func (s *Stream) Next() error {
	var buf [16 << 10]byte
	_, err := s.Leg.Conn.Read(buf[:])
	s.flush()
	return err
}

// ErrEnded: the server ended the stream.
var ErrEnded = errors.New("the server ended the stream")

// Await reads until an event of the server fits. A stream error and the end of
// the stream are errors.
func (s *Stream) Await(ctx context.Context, fits func(*decode.Event) bool) error {
	ctx, stop := context.WithTimeout(ctx, s.o.timeout())
	defer stop()
	free := context.AfterFunc(ctx, func() { _ = s.Leg.Conn.SetReadDeadline(time.Unix(1, 0)) })
	defer func() {
		if free() {
			return
		}
		_ = s.Leg.Conn.SetReadDeadline(time.Time{})
	}()
	for {
		all := s.news()
		for i, e := range all {
			switch {
			case e.Dir != decode.FromReceiver:
			case fits(e):
				s.back(all[i+1:])
				return nil
			case e.Kind == decode.KindStreamError:
				return fmt.Errorf("%w: stream error %s", ErrEnded, e.Condition)
			case e.Kind == decode.KindClose:
				return ErrEnded
			case e.Kind == decode.KindBroken:
				return fmt.Errorf("%w: %s", dial.ErrProtocol, fault(e))
			}
		}
		if err := s.Next(); err != nil {
			if over := ctx.Err(); over != nil {
				return fmt.Errorf("%w: no answer in time", dial.ErrUnreachable)
			}
			if len(s.peek()) == 0 {
				return errGone(err)
			}
		}
	}
}

func fault(e *decode.Event) string {
	if len(e.Errs) > 0 {
		return e.Errs[0].Text
	}
	return e.Note
}

// errGone says that a connection ended, in words.
func errGone(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%w: it closed the connection", ErrEnded)
	case errors.Is(err, errTooMuch):
		return errTooMuch
	}
	return fmt.Errorf("%w: %w", ErrEnded, err)
}

// event is told by the watch.
func (s *Stream) event(e *decode.Event) {
	if e.Kind == decode.KindFeatures {
		s.Menus = append(s.Menus, menu(e, &s.tree))
	}
	if len(s.fresh) < maxFresh {
		kept := *e
		s.fresh = append(s.fresh, &kept)
	}
	s.o.each(e)
}

func (s *Stream) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.w.flush()
}

// news are the events since the last look.
func (s *Stream) news() []*decode.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.fresh
	s.fresh = nil
	return all
}

// back puts back what was not looked at.
func (s *Stream) back(rest []*decode.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh = append(rest, s.fresh...)
}

func (s *Stream) peek() []*decode.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fresh
}

// Verdict is what the server's certificate is worth for the domain; nil without
// TLS.
func (s *Stream) Verdict() *verify.Result {
	if s.Leg == nil || s.Leg.TLS == nil {
		return nil
	}
	c := verify.Check{Domain: s.o.domain(), Roots: s.o.Roots, RootsName: s.o.RootsName, Host: s.link.Target.Host}
	if s.o.Request.Service == dial.Server {
		c.Purpose = verify.ServerStream
	}
	r := c.Certificates(s.Leg.TLS.PeerCertificates)
	return &r
}

// State is what is true of the stream now.
func (s *Stream) State() *decode.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.conn.State()
}

// Quit ends our half of the stream (RFC 6120 §4.4).
func (s *Stream) Quit() error {
	if s.Leg.Wrapping == dial.WebSocket {
		return s.Send([]byte("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"))
	}
	return s.Send([]byte("</stream:stream>"))
}

// Close ends the connection and tells of the conversation. Where the stream
// stands, it is closed first, and the server has a moment to do the same.
func (s *Stream) Close(ctx context.Context, grace time.Duration) {
	if s.Leg != nil && s.open() {
		ctx, stop := context.WithTimeout(ctx, grace)
		free := context.AfterFunc(ctx, func() { _ = s.Leg.Conn.SetDeadline(time.Unix(1, 0)) })
		err := s.Quit()
		for err == nil && s.State().Open[decode.FromReceiver] {
			err = s.Next()
		}
		stop()
		free()
	}
	if s.Leg != nil {
		_ = s.Leg.Conn.SetDeadline(time.Now().Add(time.Second)) // for close_notify
		s.Leg.Conn.Close()
	}
	s.w.tap.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.w.finish()
	if s.o.Conversation != nil {
		c.Initiator, c.Receiver = s.link.Conn.LocalAddr().String(), s.link.Addr.String()
		s.o.Conversation(&c)
	}
}

// open tells whether our half of the stream stands.
func (s *Stream) open() bool {
	return s.State().Open[decode.FromInitiator] && !s.w.tap.over(decode.FromReceiver)
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", "'", "&apos;").Replace(s)
}
