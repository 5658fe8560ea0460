package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	"xmppscope/decode/httpwire"
	"xmppscope/decode/xmlstream"
	"xmppscope/proxy/dial"
)

// plain is a client of a plain stream with a WebSocket behind it.
type plain struct {
	o    Options
	conn net.Conn
	up   net.Conn
	wmu  sync.Mutex // of up
	sent bool       // a close frame
	work sync.WaitGroup
}

// DialSocket is the server of a client with a plain stream that speaks WebSocket
// with the server behind it, at u, over a connection that has TLS already where
// u asks for it. It returns when both are done.
func DialSocket(ctx context.Context, conn, up net.Conn, u *url.URL, o Options) error {
	p := &plain{o: o.filled(), conn: conn}
	defer p.work.Wait()
	defer conn.Close()
	defer up.Close()
	r := newReader(conn, p.o.Most)
	bare := *u
	bare.Scheme = "ws" // what is beneath is not ours
	leg, err := dial.Raise(ctx, up, dial.Upstream{Wrapping: dial.WebSocket, URL: &bare, Timeout: p.o.Opening}, &dial.Trail{})
	if err != nil {
		return p.fail(r, err)
	}
	p.up = leg.Conn
	p.work.Go(p.follow)
	for {
		unit, err := r.next()
		if err != nil {
			p.end()
			return err
		}
		if err := p.unit(r, unit); err != nil {
			return err
		}
	}
}

// fail tells the client why there is no stream (RFC 6120 §4.9.3.15).
func (p *plain) fail(r *reader, why error) error {
	_ = p.conn.SetReadDeadline(time.Now().Add(p.o.Farewell))
	if _, err := r.next(); err == nil {
		_, _ = p.conn.Write(append(append(header{from: r.head.to, version: "1.0"}.stream(), streamError("remote-connection-failed", "xmppscope: "+why.Error())...), streamEnd...))
	}
	return fmt.Errorf("the WebSocket was not opened: %w", why)
}

// unit passes what the client says on.
func (p *plain) unit(r *reader, u xmlstream.Unit) error {
	switch u.Kind {
	case xmlstream.Header:
		return p.say(r.head.open())
	case xmlstream.Space:
		return p.write(Frame(OpPing, nil, true))
	case xmlstream.Close:
		return p.say(closing)
	}
	if text := r.alone(u); text != nil {
		return p.say(text)
	}
	return nil
}

func (p *plain) say(text []byte) error { return p.write(Frame(OpText, text, true)) }

func (p *plain) write(frame []byte) error {
	p.wmu.Lock()
	defer p.wmu.Unlock()
	_, err := p.up.Write(frame)
	return err
}

// end sends a close frame, once.
func (p *plain) end() {
	p.wmu.Lock()
	defer p.wmu.Unlock()
	if !p.sent {
		p.sent = true
		_, _ = p.up.Write(CloseFrame(CloseNormal, "", true))
	}
}

// follow passes what the server says on, until its end.
func (p *plain) follow() {
	in := httpwire.NewWebSocket(httpwire.WSOptions{MaxMessage: p.o.Most})
	var buf [16 << 10]byte
	for {
		n, err := p.up.Read(buf[:])
		for _, m := range in.Feed(buf[:n]) {
			if err == nil {
				err = p.message(&m)
			}
		}
		if err != nil {
			p.end()
			_ = p.conn.Close()
			return
		}
	}
}

func (p *plain) message(m *httpwire.WSMessage) (err error) {
	switch {
	case m.Broken || m.Opcode != OpText && m.Opcode < OpClose:
		return errors.New("what the server sent is no text message")
	case m.Opcode == OpPing:
		return p.write(Frame(OpPong, m.Payload, true))
	case m.Opcode == OpClose:
		return errClosed
	case m.Opcode != OpText:
		return nil
	}
	text := bytes.TrimSpace(m.Payload)
	var tree xmlstream.Tree
	n := tree.Parse(text, nil, xmlstream.Options{})
	switch {
	case n != nil && n.Name == (xmlstream.Name{Space: nsFraming, Local: "open"}):
		text = readHeader(n).stream()
	case n != nil && n.Name == (xmlstream.Name{Space: nsFraming, Local: "close"}):
		text = []byte(streamEnd)
	}
	_, err = p.conn.Write(text)
	return err
}
