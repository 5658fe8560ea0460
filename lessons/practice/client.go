package practice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"xmppscope/decode/xmlstream"
)

// Client is one client. It must not be used by two goroutines at a time.
type Client struct {
	o     Options
	step  Step
	ahead Script // the lines from that one on

	nc     net.Conn
	framer *xmlstream.Framer
	scope  *xmlstream.Scope
	inbox  []*Element // what came and was not awaited yet
	ended  bool       // TCP has ended on the server's side
	closed bool       // our stream is closed: nothing more may be said

	features *xmlstream.Node
	from     string // who is about to log in, for headers inside TLS
	full     string // the address that was bound
	careful  bool   // it binds logins to TLS where it can, and says so where it cannot
	loggedIn bool
	tries    int // logins that were refused
	serial   int // of ids
	sm       ledger
	token    string // to log in with (XEP-0484)
	agentID  string // of this client, in logins of SASL 2
}

// Element is something that the server sent.
type Element struct {
	// Name is its local name; stream, /stream and end for what is no element.
	Name string
	// Node is the element; nil for an end. XML is how it was written.
	Node *xmlstream.Node
	XML  string
}

// New makes a client. It connects with its first step.
func New(o Options) *Client {
	o.complete()
	return &Client{o: o}
}

// Address is the full address of the session; empty before it is bound.
func (c *Client) Address() string { return c.full }

// Drop closes the connection, if there is one, as a program does that ends well:
// what is still on its way is taken, or TCP would end with a reset.
func (c *Client) Drop() {
	if c.nc == nil {
		return
	}
	if half, ok := c.nc.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		_ = c.nc.SetReadDeadline(time.Now().Add(lastWords))
		_, _ = io.Copy(io.Discard, c.nc)
	}
	c.lose()
}

// lastWords is how long the server has to close its side too.
const lastWords = 200 * time.Millisecond

// lose closes the connection at once.
func (c *Client) lose() {
	if c.nc != nil {
		_ = c.nc.Close()
		c.nc = nil
	}
}

// StreamError is what the server ended the stream with.
type StreamError struct{ Condition string }

func (e *StreamError) Error() string { return "the server ended the stream: " + e.Condition }

// ErrEnded is the error of waiting for something on a stream that has ended.
var ErrEnded = errors.New("the server has closed the connection")

// connect makes the connection.
func (c *Client) connect(ctx context.Context) error {
	nc, err := c.enter(ctx)
	if err != nil {
		return err
	}
	c.nc, c.ended, c.closed, c.inbox, c.features, c.loggedIn = nc, false, false, nil, nil, false
	c.renew()
	return nil
}

// renew begins a new document.
func (c *Client) renew() {
	rest := []byte(nil)
	if c.framer != nil {
		rest = c.framer.Take()
	}
	c.framer = xmlstream.NewFramer(xmlstream.Options{})
	c.framer.Push(rest)
}

// offers is a feature of the server's last list, or nil.
func (c *Client) offers(space, local string) *xmlstream.Node {
	if c.features == nil {
		return nil
	}
	return c.features.Child(space, local)
}

// Send writes XML, or anything else, as it is.
func (c *Client) Send(ctx context.Context, xml string) error {
	if c.nc == nil {
		return errors.New("there is no connection")
	}
	if err := c.nc.SetWriteDeadline(time.Now().Add(c.o.Patience)); err != nil {
		return err
	}
	defer c.until(ctx)()
	_, err := io.WriteString(c.nc, xml)
	if err == nil { // what is written while it reads, pongs and answers of TLS, is not a part of this
		_ = c.nc.SetWriteDeadline(time.Time{})
	}
	return told(ctx, err)
}

// until makes reads and writes end with ctx, until what it returns is called.
func (c *Client) until(ctx context.Context) (stop func()) {
	nc := c.nc
	undo := context.AfterFunc(ctx, func() { _ = nc.SetDeadline(time.Unix(1, 0)) })
	return func() { undo() }
}

// told prefers the reason for which ctx ended.
func told(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// Expect waits for an element. Others that come before it stay for later; a
// stream error that is not awaited is an error.
func (c *Client) Expect(ctx context.Context, p Pattern) (*Element, error) {
	return c.await(ctx, strings.Join(p.path, "/"), p.matches)
}

// await waits for the first element that is wanted; what names it.
func (c *Client) await(ctx context.Context, what string, wanted func(*Element) bool) (*Element, error) {
	deadline := time.Now().Add(c.o.Patience)
	for {
		for i, e := range c.inbox {
			if wanted(e) {
				c.inbox = append(c.inbox[:i:i], c.inbox[i+1:]...)
				return e, nil
			}
		}
		if err := c.over(); err != nil {
			return nil, err
		}
		if err := c.read(ctx, deadline); err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				return nil, fmt.Errorf("no %s came in %v", what, c.o.Patience)
			}
			return nil, err
		}
	}
}

// expect waits for an element by its name or path.
func (c *Client) expect(ctx context.Context, text string) (*Element, error) {
	p, err := ParsePattern(text)
	if err != nil {
		return nil, err
	}
	return c.Expect(ctx, p)
}

// over tells whether nothing more comes.
func (c *Client) over() error {
	for _, e := range c.inbox {
		if e.Name == "error" && e.Node != nil && e.Node.Name.Space == xmlstream.NSStreams {
			condition := "without a condition"
			if n := e.Node.FirstElement(); n != nil {
				condition = n.Name.Local
			}
			return &StreamError{condition}
		}
	}
	if c.ended {
		return ErrEnded
	}
	return nil
}

// read takes what comes next.
func (c *Client) read(ctx context.Context, deadline time.Time) error {
	if c.nc == nil {
		return errors.New("there is no connection")
	}
	if err := c.nc.SetReadDeadline(deadline); err != nil { // a pipe whose other end is closed
		return c.end()
	}
	stop := c.until(ctx)
	defer stop()
	if err := ctx.Err(); err != nil {
		return err
	}
	buf := make([]byte, 16<<10)
	n, err := c.nc.Read(buf)
	c.framer.Push(buf[:n])
	for u, ok := c.framer.Next(); ok; u, ok = c.framer.Next() {
		if err := c.take(ctx, u); err != nil {
			return err
		}
	}
	if err != nil && ctx.Err() == nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		// However TCP ended, with or without TLS saying so before: it is over.
		return c.end()
	}
	return told(ctx, err)
}

// end notes that nothing more comes.
func (c *Client) end() error {
	c.ended = true
	c.inbox = append(c.inbox, &Element{Name: endOfTCP})
	return nil
}

// take files what the framer cut out.
func (c *Client) take(ctx context.Context, u xmlstream.Unit) error {
	var t xmlstream.Tree
	e := &Element{XML: string(u.Wire)}
	switch u.Kind {
	case xmlstream.Space:
		return nil
	case xmlstream.Header:
		e.Name = headerTag
		e.Node, c.scope = t.ParseHeader(u.Wire, xmlstream.Options{})
	case xmlstream.Close:
		e.Name = closeTag
	case xmlstream.Element:
		e.Node = t.Parse(u.Wire, c.scope, xmlstream.Options{})
		if e.Node != nil {
			e.Name = e.Node.Name.Local
		}
	}
	if e.Name == "" || t.Err() != nil && t.Err().Fatal {
		return fmt.Errorf("the server sent what is no XML: %.60q", u.Wire)
	}
	c.inbox = append(c.inbox, e)
	return c.react(ctx, e)
}

// react answers what a client has to answer: requests of the server, and those
// of stream management.
func (c *Client) react(ctx context.Context, e *Element) error {
	switch {
	case e.Node == nil || c.closed:
		return nil
	case e.Node.Name.Space == nsSM:
		return c.reactSM(ctx, e.Node)
	case e.Name == "iq" || e.Name == "message" || e.Name == "presence":
		c.sm.received()
	}
	if typ, _ := e.Node.Attr("type"); e.Name != "iq" || typ != "get" && typ != "set" || c.answers(e) {
		return nil
	}
	id, _ := e.Node.Attr("id")
	from, _ := e.Node.Attr("from")
	payload := e.Node.FirstElement()
	known := payload != nil && (payload.Name.Space == nsPing || payload.Name.Space == nsRoster && c.own(from))
	inside, typ := "", "result"
	if !known {
		typ = "error"
		inside = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
	}
	return c.stanza(ctx, "<iq"+attr("type", typ)+attr("id", id)+attr("to", from)+">"+inside+"</iq>")
}

// answers tells whether the script itself answers a request: a line that is
// still to come waits for it, and the next one sends a result or an error.
func (c *Client) answers(e *Element) bool {
	for i, s := range c.ahead {
		if s.Verb != "S" || i+1 == len(c.ahead) || c.ahead[i+1].Verb != "C" {
			continue
		}
		open, _, _ := strings.Cut(c.ahead[i+1].Args[0], ">")
		answer := strings.HasPrefix(open, "<iq ") && (strings.Contains(open, "'result'") || strings.Contains(open, "'error'"))
		if p, err := ParsePattern(s.Args[0]); answer && err == nil && p.matches(e) {
			return true
		}
	}
	return false
}

// own tells whether a push comes from the account itself, which has the right to
// send one (RFC 6121 §2.1.6).
func (c *Client) own(from string) bool {
	bare, _, _ := strings.Cut(c.full, "/")
	return from == "" || from == bare
}

// stanza sends one and counts it.
func (c *Client) stanza(ctx context.Context, xml string) error {
	c.sm.sent(xml)
	return c.Send(ctx, xml)
}

func attr(name, value string) string {
	if value == "" {
		return ""
	}
	return " " + name + "='" + escaper.Replace(value) + "'"
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&apos;", `"`, "&quot;")

// id is the next id, of its kind.
func (c *Client) id(kind string) string {
	c.serial++
	return fmt.Sprintf("%s%d", kind, c.serial)
}

// Has is something that came, was not awaited yet and fits, or nil.
func (c *Client) Has(p Pattern) *Element {
	for _, e := range c.inbox {
		if p.matches(e) {
			return e
		}
	}
	return nil
}
