package captures

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/pcapgo"
)

const (
	liveFrame = 128 << 10 // longest frame taken: segmentation left to the card makes them longer than the MTU
	liveAhead = 1024      // frames read before they are decoded; the kernel keeps some more
)

// Live captures on a network interface, by name. It needs the right to open
// raw sockets. On lo every packet is seen twice; reassembly drops the second.
func Live(iface string) Input {
	return Input{Name: iface, Size: -1, source: func(ctx context.Context, o OpenOptions) (source, error) {
		h, err := pcapgo.NewEthernetHandle(iface)
		if err != nil {
			return nil, liveError(iface, err)
		}
		if err := h.SetCaptureLength(liveFrame); err != nil {
			h.Close()
			return nil, liveError(iface, err)
		}
		l := &live{ctx: ctx, file: uint16(o.File), idle: o.Idle, frames: make(chan frame, liveAhead)}
		go l.pump(h)
		return l, nil
	}}
}

// liveError tells what to do. The library gives the system's errors as text only.
func liveError(iface string, err error) error {
	e := &OpenError{Name: iface, Reason: ErrUnreadable, Detail: err.Error()}
	if strings.Contains(e.Detail, "not permitted") || strings.Contains(e.Detail, "permission denied") {
		e.Detail = "no permission to capture"
		e.Hint = "run as root, or give the program the capability cap_net_raw"
	}
	if _, missing := net.InterfaceByName(iface); missing != nil {
		e.Detail, e.Hint = "no such network interface", ""
		if all, err := net.Interfaces(); err == nil {
			var names []string
			for _, i := range all {
				names = append(names, i.Name)
			}
			e.Hint = "there is " + strings.Join(names, ", ")
		}
	}
	return e
}

// live is a running capture. The kernel's read cannot be interrupted, so a
// goroutine of its own waits there; after the end it lives until one more frame
// passes the interface, and closes the socket itself.
type live struct {
	ctx    context.Context
	frames chan frame
	idle   func()
	count  uint32
	file   uint16
	err    error // set before frames is closed
}

type frame struct {
	data []byte
	info gopacket.CaptureInfo
}

func (l *live) pump(h *pcapgo.EthernetHandle) {
	defer close(l.frames)
	defer h.Close()
	defer func() {
		if r := recover(); r != nil { // the library slices what the kernel sent without looking
			l.err = fmt.Errorf("capture failed: %v", r)
		}
	}()
	for {
		data, info, err := h.ReadPacketData()
		if err != nil {
			l.err = err
			return
		}
		select {
		case l.frames <- frame{data, info}:
		case <-l.ctx.Done():
			return
		}
	}
}

// Next gives the next frame of the interface; io.EOF once the context is done.
func (l *live) Next(p *Packet) error {
	for len(l.frames) == 0 && l.idle != nil {
		l.idle()
		select {
		case <-l.ctx.Done():
			return io.EOF
		case f, ok := <-l.frames:
			return l.give(p, f, ok)
		case <-time.After(tailPause):
		}
	}
	select {
	case <-l.ctx.Done():
		return io.EOF
	case f, ok := <-l.frames:
		return l.give(p, f, ok)
	}
}

func (l *live) give(p *Packet, f frame, ok bool) error {
	if !ok {
		if l.err == nil {
			return io.EOF
		}
		return l.err
	}
	l.count++
	*p = Packet{Data: f.data, Time: f.info.Timestamp.UnixNano(), Frame: l.count,
		OrigLen: uint32(max(f.info.Length, len(f.data))), Link: LinkEthernet, File: l.file}
	return nil
}

func (l *live) Close()            {}
func (l *live) Notices() []Notice { return nil }
func (l *live) Secrets() []Secret { return nil }
