package xmlstream

import (
	"fmt"
	"strings"
	"testing"
)

func painted(text string) string {
	signs := map[TokenKind]string{TextToken: "text", MarkToken: "mark", TagToken: "tag", PrefixToken: "prefix", AttrToken: "attr", ValueToken: "value",
		ReferenceToken: "ref", CommentToken: "comment", SectionToken: "section", BadToken: "bad"}
	var all []string
	for _, t := range Tokens(nil, []byte(text)) {
		if t.Kind != MarkToken {
			all = append(all, fmt.Sprintf("%s(%s)", signs[t.Kind], t.Of([]byte(text))))
		}
	}
	return strings.Join(all, " ")
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"<iq type='get'/>", "tag(iq) text( ) attr(type) value(get)"},
		{"<stream:error xmlns:a=\"b\" xmlns='c'>x&lt;y</stream:error>", "prefix(stream:) tag(error) text( ) prefix(xmlns:) attr(a) value(b) text( ) prefix(xmlns) value(c) text(x) ref(&lt;) text(y) prefix(stream:) tag(error)"},
		{"<a><![CDATA[<b>]]><!-- c --><?d e?></a>", "tag(a) section(<![CDATA[) text(<b>) section(]]>) comment(<!-- c -->) section(<?d e?>) tag(a)"},
		{"<?xml version='1.0'?><a", "section(<?xml version='1.0'?>) tag(a)"},
		{"<a b='c", "tag(a) text( ) attr(b) value(c)"},
		{"<a b=", "tag(a) text( ) attr(b)"},
		{"<a b", "tag(a) text( ) attr(b)"},
		{"<", "bad(<)"},
		{"<!", "bad(<!)"},
		{"<<a/>", "bad(<) tag(a)"},
		{"<a <b/>", "tag(a) text( ) tag(b)"},
		{"<a &= '&'/>", "tag(a) text( ) attr(&) text( ) bad(&)"},
		{"a & b", "text(a ) bad(&) text( b)"},
		{"<![CDATA[x", "section(<![CDATA[) text(x)"},
		{"<!-- x", "comment(<!-- x)"},
		{"</", "bad(</)"},
		{"</a", "tag(a)"},
		{"< a>", "bad(< ) text(a>)"},
	} {
		if got := painted(c.text); got != c.want {
			t.Errorf("%q is\n  %s, want\n  %s", c.text, got, c.want)
		}
	}
}

// Whatever the text, its tokens follow each other without a hole.
func FuzzTokens(f *testing.F) {
	for _, s := range []string{"<a b='c'>d</a>", "<![CDATA[x]]", "<a &='\"' <b", "<?xml", "<!DOCTYPE a [<", "\xff<\xff'", "</a b='>'>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, k := range Tokens(nil, []byte(text)) {
			if int(k.Start) != at || k.Len() <= 0 {
				t.Fatalf("a token at %d to %d, after %d", k.Start, k.End, at)
			}
			at = int(k.End)
		}
		if at != len(text) {
			t.Fatalf("%d of %d bytes have a token", at, len(text))
		}
	})
}
