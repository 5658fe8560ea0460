package dial

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// Target is one place to connect to, before its addresses are known.
type Target struct {
	// Host is a name without a dot at its end, or an address without brackets.
	Host string
	Port uint16
	// Wrapping is how to talk there; never Auto.
	Wrapping Wrapping
	// URL is the whole address of a WebSocket or of BOSH; else nil.
	URL *url.URL
	// Priority and Weight are those of its SRV record (RFC 2782).
	Priority, Weight uint16
	// Why says in words where it comes from.
	Why string
}

// String is the host and port, with brackets around an IPv6 address.
func (t Target) String() string { return net.JoinHostPort(t.Host, strconv.Itoa(int(t.Port))) }

// maxName is the longest name of DNS in its written form (RFC 1035 §2.3.4).
const maxName = 253

// ASCII is the form of a domain that DNS and TLS use (RFC 5890 §2.3.2.1,
// A-labels), in lower case and without a dot at its end. Addresses stay as they
// are.
func ASCII(domain string) (string, error) {
	d := strings.TrimSuffix(domain, ".")
	if a, ok := address(d); ok {
		return a.String(), nil
	}
	ascii, err := idna.Lookup.ToASCII(d)
	if err != nil && plainName(d) { // an underscore is no letter of a host name, but DNS takes it
		ascii, err = strings.ToLower(d), nil
	}
	switch {
	case err != nil:
		return "", fmt.Errorf("%w: %q is no domain: %v", ErrUsage, domain, err)
	case ascii == "" || len(ascii) > maxName || strings.HasPrefix(ascii, ".") || strings.Contains(ascii, ".."):
		return "", fmt.Errorf("%w: %q is no domain: a label is empty, or it is too long", ErrUsage, domain)
	}
	for label := range strings.SplitSeq(ascii, ".") {
		if len(label) > 63 {
			return "", fmt.Errorf("%w: %q is no domain: a label is longer than 63 bytes", ErrUsage, domain)
		}
	}
	return ascii, nil
}

func plainName(s string) bool {
	for _, c := range []byte(s) {
		ok := c == '-' || c == '_' || c == '.' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
		if !ok {
			return false
		}
	}
	return true
}

// address reads an IP address, also one in brackets.
func address(s string) (netip.Addr, bool) {
	if inner, ok := strings.CutPrefix(s, "["); ok {
		s, ok = strings.CutSuffix(inner, "]")
		if !ok {
			return netip.Addr{}, false
		}
	}
	a, err := netip.ParseAddr(s)
	return a, err == nil
}

// CheckTo tells whether an address that is to be gone to can be read as HOST,
// HOST:PORT or a URL of a WebSocket or of BOSH; its error is an ErrUsage.
func CheckTo(to string) error {
	_, err := given(to, Client, Auto)
	return err
}

// given reads HOST, HOST:PORT or a URL of a WebSocket or of BOSH.
func given(to string, s Service, wish Wrapping) (Target, error) {
	if strings.Contains(to, "://") {
		return givenURL(to, wish)
	}
	host, port, err := split(to)
	if err != nil {
		return Target{}, err
	}
	t := Target{Port: port, Wrapping: wish, Why: "the address that was given"}
	if t.Port == 0 {
		t.Port = defaultPort(s, wish)
	}
	if t.Wrapping == Auto {
		t.Wrapping = byPort(s, t.Port)
	}
	if t.Host, err = ASCII(host); err != nil {
		return Target{}, err
	}
	if t.Wrapping.Web() {
		t.URL = usualURL(t)
	}
	return t, nil
}

// split takes a host and a port apart; 0 where there is no port.
func split(to string) (host string, port uint16, err error) {
	if a, ok := address(to); ok {
		return a.String(), 0, nil
	}
	if !strings.Contains(to, ":") {
		return to, 0, nil
	}
	host, digits, err := net.SplitHostPort(to)
	n, bad := strconv.ParseUint(digits, 10, 16)
	if err != nil || bad != nil || n == 0 || host == "" {
		return "", 0, fmt.Errorf("%w: %q is no HOST or HOST:PORT", ErrUsage, to)
	}
	return host, uint16(n), nil
}

// usualURL is where servers have the service when nobody says otherwise.
func usualURL(t Target) *url.URL {
	u := &url.URL{Scheme: "https", Host: t.String(), Path: "/http-bind"}
	if t.Wrapping == WebSocket {
		u.Scheme, u.Path = "wss", "/xmpp-websocket"
	}
	if t.Port == 5280 || t.Port == 80 { // where servers have HTTP without TLS
		u.Scheme = strings.TrimSuffix(u.Scheme, "s")
	}
	return u
}

// schemes are those of the ways over HTTP.
var schemes = map[string]struct {
	wrapping Wrapping
	port     uint16
}{"ws": {WebSocket, 80}, "wss": {WebSocket, 443}, "http": {BOSH, 80}, "https": {BOSH, 443}}

func givenURL(to string, wish Wrapping) (Target, error) {
	u, err := url.Parse(to)
	if err != nil {
		var at *url.Error
		if errors.As(err, &at) {
			err = at.Err
		}
		return Target{}, fmt.Errorf("%w: %q is no address: %v", ErrUsage, to, err)
	}
	s, known := schemes[u.Scheme]
	if !known || u.Hostname() == "" || u.User != nil {
		return Target{}, fmt.Errorf("%w: %q is no address of a WebSocket or of BOSH", ErrUsage, to)
	}
	if wish != Auto && wish != s.wrapping {
		return Target{}, fmt.Errorf("%w: %q does not go together with %s", ErrUsage, to, wish)
	}
	t := Target{Port: s.port, Wrapping: s.wrapping, URL: u, Why: "the address that was given"}
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return Target{}, fmt.Errorf("%w: %q has no port that exists", ErrUsage, to)
		}
		t.Port = uint16(n)
	}
	t.Host, err = ASCII(u.Hostname())
	return t, err
}
