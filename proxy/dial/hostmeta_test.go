package dial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

const xrd = `<?xml version='1.0' encoding='utf-8'?><XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>` +
	`<Link rel="urn:xmpp:alt-connections:xbosh" href="https://web.capulet.test:5281/http-bind"/>` +
	`<Link rel="urn:xmpp:alt-connections:websocket" href="ws://web.capulet.test/clear"/>` +
	`<Link rel="urn:xmpp:alt-connections:websocket" href="wss://web.capulet.test/ws"/></XRD>`

// TestHostMeta: the web server of the domain answers as each row says.
func TestHostMeta(t *testing.T) {
	jrd := `{"links":[{"rel":"urn:xmpp:alt-connections:websocket","href":"wss://web.capulet.test/ws"},{"rel":"urn:xmpp:alt-connections:websocket","href":"wss://json.capulet.test/ws"}]}`
	for _, c := range []struct {
		name string
		wish Wrapping
		xml  http.HandlerFunc
		json http.HandlerFunc
		want string // URLs, or the error
		is   error
		told string
	}{
		{"both", WebSocket, text(xrd), text(jrd), "wss://web.capulet.test/ws wss://json.capulet.test/ws", nil, "ws://web.capulet.test/clear is not encrypted"},
		{"BOSH", BOSH, text(xrd), text(jrd), "https://web.capulet.test:5281/http-bind", nil, "the order is that of the documents"},
		{"only JSON", WebSocket, http.NotFound, text(jrd), "wss://web.capulet.test/ws wss://json.capulet.test/ws", nil, "404 Not Found"},
		{"none", WebSocket, http.NotFound, http.NotFound, "names no way by ws", ErrNotOffered, "404"},
		{"no BOSH", BOSH, http.NotFound, text(jrd), "names no way by bosh", ErrNotOffered, ""},
		{"garbage", WebSocket, text("<XRD><Link"), text(`{"links":17}`), "names no way by ws", ErrNotOffered, "it names no way to connect"},
		{"too long", WebSocket, text(strings.Repeat(" ", maxDocument) + xrd), text(jrd), "wss://web.capulet.test/ws wss://json.capulet.test/ws", nil, "longer than 256 KiB"},
		{"led on", WebSocket, http.RedirectHandler("https://capulet.test/other", http.StatusFound).ServeHTTP, http.NotFound, "wss://web.capulet.test/ws", nil, "leads on to https://capulet.test/other"},
		{"led away", WebSocket, http.RedirectHandler("http://capulet.test/other", http.StatusFound).ServeHTTP, http.NotFound, "names no way", nil, "away from HTTPS"},
		{"led to ourselves", WebSocket, http.RedirectHandler("https://127.0.0.1:5222/", http.StatusFound).ServeHTTP, http.NotFound, "names no way", nil, "that is this program itself"},
		{"led in a circle", WebSocket, http.RedirectHandler("https://capulet.test/.well-known/host-meta", http.StatusFound).ServeHTTP, http.NotFound, "names no way", nil, "it leads on too often"},
		{"silence", WebSocket, hang, hang, "no answer in time", ErrUnreachable, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			mux := http.NewServeMux()
			mux.Handle("/.well-known/host-meta", c.xml)
			mux.Handle("/.well-known/host-meta.json", c.json)
			mux.HandleFunc("/other", text(xrd))
			s := httptest.NewTLSServer(mux)
			defer s.Close()
			o := Options{Resolver: names{"capulet.test": {"192.0.2.1"}}, WebTimeout: time.Minute, Web: trusting,
				Own: Own([]netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:5222")}, nil),
				Dial: func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
					if to.String() != "192.0.2.1:443" {
						return nil, fmt.Errorf("who asked to go to %s?", to)
					}
					return new(net.Dialer).DialContext(ctx, "tcp", s.Listener.Addr().String())
				}}
			if c.name == "silence" {
				o.WebTimeout = 30 * time.Millisecond
			}
			var trail Trail
			p, err := Find(context.Background(), Request{Domain: "capulet.test", Wish: c.wish}, o, &trail)
			got := ""
			for _, t := range p.Targets {
				got += " " + t.URL.String()
			}
			got = strings.TrimSpace(got)
			if err != nil {
				got = err.Error()
			}
			told := ""
			for _, e := range trail.Entries() {
				told += e.Text + "\n"
			}
			if c.is != nil && !errors.Is(err, c.is) || !strings.Contains(got, c.want) || !strings.Contains(told, c.told) {
				t.Errorf("got %s, want %s\n%s", got, c.want, told)
			}
		})
	}
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
}

func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func TestHostMetaVerifies(t *testing.T) {
	s := httptest.NewUnstartedServer(text(xrd))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	o := Options{Resolver: names{"capulet.test": {"192.0.2.1"}}, Dial: func(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", s.Listener.Addr().String())
	}}
	_, err := Find(context.Background(), Request{Domain: "capulet.test", Wish: WebSocket}, o, nil)
	if !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate that nobody vouches for was taken: %v", err)
	}
}
