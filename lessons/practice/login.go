package practice

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/xdg-go/scram"
)

// Refused is the error of a login that was refused for the last time.
type Refused struct{ Condition, Text string }

func (e *Refused) Error() string {
	if e.Text == "" {
		return "the login was refused: " + e.Condition
	}
	return "the login was refused: " + e.Condition + ": " + e.Text
}

// exchange is a mechanism on the client's side.
type exchange interface {
	// step answers a challenge, nil at the beginning; after success, final gets
	// what came with it.
	step(challenge []byte) ([]byte, error)
	final(data []byte) error
}

// login logs in, and opens the stream anew (RFC 6120 §6.4). After <failure/> it
// waits and tries again.
func (c *Client) login(ctx context.Context, args []string) error {
	if err := c.trying(ctx, func() error { return c.once(ctx, args[0], args[1], args[2]) }); err != nil {
		return err
	}
	c.renew()
	return c.open(ctx, nil)
}

// trying makes attempts until one goes well, or there are no more.
func (c *Client) trying(ctx context.Context, attempt func() error) error {
	for {
		err := attempt()
		var refused *Refused
		switch {
		case err == nil:
			c.loggedIn = true
			return nil
		case !errors.As(err, &refused):
			return err
		}
		c.tries++
		if c.tries >= c.o.Attempts {
			return err
		}
		c.o.Tell(Progress{State: Waiting, Step: c.step, Why: refused.Error(), Attempt: c.tries, Pause: c.delay()})
		if err := c.rest(ctx, c.delay()); err != nil {
			return err
		}
	}
}

// delay is how long to wait after as many refusals as there were.
func (c *Client) delay() time.Duration {
	d := c.o.Pause
	for i := 1; i < c.tries && d < c.o.MaxPause; i++ {
		d *= 2
	}
	return min(d, c.o.MaxPause)
}

// rest waits on an open stream, which may end meanwhile.
func (c *Client) rest(ctx context.Context, d time.Duration) error {
	until := time.Now().Add(d)
	for time.Now().Before(until) {
		if err := c.over(); err != nil {
			return err
		}
		if err := c.read(ctx, until); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
	}
	return nil
}

// mayTryAgain tells whether the stream ended over a refused login, and another
// one is left.
func (c *Client) mayTryAgain(err error) bool {
	var ended *StreamError
	if !errors.As(err, &ended) && !errors.Is(err, ErrEnded) {
		return false
	}
	return c.tries > 0 && c.tries < c.o.Attempts && !c.loggedIn
}

// pause waits without a connection.
func (c *Client) pause(ctx context.Context) error {
	t := time.NewTimer(c.delay())
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// once makes one attempt.
func (c *Client) once(ctx context.Context, mechanism, user, password string) error {
	if bound := mechanism + "-PLUS"; c.careful && strings.HasPrefix(mechanism, "SCRAM-") && c.offersMechanism(bound) {
		mechanism = bound
	}
	x, err := c.begin(mechanism, user, password)
	if err != nil {
		return err
	}
	first, err := x.step(nil)
	if err != nil {
		return err
	}
	data := encode(first)
	if _, second := x.(*digestExchange); second {
		data = "" // the server speaks first (RFC 6120 §6.4.2)
	}
	if err := c.Send(ctx, "<auth xmlns='"+nsSASL+"'"+attr("mechanism", mechanism)+">"+data+"</auth>"); err != nil {
		return err
	}
	for {
		e, err := c.verdict(ctx)
		if err != nil {
			return err
		}
		data, err := decode(e.Node.Text())
		switch {
		case e.Name == "failure":
			return refusedBy(e)
		case err != nil:
			return err
		case e.Name == "success":
			return x.final(data)
		}
		answer, err := x.step(data)
		if err != nil {
			_ = c.Send(ctx, "<abort xmlns='"+nsSASL+"'/>") // the error that counts is the other
			return err
		}
		if err := c.Send(ctx, "<response xmlns='"+nsSASL+"'>"+encode(answer)+"</response>"); err != nil {
			return err
		}
	}
}

// verdict waits for what may come in a login.
func (c *Client) verdict(ctx context.Context) (*Element, error) {
	return c.await(ctx, "answer to the login", func(e *Element) bool { return e.Node != nil && e.Node.Name.Space == nsSASL })
}

func refusedBy(e *Element) error {
	r := &Refused{Condition: "not-authorized"} // what no condition counts as (RFC 6120 §6.5)
	for n := range e.Node.Children() {
		if n.Name.Local == "text" {
			r.Text = n.Text()
		} else {
			r.Condition = n.Name.Local
		}
	}
	return r
}

func encode(b []byte) string {
	if len(b) == 0 {
		return "="
	}
	return base64.StdEncoding.EncodeToString(b)
}

func decode(s string) ([]byte, error) {
	if s == "=" {
		return nil, nil
	}
	return base64.StdEncoding.DecodeString(s)
}

func (c *Client) begin(mechanism, user, password string) (exchange, error) {
	if simple, ok := simple()[mechanism]; ok {
		return simple(c, user, password), nil
	}
	hash, ok := map[string]scram.HashGeneratorFcn{"SCRAM-SHA-1": scram.SHA1, "SCRAM-SHA-256": scram.SHA256,
		"SCRAM-SHA-512": scram.SHA512}[strings.TrimSuffix(mechanism, "-PLUS")]
	if !ok {
		return nil, fmt.Errorf("this client does not know %s", mechanism)
	}
	client, err := hash.NewClient(user, password, "")
	if err != nil {
		return nil, err
	}
	if c.o.Nonce != nil {
		client = client.WithNonceGenerator(c.o.Nonce)
	}
	switch {
	case strings.HasSuffix(mechanism, "-PLUS"):
	case c.careful:
		return &scramExchange{client.NewConversationAdvertisingChannelBinding()}, nil
	default:
		return &scramExchange{client.NewConversation()}, nil
	}
	cb, err := c.binding()
	if err != nil {
		return nil, err
	}
	return &scramExchange{client.NewConversationWithChannelBinding(cb)}, nil
}

// binding is the channel binding to use: what was asked for, else the first of
// what this side can compute that the server lists, or might know.
func (c *Client) binding() (scram.ChannelBinding, error) {
	t, ok := c.nc.(*tls.Conn)
	if !ok {
		return scram.ChannelBinding{}, errors.New("there is no TLS to bind to")
	}
	state := t.ConnectionState()
	for _, cb := range bindingsOf(&state) {
		if c.o.Binding == string(cb.Type) || c.o.Binding == "" && c.lists(string(cb.Type)) {
			return cb, nil
		}
	}
	return scram.ChannelBinding{}, errors.New("there is no channel binding that both sides know")
}

// bindingsOf are the channel bindings that TLS has, best first.
func bindingsOf(state *tls.ConnectionState) (all []scram.ChannelBinding) {
	if cb, err := scram.NewTLSExporterBinding(state); err == nil {
		all = append(all, cb)
	}
	if cb, err := scram.NewTLSServerEndpointBinding(state); err == nil {
		all = append(all, cb)
	}
	if len(state.TLSUnique) > 0 {
		all = append(all, scram.NewTLSUniqueBinding(state.TLSUnique))
	}
	return all
}

// beCareful makes a client that can bind its logins do so (RFC 5802 §6).
func (c *Client) beCareful(context.Context, []string) error {
	c.careful = true
	return nil
}

// offersMechanism tells whether the server lists a mechanism.
func (c *Client) offersMechanism(name string) bool {
	list := c.offers(nsSASL, "mechanisms")
	if list == nil {
		return false
	}
	for n := range list.Children() {
		if n.Text() == name {
			return true
		}
	}
	return false
}

// lists tells whether the server knows a type of channel binding; where it has
// no list (XEP-0440), it may.
func (c *Client) lists(kind string) bool {
	list := c.offers(nsBinding, "sasl-channel-binding")
	if list == nil {
		return true
	}
	for n := range list.Children() {
		if t, _ := n.Attr("type"); t == kind {
			return true
		}
	}
	return false
}

// plainExchange is PLAIN (RFC 4616).
type plainExchange string

func plain(user, password string) exchange { return plainExchange("\x00" + user + "\x00" + password) }

func (p plainExchange) step([]byte) ([]byte, error) { return []byte(p), nil }
func (p plainExchange) final([]byte) error          { return nil }

// scramExchange is the SCRAM family (RFC 5802).
type scramExchange struct{ conv *scram.ClientConversation }

func (s *scramExchange) step(challenge []byte) ([]byte, error) {
	answer, err := s.conv.Step(string(challenge))
	return []byte(answer), err
}

// final checks that the server knows the password too.
func (s *scramExchange) final(data []byte) error {
	if !s.conv.Done() {
		if _, err := s.conv.Step(string(data)); err != nil {
			return err
		}
	}
	if !s.conv.Valid() {
		return errors.New("the server did not prove that it knows the password")
	}
	return nil
}
