package captures

import (
	"context"
	"io"
	"net/netip"
	"slices"
)

// Selection is what of a capture is to be written to another one.
type Selection struct {
	// Frames are packets by their number, with the comment each one gets.
	Frames map[uint32]string
	// Connections are TCP connections all of whose packets are wanted, each by
	// its two ends.
	Connections map[[2]netip.AddrPort]bool
	// Secrets is a TLS key log to embed.
	Secrets []byte
}

// Connection wants all packets between two ends.
func (s *Selection) Connection(a, b netip.AddrPort) {
	if s.Connections == nil {
		s.Connections = map[[2]netip.AddrPort]bool{}
	}
	s.Connections[ends(a, b)] = true
}

// ends are two ends in an order that does not depend on the direction.
func ends(a, b netip.AddrPort) [2]netip.AddrPort {
	a, b = netip.AddrPortFrom(a.Addr().Unmap(), a.Port()), netip.AddrPortFrom(b.Addr().Unmap(), b.Port())
	if b.Compare(a) < 0 {
		a, b = b, a
	}
	return [2]netip.AddrPort{a, b}
}

// Copy reads a capture again and writes what was selected of it. It returns
// how many packets that was.
func (s *Selection) Copy(ctx context.Context, in Input, w io.Writer) (uint32, error) {
	src, err := in.open(ctx, OpenOptions{Stop: ctx})
	if err != nil {
		return 0, err
	}
	defer src.Close()
	out := NewWriter(w, s.Secrets)
	dec := newDecoder(AssemblerOptions{}.withDefaults())
	var waiting []Packet // fragments, until it is known what they are part of
	var p Packet
	for ctx.Err() == nil {
		if err := src.Next(&p); err == io.EOF {
			break
		} else if err != nil {
			return out.Frames(), err
		}
		kind := dec.packet(&p)
		comment, chosen := s.Frames[p.Frame]
		switch {
		case kind == carriesFragment && !chosen:
			if c := p; len(waiting) < maxFragmentsKept {
				c.Data = slices.Clone(p.Data)
				waiting = append(waiting, c)
			}
			continue
		case kind == carriesTCP:
			g := &dec.seg
			chosen = chosen || s.Connections[ends(netip.AddrPortFrom(ipOf(g.v6, g.src), g.sport), netip.AddrPortFrom(ipOf(g.v6, g.dst), g.dport))]
		}
		if !chosen {
			continue
		}
		for i := range waiting {
			out.Packet(&waiting[i], "")
		}
		waiting = waiting[:0]
		if err := out.Packet(&p, comment); err != nil {
			return out.Frames(), err
		}
	}
	if err := ctx.Err(); err != nil {
		return out.Frames(), err
	}
	return out.Frames(), out.Flush()
}

// maxFragmentsKept bounds the fragments that wait for the rest.
const maxFragmentsKept = 1024
