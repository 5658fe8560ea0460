package captures

import (
	"context"
	"io"
	"net/netip"

	"xmppscope/decode"
)

// Trace tells of every packet of a capture which TCP connection it belongs to,
// four bytes a packet. Ports that are used again begin another connection.
type Trace struct {
	of   []uint32 // by frame number less one: connection, from 1, and who sent it
	ends [][2]netip.AddrPort
	// recorded is set where a proxy recorded it: its packets have two legs, or
	// marks.
	recorded bool
	secrets  []Secret // that are in it
}

const (
	traceReceiver = 1 << 31 // the receiving side sent it
	// maxTraceEnds bounds the connections whose addresses are remembered.
	maxTraceEnds = 1 << 20
)

// NewTrace reads a capture.
func NewTrace(ctx context.Context, in Input, o OpenOptions) (*Trace, error) {
	o.Stop = ctx
	src, err := in.open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	t := &Trace{}
	a := NewAssembler(uninterested{}, AssemblerOptions{})
	var p Packet
	for {
		if err := src.Next(&p); err == io.EOF {
			t.secrets = src.Secrets()
			return t, ctx.Err()
		} else if err != nil {
			return t, err
		}
		t.packet(a, &p)
		if p.Frame%4096 == 0 && ctx.Err() != nil {
			return t, ctx.Err()
		}
	}
}

func (t *Trace) packet(a *Assembler, p *Packet) {
	t.of = append(t.of, 0)
	t.recorded = t.recorded || p.Beside || len(p.Marks) > 0
	a.now = Mark{Time: p.Time, Frame: p.Frame, File: p.File}
	if a.dec.packet(p) != carriesTCP {
		return
	}
	s := &a.dec.seg
	f, dir := a.flow(s)
	if f == nil {
		return
	}
	parts := s.parts
	a.segment(f, dir, s)
	for int(f.ID) > len(t.ends) && len(t.ends) < maxTraceEnds {
		t.ends = append(t.ends, f.addr)
	}
	flow := f.ID
	if dir == 1 {
		flow |= traceReceiver
	}
	t.of[p.Frame-1] = flow
	for _, one := range parts { // fragments that came before
		t.of[one.frame-1] = flow
	}
}

// flow is the connection that a frame belongs to, 0 where that is none.
func (t *Trace) flow(frame uint32) uint32 {
	if frame == 0 || int64(frame) > int64(len(t.of)) {
		return 0
	}
	return t.of[frame-1] &^ traceReceiver
}

// way tells who sent a frame to whom, and in which connection.
func (t *Trace) way(frame uint32) (flow uint32, from, to netip.AddrPort, ok bool) {
	flow = t.flow(frame)
	if flow == 0 || int(flow) > len(t.ends) {
		return 0, from, to, false
	}
	ends := t.ends[flow-1]
	if t.of[frame-1]&traceReceiver != 0 {
		return flow, ends[1], ends[0], true
	}
	return flow, ends[0], ends[1], true
}

// uninterested is a [Handler] that wants no bytes.
type uninterested struct{}

func (uninterested) Connect(f *Flow)                  { f.Ignore() }
func (uninterested) Data(*Flow, int, Chunk)           {}
func (uninterested) Gap(*Flow, int, Gap)              {}
func (uninterested) Conflict(*Flow, int, Conflict)    {}
func (uninterested) Marks(*Flow, Mark, []decode.Mark) {}
func (uninterested) End(*Flow, int, End)              {}
