package captures

import (
	"fmt"
	"slices"
	"strings"
)

// Tally counts what a capture holds besides the bytes that were delivered.
type Tally struct {
	Packets     int64
	Bytes       int64 // captured
	TCP         int64 // TCP segments, rebuilt datagrams counted once
	UDP         int64
	OtherIP     int64
	Fragments   int64 // IP fragments that did not complete a datagram
	BadIP       int64
	NoIP        int64
	UnknownLink int64
	Links       map[uint16]int64 // packets of link types that cannot be read
	Connections int64
	Ports       map[uint16]int64 // connections by receiver's port
	// Hidden are the connections inside TLS of which nothing told whether they
	// are XMPP: no keys fitted, and no ALPN named it.
	Hidden int64
}

// String is one line: packets first, then what they were.
func (t *Tally) String() string {
	s := []string{plural(t.Packets, "packet")}
	if t.Connections > 0 {
		s = append(s, plural(t.Connections, "TCP connection")+" ("+t.ports(5)+")")
	}
	if t.Hidden > 0 {
		s = append(s, fmt.Sprintf("%d of them inside TLS, without the keys to tell what", t.Hidden))
	}
	for _, c := range []struct {
		n    int64
		name string
	}{
		{t.UDP, "UDP datagram"}, {t.OtherIP, "other IP packet"}, {t.Fragments, "IP fragment"},
		{t.BadIP, "unreadable IP packet"}, {t.NoIP, "frame without IP"},
	} {
		if c.n > 0 {
			s = append(s, plural(c.n, c.name))
		}
	}
	if t.UnknownLink > 0 {
		s = append(s, plural(t.UnknownLink, "frame")+" of a link type that is not read ("+t.links()+")")
	}
	return strings.Join(s, ", ")
}

// ports names the most frequent ports.
func (t *Tally) ports(most int) string {
	ports := make([]uint16, 0, len(t.Ports))
	for p := range t.Ports {
		ports = append(ports, p)
	}
	slices.SortFunc(ports, func(a, b uint16) int {
		if d := t.Ports[b] - t.Ports[a]; d != 0 {
			return int(max(min(d, 1), -1))
		}
		return int(a) - int(b)
	})
	var s []string
	for _, p := range ports[:min(most, len(ports))] {
		s = append(s, fmt.Sprintf("port %d: %d", p, t.Ports[p]))
	}
	if n := len(ports) - most; n > 0 {
		s = append(s, plural(int64(n), "other port"))
	}
	return strings.Join(s, ", ")
}

func (t *Tally) links() string {
	var s []string
	for l := range t.Links {
		s = append(s, fmt.Sprintf("LINKTYPE %d", l))
	}
	slices.Sort(s)
	return strings.Join(s, ", ")
}

func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// count files a packet under what it carried.
func (t *Tally) count(kind carried, link uint16) {
	switch kind {
	case carriesTCP:
		t.TCP++
	case carriesUDP:
		t.UDP++
	case carriesOtherIP:
		t.OtherIP++
	case carriesFragment:
		t.Fragments++
	case carriesBadIP:
		t.BadIP++
	case carriesNoIP:
		t.NoIP++
	case carriesUnknown:
		t.UnknownLink++
		if t.Links == nil {
			t.Links = map[uint16]int64{}
		}
		t.Links[link]++
	}
}
