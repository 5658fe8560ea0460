package proxy

import "xmppscope/decode"

// Preview is the event that a unit would be if it went on now; it changes
// nothing, see [decode.Conn.Preview]. It may be called from any goroutine.
func (c *Conn) Preview(dir decode.Dir, xml []byte) *decode.Event { return c.previewText(dir, xml) }
