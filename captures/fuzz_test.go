package captures

import (
	"xmppscope/decode"

	"bytes"
	"encoding/binary"
	"testing"

	"xmppscope/captures/synth"
)

// Whatever the bytes of a file, reading ends, keeps its promises, and does not
// take memory that the file does not pay for.
func FuzzPcap(f *testing.F) {
	frames := synth.NewSession().Handshake().Send(0, "hello").Frames
	for _, o := range []synth.File{{}, {BigEndian: true, Nano: true}, {Modified: true}} {
		f.Add(o.Bytes(frames))
	}
	f.Fuzz(func(t *testing.T, b []byte) { digest(t, b) })
}

func FuzzPcapng(f *testing.F) {
	frames := synth.NewSession().Handshake().Send(0, "hello").Frames
	for _, o := range []synth.File{{NG: true}, {NG: true, BigEndian: true, Nano: true}, {NG: true, Secrets: "x y z"}} {
		f.Add(o.Bytes(frames))
	}
	f.Fuzz(func(t *testing.T, b []byte) { digest(t, b) })
}

// The input is a link type and frames, each after its length in two bytes.
func FuzzFrames(f *testing.F) {
	add := func(o synth.File, s *synth.Session) {
		b := binary.BigEndian.AppendUint16(nil, o.Link)
		src, err := Open(bytes.NewReader(o.Bytes(s.Frames)), OpenOptions{})
		if err != nil {
			f.Fatal(err)
		}
		var p Packet
		for src.Next(&p) == nil {
			b = binary.BigEndian.AppendUint16(b, uint16(len(p.Data)))
			b = append(b, p.Data...)
		}
		f.Add(b)
	}
	add(synth.File{Link: synth.Ethernet, PPPoE: true, Tags: []uint16{0x9100}}, synth.NewSession().Handshake().Send(0, "hello"))
	add(synth.File{Link: synth.Raw}, synth.NewSession().V6().Send(0, "fragmented data").Fragment(0, 16, 1, 0))
	add(synth.File{Link: synth.SLL2}, synth.NewSession().Send(0, "fragmented data").Fragment(0, 16))
	add(synth.File{Link: synth.Loop}, synth.NewSession().Handshake())
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 2 {
			return
		}
		a := NewAssembler(newStrict(t), AssemblerOptions{FragmentBytes: 1 << 16, QueueBytes: 1 << 16, TotalBytes: 1 << 18})
		p := Packet{Link: binary.BigEndian.Uint16(b)}
		for b = b[2:]; len(b) >= 2; {
			n := int(binary.BigEndian.Uint16(b))
			b = b[2:]
			p.Frame++
			p.Time += 1e6
			p.Data = b[:min(n, len(b))]
			p.OrigLen = uint32(n)
			b = b[len(p.Data):]
			a.Packet(&p)
		}
		a.Finish()
	})
}

// The input is a row of segments in ten bytes each: side and flags, where, how
// long, how cut, when. All segments carry the bytes that belong at their place,
// so whatever is delivered must be those.
func FuzzReassembly(f *testing.F) {
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x13\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("\x10\x00\x20\x00\x30\x00\x00\x00\x00\x00\x10\x00\x00\x00\x20\x00\x00\x00\x00\x09\x11\x00\x50\x00\x00\x00\x50\x00\x00\x09"))
	f.Fuzz(func(t *testing.T, b []byte) {
		h := &placed{strict: *newStrict(t)}
		a := NewAssembler(h, AssemblerOptions{QueueBytes: 4 << 10, TotalBytes: 16 << 10})
		for n := uint32(1); len(b) >= 10; n++ {
			a.now = Mark{Time: a.now.Time + int64(b[9])*1e7, Frame: n}
			side := int(b[0] & 1)
			s := segment{sport: 40000, dport: 5222, flags: b[0] >> 1 & 0x1f}
			s.src[0], s.dst[0] = 1, 2
			if side == 1 {
				s.src, s.dst, s.sport, s.dport = s.dst, s.src, s.dport, s.sport
			}
			s.seq = uint32(0xffff8000) + uint32(binary.BigEndian.Uint16(b[1:]))
			s.ack = uint32(0xffff8000) + uint32(binary.BigEndian.Uint16(b[6:]))
			for i := range int(b[4]) {
				s.data = append(s.data, byteAt(side, s.seq+uint32(i)))
			}
			s.cut = int(b[5] & 15)
			b = b[10:]
			if s.flags&flagSYN != 0 {
				s.data, s.cut = nil, 0
			}
			if f, dir := a.flow(&s); f != nil {
				a.segment(f, dir, &s)
			}
			a.sweep(a.now.Time)
		}
		a.Finish()
		if a.queued != 0 {
			t.Errorf("%d bytes still counted as queued", a.queued)
		}
	})
}

func byteAt(side int, seq uint32) byte { return byte(seq*7>>2) ^ byte(side) }

// placed checks that each byte delivered is the one of its sequence number.
type placed struct{ strict }

func (h *placed) Data(f *Flow, dir int, c Chunk) {
	h.strict.Data(f, dir, c)
	side := dir
	if f.Addr(0).Port() != 40000 {
		side = 1 - dir
	}
	first := f.half[dir].start + uint32(c.Off)
	for i, b := range c.Bytes {
		if b != byteAt(side, first+uint32(i)) {
			h.t.Fatalf("direction %d: wrong byte at offset %d", dir, c.Off+int64(i))
		}
	}
}

func (*placed) Marks(*Flow, Mark, []decode.Mark) {}

func (h *placed) Conflict(f *Flow, dir int, c Conflict) {
	h.t.Errorf("a conflict where all bytes agree, at %d for %d", c.Off, c.N)
}
