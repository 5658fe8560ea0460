package captures

import (
	"net/netip"
	"time"
)

// portDNS is where names are asked for (RFC 1035 §4.2).
const portDNS = 53

// NameHandler is a [Handler] that also wants the datagrams of DNS: they tell
// how a conversation found its way (RFC 6120 §3.2).
type NameHandler interface {
	// Name takes a datagram from or to port 53. payload is valid during the call.
	Name(from, to netip.Addr, payload []byte, m Mark)
}

// datagram hands on the UDP datagram at hand where it is one of DNS.
func (a *Assembler) datagram() {
	s := &a.dec.seg
	if s.sport != portDNS && s.dport != portDNS || len(s.data) == 0 {
		return
	}
	a.names.Name(ipOf(s.v6, s.src), ipOf(s.v6, s.dst), s.data, a.now)
}

func ipOf(v6 bool, b address) netip.Addr {
	if v6 {
		return netip.AddrFrom16(b)
	}
	return netip.AddrFrom4([4]byte(b[:4]))
}

// named is a datagram of DNS that waits in a batch until what came before it
// was handed on.
type named struct {
	op       int // ops of the batch before it
	from, to netip.Addr
	bytes    []byte
	mark     Mark
}

// Name implements [NameHandler].
func (f *feed) Name(from, to netip.Addr, payload []byte, m Mark) {
	b := f.batch()
	b.names = append(b.names, named{len(b.ops), from, to, append([]byte(nil), payload...), m})
}

// asked takes over the lookups of a batch that came before an op.
func (n *numbering) asked(b *batch, op int) {
	for len(b.names) > 0 && b.names[0].op <= op {
		x := &b.names[0]
		n.lookups.DNS(time.Unix(0, x.mark.Time).UTC(), x.mark.Frame, x.from, x.to, x.bytes)
		b.names = b.names[1:]
	}
}
