package xmlstream

import (
	"fmt"
	"strings"
	"testing"
)

// outer is the scope of a client's stream.
var outer = MidStream(NSClient)

// faults writes the faults of a tree, one a line: rule and faulty bytes.
func faults(t *testing.T, tree *Tree) string {
	t.Helper()
	var b strings.Builder
	for _, e := range tree.Errs {
		if e.Pos < 0 || e.Pos > e.End || e.End > len(tree.unit) {
			t.Fatalf("fault outside the unit: %+v", e)
		}
		rule := e.Rule
		if rule == "" {
			rule = "limit"
		}
		fmt.Fprintf(&b, "%d %s %s\n", e.Pos, rule, quote(tree.unit[e.Pos:e.End]))
	}
	return b.String()
}

// TestFaults: what each piece of broken XML is told about, at which byte.
func TestFaults(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing", `<a b='c' d="&lt;&#x1F600;&#10;"><c/>]]&gt; &amp;&apos;&quot;<![CDATA[<&]]>é</a >`, ""},

		{"wrong end tag", `<a><b></c></a>`, `6 xml-not-well-formed [</c>]`},
		{"forgotten end tag", `<a><b></a>`, `6 xml-not-well-formed [</a>]`},
		{"end of input", `<a><b>`, `3 xml-not-well-formed [<b>]`},
		{"end of input in a tag", `<a><b c='`, `3 xml-not-well-formed [<b c='], 8 xml-not-well-formed [']`},
		{"end tag with more", `<a></a b>`, `6 xml-not-well-formed [ b]`},
		{"end tag too many", `<a/></a>`, `4 xml-not-well-formed [</a>]`},
		{"two elements", `<a/><b/>`, `4 xml-not-well-formed [<b/>]`},
		{"text behind", `<a/>b`, `4 xml-not-well-formed [b]`},
		{"only text", `b`, `0 xml-not-well-formed [b]`},
		{"value without quotes", `<a b=c d='e'/>`, `5 xml-not-well-formed [c]`},
		{"value without its second quote", `<a b='c/>`, `0 xml-not-well-formed [<a b='c/>], 5 xml-not-well-formed ['c/>]`},
		{"attribute without value", `<a b c='d'/>`, `3 xml-not-well-formed [b]`},
		{"attributes without a blank", `<a b='c'd='e'/>`, `8 xml-not-well-formed [d]`},
		{"< in a value", `<a b='<'/>`, `6 xml-not-well-formed [<]`},
		{"attribute twice", `<a b='1' b='2'/>`, `9 xml-not-well-formed [b]`},
		{"declaration twice", `<a xmlns='1' xmlns='2'/>`, `13 xml-not-well-formed [xmlns]`},
		{"junk in a tag", `<a / b='c'/>`, `3 xml-not-well-formed [/]`},
		{"bad element name", `<a*/>`, `1 xml-not-well-formed [a*]`},
		{"bad attribute name", `<a 1='b'/>`, `3 xml-not-well-formed [1]`},
		{"characters no name may have", `<a×/>`, `1 xml-not-well-formed [a\u00d7]`},
		{"names of other scripts", `<имя 名='ä' ö·='x'/>`, ""},
		{"]]> in text", `<a>b]]]>c</a>`, `5 xml-not-well-formed []]>]`},
		{"lone &", `<a b='&'>& &; &a b; &#; &#x; &#1a;</a>`, `6 xml-not-well-formed [&], 9 xml-not-well-formed [&], ` +
			`11 xml-not-well-formed [&], 14 xml-not-well-formed [&], 20 xml-not-well-formed [&#;], 24 xml-not-well-formed [&#x;], 29 xml-not-well-formed [&#1a;]`},
		{"lone <", `<a>1 < 2</a>`, `5 xml-not-well-formed [< ]`},
		{"tag without its end", `<a><b <c/></a>`, `3 xml-not-well-formed [<b ]`},
		{"-- in a comment", `<a><!-- -- --><!-- ---></a>`, `3 xml-comment [<!-- -- -->], 8 xml-not-well-formed [--], ` +
			`14 xml-comment [<!-- --->], 19 xml-not-well-formed [---]`},

		{"prefix not declared", `<x:a y:b='1'/>`, `1 xml-ns-not-well-formed [x], 5 xml-ns-not-well-formed [y]`},
		{"prefix declared behind", `<x:a x:b='1' xmlns:x='y'/>`, ""},
		{"prefix no longer in scope", `<a><b xmlns:x='y'/><x:b/></a>`, `20 xml-ns-not-well-formed [x]`},
		{"two colons", `<a:b:c d:e:f='1' :g='2' h:='3'/>`, `1 xml-ns-not-well-formed [a:b:c], 7 xml-ns-not-well-formed [d:e:f], ` +
			`17 xml-ns-not-well-formed [:g], 24 xml-ns-not-well-formed [h:]`},
		{"half a name", `<stream:1a/>`, `1 xml-ns-not-well-formed [stream:1a]`},
		{"prefix unbound", `<a xmlns:x=''/>`, `3 xml-ns-not-well-formed [xmlns:x='']`},
		{"default unbound", `<a xmlns=''/>`, ""},
		{"xml bound again", `<a xmlns:xml='x' xml:lang='de'/>`, `3 xml-ns-not-well-formed [xmlns:xml='x']`},
		{"xml bound rightly", `<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>`, ""},
		{"the XML namespace elsewhere", `<a xmlns='http://www.w3.org/XML/1998/namespace'/>`,
			`3 xml-ns-not-well-formed [xmlns='http://www.w3.org/XML/1998/namespace']`},
		{"xmlns bound", `<a xmlns:xmlns='x'/>`, `3 xml-ns-not-well-formed [xmlns:xmlns='x']`},
		{"xmlns as an element", `<xmlns:a/>`, `1 xml-ns-not-well-formed [xmlns]`},
		{"attribute twice by namespace", `<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2' b='3'/>`, `35 xml-ns-not-well-formed [y:b]`},

		{"control characters", "<a b='\x01'>\x00\x1b\x7f\u0085\ufffe</a>", `6 xml-illegal-char [\x01], 9 xml-illegal-char [\x00], ` +
			`10 xml-illegal-char [\x1b], 14 xml-illegal-char [\ufffe]`},
		{"references to such", `<a b='&#0;'>&#x1F;&#xD800;&#65534;&#x110000;&#4294967361;</a>`, `6 xml-illegal-char [&#0;], ` +
			`12 xml-illegal-char [&#x1F;], 18 xml-illegal-char [&#xD800;], 26 xml-illegal-char [&#65534;], 34 xml-illegal-char [&#x110000;], ` +
			`44 xml-illegal-char [&#4294967361;]`},
		{"bytes that are no UTF-8", "<a>\xff\xe9t\xc3\xa9 \xc0\xaf \xed\xa0\x80 \xe2\x82</a>", `3 xml-encoding [\xff], 4 xml-encoding [\xe9], ` +
			`9 xml-encoding [\xc0\xaf], 12 xml-encoding [\xed\xa0\x80], 16 xml-encoding [\xe2\x82]`},
		{"another encoding", "<a>\xe4\xf6\xfc\xe4\xf6\xfc\xe4\xf6\xfc\xe4\xf6\xfc</a>", strings.TrimSuffix(`3 xml-encoding [\xe4], 4 xml-encoding [\xf6], `+
			`5 xml-encoding [\xfc], 6 xml-encoding [\xe4], 7 xml-encoding [\xf6], 8 xml-encoding [\xfc], 9 xml-encoding [\xe4], 10 xml-encoding [\xf6], `, ", ")},

		{"what XMPP does not have", `<a><!--b--><?c d?>&nbsp;<!DOCTYPE e><?xml f?></a>`, `3 xml-comment [<!--b-->], 11 xml-pi [<?c d?>], ` +
			`18 xml-entity-ref [&nbsp;], 24 xml-doctype [<!DOCTYPE e>], 36 xml-decl-broken [<?xml f?>]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var tree Tree
			tree.Parse([]byte(c.in), outer, Options{})
			got := strings.ReplaceAll(strings.TrimSpace(faults(t, &tree)), "\n", ", ")
			if got != c.want {
				t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
			}
			if (tree.Err() == nil) != (c.want == "") {
				t.Error("Err and Errs do not agree")
			}
		})
	}
}

// TestHeaderFaults is the same for what opens a stream.
func TestHeaderFaults(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing", `<?xml version='1.0' encoding="utf-8" ?> {H}`, ""},
		{"no declaration", `{H}`, ""},
		{"mark", "\uFEFF{H}", `0 xml-bom [\ufeff]`},
		{"mark and declaration", "\uFEFF<?xml version='1.0'?>{H}", `0 xml-bom [\ufeff]`},
		{"not closed", `<?xml version='1.0'>{H}`, `0 xml-decl-broken [<?xml version='1.0'>]`},
		{"not ended", `<?xml version='1.0' {H}`, `0 xml-decl-broken [<?xml version='1.0' ]`},
		{"empty", `<?xml?>{H}`, `0 xml-decl-broken [<?xml?>]`},
		{"only an encoding", `<?xml encoding='UTF-8'?>{H}`, `0 xml-decl-broken [<?xml encoding='UTF-8'?>]`},
		{"version", `<?xml version='1.1'?>{H}`, `15 xml-version [1.1]`},
		{"encoding", `<?xml version='1.0' encoding='ISO-8859-1'?>{H}`, `30 xml-encoding [ISO-8859-1]`},
		{"standalone", `<?xml version='1.0' standalone='yes'?>{H}`, `32 xml-decl-standalone [yes]`},
		{"order", `<?xml encoding='UTF-8' version='1.0'?>{H}`, `0 xml-decl-broken [<?xml encoding='UTF-8' version='1.0'?>], 23 xml-decl-broken [version='1.0']`},
		{"more", `<?xml version='1.0' lang='de'?>{H}`, `20 xml-decl-broken [lang='de']`},
		{"no quotes", `<?xml version=1.0?>{H}`, `0 xml-decl-broken [<?xml version=1.0?>], 6 xml-decl-broken [version=1.0]`},
		{"second declaration", `<?xml version='1.0'?><?xml version='1.0'?>{H}`, `21 xml-decl-broken [<?xml version='1.0'?>]`},
		{"document type", `<?xml version='1.0'?><!DOCTYPE a>{H}`, `21 xml-doctype [<!DOCTYPE a>]`},
		{"something behind", `{H}<a/>`, fmt.Sprint(len(hdr)) + ` xml-not-well-formed [<a/>]`},
		{"prefix not declared", `<stream:stream xmlns='jabber:client'>`, `1 xml-ns-not-well-formed [stream]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var tree Tree
			in := strings.ReplaceAll(c.in, "{H}", hdr)
			root, _ := tree.ParseHeader([]byte(in), Options{})
			got := strings.ReplaceAll(strings.TrimSpace(faults(t, &tree)), "\n", ", ")
			if got != c.want {
				t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
			}
			if root == nil || root.Name.Local != "stream" {
				t.Errorf("%q: root %v", c.in, root)
			}
		})
	}
}

func TestHeader(t *testing.T) {
	var tree Tree
	root, inside := tree.ParseHeader([]byte("<?xml version='1.0' encoding='UTF-8'?>\n"+
		"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a&amp;b' xml:lang='de'>"), Options{})
	// The scope and strings outlive the tree's next unit.
	to, _ := root.Attr("to")
	lang, _ := root.AttrNS(NSXML, "lang")
	got := fmt.Sprintf("%v %s %s %s %s", root.Name, to, lang, tree.Decl.Version.Of(tree.unit), tree.Decl.Encoding.Of(tree.unit))
	if want := "{http://etherx.jabber.org/streams stream} a&b de 1.0 UTF-8"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for range 300 {
		tree.Parse([]byte("<a xmlns='x' xmlns:stream='y'/>"), inside, Options{})
	}
	for prefix, want := range map[string]string{"": NSClient, "stream": NSStreams, "xml": NSXML} {
		if got, _ := inside.Lookup(prefix); got != want {
			t.Errorf("prefix %q is %q, want %q", prefix, got, want)
		}
	}
	if root, inside := tree.ParseHeader([]byte("<!-- -->"), Options{}); root != nil || inside != nil {
		t.Error("a root from nothing")
	}
}

// outline writes a tree: elements in brackets with expanded names and
// attributes, text in quotes.
func outline(n *Node) string {
	if n == nil {
		return "nothing"
	}
	switch n.Kind {
	case ElementNode:
		s := "[" + n.Name.Space + "|" + n.Name.Local
		for i := range n.Attrs {
			a := &n.Attrs[i]
			s += fmt.Sprintf(" %s|%s=%q", a.Name.Space, a.Name.Local, a.Value(n.unit))
		}
		for c := range n.Nodes() {
			s += " " + outline(c)
		}
		return s + "]"
	case CommentNode:
		return "comment"
	case PINode:
		return "pi:" + n.Name.Local
	case CDATANode:
		return "cdata:" + fmt.Sprintf("%q", n.Text())
	}
	return fmt.Sprintf("%q", n.Text())
}

// TestReading: what is read, of broken units too.
func TestReading(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`<iq id='1'/>`, `[jabber:client|iq |id="1"]`},
		{`<a xmlns='u' b='c' xml:lang='de'><x:y xmlns:x='v' x:z='w'/></a>`,
			`[u|a xmlns|="u" |b="c" http://www.w3.org/XML/1998/namespace|lang="de" [v|y xmlns|x="v" v|z="w"]]`},
		{"<a b='x\ty\r\nz&#9;&lt;&nope;&'>1\r\n2\r3&#13;&gt;&nope;<![CDATA[4\r\n5\r&lt;]]><!--c--><?p q?></a>",
			`[jabber:client|a |b="x y z\t<&nope;&" "1\n2\n3\r>&nope;" cdata:"4\n5\n&lt;" comment pi:p]`},
		{`<a><b>x</c>y</a>`, `[jabber:client|a [jabber:client|b "x"] "y"]`},
		{`<a><b><c>x</a>`, `[jabber:client|a [jabber:client|b [jabber:client|c "x"]]]`},
		{`<a><b>x`, `[jabber:client|a [jabber:client|b "x"]]`},
		{`<a b='c' d='e`, `[jabber:client|a |b="c" |d="e"]`},
		{`<a b=c d='e'/>`, `[jabber:client|a |b="c" |d="e"]`},
		{`text <a/> text`, `[jabber:client|a]`},
		{`<a>1 < 2</a>`, `[jabber:client|a "1 " "< 2"]`},
		{`<q:a q:b='c' b='d'/>`, `[|a |q:b="c" |b="d"]`},
		{`text`, `nothing`},
		{``, `nothing`},
	} {
		var tree Tree
		if got := outline(tree.Parse([]byte(c.in), outer, Options{})); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}
