package practice

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"xmppscope/decode/xmlstream"
)

// ledger counts stanzas (XEP-0198 §4).
type ledger struct {
	enabled bool
	id      string
	in      uint32
	acked   uint32
	unacked []string
}

func (l *ledger) received() {
	if l.enabled {
		l.in++
	}
}

func (l *ledger) sent(xml string) {
	if l.enabled {
		l.unacked = append(l.unacked, xml)
	}
}

func (l *ledger) answer() string {
	return "<a xmlns='" + nsSM + "'" + attr("h", strconv.FormatUint(uint64(l.in), 10)) + "/>"
}

// handled takes the server's count.
func (l *ledger) handled(n *xmlstream.Node) error {
	v, _ := n.Attr("h")
	h, err := strconv.ParseUint(v, 10, 32)
	if err != nil || uint32(h)-l.acked > uint32(len(l.unacked)) {
		return fmt.Errorf("the server says that it handled %q stanzas, and %d were sent", v, l.acked+uint32(len(l.unacked)))
	}
	l.unacked = l.unacked[uint32(h)-l.acked:]
	l.acked = uint32(h)
	return nil
}

func (c *Client) reactSM(ctx context.Context, n *xmlstream.Node) error {
	switch n.Name.Local {
	case "r":
		return c.Send(ctx, c.sm.answer())
	case "a":
		return c.sm.handled(n)
	case "enabled": // what comes behind it counts (XEP-0198 §3)
		c.sm.in = 0
	}
	return nil
}

// manage turns stream management on, so that the session can be resumed.
func (c *Client) manage(ctx context.Context, _ []string) error {
	if err := c.Send(ctx, "<enable xmlns='"+nsSM+"' resume='true'/>"); err != nil {
		return err
	}
	c.sm = ledger{enabled: true} // what is sent from here on counts (XEP-0198 §3)
	e, err := c.answerTo(ctx, "enabled")
	if err != nil {
		c.sm = ledger{}
		return err
	}
	c.sm.id, _ = e.Node.Attr("id")
	return nil
}

// resume goes on with the session in the place of bind (XEP-0198 §5), and sends
// again what the server has not got.
func (c *Client) resume(ctx context.Context, _ []string) error {
	if c.sm.id == "" {
		return errors.New("there is no session to resume")
	}
	xml := "<resume xmlns='" + nsSM + "'" + attr("h", strconv.FormatUint(uint64(c.sm.in), 10)) + attr("previd", c.sm.id) + "/>"
	if err := c.Send(ctx, xml); err != nil {
		return err
	}
	e, err := c.answerTo(ctx, "resumed")
	if err != nil {
		return err
	}
	if err := c.sm.handled(e.Node); err != nil {
		return err
	}
	for _, xml := range c.sm.unacked {
		if err := c.Send(ctx, xml); err != nil {
			return err
		}
	}
	return nil
}

// answerTo waits for an element of stream management, or for <failed/>.
func (c *Client) answerTo(ctx context.Context, name string) (*Element, error) {
	e, err := c.await(ctx, name, func(e *Element) bool {
		return e.Node != nil && e.Node.Name.Space == nsSM && (e.Name == name || e.Name == "failed")
	})
	if err == nil && e.Name == "failed" {
		condition := "no reason given"
		if n := e.Node.FirstElement(); n != nil {
			condition = n.Name.Local
		}
		return nil, fmt.Errorf("the server refused: %s", condition)
	}
	return e, err
}
