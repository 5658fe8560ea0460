package xmlstream

import "bytes"

// declare reads the namespace declarations among the attributes and returns
// the scope inside the element.
func (t *Tree) declare(s *Scope, attrs []Attr) *Scope {
	for i := range attrs {
		a := &attrs[i]
		name := a.QName.Of(t.unit)
		var prefix []byte
		switch {
		case string(name) == "xmlns":
		case a.colon == 5 && string(name[:5]) == "xmlns":
			prefix = name[6:]
		default:
			continue
		}
		a.Name = Name{Space: "xmlns", Local: t.names.intern(prefix)}
		space := t.namespace(a)
		t.checkBinding(a, a.Name.Local, space)
		s = t.bind(s, a.Name.Local, space)
	}
	return s
}

// namespace is the value of a declaration, as a string that is kept.
func (t *Tree) namespace(a *Attr) string {
	raw := a.Raw.Of(t.unit)
	if bytes.IndexByte(raw, '&') < 0 {
		return t.names.intern(raw)
	}
	return a.Value(t.unit)
}

// bind is Scope.Bind, in an arena unless the scope is to be kept.
func (t *Tree) bind(s *Scope, prefix, space string) *Scope {
	if t.keep {
		return s.Bind(prefix, space)
	}
	n := &t.scopes.take(1)[0]
	*n = Scope{parent: s, prefix: prefix, space: space, depth: 1}
	if s != nil {
		n.depth += s.depth
	}
	return n
}

// checkBinding checks a declaration against Namespaces in XML 1.0 §3 and §2.2.
func (t *Tree) checkBinding(a *Attr, prefix, space string) {
	why := ""
	switch {
	case prefix == "xmlns":
		why = "the prefix xmlns must not be declared"
	case prefix == "xml" && space != NSXML:
		why = "the prefix xml must not be bound to another namespace"
	case prefix != "xml" && space == NSXML:
		why = "the XML namespace must not be bound to another prefix"
	case space == NSXMLNS:
		why = "the namespace of declarations must not be bound"
	case prefix != "" && space == "":
		why = "a prefix must not be bound to no namespace"
	}
	if why != "" {
		end := min(int(a.Raw.End)+1, len(t.unit)) // with the quote
		t.report(ruleNamespace, why, int(a.QName.Start), end)
	}
}

// resolve expands the names of an element and its attributes.
func (t *Tree) resolve(n *Node) {
	pos, end := int(n.QName.Start), int(n.QName.End)
	last, colon, ok := scanName(t.unit[:end], pos)
	if !ok || last != end {
		t.report(ruleWellFormed, "a name with a character that must not stand in it", pos, end)
	}
	if colon >= 0 {
		colon -= pos
	}
	n.Name = t.expand(n.Scope, n.QName, colon, true)
	for i := range n.Attrs {
		if a := &n.Attrs[i]; a.Name.Space != "xmlns" {
			a.Name = t.expand(n.Scope, a.QName, int(a.colon), false)
		}
	}
	if len(n.Attrs) > 1 {
		t.checkTwice(n)
	}
}

// expand takes a name apart at its colon and looks up the prefix. Where that
// fails, the name has no namespace.
func (t *Tree) expand(s *Scope, q Span, colon int, element bool) Name {
	name := q.Of(t.unit)
	switch {
	case colon == -1 && element:
		space, _ := s.Lookup("")
		return Name{space, t.names.intern(name)}
	case colon == -1:
		return Name{"", t.names.intern(name)}
	case colon == -2:
		t.report(ruleNamespace, "a name with a colon too many", int(q.Start), int(q.End))
		return Name{"", t.names.intern(name)}
	}
	space, ok := s.Lookup(t.names.intern(name[:colon]))
	local := name[colon+1:]
	switch {
	case !ok:
		t.report(ruleNamespace, "a prefix that is not declared", int(q.Start), int(q.Start)+colon)
		if !element {
			local = name // not to be taken for an attribute without a prefix
		}
	case space == NSXMLNS:
		t.report(ruleNamespace, "the prefix xmlns is not for elements", int(q.Start), int(q.Start)+colon)
	case class[local[0]]&isNameStart == 0:
		t.report(ruleNamespace, "a name whose part behind the colon is none", int(q.Start), int(q.End))
	}
	return Name{space, t.names.intern(local)}
}

// checkTwice reports attributes that stand twice, as written or by namespace.
func (t *Tree) checkTwice(n *Node) {
	const few = 16
	many := len(n.Attrs) > few
	if many {
		if t.seen == nil {
			t.seen = map[Name]int{}
		}
		clear(t.seen)
	}
	for i := range n.Attrs {
		a := &n.Attrs[i]
		j, found := 0, false
		if many {
			if j, found = t.seen[a.Name]; !found {
				t.seen[a.Name] = i
			}
		} else {
			for j = 0; j < i && n.Attrs[j].Name != a.Name; j++ {
			}
			found = j < i
		}
		if found {
			t.reportTwice(&n.Attrs[j], a)
		}
	}
	if many && len(t.seen) > 4*few {
		t.seen = nil
	}
}

func (t *Tree) reportTwice(a, b *Attr) {
	pos, end := int(b.QName.Start), int(b.QName.End)
	switch {
	case string(a.QName.Of(t.unit)) == string(b.QName.Of(t.unit)):
		t.report(ruleWellFormed, "an attribute that stands twice", pos, end)
	case a.Name.Space != "":
		t.report(ruleNamespace, "an attribute that stands twice under two prefixes", pos, end)
	}
}
