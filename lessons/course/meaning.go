package course

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/decode/xmlstream"
)

// meaning is what XML says, whichever way it is written: prefixes, quotes, white
// space between elements, and the order of attributes and of children with other
// names do not count.
type meaning struct {
	name  xmlstream.Name
	attrs map[xmlstream.Name]string
	text  string
	below []*meaning
}

// anything, as the value of an attribute or as text, stands for any that is not
// empty.
const anything = "*"

// meaningOf reads one element, in the namespace of clients unless it says
// otherwise.
func meaningOf(text string) (*meaning, error) {
	var t xmlstream.Tree
	unit := []byte(strings.TrimSpace(text))
	n := t.Parse(unit, xmlstream.MidStream(xmlstream.NSClient), xmlstream.Options{})
	if err := t.Err(); err != nil {
		return nil, err
	}
	if n == nil {
		return nil, fmt.Errorf("there is no element in it")
	}
	return meaningOfNode(n, unit), nil
}

func meaningOfNode(n *xmlstream.Node, unit []byte) *meaning {
	m := &meaning{name: n.Name, attrs: map[xmlstream.Name]string{}}
	for i := range n.Attrs {
		if a := &n.Attrs[i]; a.Name.Space != "xmlns" && !(a.Name.Space == "" && a.Name.Local == "xmlns") {
			m.attrs[a.Name] = a.Value(unit)
		}
	}
	for c := n.FirstChild; c != nil; c = c.Next {
		if c.Kind == xmlstream.ElementNode {
			m.below = append(m.below, meaningOfNode(c, unit))
		}
	}
	m.text = n.Text()
	if len(m.below) > 0 {
		m.text = strings.TrimSpace(m.text)
	}
	return m
}

// differences names what got lacks or has too much of, in words.
func (m *meaning) differences(got *meaning) (all []string) {
	if m.name.Local != got.name.Local {
		return []string{fmt.Sprintf("the element is not <%s/>", got.name.Local)}
	}
	if m.name.Space != got.name.Space {
		return []string{fmt.Sprintf("<%s/> is in another namespace than %q", m.name.Local, got.name.Space)}
	}
	for _, name := range sortedNames(m.attrs) {
		value, has := got.attrs[name]
		switch want := m.attrs[name]; {
		case !has:
			all = append(all, fmt.Sprintf("<%s/> needs an attribute %s", m.name.Local, name.Local))
		case want == anything && value == "":
			all = append(all, fmt.Sprintf("the attribute %s of <%s/> is empty", name.Local, m.name.Local))
		case want != anything && want != value:
			all = append(all, fmt.Sprintf("the attribute %s of <%s/> has another value", name.Local, m.name.Local))
		}
	}
	for _, name := range sortedNames(got.attrs) {
		if _, has := m.attrs[name]; !has {
			all = append(all, fmt.Sprintf("<%s/> has no attribute %s here", m.name.Local, name.Local))
		}
	}
	if m.text != got.text && !(m.text == anything && got.text != "") {
		all = append(all, fmt.Sprintf("the text in <%s/> is another", m.name.Local))
	}
	left := slices.Clone(got.below)
	var unmet []*meaning
	for _, want := range m.below {
		i := slices.IndexFunc(left, func(g *meaning) bool { return g.name == want.name })
		if i < 0 {
			unmet = append(unmet, want)
			continue
		}
		all = append(all, want.differences(left[i])...)
		left = slices.Delete(left, i, i+1)
	}
	for i, want := range unmet {
		if i >= len(left) {
			all = append(all, fmt.Sprintf("<%s/> is missing in <%s/>", want.name.Local, m.name.Local))
			continue
		}
		all = append(all, want.differences(left[i])...)
	}
	for _, more := range left[min(len(unmet), len(left)):] {
		all = append(all, fmt.Sprintf("<%s/> does not belong in <%s/>", more.name.Local, m.name.Local))
	}
	return all
}

func sortedNames(m map[xmlstream.Name]string) []xmlstream.Name {
	var all []xmlstream.Name
	for n := range m {
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b xmlstream.Name) int {
		if c := strings.Compare(a.Local, b.Local); c != 0 {
			return c
		}
		return strings.Compare(a.Space, b.Space)
	})
	return all
}
