package im

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Bounds of service discovery.
const (
	maxInfos    = 4096
	maxInfoSize = 32 << 20 // bytes, of all together
	maxFeatures = 1024     // of one answer; also of items, fields and values
	maxIdentity = 64
)

// Identity is what an entity says it is (XEP-0030 §3.1).
type Identity struct{ Category, Type, Lang, Name string }

// Field is a field of a form, with all of its values.
type Field struct {
	Var    string
	Values []string
}

// Form is a data form of an answer (XEP-0128), with its FORM_TYPE.
type Form struct {
	Type string
	// Hidden is set where FORM_TYPE is a hidden field, as it has to be.
	Hidden bool
	// Fields are the others, FORM_TYPE left out.
	Fields []Field
	// types are all values of FORM_TYPE, shaped whether the form is more than
	// fields.
	types  []string
	shaped bool
}

// Info is an answer of disco#info.
type Info struct {
	// JID is who answered, Node what was asked about.
	JID, Node  string
	Identities []Identity
	Features   []string
	Forms      []Form
	Seq        decode.Seq
	// Cut is set where the answer was larger than what is kept.
	Cut bool

	alien bool // it holds elements of other kinds
}

// Entry is one line of disco#items.
type Entry struct{ JID, Node, Name string }

// Items is an answer of disco#items (XEP-0030 §4).
type Items struct {
	JID, Node string
	Entries   []Entry
	Seq       decode.Seq
	Cut       bool
}

// Has tells whether a feature is in the answer.
func (i *Info) Has(feature string) bool {
	for _, f := range i.Features {
		if f == feature {
			return true
		}
	}
	return false
}

// Info is the last answer about an entity and a node, which may be empty.
func (s *Session) Info(jid, node string) (Info, bool) {
	if i := s.infos.get(discoKey(jid, node)); i != nil {
		return **i, true
	}
	return Info{}, false
}

func discoKey(jid, node string) string {
	k := key(jid)
	if r := resource(jid); r != "" {
		k += "/" + r
	}
	return k + "\x00" + node
}

// whose is who an answer is about: an answer without an address speaks for the
// account or its server, whichever was asked (RFC 6120 §8.1.2.1).
func (s *Session) whose(e *decode.Event, r *Request) string {
	switch {
	case e.From != "":
		return clip(e.From)
	case r.To != "":
		return clip(r.To)
	}
	return bare(s.own.JID)
}

func (s *Session) discoInfo(e *decode.Event, n *xmlstream.Node, r *Request) {
	if n == nil {
		return
	}
	q := n.Child(nsInfo, "query")
	if q == nil {
		return
	}
	i, size := s.readInfo(q)
	i.JID, i.Seq = s.whose(e, r), e.Seq
	if i.Node == "" {
		i.Node = r.Node
	}
	k := discoKey(i.JID, i.Node)
	s.change(Change{GroupDiscovery, infoName(i), "info", "", i.String(), 0})
	s.infos.put(k, i, size)
	if i.Node != "" {
		s.nodes.put(i.Node, i, size)
	}
	s.checkInfo(i)
}

func infoName(i *Info) string {
	if i.Node == "" {
		return i.JID
	}
	return i.JID + " " + i.Node
}

// String says what an entity is: its first identity and how many features.
func (i *Info) String() string {
	var w []string
	if len(i.Identities) > 0 {
		d := i.Identities[0]
		w = append(w, d.Category+"/"+d.Type)
		if d.Name != "" {
			w = append(w, d.Name)
		}
	}
	return strings.Join(append(w, plural(len(i.Features), "feature")), ", ")
}

// readInfo reads an answer, as far as it is kept, and tells its size in bytes.
func (s *Session) readInfo(q *xmlstream.Node) (i *Info, size int) {
	i = &Info{Node: attr(q, "node", "")}
	left := maxFeatures
	take := func(v string) string { size += len(v) + 16; return v }
	for c := range q.Children() {
		switch {
		case c.Name.Local == "identity" && c.Name.Space == nsInfo:
			if len(i.Identities) == maxIdentity {
				i.Cut = true
				continue
			}
			i.Identities = append(i.Identities, Identity{take(s.term(c, "category")), take(s.term(c, "type")), take(langOf(c)), take(s.term(c, "name"))})
		case c.Name.Local == "feature" && c.Name.Space == nsInfo:
			if len(i.Features) == maxFeatures {
				i.Cut = true
				continue
			}
			i.Features = append(i.Features, take(s.term(c, "var")))
		case c.Name.Local == "x" && c.Name.Space == nsData:
			f, whole := readForm(c, &left, take)
			i.Forms = append(i.Forms, f)
			i.Cut = i.Cut || !whole
		default:
			i.alien = true
		}
		if size > maxInfoSize/16 {
			i.Cut = true
			break
		}
	}
	return i, size + 256
}

// langOf is the language of an identity, which those around it may set (XML 1.0
// §2.12).
func langOf(n *xmlstream.Node) string {
	for ; n != nil; n = n.Parent {
		if a := n.FindAttr(xmlstream.NSXML, "lang"); a != nil {
			return clip(a.Value(n.Unit()))
		}
		if n.Name.Local == "query" {
			break // what stands on the stanza is not what identities are sorted by
		}
	}
	return ""
}

// readForm reads a form; left is how many fields and values may still be kept.
func readForm(x *xmlstream.Node, left *int, take func(string) string) (f Form, whole bool) {
	whole = true
	for c := range x.Children() {
		if c.Name.Local != "field" {
			f.shaped = f.shaped || c.Name.Local == "reported" || c.Name.Local == "item"
			continue
		}
		if *left--; *left < 0 {
			return f, false
		}
		field := Field{Var: take(attr(c, "var", ""))}
		for v := range c.Children() {
			if v.Name.Local == "value" {
				if *left--; *left < 0 {
					return f, false
				}
				field.Values = append(field.Values, take(text(v, "")))
			}
		}
		if field.Var != "FORM_TYPE" {
			f.Fields = append(f.Fields, field)
			continue
		}
		if f.types == nil && len(field.Values) > 0 {
			f.Type, f.Hidden = field.Values[0], attr(c, "type", "hidden") == "hidden"
		}
		f.types = append(f.types, field.Values...)
	}
	return f, whole
}

func (s *Session) discoItems(e *decode.Event, n *xmlstream.Node, r *Request) {
	if n == nil {
		return
	}
	q := n.Child(nsItems, "query")
	if q == nil {
		return
	}
	i := &Items{JID: s.whose(e, r), Node: attr(q, "node", ""), Seq: e.Seq}
	if i.Node == "" {
		i.Node = r.Node
	}
	size := 256
	for c := range q.Children() {
		if c.Name.Local != "item" || c.Name.Space != nsItems {
			continue
		}
		if len(i.Entries) == maxFeatures {
			i.Cut = true
			break
		}
		d := Entry{attr(c, "jid", ""), attr(c, "node", ""), attr(c, "name", "")}
		size += len(d.JID) + len(d.Node) + len(d.Name) + 48
		i.Entries = append(i.Entries, d)
	}
	s.change(Change{GroupDiscovery, i.JID, "items", "", plural(len(i.Entries), "item"), 0})
	s.items.put(discoKey(i.JID, i.Node), i, size)
}
