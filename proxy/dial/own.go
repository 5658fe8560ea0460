package dial

import (
	"net"
	"net/netip"
	"slices"
)

// Own tells of an address whether one of the listeners gets what goes there:
// their addresses, and where one listens on all of the machine, every address
// that the machine has and every loopback address. mine lists the addresses of
// the machine; nil asks the system, at the moment of each question, since they
// come and go.
func Own(listeners []netip.AddrPort, mine func() []netip.Addr) func(netip.AddrPort) bool {
	if mine == nil {
		mine = interfaces
	}
	all := make([]netip.AddrPort, 0, len(listeners))
	for _, l := range listeners {
		all = append(all, bare(l))
	}
	return func(to netip.AddrPort) bool {
		to = bare(to)
		for _, l := range all {
			if l.Port() == to.Port() && (l.Addr() == to.Addr() || meets(l.Addr(), to.Addr(), mine)) {
				return true
			}
		}
		return false
	}
}

// meets tells whether a listener on l gets what goes to another address a: one
// of the two says "any".
func meets(l, a netip.Addr, mine func() []netip.Addr) bool {
	switch {
	case l.IsUnspecified() && l.Is4() && !a.Is4() && !a.IsUnspecified():
		return false // the others of the two kinds may listen on both
	case l.IsUnspecified():
		return a.IsUnspecified() || a.IsLoopback() || slices.ContainsFunc(mine(), func(m netip.Addr) bool { return m.Unmap().WithZone("") == a })
	}
	return a.IsUnspecified() && (l.IsLoopback() || slices.ContainsFunc(mine(), func(m netip.Addr) bool { return m.Unmap().WithZone("") == l }))
}

func bare(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}

// interfaces are the addresses of the machine; none where it does not tell.
func interfaces() (all []netip.Addr) {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, a := range list {
		if n, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(n.IP); ok {
				all = append(all, ip)
			}
		}
	}
	return all
}
