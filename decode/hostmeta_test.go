package decode

import (
	"net/netip"
	"slices"
	"testing"
)

// Documents of host-meta name ways to connect in XML and in JSON (XEP-0156 §2);
// other links are none, and a damaged document names none.
func TestAltLinks(t *testing.T) {
	ws := AltLink{"websocket", "wss://h.example:5443/ws"}
	for document, want := range map[string][]AltLink{
		`<?xml version='1.0'?><XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><Link rel='avatar' href='x'/><Link rel='urn:xmpp:alt-connections:websocket' href='wss://h.example:5443/ws'/></XRD>`: {ws},
		` {"links":[{"rel":"urn:xmpp:alt-connections:websocket","href":"wss://h.example:5443/ws"},{"rel":"urn:xmpp:alt-connections:xbosh","href":"https://h.example/b"}]}`:                               {ws, {"xbosh", "https://h.example/b"}},
		`{"links":[{"rel":"urn:xmpp:alt-connections:websocket"`: nil,
		`<html/>`: nil,
	} {
		if got := AltLinks([]byte(document)); !slices.Equal(got, want) {
			t.Errorf("%s names %v, not %v", document, got, want)
		}
	}
}

// A document leads to where it says, by name or by address, and to its own domain.
func TestLookupLeads(t *testing.T) {
	to := netip.MustParseAddrPort("192.0.2.7:5443")
	links := []webPlace{{"ws.h.example", 5443}, {"192.0.2.7", 5281}}
	for _, c := range []struct {
		name   string
		w      webLookup
		names  []string
		domain string
		leads  bool
	}{
		{"its own domain", webLookup{host: "h.example"}, nil, "H.example", true},
		{"another domain", webLookup{host: "h.example"}, nil, "i.example", false},
		{"another document, no domain said", webLookup{host: "h.example"}, nil, "", false},
		{"a link by name", webLookup{host: "h.example", links: links}, []string{"ws.h.example"}, "i.example", true},
		{"a link by address at another port", webLookup{host: "h.example", links: links[1:]}, nil, "i.example", false},
		{"a link by address", webLookup{host: "h.example", links: []webPlace{{"::ffff:192.0.2.7", 5443}}}, nil, "i.example", true},
		{"only the port is known", webLookup{links: links}, nil, "", true},
		{"nothing said of anything", webLookup{}, nil, "h.example", true},
	} {
		if got := c.w.leads(c.names, c.domain, to); got != c.leads {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
