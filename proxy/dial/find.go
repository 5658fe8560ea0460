package dial

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// What went wrong, for errors.Is. The text of an error says it whole.
var (
	// ErrUsage: the question itself makes no sense.
	ErrUsage = errors.New("wrong address")
	// ErrNotOffered: the domain says that it does not have the service (an SRV
	// record with the target ".", RFC 2782), or has no door of the wished sort.
	ErrNotOffered = errors.New("not offered")
	// ErrUnknown: no name led to an address.
	ErrUnknown = errors.New("no address found")
	// ErrUnreachable: there are addresses, and none answered.
	ErrUnreachable = errors.New("cannot be reached")
	// ErrSelf: the address is one that the program itself listens on.
	ErrSelf = errors.New("that is this program itself")
)

// Resolver is what is needed of DNS; [net.Resolver] is one.
type Resolver interface {
	LookupSRV(ctx context.Context, service, proto, name string) (cname string, addrs []*net.SRV, err error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// NewResolver is a resolver that asks one server of DNS, and nobody else.
func NewResolver(server netip.AddrPort) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server.String())
	}}
}

// Request is what is wanted.
type Request struct {
	// Domain is the domain of the service, in any form; DNS is asked about it.
	Domain string
	// To is HOST, HOST:PORT or the URL of a WebSocket or of BOSH, which are
	// gone to without asking DNS for services. One of the two is needed.
	To      string
	Service Service
	Wish    Wrapping
}

// Options say how. The zero value is good.
type Options struct {
	Resolver Resolver // nil: that of the system
	// Dial opens a TCP connection to an address; nil: the usual way.
	Dial func(ctx context.Context, to netip.AddrPort) (net.Conn, error)
	// Own tells whether the program itself listens on an address; nil: it
	// listens nowhere. See [Own].
	Own func(netip.AddrPort) bool
	// Web makes the TLS configuration that host-meta is fetched with, from one
	// that has the server name; nil leaves that as it is.
	Web func(*tls.Config) *tls.Config
	// Seed decides among SRV records of one priority (RFC 2782); 0 is by
	// chance.
	Seed uint64
	// DNSTimeout bounds one question (default 5 s), DialTimeout one address
	// (default 10 s), WebTimeout one document (default 10 s).
	DNSTimeout, DialTimeout, WebTimeout time.Duration
	// Stagger is how long an address has for its answer before the next one of
	// the same target is tried beside it (RFC 8305 §5; default 300 ms).
	Stagger time.Duration
}

func (o Options) defaults() Options {
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.Dial == nil {
		o.Dial = func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", to.String())
		}
	}
	for _, d := range []struct {
		of    *time.Duration
		usual time.Duration
	}{{&o.DNSTimeout, 5 * time.Second}, {&o.DialTimeout, 10 * time.Second}, {&o.WebTimeout, 10 * time.Second}, {&o.Stagger, 300 * time.Millisecond}} {
		if *d.of <= 0 {
			*d.of = d.usual
		}
	}
	return o
}

// Plan is where to go, in order. It does not change; several goroutines may
// use it.
type Plan struct {
	// Domain is the domain in the form of DNS; empty where only an address was
	// given.
	Domain  string
	Targets []Target
	// Records are the SRV records as they came, in the order of the targets,
	// those that cannot be used too.
	Records []Record
	o       Options
}

// Find asks where a service is. The errors are ErrUsage, ErrNotOffered and
// ErrUnknown, and that of ctx; the Plan is there also then, for its Records.
func Find(ctx context.Context, r Request, o Options, trail *Trail) (*Plan, error) {
	p := &Plan{o: o.defaults()}
	if err := p.name(r); err != nil {
		return p, err
	}
	switch {
	case r.To != "":
		t, err := given(r.To, r.Service, r.Wish)
		if err != nil {
			return p, err
		}
		p.Targets = []Target{t}
		trail.Add(Decided, "%s by %s: %s", t, t.Wrapping, t.Why)
		return p, nil
	case r.Wish.Web():
		return p, p.fromHostMeta(ctx, r, trail)
	}
	if a, ok := address(p.Domain); ok {
		return p, p.fallback(r, trail, "the domain is an address, which has no SRV records", a.String())
	}
	if services[r.Service].srv == "" {
		return p, p.fallback(r, trail, "DNS does not tell where components connect to", p.Domain)
	}
	return p, p.fromSRV(ctx, r, trail)
}

func (p *Plan) name(r Request) (err error) {
	if r.Domain == "" && r.To == "" {
		return fmt.Errorf("%w: neither a domain nor an address was given", ErrUsage)
	}
	if r.Domain != "" {
		p.Domain, err = ASCII(r.Domain)
	}
	return err
}

// fallback is the domain itself, with the port that the service has by itself
// (RFC 6120 §3.2.2).
func (p *Plan) fallback(r Request, trail *Trail, why, host string) error {
	w := r.Wish
	port := defaultPort(r.Service, w)
	if w == Auto {
		w = byPort(r.Service, port)
	}
	t := Target{Host: host, Port: port, Wrapping: w, Why: why}
	p.Targets = []Target{t}
	trail.Add(Decided, "%s by %s: %s (RFC 6120 §3.2.2)", t, w, why)
	return nil
}
