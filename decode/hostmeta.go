package decode

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"xmppscope/decode/httpwire"
	"xmppscope/decode/xmlstream"
)

// AltLink is a way to connect that a host-meta document names: "websocket" or
// "xbosh", and where (XEP-0156 §2, RFC 7395 §4).
type AltLink struct{ Rel, Href string }

// Bounds of what is read of a document (law 5).
const (
	maxAltLinks = 64
	maxMetaBody = 256 << 10 // bytes
	altRel      = "urn:xmpp:alt-connections:"
)

// AltLinks are the ways that a host-meta document names, in XML or in JSON
// (RFC 6415); at most 64. A damaged document names none.
func AltLinks(document []byte) (all []AltLink) {
	add := func(rel, href string) {
		if kind, ok := strings.CutPrefix(rel, altRel); ok && len(all) < maxAltLinks {
			all = append(all, AltLink{kind, href})
		}
	}
	if body := bytes.TrimSpace(document); bytes.HasPrefix(body, []byte("{")) {
		var doc struct {
			Links []struct{ Rel, Href string }
		}
		if json.Unmarshal(body, &doc) == nil {
			for _, l := range doc.Links {
				add(l.Rel, l.Href)
			}
		}
		return all
	}
	at := bytes.Index(document, []byte("<XRD"))
	if at < 0 {
		return nil
	}
	n := new(xmlstream.Tree).Parse(document[at:], nil, xmlstream.Options{})
	if n == nil {
		return nil
	}
	for c := range n.Children() {
		if c.Name.Local == "Link" {
			rel, _ := c.Attr("rel")
			href, _ := c.Attr("href")
			add(rel, href)
		}
	}
	return all
}

// webLookup is what a request for a host-meta document and its answer say.
type webLookup struct {
	host  string // whose document it is, lower case; empty where nobody said
	links []webPlace
}

// webPlace is where a link leads.
type webPlace struct {
	host string
	port uint16
}

// take adds what an event says.
func (w *webLookup) take(e *Event) {
	m := readHTTP(e)
	if e.Name.Local == "request" {
		host, _ := hostPort(m.Header("Host"))
		w.host = strings.ToLower(host)
		return
	}
	for _, l := range AltLinks(m.Body) {
		if p, ok := placeOf(l.Href); ok {
			w.links = append(w.links, p)
		}
	}
}

func placeOf(href string) (webPlace, bool) {
	u, err := url.Parse(href)
	if err != nil || u.Hostname() == "" {
		return webPlace{}, false
	}
	_, port := hostPort(u.Host)
	if port == 0 {
		port = 443
		if u.Scheme == "ws" || u.Scheme == "http" {
			port = 80
		}
	}
	return webPlace{strings.ToLower(u.Hostname()), port}, true
}

// hostPort takes a host and the port behind it apart; 0 where there is none.
func hostPort(s string) (host string, port uint16) {
	u := url.URL{Host: s}
	for _, c := range []byte(u.Port()) {
		port = port*10 + uint16(c-'0')
	}
	return u.Hostname(), port
}

func readHTTP(e *Event) httpwire.Message {
	c := httpwire.NewConn(httpwire.Options{MaxBody: maxMetaBody})
	all := c.Feed(int(e.Dir), e.Wire)
	if all = append(all, c.Flush(int(e.Dir))...); len(all) == 0 {
		return httpwire.Message{}
	}
	return all[0]
}

// leads tells whether a document leads to a conversation: it is that of its
// domain, or names the place that was gone to. names are those that lead to the
// address; where none of a link is known and no domain either, the port decides.
func (w *webLookup) leads(names []string, domain string, to netip.AddrPort) bool {
	if w.host != "" && strings.EqualFold(w.host, domain) {
		return true
	}
	for _, l := range w.links {
		address, err := netip.ParseAddr(l.host)
		known := err == nil && address.Unmap() == to.Addr().Unmap() || slices.Contains(names, l.host)
		if l.port == to.Port() && (known || domain == "" && err != nil) {
			return true
		}
	}
	return w.host == "" && len(w.links) == 0 && domain != ""
}
