package xmlstream

import (
	"fmt"
	"strings"
	"testing"
)

// kindNames spells token kinds as the table does.
var kindNames = map[TokenKind]string{
	PunctToken: "punct", PrefixToken: "prefix", NameToken: "name", AttrPrefixToken: "attrprefix", AttrToken: "attr",
	XMLNSToken: "xmlns", ValueToken: "value", SpaceToken: "space", TextToken: "text", EntityToken: "entity",
	CDATAMarkToken: "mark", CDATAToken: "cdata", CommentToken: "comment", PIToken: "pi", DoctypeToken: "doctype", ErrorToken: "error",
}

// TestTokens lists tokens as kind and bytes; punctuation stands for itself.
func TestTokens(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`<a b="c"/>`, `< name[a] space[ ] attr[b] = value["c"] />`},
		{`<p:a xmlns='u' xmlns:p="v" p:b='x&lt;y'>t&#65;u</p:a >`,
			`< prefix[p] : name[a] space[ ] xmlns[xmlns] = value['u'] space[ ] xmlns[xmlns:p] = value["v"] space[ ] ` +
				`attrprefix[p] : attr[b] = value['x] entity[&lt;] value[y'] > text[t] entity[&#65;] text[u] </ prefix[p] : name[a] space[ ] >`},
		{`<![CDATA[a]]b]]><!-- c --><?d e?><!DOCTYPE f>`, `mark[<![CDATA[] cdata[a]]b] mark[]]>] comment[<!-- c -->] pi[<?d e?>] doctype[<!DOCTYPE f>]`},
		{`<?xml version='1.0'?>`, `pi[<?xml version='1.0'?>]`},
		{`a & b &nope;`, `text[a ] error[&] text[ b ] error[&nope;]`},
		{`1 < 2 <b <c>`, `text[1 ] error[< ] text[2 ] error[<b ] < name[c] >`},
		{`<a 1='b' c`, `< name[a] space[ ] error[1] = value['b'] space[ ] attr[c]`},
		{`<a b='c`, `< name[a] space[ ] attr[b] = value['c]`},
		{`<a`, `< name[a]`}, {`</a`, `</ name[a]`}, {`<`, `error[<]`}, {`<![CDATA[x]]`, `mark[<![CDATA[] cdata[x]]]`}, {`<!-- `, `comment[<!-- ]`},
	} {
		var got []string
		for tok := range Tokens([]byte(c.in)) {
			if wire := c.in[tok.Span.Start:tok.Span.End]; tok.Kind == PunctToken {
				got = append(got, wire)
			} else {
				got = append(got, fmt.Sprintf("%s[%s]", kindNames[tok.Kind], wire))
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.in, s, c.want)
		}
	}
}

// TestTokensStop when the consumer has enough.
func TestTokensStop(t *testing.T) {
	in := []byte(`<a b='c&lt;d'>e&amp;f<![CDATA[g]]></a>`)
	all := 0
	for range Tokens(in) {
		all++
	}
	for most := 1; most < all; most++ {
		n := 0
		for range Tokens(in) {
			if n++; n == most {
				break
			}
		}
		if n != most {
			t.Errorf("%d tokens after the break at %d", n, most)
		}
	}
}

// FuzzTokens: any bytes are tiled by their tokens, and shown by Pretty but for
// white space.
func FuzzTokens(f *testing.F) {
	f.Add([]byte(conversation))
	f.Add([]byte("<a b='&'\xff 1=c/d><![CDATA[</a"))
	f.Add([]byte(" <!DOCTYPE a [<!b>]> & &#0; </a b='c'></>"))
	f.Fuzz(func(t *testing.T, unit []byte) {
		pos := int32(0)
		for tok := range Tokens(unit) {
			if tok.Span.Start != pos || tok.Span.End <= pos || kindNames[tok.Kind] == "" {
				t.Fatalf("token %+v of %q at %d", tok, unit, pos)
			}
			pos = tok.Span.End
		}
		if int(pos) != len(unit) {
			t.Fatalf("tokens of %q end at %d", unit, pos)
		}
		for _, width := range []int{0, 1, 20} {
			checkLines(t, unit, Pretty(unit, width))
		}
	})
}

func checkLines(t *testing.T, unit []byte, lines []PrettyLine) {
	t.Helper()
	pos := int32(0)
	for _, l := range lines {
		if l.Span.Start < pos || l.Span.End <= l.Span.Start || l.Indent < 0 {
			t.Fatalf("line %+v of %q at %d", l, unit, pos)
		}
		if !blank(unit[pos:l.Span.Start]) {
			t.Fatalf("not shown: %q of %q", unit[pos:l.Span.Start], unit)
		}
		pos = l.Span.End
	}
	if !blank(unit[pos:]) {
		t.Fatalf("not shown: %q of %q", unit[pos:], unit)
	}
}

func TestPretty(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{`<iq id='1'><a><b>x</b> <c/></a></iq>`, 0, `
<iq id='1'>
 <a>
  <b>x</b>
  <c/>
 </a>
</iq>`},
		{"<?xml version='1.0'?>\n" + `<stream:stream to='a' from='b c' id='long one'>`, 20, `
<?xml version='1.0'?>
<stream:stream
  to='a' from='b c'
  id='long one'>`},
		{"<m>mixed <b>text</b><![CDATA[<x>]]> <!--c--></m>", 0, `
<m>
 mixed
 <b>text</b>
 <![CDATA[<x>]]>
 <!--c-->
</m>`},
		{"</a></b><c><d>1 < 2", 0, `
</a>
</b>
<c>
 <d>
  1
  < 
  2`},
		{"   ", 0, "\n"},
	} {
		lines := Pretty([]byte(c.in), c.width)
		checkLines(t, []byte(c.in), lines)
		var got strings.Builder
		for _, l := range lines {
			got.WriteString("\n" + strings.Repeat(" ", l.Indent) + c.in[l.Span.Start:l.Span.End])
		}
		want := strings.TrimSuffix(strings.ReplaceAll(c.want, "< \n", "<\n"), "\n")
		if got.String() != want {
			t.Errorf("%q\n got %s\nwant %s", c.in, got.String(), want)
		}
	}
}
