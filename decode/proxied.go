package decode

// Proxied says that a proxy stands between the two entities, and that what is
// fed is the connection between the initiating one and the proxy: TLS there is
// the proxy's own. It holds from the next event on.
func (c *Conn) Proxied() {
	if c.state.Proxied {
		return
	}
	next := *c.state
	next.Proxied = true
	c.state = &next
}
