package proxy

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
)

// SOCKS5 (RFC 1928), as far as a client needs it to get here: without a
// password, and CONNECT alone. What is said is no part of the conversation and
// is not recorded.

// Replies of RFC 1928 §6.
const (
	socksDone        = 0
	socksForbidden   = 2
	socksNoCommand   = 7
	socksNoAddress   = 8
	socksNoMethod    = 0xFF
	socksVersion     = 5
	socksConnect     = 1
	socksAddressIPv4 = 1
	socksAddressName = 3
	socksAddressIPv6 = 4
)

func (c *Conn) socks5() error {
	var head [2]byte
	if err := c.readFull(head[:]); err != nil {
		return err
	}
	if head[0] != socksVersion {
		return fmt.Errorf("no SOCKS5: it begins with %#02x", head[0])
	}
	methods := make([]byte, head[1])
	if err := c.readFull(methods); err != nil {
		return err
	}
	for _, m := range methods {
		if m == 0 {
			c.a.raw.Write([]byte{socksVersion, 0})
			return c.socksRequest()
		}
	}
	c.a.raw.Write([]byte{socksVersion, socksNoMethod})
	return errors.New("the client cannot do without a password")
}

func (c *Conn) socksRequest() error {
	var head [4]byte
	if err := c.readFull(head[:]); err != nil {
		return err
	}
	host, err := c.socksHost(head[3])
	if err != nil {
		return err
	}
	var port [2]byte
	if err := c.readFull(port[:]); err != nil {
		return err
	}
	if head[1] != socksConnect {
		c.socksReply(socksNoCommand)
		return errors.New("the client asks for something else than CONNECT")
	}
	to := net.JoinHostPort(host, strconv.Itoa(int(port[0])<<8|int(port[1])))
	if err := c.allow(to); err != nil {
		c.socksReply(socksForbidden)
		return fmt.Errorf("%s is not where this proxy leads: %w", legible([]byte(to)), err)
	}
	c.socksReply(socksDone)
	return nil
}

func (c *Conn) socksHost(kind byte) (string, error) {
	size := 0
	switch kind {
	case socksAddressIPv4:
		size = 4
	case socksAddressIPv6:
		size = 16
	case socksAddressName:
		var n [1]byte
		if err := c.readFull(n[:]); err != nil {
			return "", err
		}
		size = int(n[0])
	default:
		c.socksReply(socksNoAddress)
		return "", fmt.Errorf("an address of the kind %d", kind)
	}
	raw := make([]byte, size)
	if err := c.readFull(raw); err != nil {
		return "", err
	}
	if a, ok := netip.AddrFromSlice(raw); ok && kind != socksAddressName {
		return a.String(), nil
	}
	return string(raw), nil
}

func (c *Conn) socksReply(code byte) {
	c.a.raw.Write([]byte{socksVersion, code, 0, socksAddressIPv4, 0, 0, 0, 0, 0, 0})
}

// readFull reads from the client before anything is recorded.
func (c *Conn) readFull(p []byte) error {
	for len(p) > 0 {
		if err := c.a.fill(); err != nil {
			return err
		}
		n := copy(p, c.a.in)
		c.a.in, p = c.a.in[n:], p[n:]
	}
	return nil
}
