// Package dnstest is a server of DNS on loopback for tests: it answers from a
// table, and can lie, be silent and go in circles.
//
// It knows the wire format of DNS. It must not know who asks.
package dnstest

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// SRV is one SRV record (RFC 2782).
type SRV struct {
	Priority, Weight, Port uint16
	Target                 string
}

// Zone is what the server answers. Names are in lower case and end in a dot.
type Zone struct {
	SRV   map[string][]SRV
	Addr  map[string][]netip.Addr
	CNAME map[string]string
	// Silent names get no answer, broken ones SERVFAIL. All others that are
	// nowhere do not exist.
	Silent, Broken map[string]bool
}

// Server is a running server. Close ends it.
type Server struct {
	Addr netip.AddrPort
	udp  net.PacketConn
	tcp  net.Listener
}

// Serve starts a server on a free port of loopback, over UDP and TCP.
func Serve(z Zone) (*Server, error) {
	for attempt := 0; ; attempt++ { // the port may be taken on the other of the two
		udp, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		tcp, err := net.Listen("tcp", udp.LocalAddr().String())
		if err == nil {
			s := &Server{udp.LocalAddr().(*net.UDPAddr).AddrPort(), udp, tcp}
			go s.packets(z)
			go s.streams(z)
			return s, nil
		}
		udp.Close()
		if attempt == 10 {
			return nil, err
		}
	}
}

// Close ends the server.
func (s *Server) Close() {
	s.udp.Close()
	s.tcp.Close()
}

// Resolver asks this server.
func (s *Server) Resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.Addr.String())
	}}
}

func (s *Server) packets(z Zone) {
	buf := make([]byte, 4<<10)
	for {
		n, from, err := s.udp.ReadFrom(buf)
		if err != nil {
			return
		}
		if answer := z.answer(buf[:n], 1200); answer != nil {
			_, _ = s.udp.WriteTo(answer, from) // who asks asks again
		}
	}
}

func (s *Server) streams(z Zone) {
	for {
		c, err := s.tcp.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			var length [2]byte
			for {
				if _, err := io.ReadFull(c, length[:]); err != nil {
					return
				}
				p := make([]byte, binary.BigEndian.Uint16(length[:]))
				if _, err := io.ReadFull(c, p); err != nil {
					return
				}
				answer := z.answer(p, 1<<16-1)
				if answer == nil {
					continue
				}
				if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
					return
				}
			}
		}()
	}
}

// answer is nil where there is to be none. One longer than limit is cut short,
// and says so.
func (z Zone) answer(p []byte, limit int) []byte {
	var m dnsmessage.Message
	if m.Unpack(p) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	name := strings.ToLower(q.Name.String())
	if z.Silent[name] {
		return nil
	}
	r := dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, RecursionDesired: m.RecursionDesired, RecursionAvailable: true, Authoritative: true}, Questions: m.Questions}
	if z.Broken[name] {
		r.RCode = dnsmessage.RCodeServerFailure
	} else {
		r.Answers = z.records(name, q)
		if len(r.Answers) == 0 && !z.exists(name) {
			r.RCode = dnsmessage.RCodeNameError
		}
	}
	out, err := r.Pack()
	if err == nil && len(out) > limit {
		r.Answers, r.Truncated = nil, true
		out, err = r.Pack()
	}
	if err != nil {
		return nil
	}
	return out
}

func (z Zone) exists(name string) bool {
	return len(z.SRV[name]) > 0 || len(z.Addr[name]) > 0 || z.CNAME[name] != ""
}

func (z Zone) records(name string, q dnsmessage.Question) (all []dnsmessage.Resource) {
	add := func(owner string, t dnsmessage.Type, body dnsmessage.ResourceBody) {
		all = append(all, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(owner), Type: t, Class: dnsmessage.ClassINET, TTL: 60}, Body: body})
	}
	for hops := 0; z.CNAME[name] != "" && hops < 8; hops++ {
		add(name, dnsmessage.TypeCNAME, &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(z.CNAME[name])})
		name = z.CNAME[name]
	}
	switch q.Type {
	case dnsmessage.TypeSRV:
		for _, r := range z.SRV[name] {
			add(name, q.Type, &dnsmessage.SRVResource{Priority: r.Priority, Weight: r.Weight, Port: r.Port, Target: dnsmessage.MustNewName(r.Target)})
		}
	case dnsmessage.TypeA:
		for _, a := range z.Addr[name] {
			if a.Is4() {
				add(name, q.Type, &dnsmessage.AResource{A: a.As4()})
			}
		}
	case dnsmessage.TypeAAAA:
		for _, a := range z.Addr[name] {
			if a.Is6() {
				add(name, q.Type, &dnsmessage.AAAAResource{AAAA: a.As16()})
			}
		}
	}
	return all
}
