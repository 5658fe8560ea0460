package xmlstream

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
)

// TestTreeAgainstEncodingXML reads well-formed stanzas with this parser and
// with one that no one here wrote.
func TestTreeAgainstEncodingXML(t *testing.T) {
	in := hdr + string(traffic(200<<10)) + conversation +
		"<a b=\"x&#10;&quot;y\" c='\"'>1\r\n2&amp;&#x20AC;<![CDATA[<&>]]>é<b xmlns='u' xmlns:p='v' p:q='r'><p:c/></b></a><a/>" + end
	var tree Tree
	var scope *Scope
	for _, u := range feed(NewFramer(Options{}), in, whole) {
		switch u.Kind {
		case Header:
			_, scope = tree.ParseHeader(u.Wire, Options{})
		case Element:
			got := outline(tree.Parse(u.Wire, scope, Options{}))
			if tree.Err() != nil {
				t.Fatalf("%q: %+v", u.Wire, *tree.Err())
			}
			if want := outlineOf(t, hdr+string(u.Wire)); merged(got) != want {
				t.Fatalf("%q\n got %s\nwant %s", u.Wire, merged(got), want)
			}
		case Broken:
			t.Fatalf("%q: %+v", u.Wire, *u.Err)
		}
	}
}

// merged makes one text of text and CDATA side by side, as encoding/xml does.
func merged(outline string) string {
	return strings.ReplaceAll(strings.ReplaceAll(outline, "cdata:", ""), `" "`, "")
}

// outlineOf is outline of the first-level element of a stream, by encoding/xml.
func outlineOf(t *testing.T, in string) string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(in))
	var b strings.Builder
	space := func() {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
	}
	for depth := 0; ; {
		tok, err := d.Token()
		if err != nil {
			t.Fatal(err, in)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if depth++; depth == 1 {
				continue
			}
			space()
			fmt.Fprintf(&b, "[%s|%s", tok.Name.Space, tok.Name.Local)
			for _, a := range tok.Attr {
				if a.Name.Space == "" && a.Name.Local == "xmlns" {
					a.Name = xml.Name{Space: "xmlns"}
				}
				fmt.Fprintf(&b, " %s|%s=%q", a.Name.Space, a.Name.Local, a.Value)
			}
		case xml.CharData:
			space()
			fmt.Fprintf(&b, "%q", string(tok))
		case xml.EndElement:
			b.WriteByte(']')
			if depth--; depth == 1 {
				return merged(b.String())
			}
		}
	}
}

func TestNode(t *testing.T) {
	const in = `<a x='1' xml:lang='de' y:x='2' xmlns:y='u'>one<b>two</b><!--no--><![CDATA[three]]><y:b>f<c/>our</y:b></a>`
	var tree Tree
	n := tree.Parse([]byte(in), nil, Options{})
	attr := func(space, local string) string {
		v, ok := n.AttrNS(space, local)
		return fmt.Sprint(v, ok)
	}
	b := n.Child("u", "b")
	for _, c := range []struct{ what, got, want string }{
		{"Attr", attr("", "x"), "1true"},
		{"AttrNS", attr("u", "x"), "2true"},
		{"xml:lang", attr(NSXML, "lang"), "detrue"},
		{"no such", attr("", "lang"), "false"},
		{"Text", n.Text(), "onethree"},
		{"AllText", n.AllText(), "onetwothreefour"},
		{"Text of an empty one", b.Child("", "c").Text(), ""},
		{"Child", string(b.Wire()), "<y:b>f<c/>our</y:b>"},
		{"Inner", string(b.Inner()), "f<c/>our"},
		{"Tag", string(b.Tag.Of(tree.unit)), "<y:b>"},
		{"EndTag", string(b.EndTag.Of(tree.unit)), "</y:b>"},
		{"QName", string(b.QName.Of(tree.unit)), "y:b"},
		{"FirstElement", n.FirstElement().Text(), "two"},
		{"At", string(n.At(strings.Index(in, "our")).Wire()), "our"},
		{"At the end", string(n.At(len(in) - 1).Wire()), in},
		{"Path", fmt.Sprint(len(b.Child("", "c").Path())), "3"},
	} {
		if c.got != c.want {
			t.Errorf("%s is %q, want %q", c.what, c.got, c.want)
		}
	}
	if n.Child("", "c") != nil || n.At(len(in)) != nil {
		t.Error("found what is not there")
	}
	var all []string
	for c := range n.All() {
		all = append(all, fmt.Sprint(c.Kind))
	}
	if got := strings.Join(all, ""); got != "1212431212" {
		t.Errorf("kinds in order: %s", got)
	}
	elements := 0
	for range n.Children() {
		elements++
	}
	if elements != 2 {
		t.Errorf("%d child elements", elements)
	}
}

func TestTreeLimits(t *testing.T) {
	var tree Tree
	deep := strings.Repeat("<a>", 5) + strings.Repeat("</a>", 5)
	if tree.Parse([]byte(deep), nil, Options{MaxDepth: 5}); tree.Err() != nil {
		t.Errorf("depth 5: %+v", *tree.Err())
	}
	n := tree.Parse([]byte(deep), nil, Options{MaxDepth: 4})
	if got := faults(t, &tree); got != "12 limit [<a>]\n" || int(n.Span.End) != len(deep) {
		t.Errorf("depth 5 of 4: %s, %v", got, n.Span)
	}
	n = tree.Parse([]byte(`<a b='' c='' d='' e=''/>`), nil, Options{MaxAttrs: 2})
	if got := faults(t, &tree); got != "13 limit [d=']\n" || len(n.Attrs) != 2 {
		t.Errorf("4 attributes of 2: %s", got)
	}
	var many strings.Builder
	for i := range 400 {
		fmt.Fprintf(&many, " a%d=''", i)
	}
	tree.Parse([]byte("<a"+many.String()+" a7=''/>"), nil, Options{})
	if got := tree.Err(); got == nil || got.Text != "an attribute that stands twice" || len(tree.Errs) != 1 {
		t.Errorf("twice among many: %v", tree.Errs)
	}
	tree.Parse([]byte("<a>"+strings.Repeat("<b/>", maxNodes+10)+"</a>"), nil, Options{})
	if e := tree.Err(); e == nil || e.Rule != ruleNone || len(tree.Errs) != 1 {
		t.Errorf("many nodes: %v", tree.Errs)
	}
	tree.Parse([]byte("<a>"+strings.Repeat("&x", 1000)+"</a>"), nil, Options{})
	if len(tree.Errs) != maxErrs {
		t.Errorf("%d faults", len(tree.Errs))
	}
	if tree.Parse([]byte("<a/>"), nil, Options{}); len(tree.nodes.all) > keepPages {
		t.Errorf("%d pages kept", len(tree.nodes.all))
	}
}

// TestTreeAllocates nothing once it has seen the names.
func TestTreeAllocates(t *testing.T) {
	var tree Tree
	unit := []byte(conversation[:strings.Index(conversation, "<r ")])
	unit = unit[:strings.Index(string(unit), "</iq>")+5]
	if n := testing.AllocsPerRun(100, func() { tree.Parse(unit, outer, Options{}) }); n > 0 {
		t.Errorf("%v allocations for a unit", n)
	}
}
