package synth

import (
	"net/netip"
	"strings"
)

// Frame is one packet of a small capture.
type Frame struct {
	Time int64  // nanoseconds since 1970-01-01T00:00:00Z
	IP   []byte // the datagram; File.Bytes adds the link header
	Raw  []byte // a whole frame, link header and all, in place of IP
	Cut  int    // bytes that were on the wire after those given here
}

// Session builds the packets of one TCP connection, sender by sender. Side 0 is
// the client. Each call adds frames 1 ms apart; what goes wrong on a network is
// then done to Frames.
type Session struct {
	Addr   [2]netip.AddrPort
	Seq    [2]uint32 // next sequence number of each side
	MSS    int
	Now    int64
	NoACK  bool // do not acknowledge what Send sends
	Frames []Frame
	id     uint16
}

// NewSession begins a connection between two documentation addresses, at a fixed
// time, with fixed initial sequence numbers.
func NewSession() *Session {
	return &Session{
		Addr: [2]netip.AddrPort{netip.MustParseAddrPort("192.0.2.10:40000"), netip.MustParseAddrPort("192.0.2.20:5222")},
		Seq:  [2]uint32{1000, 5000},
		MSS:  1448,
		Now:  1_767_322_800_000_000_000,
	}
}

// V6 makes it a connection over IPv6.
func (s *Session) V6() *Session {
	s.Addr = [2]netip.AddrPort{netip.MustParseAddrPort("[2001:db8::10]:40000"), netip.MustParseAddrPort("[2001:db8::20]:5222")}
	return s
}

// At adds one segment with a sequence number of the caller's choice, relative to
// the side's next one, and leaves that unchanged. Sequence number -n is the n-th
// byte back.
func (s *Session) At(side, rel int, flags uint8, data string) *Session {
	s.id++
	s.Now += 1_000_000
	t := tcp{
		src: s.Addr[side], dst: s.Addr[1-side],
		seq: s.Seq[side] + uint32(rel), ack: s.Seq[1-side], flags: flags,
		stamp: uint32(s.Now / 1e6), id: s.id, data: []byte(data),
	}
	if flags&ACK == 0 {
		t.ack = 0
	}
	s.Frames = append(s.Frames, Frame{Time: s.Now, IP: t.appendIP(nil)})
	return s
}

// Handshake adds SYN, SYN+ACK and ACK.
func (s *Session) Handshake() *Session {
	s.At(0, 0, SYN, "")
	s.Seq[0]++
	s.At(1, 0, SYN|ACK, "")
	s.Seq[1]++
	return s.At(0, 0, ACK, "")
}

// Send adds data in segments of at most MSS bytes, and the acknowledgement.
func (s *Session) Send(side int, data string) *Session {
	for len(data) > 0 {
		n := min(len(data), s.MSS)
		s.At(side, 0, PSH|ACK, data[:n])
		s.Seq[side] += uint32(n)
		data = data[n:]
	}
	if !s.NoACK {
		s.At(1-side, 0, ACK, "")
	}
	return s
}

// Transcript sends lines that begin with "C: " or "S: ". A line without either
// continues the one before it; line ends are not sent.
func (s *Session) Transcript(text string) *Session {
	side, data := 0, ""
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimLeft(line, " \t")
		next := side
		switch {
		case strings.HasPrefix(line, "C: "):
			next, line = 0, line[3:]
		case strings.HasPrefix(line, "S: "):
			next, line = 1, line[3:]
		default:
			data += line
			continue
		}
		if data != "" {
			s.Send(side, data)
		}
		side, data = next, line
	}
	if data != "" {
		s.Send(side, data)
	}
	return s
}

// Close adds FIN from the side that closes first, then from the other.
func (s *Session) Close(first int) *Session {
	s.At(first, 0, FIN|ACK, "")
	s.Seq[first]++
	s.At(1-first, 0, FIN|ACK, "")
	s.Seq[1-first]++
	return s.At(first, 0, ACK, "")
}

// Reset adds a RST.
func (s *Session) Reset(side int) *Session { return s.At(side, 0, RST|ACK, "") }

// Drop removes frames by index, as a capture loses them.
func (s *Session) Drop(index ...int) *Session {
	var kept []Frame
	for i, f := range s.Frames {
		lost := false
		for _, x := range index {
			lost = lost || x == i
		}
		if !lost {
			kept = append(kept, f)
		}
	}
	s.Frames = kept
	return s
}

// Swap exchanges two frames; their times stay in order.
func (s *Session) Swap(i, j int) *Session {
	f := s.Frames
	f[i], f[j] = f[j], f[i]
	f[i].Time, f[j].Time = f[j].Time, f[i].Time
	return s
}

// Repeat adds a copy of each frame right after it, as `lo` and `any` show them.
func (s *Session) Repeat() *Session {
	var twice []Frame
	for _, f := range s.Frames {
		twice = append(twice, f, f)
	}
	s.Frames = twice
	return s
}

// Fragment replaces frame i by IP fragments with size bytes each, in the order
// given by index; an index may be left out or repeated.
func (s *Session) Fragment(i, size int, order ...int) *Session {
	parts := fragment(s.Frames[i].IP, size, uint32(7000+i))
	if len(order) == 0 {
		for k := range parts {
			order = append(order, k)
		}
	}
	var out []Frame
	out = append(out, s.Frames[:i]...)
	for _, k := range order {
		out = append(out, Frame{Time: s.Frames[i].Time, IP: parts[k]})
	}
	s.Frames = append(out, s.Frames[i+1:]...)
	return s
}
