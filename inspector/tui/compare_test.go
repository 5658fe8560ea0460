package tui

import (
	"slices"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// What differs in meaning is told apart from what only looks different.
func TestTreeDifferences(t *testing.T) {
	for _, c := range []struct{ a, b, changes, looks string }{
		{"<a x='1' y='2'/>", "<a y='2' x='1'/>", "", "the order of attributes"},
		{"<a x='1'/>", `<a x="1"></a>`, "", "quotes, the form of empty elements"},
		{"<a x='&lt;'>b&amp;</a>", "<a x='&#60;'>b&#38;</a>", "", "references for characters"},
		{"<p:a xmlns:p='u'/>", "<a xmlns='u'/>", "", "prefixes of namespaces"},
		{"<a><b/> <c/></a>", "<a><b/><c/></a>", "", "white space between elements"},
		{"<a id='1'><b>x</b></a>", "<a id='2'><b>y</b></a>", "~ a/@id 1 → 2|~ a/b text x → y", ""},
		{"<a><b/><c/></a>", "<a><c/><d n='1'/></a>", "− a/b <b/> → |+ a/d  → <d n='1'/>", ""},
		{"<a x='1'/>", "<a y='1'/>", "+ a/@y  → 1|− a/@x 1 → ", ""},
		{"<a/>", "<b/>", "~ element <a/> → <b/>", ""},
		{"<a xmlns='u'/>", "<a xmlns='v'/>", "~ element <a xmlns='u'/> → <a xmlns='v'/>", ""},
	} {
		x, y := decode.Event{Kind: decode.KindStanza, Wire: []byte(c.a)}, decode.Event{Kind: decode.KindStanza, Wire: []byte(c.b)}
		d := diffTrees(xmlTree(&x), xmlTree(&y))
		var all []string
		for _, one := range d.changes {
			all = append(all, one.sign+" "+one.where+" "+one.was+" → "+one.now)
		}
		slices.Sort(d.same)
		if got := strings.Join(all, "|"); got != c.changes {
			t.Errorf("%s and %s: %q, want %q", c.a, c.b, got, c.changes)
		}
		if got := strings.Join(d.same, ", "); got != c.looks {
			t.Errorf("%s and %s look different by %q, want %q", c.a, c.b, got, c.looks)
		}
	}
}

// Huge and hostile elements are compared within bounds, and what is drawn of
// them is harmless.
func TestHostileDifferences(t *testing.T) {
	deep := strings.Repeat("<a>", 200) + strings.Repeat("</a>", 200)
	wide := "<a>" + strings.Repeat("<b c='1'/>", 5000) + "</a>"
	other := "<a>" + strings.Repeat("<c b='\u202e'/>", 5000) + "</a>"
	for _, pair := range [][2]string{{deep, wide}, {wide, other}, {wide, "\xff<"}, {"", deep}} {
		x, y := decode.Event{Kind: decode.KindStanza, Wire: []byte(pair[0])}, decode.Event{Kind: decode.KindStanza, Wire: []byte(pair[1])}
		b := newBuilder(newTheme("", true))
		b.comparison(&x, &y, "one", "other")
		for _, l := range b.p.lines {
			if inspector.Harmful(l.plain()) {
				t.Fatalf("%q", l.plain())
			}
		}
	}
}

// From a mark to the selected event, and the lists of features against each
// other.
func TestCompareWithMark(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		th := perform(t, Options{Source: transcripts(t, "plain"), NoColor: true}, size[0], size[1])
		th.press("x").has("m marks an event")
		th.u.jump(4)
		th.tick()
		th.press("m")
		th.u.jump(9)
		th.tick()
		th.press("x").has("What differs: #4 and #9").has("~ size").golden("compare-" + thousands(size[0]))
		th.press("Esc 1 Tab z").has("Against the list before, in #4").has("+ bind")
	}
}
