package proxy

import (
	"errors"
)

// entries is the table of doors: what a client has to say before the connection
// is one of XMPP. None says anything at most.
var entries = map[DoorKind]func(*Conn) error{
	DoorStartTLS: nil,
	DoorTLS:      nil,
	DoorWS:       nil,
	DoorBOSH:     nil,
	DoorSOCKS5:   (*Conn).socks5,
	DoorConnect:  (*Conn).connect,
}

// enter does what the door asks for.
func (c *Conn) enter() error {
	if say := entries[c.facts.Door]; say != nil {
		return say(c)
	}
	return nil
}

// allow judges where a client wants to go.
func (c *Conn) allow(hostport string) error {
	if c.p.o.Allow == nil {
		return errors.New("nothing is allowed")
	}
	if err := c.p.o.Allow(hostport); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.facts.Asked = hostport
	return nil
}
