package practice

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/xdg-go/scram"

	"xmppscope/decode/xmlstream"
)

// Namespaces of SASL 2 and what goes with it.
const (
	nsSASL2   = "urn:xmpp:sasl:2"
	nsBind2   = "urn:xmpp:bind:0"
	nsFAST    = "urn:xmpp:fast:0"
	nsCarbons = "urn:xmpp:carbons:2"
	nsCSI     = "urn:xmpp:csi:0"
)

// Mechanisms that log in with a token (XEP-0484) begin like this, and the one
// that is bound to no channel is used where a script names none.
const (
	tokenFamily  = "HT-SHA-256-"
	tokenUnbound = tokenFamily + "NONE"
)

// inlined is what may stand behind the resource of login2: what is asked for
// inside <bind/> (XEP-0386).
var inlined = map[string]string{
	"sm":       "<enable xmlns='" + nsSM + "' resume='true'/>",
	"carbons":  "<enable xmlns='" + nsCarbons + "'/>",
	"inactive": "<inactive xmlns='" + nsCSI + "'/>",
}

// login2 logs in and binds a resource in one (XEP-0388, XEP-0386), and asks for a
// token where the server has some. The stream is not opened anew. A mechanism
// for tokens logs in with the token that came last (XEP-0484).
func (c *Client) login2(ctx context.Context, args []string) error {
	return c.trying(ctx, func() error { return c.once2(ctx, args[0], args[1], args[2], args[3:]) })
}

// checkLogin2 tells what cannot be right about its words.
func checkLogin2(args []string) error {
	for _, word := range args[min(len(args), 4):] {
		if inlined[word] == "" {
			return fmt.Errorf("login2: behind the resource may stand sm, carbons and inactive, not %q", word)
		}
	}
	return nil
}

func (c *Client) once2(ctx context.Context, mechanism, user, password string, wishes []string) error {
	if c.offers(nsSASL2, "authentication") == nil {
		return errors.New("the server does not offer SASL 2")
	}
	x, err := c.begin2(mechanism, user, password)
	if err != nil {
		return err
	}
	first, err := x.step(nil)
	if err != nil {
		return err
	}
	inside := "<initial-response>" + encode(first) + "</initial-response>"
	if _, second := x.(*digestExchange); second {
		inside = "" // the server speaks first
	}
	inside += "<user-agent" + attr("id", c.agent()) + "><software>xmppscope practice</software></user-agent>" + bindInside(wishes) + c.tokenInside(mechanism)
	if err := c.Send(ctx, "<authenticate xmlns='"+nsSASL2+"'"+attr("mechanism", mechanism)+">"+inside+"</authenticate>"); err != nil {
		return err
	}
	for {
		e, err := c.await(ctx, "answer to the login", func(e *Element) bool { return e.Node != nil && e.Node.Name.Space == nsSASL2 })
		if err != nil {
			return err
		}
		switch e.Name {
		case "failure":
			return refusedBy(e)
		case "success":
			return c.success2(ctx, x, e.Node)
		case "continue":
			return errors.New("the server asks for a task, and this client has none")
		}
		data, err := decode(e.Node.Text())
		if err != nil {
			return err
		}
		answer, err := x.step(data)
		if err != nil {
			_ = c.Send(ctx, "<abort xmlns='"+nsSASL2+"'/>") // the error that counts is the other
			return err
		}
		if err := c.Send(ctx, "<response xmlns='"+nsSASL2+"'>"+encode(answer)+"</response>"); err != nil {
			return err
		}
	}
}

// bindInside asks for a resource; the server makes it of the tag.
func bindInside(wishes []string) string {
	inside := ""
	for i, w := range wishes {
		if i == 0 {
			inside += "<tag>" + escaper.Replace(w) + "</tag>"
			continue
		}
		inside += inlined[w]
	}
	return "<bind xmlns='" + nsBind2 + "'>" + inside + "</bind>"
}

// tokenInside asks for a token, or says that one is used.
func (c *Client) tokenInside(mechanism string) string {
	if strings.HasPrefix(mechanism, tokenFamily) {
		return "<fast xmlns='" + nsFAST + "'/>"
	}
	if wanted := c.tokenWanted(); wanted != "" {
		return "<request-token xmlns='" + nsFAST + "'" + attr("mechanism", wanted) + "/>"
	}
	return ""
}

// tokenWanted is the mechanism to ask a token for: that of the script's next
// login with one, where the server has it; empty for none.
func (c *Client) tokenWanted() string {
	wanted := tokenUnbound
	for _, s := range c.ahead {
		if s.Verb == "login2" && strings.HasPrefix(s.Args[0], tokenFamily) {
			wanted = s.Args[0]
			break
		}
	}
	inline := c.offers(nsSASL2, "authentication").Child(nsSASL2, "inline")
	if inline == nil || inline.Child(nsFAST, "fast") == nil {
		return ""
	}
	for n := range inline.Child(nsFAST, "fast").Children() {
		if n.Text() == wanted {
			return wanted
		}
	}
	return ""
}

// success2 takes what came with success, and the features behind it.
func (c *Client) success2(ctx context.Context, x exchange, n *xmlstream.Node) error {
	var data []byte
	if more := n.Child(nsSASL2, "additional-data"); more != nil {
		var err error
		if data, err = decode(more.Text()); err != nil {
			return err
		}
	}
	if err := x.final(data); err != nil {
		return err
	}
	if who := n.Child(nsSASL2, "authorization-identifier"); who != nil {
		c.full = who.Text()
	}
	if t := n.Child(nsFAST, "token"); t != nil {
		c.token, _ = t.Attr("token")
	}
	if bound := n.Child(nsBind2, "bound"); bound != nil {
		c.sm = ledger{}
		if on := bound.Child(nsSM, "enabled"); on != nil {
			c.sm.enabled = true
			c.sm.id, _ = on.Attr("id")
		}
	}
	e, err := c.expect(ctx, "features")
	if err == nil {
		c.features = e.Node
	}
	return err
}

// begin2 is begin, with tokens.
func (c *Client) begin2(mechanism, user, password string) (exchange, error) {
	if !strings.HasPrefix(mechanism, tokenFamily) {
		return c.begin(mechanism, user, password)
	}
	if c.token == "" {
		return nil, errors.New("there is no token yet: another login2 gets one")
	}
	bound, err := c.tokenBinding(strings.TrimPrefix(mechanism, tokenFamily))
	return &tokenExchange{user, c.token, bound}, err
}

// tokenBinding is what a token is bound to (draft-schmaus-kitten-sasl-ht §3).
func (c *Client) tokenBinding(kind string) ([]byte, error) {
	types := map[string]scram.ChannelBindingType{"EXPR": scram.ChannelBindingTLSExporter, "ENDP": scram.ChannelBindingTLSServerEndpoint, "UNIQ": scram.ChannelBindingTLSUnique}
	if kind == "NONE" {
		return nil, nil
	}
	t, ok := c.nc.(*tls.Conn)
	if !ok || types[kind] == "" {
		return nil, fmt.Errorf("this client does not know %s%s here", tokenFamily, kind)
	}
	state := t.ConnectionState()
	all := bindingsOf(&state)
	i := slices.IndexFunc(all, func(cb scram.ChannelBinding) bool { return cb.Type == types[kind] })
	if i < 0 {
		return nil, fmt.Errorf("TLS has no %s here", types[kind])
	}
	return all[i].Data, nil
}

// tokenExchange is HT-SHA-256 (draft-schmaus-kitten-sasl-ht §3).
type tokenExchange struct {
	user, token string
	bound       []byte
}

func (x *tokenExchange) sum(said string) []byte {
	m := hmac.New(sha256.New, []byte(x.token))
	m.Write([]byte(said))
	m.Write(x.bound)
	return m.Sum(nil)
}

func (x *tokenExchange) step([]byte) ([]byte, error) {
	return append([]byte(x.user+"\x00"), x.sum("Initiator")...), nil
}

func (x *tokenExchange) final(data []byte) error {
	if !hmac.Equal(data, x.sum("Responder")) {
		return errors.New("the server did not prove that it knows the token")
	}
	return nil
}

// agent is the id of this client, the same for all its logins (XEP-0388 §2.3).
func (c *Client) agent() string {
	if c.agentID == "" {
		b := make([]byte, 16)
		rand.Read(b) // never fails
		b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
		h := hex.EncodeToString(b)
		c.agentID = h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
	}
	return c.agentID
}
