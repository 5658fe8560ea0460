package workshop

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// Near tells whether an address is of this computer or of its own network:
// loopback, private (RFC 1918; RFC 4193) or link-local (RFC 3927; RFC 4291).
func Near(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast()
}

// Place is where a class is held.
type Place struct {
	// Addr is what to listen on, HOST:PORT.
	Addr string
	// Anyone is set where the teacher has named an address that is neither of
	// this computer nor of its own network: then anybody may try to join.
	Anyone bool
	// Names are those that browsers may call it by, besides addresses.
	Names []string
}

// ParsePlace reads an address: HOST:PORT, HOST or :PORT. Without a host it is
// this computer alone; a port of 0 takes a free one.
func ParsePlace(text, port string) (p Place, err error) {
	text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(text), "http://"), "/")
	host, given, err := net.SplitHostPort(text)
	if err != nil {
		if host, given = strings.Trim(text, "[]"), port; strings.ContainsAny(host, "/ ") {
			return p, fmt.Errorf("%q is no address; it is HOST:PORT", text)
		}
	}
	if host == "" {
		host = "127.0.0.1"
	}
	if _, err := net.LookupPort("tcp", given); err != nil {
		return p, fmt.Errorf("%q is no port", given)
	}
	p.Addr = net.JoinHostPort(host, given)
	if host == "localhost" {
		return p, nil
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return p, errors.New("the host is an address of this computer, as in 192.168.1.5:" + given + ", or 0.0.0.0 for all of them")
	}
	p.Anyone = !a.IsUnspecified() && !Near(a)
	return p, nil
}

// Links are the pages that students may open, for an address that is listened on.
// Where that is every address, they are those of this computer in its own
// networks.
func Links(at net.Addr) (all []string) {
	tcp, ok := at.(*net.TCPAddr)
	if !ok {
		return nil
	}
	own := tcp.AddrPort()
	if !own.Addr().IsUnspecified() {
		return []string{"http://" + netip.AddrPortFrom(own.Addr().Unmap(), own.Port()).String()}
	}
	ifs, _ := net.InterfaceAddrs() // without them there is this computer
	for _, i := range ifs {
		n, ok := i.(*net.IPNet)
		if !ok {
			continue
		}
		if a, ok := netip.AddrFromSlice(n.IP); ok && Near(a) && !a.Unmap().IsLoopback() && !a.Unmap().IsLinkLocalUnicast() {
			all = append(all, "http://"+netip.AddrPortFrom(a.Unmap(), own.Port()).String())
		}
	}
	return append(all, fmt.Sprintf("http://127.0.0.1:%d", own.Port()))
}

// knownHost tells whether a Host header (RFC 9110 §7.2) names this class. A page
// of a stranger that lets its name lead here comes with that name; an address is
// no name.
func (c *Class) knownHost(header string) bool {
	host := header
	if h, _, err := net.SplitHostPort(header); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if a, err := netip.ParseAddr(host); err == nil {
		return c.o.Anyone || Near(a)
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	for _, n := range c.o.Names {
		if n = strings.ToLower(n); n != "" && (host == n || host == n+".local") {
			return true
		}
	}
	return false
}
