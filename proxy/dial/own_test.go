package dial

import (
	"net/netip"
	"testing"
)

func TestOwn(t *testing.T) {
	mine := func() []netip.Addr {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("192.0.2.5"), netip.MustParseAddr("2001:db8::5"), netip.MustParseAddr("fe80::1%eth0")}
	}
	for _, c := range []struct {
		listen, to string
		want       bool
	}{
		{"127.0.0.1:5222", "127.0.0.1:5222", true},
		{"127.0.0.1:5222", "127.0.0.1:5223", false},
		{"127.0.0.1:5222", "127.0.0.2:5222", false},
		{"127.0.0.1:5222", "[::ffff:127.0.0.1]:5222", true},
		{"127.0.0.1:5222", "0.0.0.0:5222", true},
		{"192.0.2.5:5222", "[::]:5222", true},
		{"192.0.2.6:5222", "0.0.0.0:5222", false},
		{"0.0.0.0:5222", "127.3.2.1:5222", true},
		{"0.0.0.0:5222", "192.0.2.5:5222", true},
		{"0.0.0.0:5222", "192.0.2.6:5222", false},
		{"0.0.0.0:5222", "[::1]:5222", false},
		{"[::]:5222", "[::1]:5222", true},
		{"[::]:5222", "192.0.2.5:5222", true},
		{"[::]:5222", "[2001:db8::5]:5222", true},
		{"[::]:5222", "[fe80::1%eth0]:5222", true},
		{"[::]:5222", "[fe80::1%eth1]:5222", true},
		{"[::]:5222", "[2001:db8::6]:5222", false},
		{"[::]:5222", "[2001:db8::5]:5269", false},
	} {
		if got := Own([]netip.AddrPort{netip.MustParseAddrPort(c.listen)}, mine)(netip.MustParseAddrPort(c.to)); got != c.want {
			t.Errorf("listening on %s, going to %s: %v", c.listen, c.to, got)
		}
	}
	if !Own([]netip.AddrPort{netip.MustParseAddrPort("0.0.0.0:1")}, nil)(netip.MustParseAddrPort("127.0.0.1:1")) {
		t.Error("the addresses of this machine do not count")
	}
}
