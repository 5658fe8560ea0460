package proxy

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// This file puts in what no peer has sent.

// Inject sends something as if a peer had, at the next place between elements.
// The errors: the connection is not open or has ended in that direction, or
// nothing of it can be framed.
func (c *Conn) Inject(ins Insert, at Place) error {
	l := c.way(ins.Dir)
	if l == nil {
		return errors.New("the connection is not open yet")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.dead || l.over || l.ended:
		return fmt.Errorf("the %s has ended", who(ins.Dir))
	case l.web != nil && !l.web.Frames():
		return l.rides(ins)
	case l.opaque.Load():
		return errors.New("no elements are known in this direction")
	}
	it := &item{kind: insertItem, insert: ins, since: c.p.now()}
	if at == BeforeHeld {
		l.wait = slices.Insert(l.wait, 0, it)
	} else {
		l.put(it)
	}
	l.kick()
	return nil
}

// way is the lane of a direction; nil before there is one.
func (c *Conn) way(d decode.Dir) *lane {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lane[d&1]
}

// asks are the ids of injected iqs whose answers are not for the side that did
// not ask.
type asks struct {
	open map[string]ask
}

// ask is a question that goes in a direction; why its answer is kept back.
type ask struct {
	dir decode.Dir
	why string
}

// keepBack keeps the answer to a question from whoever did not ask it.
func (c *Conn) keepBack(id string, a ask) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asks.open == nil {
		c.asks.open = map[string]ask{}
	}
	if len(c.asks.open) < c.p.o.Bounds.Requests {
		c.asks.open[id] = a
		c.awaits.Store(true)
	}
}

// fresh prepares an insertion: its id, and what becomes of the answer.
func (c *Conn) fresh(ins *Insert) []byte {
	xml := ins.XML
	if !ins.FreshID && !ins.Swallow {
		return xml
	}
	c.desk.mu.Lock()
	defer c.desk.mu.Unlock()
	n := c.desk.tree.Parse(xml, xmlstream.MidStream(c.content()), xmlstream.Options{})
	if n == nil || n.Kind != xmlstream.ElementNode || !slices.Contains([]string{"iq", "message", "presence"}, n.Name.Local) {
		return xml
	}
	id, _ := n.Attr("id")
	kind, _ := n.Attr("type")
	// The id of an answer is that of its question: with another it answers nothing
	// (RFC 6120 §8.2.3).
	answer := n.Name.Local == "iq" && (kind == "result" || kind == "error")
	if ins.FreshID && !answer {
		id = "xs-" + strings.ToLower(rand.Text()[:13])
		if a := n.FindAttr("", "id"); a != nil {
			xml = splice(xml, int(a.Raw.Start), int(a.Raw.End), id)
		} else {
			xml = splice(xml, int(n.QName.End), int(n.QName.End), " id='"+id+"'")
		}
	}
	if ins.Swallow && n.Name.Local == "iq" && id != "" && (kind == "get" || kind == "set") {
		c.keepBack(id, ask{ins.Dir, "the answer to an iq that was injected: who did not ask does not get it"})
	}
	return xml
}

// content is the content namespace. The caller holds the desk.
func (c *Conn) content() string {
	if s := c.dec.State(); s.Content != "" {
		return s.Content
	}
	return xmlstream.NSClient
}

func splice(p []byte, from, to int, s string) []byte {
	return append(append(append(make([]byte, 0, len(p)+len(s)), p[:from]...), s...), p[to:]...)
}

// answered tells the answer to an injected iq that nobody waits for; why it is
// kept back.
func (c *Conn) answered(dir decode.Dir, e *decode.Event) string {
	if !c.awaits.Load() || e.Name.Local != "iq" || e.Type != "result" && e.Type != "error" {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.asks.open[e.ID]
	if !ok || a.dir == dir {
		return ""
	}
	delete(c.asks.open, e.ID)
	c.awaits.Store(len(c.asks.open) > 0)
	return a.why
}
