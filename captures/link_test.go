package captures

import (
	"testing"

	"xmppscope/captures/synth"
)

// One short conversation must come out of every kind of link.
func TestLinkTypes(t *testing.T) {
	for _, c := range []struct {
		name string
		file synth.File
	}{
		{"ethernet", synth.File{}},
		{"vlan", synth.File{Tags: []uint16{0x8100}}},
		{"qinq", synth.File{Tags: []uint16{0x88a8, 0x8100}}},
		{"qinq by the older number", synth.File{Tags: []uint16{0x9100, 0x8100}}},
		{"three tags", synth.File{Tags: []uint16{0x88a8, 0x9100, 0x8100}}},
		{"pppoe", synth.File{PPPoE: true}},
		{"pppoe in a vlan", synth.File{PPPoE: true, Tags: []uint16{0x8100}}},
		{"ppp", synth.File{Link: synth.PPP}},
		{"ppp with address and control", synth.File{Link: synth.PPPHDLC}},
		{"linux cooked", synth.File{Link: synth.SLL}},
		{"linux cooked 2", synth.File{Link: synth.SLL2}},
		{"null, little endian", synth.File{Link: synth.Null, Linked: true}},
		{"null, big endian", synth.File{Link: synth.Null, Linked: true, BigEndian: true}},
		{"loop", synth.File{Link: synth.Loop}},
		{"raw", synth.File{Link: synth.Raw}},
		{"raw, number 12", synth.File{Link: LinkRaw12}},
		{"raw, number 14", synth.File{Link: LinkRaw14}},
	} {
		for _, v6 := range []bool{false, true} {
			s := synth.NewSession()
			if v6 {
				s.V6()
			}
			s.Handshake().Transcript("C: hello\nS: yes").Close(1)
			for _, ng := range []bool{false, true} {
				c.file.NG = ng
				r := newRecord()
				play(t, c.file.Bytes(s.Frames), r)
				compareLines(t, r.lines, `
					C 0 #4 "hello"
					S 0 #6 "yes"
					S 3 closed
					C 5 closed`)
				if t.Failed() {
					t.Fatalf("%s, IPv6 %v, pcapng %v", c.name, v6, ng)
				}
			}
		}
	}
}

func TestLinkTypesOfOneVersion(t *testing.T) {
	for _, c := range []struct {
		link uint16
		v6   bool
	}{{synth.IPv4, false}, {synth.IPv6, true}} {
		s := synth.NewSession()
		if c.v6 {
			s.V6()
		}
		s.Handshake().Send(0, "hello")
		r := newRecord()
		play(t, synth.File{Link: c.link, NG: true}.Bytes(s.Frames), r)
		compareLines(t, r.lines, `C 0 #4 "hello"`)
	}
}

func TestLinkTypeThatIsNotRead(t *testing.T) {
	s := synth.NewSession().Handshake()
	r := newRecord()
	_, a := play(t, synth.File{Link: 147}.Bytes(s.Frames), r)
	want := "3 packets, 3 frames of a link type that is not read (LINKTYPE 147)"
	if got := a.Tally().String(); got != want {
		t.Errorf("tally %q, want %q", got, want)
	}
}

// Packets whose headers a library would give up on still carry their payload.
func TestAwkwardHeaders(t *testing.T) {
	edit := func(frame int, change func(ip []byte) []byte) func(*synth.Session) {
		return func(s *synth.Session) {
			s.Handshake().Send(0, "hello")
			s.Frames[frame].IP = change(s.Frames[frame].IP)
		}
	}
	const want = `C 0 #4 "hello"`
	for _, c := range []struct {
		name  string
		v6    bool
		build func(*synth.Session)
		want  string
	}{
		{"damaged TCP options", false, edit(3, func(ip []byte) []byte { ip[40+1], ip[40] = 200, 8; return ip }), want},
		{"IPv4 length 0", false, edit(3, func(ip []byte) []byte { ip[2], ip[3] = 0, 0; return ip }), want},
		{"IPv6 length 0", true, edit(3, func(ip []byte) []byte { ip[4], ip[5] = 0, 0; return ip }), want},
		{"padding after the datagram", false, edit(3, func(ip []byte) []byte { return append(ip, "......"...) }), want},
		{"padding after the datagram, IPv6", true, edit(3, func(ip []byte) []byte { return append(ip, "......"...) }), want},
		{"IPv4 options", false, edit(3, func(ip []byte) []byte {
			out := append([]byte{}, ip[:20]...)
			out[0], out[3] = 0x46, out[3]+4
			return append(append(out, 148, 4, 0, 0), ip[20:]...)
		}), want},
		{"damaged IPv4 options", false, edit(3, func(ip []byte) []byte {
			out := append([]byte{}, ip[:20]...)
			out[0], out[3] = 0x46, out[3]+4
			return append(append(out, 7, 99, 0, 0), ip[20:]...)
		}), want},
		{"IPv6 extension headers", true, edit(3, func(ip []byte) []byte {
			out := append([]byte{}, ip[:40]...)
			out[5] += 24
			out[6] = 0
			out = append(out, 60, 0, 1, 4, 0, 0, 0, 0)
			out = append(out, 43, 0, 1, 4, 0, 0, 0, 0)
			out = append(out, 6, 0, 1, 4, 0, 0, 0, 0)
			return append(append(out, ip[40:]...), "padding"...)
		}), want},
		{"TCP offset past the end", false, edit(3, func(ip []byte) []byte { ip[32] = 0xf0; return ip }), `C 0 gap 5`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := synth.NewSession()
			if c.v6 {
				s.V6()
			}
			c.build(s)
			r := newRecord()
			play(t, pcapOf(s.Frames), r)
			compareLines(t, r.lines, c.want)
		})
	}
}

// A snapshot length cuts payload; what is missing is a gap of known size.
func TestSnapshotLength(t *testing.T) {
	for _, ng := range []bool{false, true} {
		s := synth.NewSession().Handshake().Send(0, "hello world").Send(1, "yes").Send(0, "again")
		r := newRecord()
		play(t, synth.File{Snap: 14 + 20 + 32 + 3, NG: ng}.Bytes(s.Frames), r)
		compareLines(t, r.lines, `
			C 0 #4 "hel"
			C 3 cut 8
			S 0 #6 "yes"
			C 11 #8 "aga"
			C 14 cut 2`)
	}
	s := synth.NewSession().Handshake().Send(0, "hello world").Send(1, "yes")
	r := newRecord()
	play(t, synth.File{Snap: 14 + 20 + 24}.Bytes(s.Frames), r)
	compareLines(t, r.lines, `
		C 0 cut 11
		S 0 cut 3`)
}

func TestFragments(t *testing.T) {
	for _, v6 := range []bool{false, true} {
		for _, c := range []struct {
			name  string
			order []int
			want  string
		}{
			{"in order", []int{0, 1, 2, 3}, `
				C 0 #5 "hello, "
				C 7 #6 "fragmented, "
				C 19 #7 "world."`},
			{"backwards", []int{3, 2, 1, 0}, `
				C 0 #6 "hello, "
				C 7 #5 "fragmented, "
				C 19 #4 "world."`},
			{"twice", []int{0, 0, 1, 2, 1, 3}, ``},
			{"one lost", []int{0, 2, 3}, `C 0 gap 25`},
		} {
			s := synth.NewSession()
			if v6 {
				s.V6()
			}
			s.Handshake().Send(0, "hello, fragmented, world.").Fragment(3, 16, c.order...)
			r := newRecord()
			play(t, pcapOf(s.Frames), r)
			if got := string(r.sent[r.flows[0]][0]); c.name != "one lost" && got != "hello, fragmented, world." {
				t.Errorf("%s: got %q", c.name, got)
			}
			if c.name == "one lost" {
				compareLines(t, r.lines, c.want)
			}
		}
	}
}

// Each frame that carried a share of a fragmented segment is named.
func TestFragmentsNameTheirFrames(t *testing.T) {
	s := synth.NewSession().Handshake().Send(0, "0123456789abcdefghij").Fragment(3, 40, 1, 0)
	r := newRecord()
	play(t, pcapOf(s.Frames), r)
	compareLines(t, r.lines, `
		C 0 #5 "01234567"
		C 8 #4 "89abcdefghij"`)
}

// Overlapping fragments: the bytes that came first stay.
func TestFragmentOverlap(t *testing.T) {
	f := newFragments(1 << 20)
	add := func(from int, more bool, data string) *fragmentSet {
		return f.add(fragment{from: from, more: more, data: []byte(data), wire: len(data)})
	}
	if add(8, true, "BBBBBBBB") != nil || add(0, true, "aaaaaaaaXXXXXXXX") != nil {
		t.Fatal("complete too early")
	}
	s := add(12, false, "YYYYcccc")
	if s == nil {
		t.Fatal("not complete")
	}
	if got := string(s.payload()); got != "aaaaaaaaBBBBBBBBcccc" {
		t.Errorf("got %q", got)
	}
}

// A fragment behind the end, which came before the end was known, carries nothing.
func TestFragmentBehindTheEnd(t *testing.T) {
	f := newFragments(1 << 20)
	add := func(frame uint32, from int, more bool, n int) *fragmentSet {
		return f.add(fragment{from: from, more: more, data: make([]byte, n), wire: n, frame: frame})
	}
	if add(1, 24, true, 8) != nil || add(1, 32, true, 8) != nil || add(2, 0, true, 16) != nil {
		t.Fatal("complete too early")
	}
	s := add(3, 16, false, 8)
	if s == nil {
		t.Fatal("not complete")
	}
	for _, skip := range []int{0, 20, 24} {
		at := 0
		for _, p := range s.parts(skip) {
			if p.frame == 1 || p.off != at || p.n <= 0 {
				t.Errorf("after %d bytes frame %d carries %d bytes at %d, behind %d", skip, p.frame, p.n, p.off, at)
			}
			at += p.n
		}
		if at != s.total-skip {
			t.Errorf("after %d bytes %d are carried, not %d", skip, at, s.total-skip)
		}
	}
}

// Hostile fragments take bounded memory.
func TestFragmentsAreBounded(t *testing.T) {
	f := newFragments(1 << 20)
	for i := range 100_000 {
		f.add(fragment{key: fragmentKey{id: uint32(i)}, from: 65000, more: true, data: []byte("12345678"), wire: 8, time: int64(i)})
	}
	if f.bytes > 2<<20 || len(f.sets) > maxFragmentSets || len(f.order) > 4*maxFragmentSets {
		t.Errorf("%d bytes in %d sets, %d in order", f.bytes, len(f.sets), len(f.order))
	}
	f.add(fragment{key: fragmentKey{id: 1}, from: 0, more: true, data: []byte("12345678"), wire: 8, time: 1e12})
	if len(f.sets) != 1 {
		t.Errorf("%d sets after the time is over, want 1", len(f.sets))
	}
}
