package im

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Namespaces that sessions are made of.
const (
	nsRoster    = "jabber:iq:roster"
	nsMUC       = "http://jabber.org/protocol/muc"
	nsMUCUser   = "http://jabber.org/protocol/muc#user"
	nsCaps      = "http://jabber.org/protocol/caps"
	nsCaps2     = "urn:xmpp:caps"
	nsHashes    = "urn:xmpp:hashes:2"
	nsInfo      = "http://jabber.org/protocol/disco#info"
	nsItems     = "http://jabber.org/protocol/disco#items"
	nsData      = "jabber:x:data"
	nsMAM       = "urn:xmpp:mam:2"
	nsOccupant  = "urn:xmpp:occupant-id:0"
	nsStanzaErr = "urn:ietf:params:xml:ns:xmpp-stanzas"
)

// mayMUCUser is the mark of what a room says about those inside.
var mayMUCUser = decode.InsideSpace(nsMUCUser)

// Bounds of what is taken from the wire.
const (
	// maxJID is the longest address that is legal, in bytes (RFC 7622 §3.1).
	maxJID = 3071
	// maxText is how much of a status, subject or name is kept, in bytes.
	maxText = 1 << 10
)

// clip cuts text to what is kept, between characters.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := maxText
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.Clone(s[:n])
}

// attr is the value of an attribute; old where it is still the same, which
// costs no allocation.
func attr(n *xmlstream.Node, local, old string) string {
	a := n.FindAttr("", local)
	if a == nil {
		return ""
	}
	raw := a.Raw.Of(n.Unit())
	if bytes.ContainsAny(raw, "&\t\n\r") {
		return clip(a.Value(n.Unit()))
	}
	if string(raw) == old {
		return old
	}
	return clip(word(raw))
}

// Bounds of the words that are kept once for all who say them.
const (
	maxTerms = 1 << 10
	maxTerm  = 128 // bytes
)

// term is attr for what many say in the same words, such as features.
func (s *Session) term(n *xmlstream.Node, local string) string {
	a := n.FindAttr("", local)
	if a == nil {
		return ""
	}
	raw := a.Raw.Of(n.Unit())
	if v, known := s.terms[string(raw)]; known {
		return v
	}
	v := attr(n, local, "")
	if len(v) <= maxTerm && len(s.terms) < maxTerms && string(raw) == v {
		if s.terms == nil {
			s.terms = map[string]string{}
		}
		s.terms[v] = v
	}
	return v
}

// text is the character data of a child element, or old where it is the same.
func text(n *xmlstream.Node, old string) string {
	if n == nil {
		return ""
	}
	c := n.FirstChild
	if c == nil {
		return ""
	}
	if c.Next == nil && c.Kind == xmlstream.TextNode {
		raw := c.Inner()
		if !bytes.ContainsAny(raw, "&\r") {
			if string(raw) == old {
				return old
			}
			return clip(word(raw))
		}
	}
	return clip(n.Text())
}

// word is b as a string, without a copy where it is one of the words that come
// with every presence.
func word(b []byte) string {
	switch string(b) {
	case "away":
		return "away"
	case "chat":
		return "chat"
	case "dnd":
		return "dnd"
	case "xa":
		return "xa"
	case "none":
		return "none"
	case "to":
		return "to"
	case "from":
		return "from"
	case "both":
		return "both"
	case "owner":
		return "owner"
	case "admin":
		return "admin"
	case "member":
		return "member"
	case "outcast":
		return "outcast"
	case "moderator":
		return "moderator"
	case "participant":
		return "participant"
	case "visitor":
		return "visitor"
	}
	return string(b)
}

// bare cuts the resource off an address.
func bare(jid string) string {
	b, _, _ := strings.Cut(jid, "/")
	return b
}

// resource is what stands behind the bare address.
func resource(jid string) string {
	_, r, _ := strings.Cut(jid, "/")
	return r
}

// key is the bare address as it is looked up: the letters of its localpart and
// domain count as small ones (RFC 7622 §3.2, §3.3). It is empty where the address
// is too long to be one.
func key(jid string) string {
	b := bare(jid)
	if len(jid) > maxJID {
		return ""
	}
	for i := 0; i < len(b); i++ {
		if 'A' <= b[i] && b[i] <= 'Z' {
			return strings.ToLower(b)
		}
	}
	return b
}

// same tells whether two bare addresses are the same.
func same(a, b string) bool { return a == b || key(a) == key(b) }
