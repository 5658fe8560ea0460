package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// Namespaces of streams between servers.
const (
	nsDialback        = "jabber:server:dialback"
	nsDialbackFeature = "urn:xmpp:features:dialback"
)

// inPeer is another server that has connected, to send (RFC 6120 §4.8.3). It
// proves its domain by dialback (XEP-0220).
type inPeer struct {
	conn    *conn
	proved  map[pair]bool
	pending int // proofs under way
}

// pair is who sends to whom: each is proved for itself (XEP-0220 §2.6).
type pair struct{ from, to string }

// addPeers makes the ways to other servers.
func (s *Server) addPeers() error {
	for domain, addr := range s.o.Peers {
		if j, err := jid.Parse(domain); err != nil || j != (jid.JID{Domain: domain}) || domain == s.o.Domain || addr == "" {
			return fmt.Errorf("peer %q: a domain and an address are needed", domain)
		}
		s.services[domain] = &outPeer{srv: s, domain: domain, ways: map[string]*way{}}
	}
	return nil
}

// dialbackKey is the proof for a stream that it comes from a domain of this
// server (XEP-0185 §3).
func (s *Server) dialbackKey(receiving, originating, id string) string {
	secret := sha256.Sum256(s.dialback)
	m := hmac.New(sha256.New, []byte(hex.EncodeToString(secret[:])))
	m.Write([]byte(receiving + " " + originating + " " + id))
	return hex.EncodeToString(m.Sum(nil))
}

// serverHeader is our header of a stream between servers.
func serverHeader(from, to, id string) string {
	attrs := ""
	for _, p := range [][2]string{{"from", from}, {"to", to}, {"id", id}} {
		if p[1] != "" {
			attrs += " " + p[0] + "='" + escaper.Replace(p[1]) + "'"
		}
	}
	return "<?xml version='1.0'?><stream:stream xmlns='" + xmlstream.NSServer + "' xmlns:stream='" + xmlstream.NSStreams +
		"' xmlns:db='" + nsDialback + "'" + attrs + " version='1.0' xml:lang='en'>"
}

func (p *inPeer) open(_ xmlstream.Unit, root *xmlstream.Node, inside *xmlstream.Scope) error {
	c := p.conn
	content, _ := inside.Lookup("")
	from, to := attr(root, "from"), attr(root, "to")
	c.fresh = false
	c.id = c.ids.id(8)
	c.turnTo(to)
	own := to
	if !c.srv.hosts(own) {
		own = c.srv.o.Domain
	}
	c.send(serverHeader(own, from, c.id))
	c.opened.Store(true)
	switch {
	case root.Name != xmlstream.Name{Space: xmlstream.NSStreams, Local: "stream"} || content != xmlstream.NSServer:
		return &streamError{condition: "invalid-namespace", text: "This door is for servers."}
	case !c.srv.hosts(to):
		return &streamError{condition: "host-unknown"}
	}
	offer := ""
	if c.tls == nil && c.srv.o.TLS != nil {
		offer = element("", "starttls", "xmlns", nsTLS)
	}
	c.send(element(offer+element(element("", "errors"), "dialback", "xmlns", nsDialbackFeature), "stream:features"))
	return nil
}

func (p *inPeer) element(n *xmlstream.Node) error {
	c, s := p.conn, p.conn.srv
	from, to := attr(n, "from"), attr(n, "to")
	switch n.Name {
	case xmlstream.Name{Space: nsTLS, Local: "starttls"}:
		return c.startTLS(n)
	case xmlstream.Name{Space: nsDialback, Local: "verify"}:
		valid := "invalid"
		if s.hosts(to) && hmac.Equal([]byte(n.Text()), []byte(s.dialbackKey(from, to, attr(n, "id")))) {
			valid = "valid"
		}
		c.send(element("", "db:verify", "from", to, "to", from, "id", attr(n, "id"), "type", valid))
		return nil
	case xmlstream.Name{Space: nsDialback, Local: "result"}:
		return p.prove(from, to, n.Text())
	}
	if n.Name.Space != xmlstream.NSClient || n.Name.Local != "iq" && n.Name.Local != "message" && n.Name.Local != "presence" {
		return &streamError{condition: "unsupported-stanza-type"}
	}
	st := newStanza(s, n)
	st.scope, st.lang = c.scope, c.lang
	switch {
	case !s.hosts(st.to.Domain):
		return &streamError{condition: "host-unknown"}
	case !p.proved[pair{st.from.Domain, st.to.Domain}]:
		return &streamError{condition: "not-authorized", text: "This domain is not proved."}
	}
	c.stage = bound
	s.arrive(st)
	return nil
}

// prove asks the server of a domain whether a key is its own (XEP-0220 §2.2).
func (p *inPeer) prove(from, to, key string) error {
	c, s := p.conn, p.conn.srv
	if !s.hosts(to) || s.way(from) == "" || p.pending >= 10 {
		c.send(element("", "db:result", "from", to, "to", from, "type", "invalid"))
		return &streamError{condition: "remote-connection-failed"}
	}
	p.pending++
	id := c.id
	s.background(func() {
		ok := s.verify(pair{from, to}, key, id)
		s.mu.Lock()
		defer s.mu.Unlock()
		p.pending--
		if ok {
			p.proved[pair{from, to}] = true
			c.send(element("", "db:result", "from", to, "to", from, "type", "valid"))
			return
		}
		c.send(element("", "db:result", "from", to, "to", from, "type", "invalid"))
		c.kick(&streamError{condition: "not-authorized"})
	})
	return nil
}

func (p *inPeer) leave() {}
