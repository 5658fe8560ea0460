package proxy

import "xmppscope/decode"

// Would are the events that a text would be if it went on now, at most so many
// units of it; it changes nothing, see [decode.Conn.Would]. It may be called from
// any goroutine.
func (c *Conn) Would(dir decode.Dir, text []byte, most int) []decode.Event {
	c.desk.mu.Lock()
	defer c.desk.mu.Unlock()
	return c.dec.Would(dir, c.p.now(), text, most)
}
