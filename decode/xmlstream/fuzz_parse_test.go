package xmlstream

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// FuzzParse holds law 6 against any bytes: no panic, every span inside the
// unit and inside its parent, every fault at a byte of it; and what is called
// faultless here is well-formed for another parser too.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>", "<a b='&lt;&#65;&x;'>t<![CDATA[]]]]>x</a>",
		"<a xmlns:p='' p:b='1' p:c='2'/>", "<!-- c --><a/>", "<a><b></a>", "<a a='1' a='2'>\x00\xff</a>", "<a:b:c/>",
		"<?xml version='1.0' standalone='yes'?>\n<stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client'>",
		"\xef\xbb\xbf<?xml version='1.1' encoding='latin1'?><s:stream xmlns:s='x'/>", "<a>]]></a>", "<message><body>\xed\xa0\x80</body></message>",
	} {
		f.Add([]byte(s))
	}
	scope := MidStream(NSClient)
	f.Fuzz(func(t *testing.T, unit []byte) {
		var tree Tree
		root := tree.Parse(unit, scope, Options{})
		checkNode(t, unit, root, Span{0, int32(len(unit))})
		checkFaults(t, unit, tree.Errs)
		if root != nil && len(tree.Errs) == 0 {
			checkAgainstStandard(t, unit)
		}
		root, _ = tree.ParseHeader(unit, Options{})
		checkNode(t, unit, root, Span{0, int32(len(unit))})
		checkFaults(t, unit, tree.Errs)
	})
}

func checkNode(t *testing.T, unit []byte, n *Node, within Span) {
	t.Helper()
	if n == nil {
		return
	}
	for _, s := range []Span{n.Span, n.Tag, n.QName} {
		if s.Len() != 0 && (s.Start < within.Start || s.End > within.End || s.Start > s.End) {
			t.Fatalf("a span %v of %q lies outside %v", s, unit, within)
		}
	}
	_ = n.Text()
	_ = n.AllText()
	for _, a := range n.Attrs {
		_ = a.Raw.Of(unit)
		_ = a.Value(unit)
	}
	for c := range n.Nodes() {
		checkNode(t, unit, c, Span{within.Start, within.End})
	}
}

func checkFaults(t *testing.T, unit []byte, errs []SyntaxError) {
	t.Helper()
	for _, e := range errs {
		if e.Pos < 0 || e.End < e.Pos || e.End > len(unit) || e.Text == "" {
			t.Fatalf("fault %+v in %d bytes", e, len(unit))
		}
	}
}

// checkAgainstStandard reads the unit with encoding/xml, which is more lenient
// than we are in everything but its own limits.
func checkAgainstStandard(t *testing.T, unit []byte) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(unit)))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%q is called faultless, but: %v", unit, err)
		}
	}
}
