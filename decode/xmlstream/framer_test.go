package xmlstream

import (
	"strings"
	"testing"
)

const (
	hdr = `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`
	end = `</stream:stream>`
)

// transcript is an input and its units, one a line: kind and wire, and where
// the framer finds fault, the rule (or the first word of the text) with the
// faulty bytes. {H} stands for hdr, {E} for end.
type transcript struct{ name, in, want string }

var framing = []transcript{
	{"a session", "<?xml version='1.0'?>\n{H}<iq id='1'/>\n<message><body>hi</body></message>{E}", `
header [<?xml version='1.0'?>\n{H}]
element [<iq id='1'/>]
space [\n]
element [<message><body>hi</body></message>]
close [{E}]
`},
	{"quotes, CDATA, comments and instructions hide markup", `{H}<m a='>' b="</m>'/>"><![CDATA[</m>]]]]><!-- </m> --><?p </m>?>&lt;/m></m>{E}`, `
header [{H}]
element [<m a='>' b="</m>'/>"><![CDATA[</m>]]]]><!-- </m> --><?p </m>?>&lt;/m></m>]
close [{E}]
`},
	{"a quoted < is left to the parser", `{H}<m a='<b'/>`, `
header [{H}]
element [<m a='<b'/>]
`},
	{"short marks do not end early", `{H}<m><!--></m>--><!---></m>--><?></m>?><![CDATA[>]></m>]]></m>`, `
header [{H}]
element [<m><!--></m>--><!---></m>--><?></m>?><![CDATA[>]></m>]]></m>]
`},
	{"runs of white space are one unit", " \r\n\t{H} \n {E} \n", `
space [ \r\n\t]
header [{H}]
space [ \n ]
close [{E}]
space [ \n]
`},
	{"other stream roots", `<stream/>`, `
header [<stream/>]
`},
	{"a root of another namespace is left to others", `<x:stream xmlns:x='y'><a/></x:stream>`, `
header [<x:stream xmlns:x='y'>]
element [<a/>]
close [</x:stream>]
`},
	{"a root that is no stream", `<foo><a>b</a></foo> `, `
broken [<foo>] the [<foo>]
element [<a>b</a>]
close [</foo>]
space [ ]
`},
	{"a closed root that is no stream", `<foo/>{H}`, `
broken [<foo/>] the [<foo/>]
header [{H}]
`},
	{"the end of the stream under another name", `{H}</stream>`, `
header [{H}]
close [</stream>] xml-not-well-formed [stream]
`},
	{"mark", "\uFEFF<?xml version='1.0'?>{H}", `
header [\ufeff<?xml version='1.0'?>{H}] xml-bom [\ufeff]
`},
	{"mark at a restart", "{H}\uFEFF{H}\uFEFF<a/>\uFEFFx", `
header [{H}]
header [\ufeff{H}] xml-bom [\ufeff]
broken [\ufeff] text-between-stanzas [\ufeff]
element [<a/>]
broken [\ufeffx] text-between-stanzas [\ufeffx]
`},
	{"half a mark", "\xEF\xBB", `
broken [\xef\xbb] incomplete []
`},
	{"no mark", "\xEF\xBB{H}", `
broken [\xef\xbb] xml-not-well-formed [\xef\xbb]
header [{H}]
`},
	{"space before the declaration", "\n<?xml version='1.0'?>{H}", `
space [\n]
header [<?xml version='1.0'?>{H}] xml-decl-broken [<?xml version='1.0'?>]
`},
	{"a declaration without its second ?", "<?xml version='1.0'>{H}", `
header [<?xml version='1.0'>{H}] xml-decl-broken [<?xml version='1.0'>]
`},
	{"a declaration without its end", "<?xml version='1.0' {H}", `
header [<?xml version='1.0' {H}] xml-decl-broken [<?xml version='1.0' ]
`},
	{"a document type", "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b '>]'>]>{H}", `
broken [<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b '>]'>]>] xml-doctype [<!DOCTYPE a [<!ENTITY b '>]'>]>]
header [{H}]
`},
	{"things before the root", "<!--a--><?b c?><![CDATA[d]]>e</f><{H}", `
broken [<!--a-->] xml-comment [<!--a-->]
broken [<?b c?>] xml-pi [<?b c?>]
broken [<![CDATA[d]]>] xml-not-well-formed [<![CDATA[d]]>]
broken [e] xml-not-well-formed [e]
broken [</f>] xml-not-well-formed [</f>]
broken [<] xml-not-well-formed [<]
header [{H}]
`},
	{"things between elements", "{H}<!--a--><?b c?><![CDATA[d]]> e </f><a/>", `
header [{H}]
broken [<!--a-->] xml-comment [<!--a-->]
broken [<?b c?>] xml-pi [<?b c?>]
broken [<![CDATA[d]]>] text-between-stanzas [<![CDATA[d]]>]
space [ ]
broken [e ] text-between-stanzas [e ]
broken [</f>] xml-not-well-formed [</f>]
element [<a/>]
`},
	{"restart, with and without declaration", "{H}<a/>{H}{H}<?xml version='1.0'?> {H}<b/>{E}", `
header [{H}]
element [<a/>]
header [{H}]
header [{H}]
header [<?xml version='1.0'?> {H}]
element [<b/>]
close [{E}]
`},
	{"nothing of the old root survives a restart", "<s:stream><stream></s:stream></stream>", `
header [<s:stream>]
header [<stream>]
close [</s:stream>] xml-not-well-formed [s:stream]
broken [</stream>] data-after-close [</stream>]
`},
	{"a declaration that begins no document", "{H}<?xml version='1.0'?> <a/>", `
header [{H}]
broken [<?xml version='1.0'?>] xml-decl-broken [<?xml version='1.0'?>]
space [ ]
element [<a/>]
`},
	{"an instruction that only sounds like it", "{H}<?xmlish a?>", `
header [{H}]
broken [<?xmlish a?>] xml-pi [<?xmlish a?>]
`},
	{"after the close", "{H}{E} \n<a><b/></a>c<!--d-->\n<?xml version='1.0'?>{H}<e/>", `
header [{H}]
close [{E}]
space [ \n]
broken [<a><b/></a>] data-after-close [<a><b/></a>]
broken [c] data-after-close [c]
broken [<!--d-->] data-after-close [<!--d-->]
space [\n]
header [<?xml version='1.0'?>{H}]
element [<e/>]
`},
	{"a wrong end tag closes the innermost element", "{H}<a><b>x</c></a><d/>", `
header [{H}]
broken [<a><b>x</c></a>] xml-not-well-formed [</c>]
element [<d/>]
`},
	{"a forgotten end tag", "{H}<a><b><c>x</a><d/>", `
header [{H}]
broken [<a><b><c>x</a>] xml-not-well-formed [</a>]
element [<d/>]
`},
	{"the stream ends inside an element", "{H}<a><b>x{E}", `
header [{H}]
broken [<a><b>x] xml-not-well-formed [<b]
close [{E}]
`},
	{"a < in text", "{H}<message><body>1 < 2</body></message><iq/>{E}", `
header [{H}]
broken [<message><body>1 < 2] xml-not-well-formed [< ]
broken [</body></message>] skipped []
element [<iq/>]
close [{E}]
`},
	{"a tag without its end", "{H}<message to='a' <body>b</body></message><iq/>{E}", `
header [{H}]
broken [<message to='a' ] xml-not-well-formed [<message to='a' ]
broken [<body>b</body></message>] skipped []
element [<iq/>]
close [{E}]
`},
	{"a missing quote", "{H}<message to='a><body>it's</body></message><iq/>", `
header [{H}]
broken [<message to='a><body>it's] xml-not-well-formed [<message to='a><body>it's]
broken [</body></message>] skipped []
element [<iq/>]
`},
	{"markup that is none", "{H}<a><!b></a><iq/>{E}", `
header [{H}]
broken [<a><!b>] xml-not-well-formed [<!]
broken [</a>] skipped []
element [<iq/>]
close [{E}]
`},
	{"an end tag without a name", "{H}<a></><iq/>{E}", `
header [{H}]
broken [<a></>] xml-not-well-formed [</]
element [<iq/>]
close [{E}]
`},
	{"an end tag without its end", "{H}<a></a<iq/>{E}", `
header [{H}]
broken [<a></a] xml-not-well-formed [</a]
element [<iq/>]
close [{E}]
`},
	{"the input ends in a tag", "{H}<a b='", `
header [{H}]
broken [<a b='] incomplete []
`},
	{"the input ends in an element", "{H}<a>b", `
header [{H}]
broken [<a>b] incomplete []
`},
	{"the input ends in the header", "<?xml version='1.0'?>\n", `
broken [<?xml version='1.0'?>\n] incomplete []
`},
	{"the input ends in text", "{H}a", `
header [{H}]
broken [a] text-between-stanzas [a]
`},
	{"control characters are left to the parser", "{H}<a>\x00\x1b</a>", `
header [{H}]
element [<a>\x00\x1b</a>]
`},
}

func (c transcript) check(t *testing.T, start func() *Framer) {
	t.Run(c.name, func(t *testing.T) {
		in := strings.NewReplacer("{H}", hdr, "{E}", end).Replace(c.in)
		got := showAll(checkLaws(t, in, start))
		if want := strings.TrimPrefix(c.want, "\n"); got != want {
			t.Errorf("%q\n got\n%swant\n%s", c.in, got, want)
		}
	})
}

func TestFraming(t *testing.T) {
	for _, c := range framing {
		c.check(t, func() *Framer { return NewFramer(Options{}) })
	}
}

func TestDepth(t *testing.T) {
	f := NewFramer(Options{})
	for _, step := range []struct {
		in    string
		depth int
	}{{" ", 0}, {hdr, 1}, {"<a>", 2}, {"<b>", 3}, {"<c/></b>", 2}, {"</a>", 1}, {end, 0}, {"<a><b>", 0}} {
		f.Push([]byte(step.in))
		f.drain(nil)
		if got := f.Depth(); got != step.depth {
			t.Errorf("after %q: depth %d, want %d", step.in, got, step.depth)
		}
	}
	if got := NewMidStream(Options{}).Depth(); got != 1 {
		t.Errorf("in mid-stream: depth %d, want 1", got)
	}
}

// TestTake is law 4: what stands behind the last byte of a unit is handed
// back, and the next document knows nothing of this one.
func TestTake(t *testing.T) {
	for _, behind := range []string{"", "\x16\x03\x01", "<", hdr, "</x:stream>"} {
		f := NewFramer(Options{})
		in := "<x:stream><proceed/>"
		f.Push([]byte(in + behind))
		f.Next()
		if u, ok := f.Next(); !ok || string(u.Wire) != "<proceed/>" {
			t.Fatalf("before %q: %v, %v", behind, show(u), ok)
		}
		taken := f.Take()
		if f.Pending() != 0 || f.Depth() != 0 {
			t.Errorf("after taking %q: pending %d, depth %d", behind, f.Pending(), f.Depth())
		}
		f.Push([]byte(end + hdr))
		if string(taken) != behind {
			t.Errorf("took %q, want %q", taken, behind)
		}
		got := showAll(f.drain(nil))
		want := "broken [{E}] xml-not-well-formed [{E}]\nheader [{H}]\n"
		if got != want {
			t.Errorf("after taking %q:\n%swant\n%s", behind, got, want)
		}
		f.Push([]byte("<a/>"))
		if u, _ := f.Next(); u.Off != int64(len(in+end+hdr)) {
			t.Errorf("after taking %q: offset %d, want %d", behind, u.Off, len(in+end+hdr))
		}
	}
}

// TestWireStays pushes on and on, and looks again at what came first.
func TestWireStays(t *testing.T) {
	f := NewFramer(Options{})
	f.Push([]byte(hdr))
	var units []Unit
	for range 2000 {
		f.Push([]byte("<message><body>" + strings.Repeat("x", 97) + "</body></message> "))
		units = f.drain(units)
	}
	for _, u := range units[1:] {
		if w := string(u.Wire); w != " " && w != "<message><body>"+strings.Repeat("x", 97)+"</body></message>" {
			t.Fatalf("changed after it was returned: %q", w)
		}
		if cap(u.Wire) != len(u.Wire) {
			t.Fatal("appending to a unit would overwrite the next")
		}
	}
}
