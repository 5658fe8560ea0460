package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// ended is why ctx is over; nil where it is not. What runs into its deadline may
// come back a moment before ctx itself knows.
func ended(ctx context.Context) error {
	if d, ok := ctx.Deadline(); ok && !time.Now().Before(d) {
		<-ctx.Done()
	}
	return context.Cause(ctx)
}

// maxAddresses is how many addresses of one target are tried.
const maxAddresses = 16

// Link is a TCP connection that was made.
type Link struct {
	Conn   net.Conn
	Target Target
	Addr   netip.AddrPort
}

// Connect goes to the targets in their order until one answers. The errors are
// ErrUnknown, ErrUnreachable and ErrSelf, and that of ctx.
func (p *Plan) Connect(ctx context.Context, trail *Trail) (*Link, error) {
	var first error
	for _, t := range p.Targets {
		l, err := p.ConnectTo(ctx, t, trail)
		if err == nil {
			return l, nil
		}
		if over := ended(ctx); over != nil {
			return nil, over
		}
		if first == nil || errors.Is(first, ErrUnknown) {
			first = err
		}
	}
	if first == nil {
		first = fmt.Errorf("%w: there is nothing to try", ErrUnknown)
	}
	return nil, first
}

// ConnectTo goes to one target: to its addresses in their order, each with a
// time of its own, a slow one not holding up the next (RFC 8305 §5).
func (p *Plan) ConnectTo(ctx context.Context, t Target, trail *Trail) (*Link, error) {
	all, err := p.Addresses(ctx, t, trail)
	if err != nil {
		return nil, err
	}
	r := race{p: p, t: t, trail: trail, done: make(chan outcome)}
	return r.run(ctx, all)
}

// Addresses asks for the addresses of a target; an address is its own. The two
// kinds take turns, IPv6 first (RFC 8305 §4), each in the order of DNS.
func (p *Plan) Addresses(ctx context.Context, t Target, trail *Trail) ([]netip.AddrPort, error) {
	if a, ok := address(t.Host); ok {
		return []netip.AddrPort{netip.AddrPortFrom(a, t.Port)}, nil
	}
	trail.Add(Asked, "DNS for the addresses of %s", t.Host)
	ask, stop := context.WithTimeout(ctx, p.o.DNSTimeout)
	defer stop()
	found, err := p.o.Resolver.LookupNetIP(ask, "ip", t.Host)
	if len(found) == 0 {
		if over := ended(ctx); over != nil {
			return nil, over
		}
		why := noRecords
		if err != nil {
			why, _ = dnsError(err)
		}
		trail.Add(Failed, "the addresses of %s: %s", t.Host, why)
		if why == noRecords {
			return nil, fmt.Errorf("%w: DNS has none for %s", ErrUnknown, t.Host)
		}
		return nil, fmt.Errorf("%w: the addresses of %s: %s", ErrUnknown, t.Host, why)
	}
	all := turns(found)
	trail.Add(Answered, "%s has %s", t.Host, addresses(all))
	if len(all) > maxAddresses {
		trail.Add(Decided, "the last %d of them are passed over", len(all)-maxAddresses)
		all = all[:maxAddresses]
	}
	to := make([]netip.AddrPort, 0, len(all))
	for _, a := range all {
		to = append(to, netip.AddrPortFrom(a, t.Port))
	}
	return to, nil
}

func addresses(all []netip.Addr) string {
	text := ""
	for i, a := range all {
		if i == maxAddresses {
			return text + ", …"
		}
		if i > 0 {
			text += ", "
		}
		text += a.String()
	}
	return text
}

// turns orders addresses: IPv6 and IPv4 take turns; none stands twice.
func turns(found []netip.Addr) (all []netip.Addr) {
	var six, four []netip.Addr
	seen := map[netip.Addr]bool{}
	for _, a := range found {
		a = a.Unmap()
		if seen[a] {
			continue
		}
		seen[a] = true
		if a.Is4() {
			four = append(four, a)
		} else {
			six = append(six, a)
		}
	}
	for i := range max(len(six), len(four)) {
		if i < len(six) {
			all = append(all, six[i])
		}
		if i < len(four) {
			all = append(all, four[i])
		}
	}
	return all
}

// Dial opens a TCP connection to one address, within its time and not to the
// program itself.
func (p *Plan) Dial(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	if p.o.Own != nil && p.o.Own(to) {
		return nil, fmt.Errorf("%w: %s", ErrSelf, to)
	}
	ctx, stop := context.WithTimeout(ctx, p.o.DialTimeout)
	defer stop()
	c, err := p.o.Dial(ctx, to)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %s", ErrUnreachable, to, plain(err))
	}
	return c, nil
}

// plain says why a connection failed, without names of Go.
func plain(err error) string {
	var no syscall.Errno
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	case errors.As(err, &no):
		return no.Error()
	}
	return err.Error()
}

// race tries the addresses of one target.
type race struct {
	p       *Plan
	t       Target
	trail   *Trail
	done    chan outcome
	running int
	failed  error // the first
}

type outcome struct {
	conn net.Conn
	addr netip.AddrPort
	err  error
	took time.Duration
}

func (r *race) run(ctx context.Context, all []netip.AddrPort) (*Link, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop() // the slower ones give up
	defer r.drain()
	next := time.NewTimer(0)
	defer next.Stop()
	for len(all) > 0 || r.running > 0 {
		var start <-chan time.Time
		if len(all) > 0 {
			start = next.C
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-start:
			r.start(ctx, all[0])
			all = all[1:]
			next.Reset(r.p.o.Stagger)
		case o := <-r.done:
			r.running--
			if o.err == nil {
				r.trail.Add(Reached, "%s answered after %s", o.addr, o.took.Round(time.Microsecond))
				return &Link{Conn: o.conn, Target: r.t, Addr: o.addr}, nil
			}
			r.trail.Add(Failed, "%v", o.err)
			if r.failed == nil || errors.Is(r.failed, ErrSelf) {
				r.failed = o.err
			}
			next.Reset(0) // no need to wait for the next
		}
	}
	return nil, r.failed
}

func (r *race) start(ctx context.Context, to netip.AddrPort) {
	r.running++
	r.trail.Add(Tried, "TCP to %s", to)
	go func() {
		began := time.Now()
		c, err := r.p.Dial(ctx, to)
		r.done <- outcome{c, to, err, time.Since(began)}
	}()
}

// drain closes what came too late, without making anybody wait for it.
func (r *race) drain() {
	if r.running == 0 {
		return
	}
	go func() {
		for range r.running {
			if o := <-r.done; o.conn != nil {
				o.conn.Close()
			}
		}
	}()
}
