package decode

import "xmppscope/decode/xmlstream"

// maxFeatures and maxValues bound what a hostile list can make a state hold.
const (
	maxFeatures = 128
	maxValues   = 256
)

// setFeatures takes over a new list (RFC 6120 §4.3.2).
func setFeatures(s *State, _ *Event, n *xmlstream.Node) {
	s.Features = []Feature{}
	for c := range n.Children() {
		if len(s.Features) == maxFeatures {
			return
		}
		f := feature(c)
		f.Inline = inlineFeatures(c)
		s.Features = append(s.Features, f)
	}
}

// inlineFeatures are what can be done together with a login: the extensions
// inside <inline/> (XEP-0388 §2.1) and the hashes that the server would like to
// have (XEP-0480 §2.1).
func inlineFeatures(c *xmlstream.Node) (all []Feature) {
	if c.Name.Space != nsSASL2 {
		return nil
	}
	add := func(f Feature) {
		if len(all) < maxFeatures {
			all = append(all, f)
		}
	}
	for v := range c.Children() {
		switch {
		case v.Name.Local == "inline":
			for inner := range v.Children() {
				add(feature(inner))
			}
		case v.Name.Local == "upgrade":
			add(Feature{Space: v.Name.Space, Local: v.Name.Local, Values: []string{v.Text()}})
		}
	}
	return all
}

func feature(c *xmlstream.Node) Feature {
	f := Feature{Space: c.Name.Space, Local: c.Name.Local}
	if v, ok := c.Attr("value"); ok && c.Name.Space == nsIAP {
		f.Values = append(f.Values, v)
	}
	for v := range c.Children() {
		switch {
		case v.Name.Local == "required":
			f.Required = true
		case v.Name.Local == "optional":
			f.Optional = true
		case len(f.Values) == maxValues:
		case c.Name.Space == nsChannelB:
			t, _ := v.Attr("type")
			f.Values = append(f.Values, t)
		case v.Name.Local == "mechanism" || v.Name.Local == "method":
			f.Values = append(f.Values, v.Text())
		case v.Name.Local == "inline" && (c.Name.Space == nsBind2 || c.Name.Space == nsBind2Old):
			f.Values = append(f.Values, vars(v)...)
		}
	}
	return f
}

// vars are the names of the extensions that Bind 2 can enable (XEP-0386 §3.1).
func vars(n *xmlstream.Node) (all []string) {
	for c := range n.Children() {
		if v, ok := c.Attr("var"); ok && len(all) < maxValues {
			all = append(all, v)
		}
	}
	return all
}
