package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"xmppscope/proxy/dial/dnstest"
)

func srv(priority, weight, port uint16, target string) dnstest.SRV {
	return dnstest.SRV{Priority: priority, Weight: weight, Port: port, Target: target}
}

// zone is the DNS of all the tests here.
func zone() dnstest.Zone {
	many := make([]dnstest.SRV, 200)
	for i := range many {
		many[i] = dnstest.SRV{Priority: uint16(i), Port: 5222, Target: fmt.Sprintf("host%d.many.test.", i)}
	}
	crowd := make([]netip.Addr, 40)
	for i := range crowd {
		crowd[i] = netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})
	}
	return dnstest.Zone{
		SRV: map[string][]dnstest.SRV{
			"_xmpp-client._tcp.mixed.test.":         {srv(10, 0, 5222, "b.mixed.test."), srv(30, 0, 5222, "d.mixed.test.")},
			"_xmpps-client._tcp.mixed.test.":        {srv(5, 0, 5223, "a.mixed.test."), srv(20, 0, 443, "c.mixed.test.")},
			"_xmpp-client._tcp.none.test.":          {srv(0, 0, 0, ".")},
			"_xmpp-client._tcp.onlytls.test.":       {srv(0, 0, 0, ".")},
			"_xmpps-client._tcp.onlytls.test.":      {srv(0, 0, 5223, "tls.onlytls.test.")},
			"_xmpps-client._tcp.notls.test.":        {srv(0, 0, 0, ".")},
			"_xmpp-client._tcp.bad.test.":           {srv(0, 0, 0, "host.bad.test."), srv(1, 0, 5222, "."), srv(2, 0, 5222, "ok.bad.test."), srv(3, 0, 5222, "not a host!.bad.test.")},
			"_xmpp-client._tcp.worse.test.":         {srv(0, 0, 0, "host.worse.test.")},
			"_xmpp-client._tcp.many.test.":          many,
			"_xmpp-server._tcp.mixed.test.":         {srv(0, 0, 5269, "s2s.mixed.test.")},
			"_xmpp-client._tcp.xn--bcher-kva.test.": {srv(0, 0, 5222, "x.xn--bcher-kva.test.")},
			"_xmpp-client._tcp.number.test.":        {srv(0, 0, 5222, "127.0.0.9.")},
		},
		Addr: map[string][]netip.Addr{
			"two.test.":   {netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2"), netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("192.0.2.1")},
			"crowd.test.": crowd,
			"end.test.":   {netip.MustParseAddr("192.0.2.7")},
		},
		CNAME:  map[string]string{"loop.test.": "loop2.test.", "loop2.test.": "loop.test.", "alias.test.": "end.test."},
		Silent: map[string]bool{"_xmpp-client._tcp.silent.test.": true, "_xmpps-client._tcp.silent.test.": true},
		Broken: map[string]bool{"_xmpps-client._tcp.half.test.": true},
	}
}

func serve(t *testing.T) Options {
	t.Helper()
	s, err := dnstest.Serve(zone())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return Options{Resolver: s.Resolver(), Seed: 1, DNSTimeout: time.Minute}
}

func TestFind(t *testing.T) {
	o := serve(t)
	for _, c := range []struct {
		name string
		r    Request
		want string // targets, or the error
		is   error
	}{
		{"mixed by priority", Request{Domain: "mixed.test"}, "a.mixed.test:5223 tls, b.mixed.test:5222 starttls, c.mixed.test:443 tls, d.mixed.test:5222 starttls", nil},
		{"only STARTTLS", Request{Domain: "mixed.test", Wish: StartTLS}, "b.mixed.test:5222 starttls, d.mixed.test:5222 starttls", nil},
		{"only TLS", Request{Domain: "mixed.test", Wish: TLS}, "a.mixed.test:5223 tls, c.mixed.test:443 tls", nil},
		{"plain", Request{Domain: "mixed.test", Wish: Plain}, "b.mixed.test:5222 plain, d.mixed.test:5222 plain", nil},
		{"server", Request{Domain: "MIXED.test.", Service: Server}, "s2s.mixed.test:5269 starttls", nil},
		{"not offered", Request{Domain: "none.test"}, `the target of _xmpp-client._tcp.none.test is "."`, ErrNotOffered},
		{"not offered but by TLS", Request{Domain: "onlytls.test"}, "tls.onlytls.test:5223 tls", nil},
		{"not offered by STARTTLS", Request{Domain: "onlytls.test", Wish: StartTLS}, "has no service", ErrNotOffered},
		{"TLS refused, nothing else said", Request{Domain: "notls.test"}, "has no service", ErrNotOffered},
		{"no records", Request{Domain: "absent.test"}, "absent.test:5222 starttls", nil},
		{"no records, server", Request{Domain: "absent.test", Service: Server}, "absent.test:5269 starttls", nil},
		{"no records, TLS", Request{Domain: "absent.test", Wish: TLS}, "absent.test:5223 tls", nil},
		{"bad records", Request{Domain: "bad.test"}, "ok.bad.test:5222 starttls", nil},
		{"bad records only", Request{Domain: "worse.test"}, "none of them can be used: port 0 does not exist", ErrUnknown},
		{"IDNA", Request{Domain: "Bücher.test"}, "x.xn--bcher-kva.test:5222 starttls", nil},
		{"a silent server", Request{Domain: "silent.test"}, "silent.test:5222 starttls", nil},
		{"half an answer", Request{Domain: "half.test"}, "half.test:5222 starttls", nil},
		{"target is an address", Request{Domain: "number.test"}, "a target is no name of a host", ErrUnknown},
		{"domain is an address", Request{Domain: "127.0.0.1"}, "127.0.0.1:5222 starttls", nil},
		{"domain is an address in brackets", Request{Domain: "[::1]", Service: Server}, "[::1]:5269 starttls", nil},
		{"component", Request{Domain: "chat.test", Service: Component}, "chat.test:5347 plain", nil},
		{"given", Request{To: "host.test"}, "host.test:5222 starttls", nil},
		{"given with port", Request{Domain: "mixed.test", To: "host.test:5555"}, "host.test:5555 starttls", nil},
		{"given with the port of TLS", Request{To: "host.test:5223"}, "host.test:5223 tls", nil},
		{"given and wished", Request{To: "host.test:5223", Wish: Plain}, "host.test:5223 plain", nil},
		{"given, IPv6", Request{To: "2001:db8::1"}, "[2001:db8::1]:5222 starttls", nil},
		{"given, IPv6 with port", Request{To: "[2001:db8::1]:5269", Service: Server}, "[2001:db8::1]:5269 starttls", nil},
		{"given, WebSocket", Request{To: "wss://host.test/ws"}, "host.test:443 ws", nil},
		{"given, WebSocket by wish", Request{To: "host.test:5280", Wish: WebSocket}, "host.test:5280 ws", nil},
		{"given, BOSH", Request{To: "http://[::1]:5280/b"}, "[::1]:5280 bosh", nil},
		{"port too large", Request{To: "host.test:70000"}, "no HOST or HOST:PORT", ErrUsage},
		{"port of zero", Request{To: "host.test:0"}, "no HOST or HOST:PORT", ErrUsage},
		{"no URL of ours", Request{To: "ftp://host.test"}, "no address of a WebSocket", ErrUsage},
		{"a wish against the URL", Request{To: "wss://host.test/", Wish: BOSH}, "does not go together", ErrUsage},
		{"nothing", Request{}, "neither a domain nor an address", ErrUsage},
		{"no domain", Request{Domain: "a..b"}, "is no domain", ErrUsage},
		{"no domain at all", Request{Domain: "juliet@example.com"}, "is no domain", ErrUsage},
		{"label too long", Request{Domain: strings.Repeat("a", 64) + ".test"}, "is no domain", ErrUsage},
		{"name too long", Request{Domain: strings.Repeat("a.", 130) + "test"}, "is no domain", ErrUsage},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := o
			if c.name == "a silent server" {
				o.DNSTimeout = 50 * time.Millisecond
			}
			p, err := Find(context.Background(), c.r, o, nil)
			got := targets(p)
			if err != nil {
				got = err.Error()
			}
			if !errors.Is(err, c.is) || c.is == nil && got != c.want || !strings.Contains(got, c.want) {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

func targets(p *Plan) string {
	var all []string
	for _, t := range p.Targets {
		all = append(all, t.String()+" "+t.Wrapping.String())
	}
	return strings.Join(all, ", ")
}

func TestManyRecords(t *testing.T) {
	o := serve(t)
	p, err := Find(context.Background(), Request{Domain: "many.test"}, o, nil)
	if err != nil || len(p.Targets) != maxRecords || p.Targets[0].Host != "host0.many.test" {
		t.Fatalf("%d targets, %v", len(p.Targets), err)
	}
}

func TestTrailTellsAll(t *testing.T) {
	o := serve(t)
	var trail Trail
	if _, err := Find(context.Background(), Request{Domain: "bad.test"}, o, &trail); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, e := range trail.Entries() {
		fmt.Fprintf(&got, "%s: %s\n", e.Act, e.Text)
	}
	for _, want := range []string{
		"asked: DNS for the SRV records of _xmpps-client._tcp.bad.test\nfailed: _xmpps-client._tcp.bad.test: there are none\n",
		"asked: DNS for the SRV records of _xmpp-client._tcp.bad.test\nfailed: ",
		"answered: _xmpp-client._tcp.bad.test: priority 0, weight 0, host.bad.test:0: port 0 does not exist\n",
		`a target of "." beside others`,
		"decided: the order by priority and weight is ok.bad.test:5222 by starttls\n",
	} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("%q is missing in\n%s", want, got.String())
		}
	}
}

func TestTrailIsBounded(t *testing.T) {
	var trail Trail
	told := 0
	trail.Tell = func(Entry) { told++ }
	for range 3 * maxEntries {
		trail.Add(Tried, "again")
	}
	if n := len(trail.Entries()); n != maxEntries || told != maxEntries {
		t.Errorf("%d entries, %d told", n, told)
	}
	(*Trail)(nil).Add(Tried, "nothing")
}

// TestDraw: RFC 2782 wants chances, a seed wants the same each time.
func TestDraw(t *testing.T) {
	first := map[string]int{}
	for seed := range uint64(4000) {
		records := []Record{{Target: "z", Priority: 1}, {Target: "heavy", Weight: 30}, {Target: "light", Weight: 10}, {Target: "never", Weight: 0}}
		got := order(records, seed+1)
		first[got[0].Target]++
		if got[3].Target != "z" {
			t.Fatalf("priority 1 is not last: %v", got)
		}
		again := order([]Record{{Target: "never"}, {Target: "light", Weight: 10}, {Target: "z", Priority: 1}, {Target: "heavy", Weight: 30}}, seed+1)
		for i := range got {
			if got[i] != again[i] {
				t.Fatalf("seed %d: %v, then %v", seed+1, got, again)
			}
		}
	}
	if h, l, n := first["heavy"], first["light"], first["never"]; h < 2700 || h > 3100 || l < 850 || l > 1100 || n > 160 || n == 0 {
		t.Errorf("first: heavy %d, light %d, weight 0 %d", h, l, n)
	}
}

func TestAddresses(t *testing.T) {
	o := serve(t)
	p := &Plan{o: o.defaults()}
	for _, c := range []struct{ host, want string }{
		{"two.test", "[2001:db8::1]:1 192.0.2.1:1 192.0.2.2:1"},
		{"alias.test", "192.0.2.7:1"},
		{"::1", "[::1]:1"},
		{"loop.test", "DNS has none for loop.test"},
		{"gone.test", "DNS has none for gone.test"},
	} {
		all, err := p.Addresses(context.Background(), Target{Host: c.host, Port: 1}, nil)
		got := strings.Trim(fmt.Sprint(all), "[]")
		if len(all) > 0 {
			got = strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(all), "["), "]")
		}
		if err != nil {
			got = err.Error()
			if !errors.Is(err, ErrUnknown) {
				t.Errorf("%s: %v", c.host, err)
			}
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: %s, want %s", c.host, got, c.want)
		}
	}
	if all, err := p.Addresses(context.Background(), Target{Host: "crowd.test", Port: 1}, nil); len(all) != maxAddresses {
		t.Errorf("%d addresses, %v", len(all), err)
	}
}

func TestFindEndsWithItsContext(t *testing.T) {
	o := serve(t)
	o.DNSTimeout = time.Hour
	ctx, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer stop()
	if _, err := Find(ctx, Request{Domain: "silent.test"}, o, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestResolverAsksOneServer(t *testing.T) {
	s, err := dnstest.Serve(zone())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var r *net.Resolver = NewResolver(s.Addr)
	if all, err := r.LookupNetIP(context.Background(), "ip", "end.test"); err != nil || len(all) != 1 {
		t.Error(all, err)
	}
}
