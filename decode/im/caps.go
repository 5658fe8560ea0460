package im

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"hash"
	"slices"
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
	info := s.infoOf(a)
	if info == nil && jid != "" {
		if i := s.infos.get(discoKey(jid, "")); i != nil {
			info = *i
		}
	}
	if info != nil {
		c.Info = *info
		c.check()
	}
	return c, true
}

// infoOf finds the answer that goes with an announcement.
func (s *Session) infoOf(a *Announced) *Info {
	if a.Ver != "" {
		if i := s.nodes.get(a.Node + "#" + a.Ver); i != nil {
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

// hashes are the functions by their names in XEP-0300.
var hashes = map[string]func() hash.Hash{
	"sha-1": sha1.New, "sha-256": sha256.New, "sha-384": sha512.New384, "sha-512": sha512.New,
	"sha3-256": func() hash.Hash { return sha3.New256() },
	"sha3-512": func() hash.Hash { return sha3.New512() },
}

func sum(h func() hash.Hash, input string) string {
	f := h()
	_, _ = f.Write([]byte(input)) // hashes never fail
	return base64.StdEncoding.EncodeToString(f.Sum(nil))
}

// What makes an answer ill-formed (XEP-0115 §5.4; XEP-0390 §4.1).
var (
	errTwice    = errors.New("an identity or a feature stands there twice")
	errFormType = errors.New("a form has several types, or two forms have the same")
	errForm     = errors.New("a form has no hidden FORM_TYPE, or is more than fields")
	errAlien    = errors.New("the answer holds other elements than identities, features and forms")
)

// Input is the text that XEP-0115 §5.1 hashes. The error says what must not be
// hashed.
func (i *Info) Input() (string, error) { return i.input(plain) }

func plain(s string) string { return s }

func (i *Info) input(escape func(string) string) (string, error) {
	ids := make([]string, 0, len(i.Identities))
	for _, d := range i.Identities {
		ids = append(ids, escape(d.Category)+"/"+escape(d.Type)+"/"+escape(d.Lang)+"/"+escape(d.Name))
	}
	features := make([]string, 0, len(i.Features))
	for _, f := range i.Features {
		features = append(features, escape(f))
	}
	slices.Sort(ids)
	slices.Sort(features)
	if twice(ids) || twice(features) {
		return "", errTwice
	}
	forms, err := i.forms(escape)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, list := range [][]string{ids, features, forms} {
		for _, s := range list {
			b.WriteString(s)
			b.WriteByte('<')
		}
	}
	return b.String(), nil
}

// forms are the extended parts, sorted; a form without a hidden type is left out
// (XEP-0115 §5.4).
func (i *Info) forms(escape func(string) string) ([]string, error) {
	var all, types []string
	for n := range i.Forms {
		f := &i.Forms[n]
		for _, t := range f.types {
			if t != f.Type {
				return nil, errFormType
			}
		}
		if f.Type == "" || !f.Hidden {
			continue
		}
		types = append(types, f.Type)
		all = append(all, f.input(escape))
	}
	slices.Sort(all)
	slices.Sort(types)
	if twice(types) {
		return nil, errFormType
	}
	return all, nil
}

// input is a form with its fields and their values in order.
func (f *Form) input(escape func(string) string) string {
	fields := slices.Clone(f.Fields)
	slices.SortStableFunc(fields, func(a, b Field) int { return strings.Compare(a.Var, b.Var) })
	parts := []string{escape(f.Type)}
	for _, d := range fields {
		values := make([]string, 0, len(d.Values))
		for _, v := range d.Values {
			values = append(values, escape(v))
		}
		slices.Sort(values)
		parts = append(append(parts, escape(d.Var)), values...)
	}
	return strings.Join(parts, "<")
}

func twice(sorted []string) bool { return len(slices.Compact(slices.Clone(sorted))) != len(sorted) }

// allText is whatever may hold a separator.
func (i *Info) allText() string {
	s, _ := i.Input2()
	return s
}

// Input2 is the text that XEP-0390 §4.1 hashes: every value ends with a control
// character, so that none can be taken for two.
func (i *Info) Input2() (string, error) {
	var features, ids, forms []string
	for _, f := range i.Features {
		features = append(features, f+"\x1f")
	}
	for _, d := range i.Identities {
		ids = append(ids, d.Category+"\x1f"+d.Type+"\x1f"+d.Lang+"\x1f"+d.Name+"\x1f\x1e")
	}
	err := error(nil)
	if i.alien {
		err = errAlien
	}
	for n := range i.Forms {
		f := &i.Forms[n]
		if f.Type == "" || !f.Hidden || f.shaped {
			err = errForm
		}
		fields := []string{field2("FORM_TYPE", f.types)}
		for _, d := range f.Fields {
			fields = append(fields, field2(d.Var, d.Values))
		}
		slices.Sort(fields)
		forms = append(forms, strings.Join(fields, "")+"\x1d")
	}
	slices.Sort(features)
	slices.Sort(ids)
	slices.Sort(forms)
	return strings.Join(features, "") + "\x1c" + strings.Join(ids, "") + "\x1c" + strings.Join(forms, "") + "\x1c", err
}

func field2(name string, values []string) string {
	all := make([]string, 0, len(values))
	for _, v := range values {
		all = append(all, v+"\x1f")
	}
	slices.Sort(all)
	return name + "\x1f" + strings.Join(all, "") + "\x1e"
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
		domain := ""
		if e.State != nil {
			domain = e.State.Domain
		}
		s.change(Change{GroupCapabilities, domain, "announced", s.server.String(), a.String(), 0})
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
	if a := find(&s.clients, s.buf); a != nil {
		return *a
	}
	a := &Announced{Seq: seq}
	if c != nil {
		a.Hash, a.Node, a.Ver = attr(c, "hash", ""), attr(c, "node", ""), attr(c, "ver", "")
	}
	if c2 != nil {
		for h := range c2.Children() {
			if h.Name.Local == "hash" && h.Name.Space == nsHashes && len(a.Hashes) < maxHashes {
				a.Hashes = append(a.Hashes, Hash{attr(h, "algo", ""), text(h, "")})
			}
		}
	}
	if len(s.buf) <= maxJID {
		s.clients.put(string(s.buf), a, 3*len(s.buf)+128)
	}
	return a
}

// checkAnnounced says whether a new announcement agrees with an answer that is
// there already.
func (s *Session) checkAnnounced(a *Announced) {
	if i := s.infoOf(a); i != nil {
		s.agree(a, i)
	}
}

// checkInfo says whether a new answer agrees with what was announced.
func (s *Session) checkInfo(i *Info) {
	if s.server != nil && s.infoOf(s.server) == i {
		s.agree(s.server, i)
		return
	}
	for _, a := range s.clients.all() {
		if s.infoOf(*a) == i {
			s.agree(*a, i)
			return
		}
	}
}

func (s *Session) agree(a *Announced, i *Info) {
	c := Caps{Announced: *a, Info: *i}
	c.check()
	s.change(Change{GroupCapabilities, a.String(), "hash", "announced", c.Verdict.String(), a.Seq})
}
