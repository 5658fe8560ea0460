package im

import (
	"bytes"
	"hash/maphash"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

const (
	maxClients = 4096
	maxHashes  = 8
)

// Announced are capabilities as presence or the server's features announce
// them: a hash that stands for an answer of disco#info (XEP-0115 §4, XEP-0390
// §5.1). It is shared by all who announce the same and never changes.
type Announced struct {
	// Hash, Node and Ver are those of XEP-0115; an empty Hash is the form from
	// before version 1.4, of which Ver is no hash.
	Hash, Node, Ver string
	// Hashes are those of XEP-0390, at most 8.
	Hashes []Hash
	// Seq is the event that announced it first.
	Seq decode.Seq
}

// Hash is a hash by its name in XEP-0300 and its value in base64.
type Hash struct{ Algo, Value string }

// String is the node to ask about.
func (a *Announced) String() string {
	switch {
	case a == nil:
		return ""
	case a.Node != "" || a.Ver != "":
		return a.Node + "#" + a.Ver
	case len(a.Hashes) > 0:
		return hashNode(a.Hashes[0])
	}
	return ""
}

// hashNode is the node of a hash of XEP-0390 §4.3.
func hashNode(h Hash) string { return nsCaps2 + "#" + h.Algo + "." + h.Value }

// Verdict is what comparing an announced hash with the answer tells.
type Verdict uint8

const (
	// CapsUnknown: there is no answer to compare, or no hash that is known.
	CapsUnknown Verdict = iota
	// CapsMatch: the hash is the one of the answer.
	CapsMatch
	// CapsMismatch: it is another one.
	CapsMismatch
	// CapsIllFormed: the answer is one that must not be hashed (XEP-0115 §5.4).
	CapsIllFormed
)

func (v Verdict) String() string {
	return [...]string{"not checked", "matches", "differs", "ill-formed"}[v&3]
}

// Caps are the capabilities of somebody: what was announced, the answer that
// goes with it, and whether they agree.
type Caps struct {
	Announced
	// Info is the answer of disco#info; its Seq is zero where none was seen.
	Info Info
	// Input is what is hashed, Computed its hash in base64, Algo the function.
	Input, Computed, Algo string
	Verdict               Verdict
	// Why says what is ill-formed.
	Why string
}

// Caps are the capabilities that an address announced in its last presence; of
// the server where jid is empty. It is false where none were.
func (s *Session) Caps(jid string) (Caps, bool) {
	a := s.server
	if jid != "" {
		p, ok := s.Presence(jid)
		if !ok && jid == s.own.JID {
			p = s.own
		}
		a = p.Caps
	}
	if a == nil {
		return Caps{}, false
	}
	c := Caps{Announced: *a}
	if i := s.infoFor(a, jid); i != nil {
		c.Info = *i
		c.check()
	}
	return c, true
}

// infoFor finds the answer that goes with somebody's announcement: about its
// node, or else about the address itself, which is the same (XEP-0115 §6.2).
func (s *Session) infoFor(a *Announced, jid string) *Info {
	if i := s.infoOf(a); i != nil {
		return i
	}
	if jid == "" {
		jid = s.domain
	}
	if i := s.infos.get(discoKey(jid, "")); i != nil && jid != "" {
		return *i
	}
	return nil
}

// infoOf finds the answer that goes with an announcement.
func (s *Session) infoOf(a *Announced) *Info {
	if a.Ver != "" {
		s.buf = append(append(append(s.buf[:0], a.Node...), '#'), a.Ver...)
		if i := find(&s.nodes, s.buf); i != nil {
			return *i
		}
	}
	for _, h := range a.Hashes {
		if i := s.nodes.get(hashNode(h)); i != nil {
			return *i
		}
	}
	return nil
}

// check compares the hashes. Characters that the input uses as separators may
// stand in it as they are or escaped; both are in use.
func (c *Caps) check() {
	if c.Info.Cut {
		return
	}
	if c.Hash != "" && c.Ver != "" {
		c.Algo = c.Hash
		for _, escape := range []func(string) string{plain, strings.NewReplacer("<", "&lt;").Replace} {
			input, err := c.Info.input(escape)
			if err != nil {
				c.Verdict, c.Why = CapsIllFormed, err.Error()
				return
			}
			c.judge(input, c.Ver)
			if c.Verdict != CapsMismatch || !strings.Contains(c.Info.allText(), "<") {
				return
			}
		}
		return
	}
	for _, h := range c.Hashes {
		input, err := c.Info.Input2()
		if err != nil {
			c.Verdict, c.Why = CapsIllFormed, err.Error()
			return
		}
		c.Algo = h.Algo
		if c.judge(input, h.Value); c.Verdict == CapsMismatch {
			return
		}
	}
}

func (c *Caps) judge(input, want string) {
	h := hashes[strings.ToLower(c.Algo)]
	if h == nil {
		return
	}
	c.Input, c.Computed = input, sum(h, input)
	if c.Verdict = CapsMismatch; c.Computed == want {
		c.Verdict = CapsMatch
	}
}

// features takes what the server announces about itself (XEP-0115 §6.3).
func (s *Session) features(e *decode.Event, n *xmlstream.Node) {
	if !bytes.Contains(e.Text(), []byte("caps")) {
		return
	}
	if n = s.node(e, n); n == nil {
		return
	}
	if a := s.announced(n, e.Seq); a != nil && a != s.server {
		if e.State != nil {
			s.domain = e.State.Domain
		}
		s.change(Change{GroupCapabilities, s.domain, "announced", s.server.String(), a.String(), 0})
		s.server = a
	}
}

// announced finds what a stanza or the features announce; the one that is known
// already where there is one.
func (s *Session) announced(n *xmlstream.Node, seq decode.Seq) *Announced {
	c, c2 := n.Child(nsCaps, "c"), n.Child(nsCaps2, "c")
	if c == nil && c2 == nil {
		return nil
	}
	s.buf = s.buf[:0]
	if c != nil {
		for _, name := range [...]string{"hash", "node", "ver"} {
			if a := c.FindAttr("", name); a != nil {
				s.buf = append(s.buf, a.Raw.Of(c.Unit())...)
			}
			s.buf = append(s.buf, 0)
		}
	}
	if c2 != nil {
		s.buf = append(s.buf, c2.Inner()...)
	}
	k := maphash.Bytes(s.seed, s.buf)
	if a := s.clients.get(k); a != nil {
		return *a
	}
	a := &Announced{Seq: seq}
	if c != nil {
		a.Hash, a.Node, a.Ver = s.term(c, "hash"), s.term(c, "node"), attr(c, "ver", "")
	}
	if c2 != nil {
		for h := range c2.Children() {
			if h.Name.Local == "hash" && h.Name.Space == nsHashes && len(a.Hashes) < maxHashes {
				a.Hashes = append(a.Hashes, Hash{attr(h, "algo", ""), text(h, "")})
			}
		}
	}
	if len(s.buf) <= maxJID {
		s.clients.put(k, a, 2*len(s.buf)+128)
		if a.Ver != "" {
			s.buf = append(append(append(s.buf[:0], a.Node...), '#'), a.Ver...)
			s.named.put(maphash.Bytes(s.seed, s.buf), a, 64)
		}
		for _, h := range a.Hashes {
			s.named.put(maphash.String(s.seed, hashNode(h)), a, 64)
		}
	}
	return a
}

// checkAnnounced says whether a new announcement agrees with an answer that is
// there already.
func (s *Session) checkAnnounced(a *Announced, seq decode.Seq) {
	if i := s.infoOf(a); i != nil {
		s.agree(a, i, seq)
	}
}

// checkInfo says whether a new answer agrees with what was announced.
func (s *Session) checkInfo(i *Info) {
	if s.server != nil && s.infoFor(s.server, "") == i {
		s.agree(s.server, i, i.Seq)
		return
	}
	if i.Node == "" {
		if p, ok := s.Presence(i.JID); ok && p.Caps != nil && s.infoFor(p.Caps, i.JID) == i {
			s.agree(p.Caps, i, i.Seq)
		}
		return
	}
	if a := s.named.get(maphash.String(s.seed, i.Node)); a != nil && s.infoOf(*a) == i {
		s.agree(*a, i, i.Seq)
	}
}

// agree tells what comparing shows, if it shows anything.
func (s *Session) agree(a *Announced, i *Info, seq decode.Seq) {
	c := Caps{Announced: *a, Info: *i}
	if c.check(); c.Verdict == CapsUnknown {
		return
	}
	was, since := "announced", a.Seq
	if since == seq {
		was, since = "", 0
	}
	s.change(Change{GroupCapabilities, a.String(), "hash", was, c.Verdict.String(), since})
}
