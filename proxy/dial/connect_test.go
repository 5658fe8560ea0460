package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// network is one in which each address behaves as the table says.
type network struct {
	mu    sync.Mutex
	tried []string
	open  int // connections that were made and not closed
	of    map[string]behaviour
}

type behaviour struct {
	after time.Duration
	err   error
}

type fakeConn struct {
	net.Conn
	n    *network
	once sync.Once
}

func (c *fakeConn) Close() error {
	c.once.Do(func() { c.n.mu.Lock(); c.n.open--; c.n.mu.Unlock() })
	return nil
}

func (n *network) dial(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	n.mu.Lock()
	n.tried = append(n.tried, to.Addr().String())
	b := n.of[to.Addr().String()]
	n.mu.Unlock()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(b.after):
	}
	if b.err != nil {
		return nil, b.err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.open++
	return &fakeConn{n: n}, nil
}

// names is a resolver by table.
type names map[string][]string

func (n names) LookupSRV(context.Context, string, string, string) (string, []*net.SRV, error) {
	return "", nil, &net.DNSError{IsNotFound: true}
}

func (n names) LookupNetIP(_ context.Context, _, host string) (all []netip.Addr, err error) {
	for _, a := range n[host] {
		all = append(all, netip.MustParseAddr(a))
	}
	if all == nil {
		err = &net.DNSError{IsNotFound: true}
	}
	return all, err
}

func TestConnect(t *testing.T) {
	refused := fmt.Errorf("dial: %w", syscall.ECONNREFUSED)
	for _, c := range []struct {
		name    string
		targets []string
		dns     names
		of      map[string]behaviour
		tried   []string
		addr    string // of the connection, or the error
		is      error
		took    time.Duration
	}{
		{"the first answers", []string{"a"}, names{"a": {"192.0.2.1", "192.0.2.2"}}, map[string]behaviour{"192.0.2.1": {after: 100 * time.Millisecond}},
			[]string{"192.0.2.1"}, "192.0.2.1", nil, 100 * time.Millisecond},
		{"a refusal is quick", []string{"a"}, names{"a": {"192.0.2.1", "192.0.2.2"}}, map[string]behaviour{"192.0.2.1": {err: refused}},
			[]string{"192.0.2.1", "192.0.2.2"}, "192.0.2.2", nil, 0},
		{"a black hole holds nobody up", []string{"a"}, names{"a": {"192.0.2.1", "2001:db8::1"}}, map[string]behaviour{"2001:db8::1": {after: time.Hour}},
			[]string{"2001:db8::1", "192.0.2.1"}, "192.0.2.1", nil, 300 * time.Millisecond},
		{"the slower one is closed", []string{"a"}, names{"a": {"192.0.2.1", "192.0.2.2"}}, map[string]behaviour{"192.0.2.1": {after: 500 * time.Millisecond}, "192.0.2.2": {after: 300 * time.Millisecond}},
			[]string{"192.0.2.1", "192.0.2.2"}, "192.0.2.1", nil, 500 * time.Millisecond},
		{"the next target", []string{"gone", "a", "b"}, names{"a": {"192.0.2.1"}, "b": {"192.0.2.2"}}, map[string]behaviour{"192.0.2.1": {err: refused}},
			[]string{"192.0.2.1", "192.0.2.2"}, "192.0.2.2", nil, 0},
		{"nobody answers", []string{"a"}, names{"a": {"192.0.2.1", "192.0.2.2"}}, map[string]behaviour{"192.0.2.1": {after: time.Hour}, "192.0.2.2": {after: time.Hour}},
			[]string{"192.0.2.1", "192.0.2.2"}, "cannot be reached: 192.0.2.1:5222: no answer in time", ErrUnreachable, 10300 * time.Millisecond},
		{"all refuse", []string{"gone", "a"}, names{"a": {"192.0.2.1"}}, map[string]behaviour{"192.0.2.1": {err: refused}},
			[]string{"192.0.2.1"}, "cannot be reached: 192.0.2.1:5222: connection refused", ErrUnreachable, 0},
		{"no name leads anywhere", []string{"gone"}, names{}, nil, nil, "no address found: DNS has none for gone", ErrUnknown, 0},
		{"never ourselves", []string{"me"}, names{"me": {"127.0.0.1"}}, nil, nil, "that is this program itself: 127.0.0.1:5222", ErrSelf, 0},
		{"ourselves are passed over", []string{"me", "a"}, names{"me": {"127.0.0.1"}, "a": {"192.0.2.1"}}, nil, []string{"192.0.2.1"}, "192.0.2.1", nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := &network{of: c.of}
				o := Options{Resolver: c.dns, Dial: n.dial, Own: Own([]netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:5222")}, nil)}
				p := &Plan{o: o.defaults()}
				for _, h := range c.targets {
					p.Targets = append(p.Targets, Target{Host: h, Port: 5222, Wrapping: StartTLS})
				}
				began := time.Now()
				l, err := p.Connect(context.Background(), new(Trail))
				took := time.Since(began)
				got, open := "", 0
				if err != nil {
					got = err.Error()
				} else {
					got, open = l.Addr.Addr().String(), 1
				}
				if got != c.addr || !errors.Is(err, c.is) || took != c.took {
					t.Errorf("got %s after %s, want %s after %s", got, took, c.addr, c.took)
				}
				synctest.Wait()
				time.Sleep(time.Minute) // for those that are too late
				n.mu.Lock()
				defer n.mu.Unlock()
				if !slices.Equal(n.tried, c.tried) || n.open != open {
					t.Errorf("tried %v, want %v; %d connections are open, want %d", n.tried, c.tried, n.open, open)
				}
			})
		})
	}
}

func TestConnectEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &network{of: map[string]behaviour{"192.0.2.1": {after: time.Hour}}}
		p := &Plan{o: Options{Resolver: names{}, Dial: n.dial}.defaults(), Targets: []Target{{Host: "192.0.2.1", Port: 1}, {Host: "192.0.2.2", Port: 1}}}
		why := errors.New("enough")
		ctx, stop := context.WithTimeoutCause(context.Background(), time.Second, why)
		defer stop()
		if _, err := p.Connect(ctx, nil); !errors.Is(err, why) {
			t.Error(err)
		}
		synctest.Wait()
	})
}
