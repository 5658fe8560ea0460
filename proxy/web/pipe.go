package web

import (
	"net"
	"time"
)

// Pipe is a connection within the program, both ends of it. Unlike [net.Pipe]
// each direction ends by itself.
func Pipe() (near, far net.Conn) {
	r1, w1 := net.Pipe()
	r2, w2 := net.Pipe()
	return &pipe{r1, w2}, &pipe{r2, w1}
}

type pipe struct{ r, w net.Conn }

func (p *pipe) Read(b []byte) (int, error)  { return p.r.Read(b) }
func (p *pipe) Write(b []byte) (int, error) { return p.w.Write(b) }

// CloseWrite ends what is written.
func (p *pipe) CloseWrite() error { return p.w.Close() }

func (p *pipe) Close() error {
	_ = p.w.Close()
	return p.r.Close()
}

func (p *pipe) LocalAddr() net.Addr                { return p.r.LocalAddr() }
func (p *pipe) RemoteAddr() net.Addr               { return p.r.RemoteAddr() }
func (p *pipe) SetReadDeadline(t time.Time) error  { return p.r.SetReadDeadline(t) }
func (p *pipe) SetWriteDeadline(t time.Time) error { return p.w.SetWriteDeadline(t) }

func (p *pipe) SetDeadline(t time.Time) error {
	_ = p.w.SetWriteDeadline(t)
	return p.r.SetReadDeadline(t)
}
