package binding

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/decode/xmlstream"
)

// features edits what the server offers, in the way that the mode wants.
func (s *Session) features(n *xmlstream.Node) Verdict {
	r := reader{}
	switch s.o.Mode {
	case Strip:
		r.keep = keep{
			mechanism: func(name string) bool { return !isPlus(name) },
			token:     func(name string) bool { return typeOfHT(name) == nil },
		}
	default:
		r.keep = s.plan(n)
	}
	r.features(n)
	s.real, s.shown = r.real, r.shown
	v := Verdict{Bytes: r.edits.apply(n)}
	if v.Bytes == nil {
		return v
	}
	v.Note = "removed from the features: " + strings.Join(r.gone, ", ")
	if s.o.Mode == Strip {
		v.Note += ". A client that can bind but sees nothing to bind with says so (flag y), and the server has to refuse it then; " +
			"a client that insists on -PLUS stops here; one that checks h= finds the lists changed. Only a client that cannot bind notices nothing"
	} else {
		v.Note += ": the client's TLS connection and the server's cannot both do it"
	}
	return v
}

// plan decides what stays where the binding is recomputed: all that both legs can
// do, each in its way.
func (s *Session) plan(n *xmlstream.Node) keep {
	listed := listedTypes(n)
	towards := s.b.bound() && (listed == nil || slices.ContainsFunc(listed, func(t string) bool { return s.b.data(t) != nil }))
	offered := plainScram(n)
	able := s.a.bound()
	if able && listed != nil {
		able = slices.ContainsFunc(listed, func(t string) bool { return s.shownType(t, listed) != "" })
	}
	return keep{
		list: able,
		typ:  func(name string) string { return s.shownType(name, listed) },
		mechanism: func(name string) bool {
			if !isPlus(name) {
				return true
			}
			_, known := scramHash(name)
			return able && known && (towards || slices.Contains(offered, strings.TrimSuffix(name, "-PLUS")))
		},
		token: func(name string) bool {
			t := typeOfHT(name)
			return t == nil || t.of(&s.a) != nil && t.of(&s.b) != nil
		},
	}
}

// shownType is the type that the client sees in place of one that the server
// lists: the same where the client's leg can do it; else what does the same work
// in the client's version of TLS, unless that is listed too; else none.
func (s *Session) shownType(name string, listed []string) string {
	if s.a.data(name) != nil {
		return name
	}
	if t := typeNamed(name); t != nil && t.twin != "" && s.a.data(t.twin) != nil && !slices.Contains(listed, t.twin) {
		return t.twin
	}
	return ""
}

// plainScram are the mechanisms without -PLUS that the features offer, in both
// profiles.
func plainScram(n *xmlstream.Node) (all []string) {
	for c := range n.Children() {
		for m := range c.Children() {
			if m.Name.Local == "mechanism" && len(all) < maxListed && !isPlus(m.Text()) {
				all = append(all, m.Text())
			}
		}
	}
	return all
}

// shown makes text from the wire fit for a sentence: short, quoted where it is
// not plain.
func shown(s string) string {
	const most = 60
	rest := ""
	if len(s) > most {
		s, rest = s[:most], "…"
	}
	for _, c := range []byte(s) {
		if c < 0x20 || c > 0x7E {
			return fmt.Sprintf("%+q", s) + rest
		}
	}
	return s + rest
}
