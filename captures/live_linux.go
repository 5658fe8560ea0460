package captures

import (
	"context"
	"errors"
	"io"
	"net"
	"os"

	"github.com/google/gopacket/pcapgo"
)

const linkEthernet = 1

// Live captures on a network interface, by name. It needs the right to open
// raw sockets. On lo every packet is seen twice; reassembly drops the second.
func Live(iface string) Input {
	return Input{Name: iface, Size: -1, source: func(ctx context.Context, o OpenOptions) (source, error) {
		h, err := pcapgo.NewEthernetHandle(iface)
		if err != nil {
			return nil, liveError(iface, err)
		}
		l := &liveSource{h: h, file: uint16(o.File), ctx: ctx}
		l.stop = context.AfterFunc(ctx, h.Close)
		return l, nil
	}}
}

func liveError(iface string, err error) error {
	e := &OpenError{Name: iface, Reason: ErrUnreadable, Detail: err.Error()}
	if errors.Is(err, os.ErrPermission) {
		e.Detail = "no permission to capture"
		e.Hint = "run as root, or give the program the capability cap_net_raw"
	}
	if _, missing := net.InterfaceByName(iface); missing != nil {
		e.Detail = "no such network interface"
		e.Hint = ""
	}
	return e
}

type liveSource struct {
	h     *pcapgo.EthernetHandle
	ctx   context.Context
	stop  func() bool
	frame uint32
	file  uint16
}

func (l *liveSource) live() {}

func (l *liveSource) Next(p *Packet) error {
	data, info, err := l.h.ZeroCopyReadPacketData()
	if err != nil {
		if l.ctx.Err() != nil {
			return io.EOF
		}
		return err
	}
	l.frame++
	*p = Packet{Data: data, Time: info.Timestamp.UnixNano(), Frame: l.frame, OrigLen: uint32(info.Length), Link: linkEthernet, File: l.file}
	return nil
}

func (l *liveSource) Close() {
	if l.stop() {
		l.h.Close()
	}
}

func (l *liveSource) Notices() []Notice { return nil }
func (l *liveSource) Secrets() []Secret { return nil }
