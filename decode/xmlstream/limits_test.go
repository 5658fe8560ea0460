package xmlstream

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestLimits is law 5. The limits are 40 bytes, a depth of 3, 4 attributes.
func TestLimits(t *testing.T) {
	start := func() *Framer { return NewFramer(Options{MaxUnit: 40, MaxDepth: 3, MaxAttrs: 4}) }
	for _, c := range []transcript{
		{"as large as allowed", `<stream><a>` + strings.Repeat("x", 33) + `</a><b/>`, `
header [<stream>]
element [<a>` + strings.Repeat("x", 33) + `</a>]
element [<b/>]
`},
		{"one byte more", `<stream><a>` + strings.Repeat("x", 34) + `</a><b/>`, `
header [<stream>]
broken [<a>` + strings.Repeat("x", 34) + `</a] longer []
opaque [><b/>]
`},
		{"a long header", `<stream a='` + strings.Repeat("x", 40), `
broken [<stream a='` + strings.Repeat("x", 29) + `] longer []
opaque [` + strings.Repeat("x", 11) + `]
`},
		{"a long text between elements", `<stream>` + strings.Repeat("x", 40) + `<b/>`, `
header [<stream>]
broken [` + strings.Repeat("x", 40) + `] longer []
opaque [<b/>]
`},
		{"white space does no harm", `<stream>` + strings.Repeat("\t", 50) + `<b/>`, `
header [<stream>]
space [` + strings.Repeat(`\t`, 40) + `]
space [` + strings.Repeat(`\t`, 10) + `]
element [<b/>]
`},
		{"as deep as allowed", `<stream><a><b><c/></b></a>`, `
header [<stream>]
element [<a><b><c/></b></a>]
`},
		{"one deeper", `<stream><a><b><c><d></d></c></b></a></stream>`, `
header [<stream>]
broken [<a><b><c><d>] nested []
opaque [</d></c></b></a></stream>]
`},
		{"attributes", `<stream><a a='' b="" c='' d=''/><a a='' b='' c='' d='' e=''/><b/>`, `
header [<stream>]
element [<a a='' b="" c='' d=''/>]
broken [<a a='' b='' c='' d='' e=''/>] more []
opaque [<b/>]
`},
	} {
		c.check(t, start)
	}
}

// TestOpaque cuts what is not read any more by offset alone.
func TestOpaque(t *testing.T) {
	in := "<stream><a><b><c>" + strings.Repeat("0123456789abcdef", 10000)
	start := func() *Framer { return NewFramer(Options{MaxDepth: 2}) }
	want := []int{8, 9, piece, piece, 160000 - 2*piece}
	for _, portion := range []func() int{whole, pieces(1), pieces(1447), pieces(piece), pieces(piece + 1)} {
		units := feed(start(), in, portion)
		checkTiling(t, in, units)
		for i, u := range units {
			if len(u.Wire) != want[i] || (u.Kind == Opaque) != (i > 1) {
				t.Fatalf("unit %d: %s of %d bytes", i, kinds[u.Kind], len(u.Wire))
			}
		}
	}
	f := start()
	f.Push([]byte(in))
	f.drain(nil)
	f.Gap(100)
	f.Push([]byte("<iq/>"))
	if got := showAll(f.Flush()); got != "opaque [<iq/>]\n" {
		t.Errorf("behind a gap: %s", got)
	}
	f.Push([]byte("junk"))
	if got := string(f.Take()); got != "junk" {
		t.Errorf("took %q", got)
	}
	f.Push([]byte(hdr))
	if got := showAll(f.Flush()); got != "header [{H}]\n" {
		t.Errorf("in another layer: %s", got)
	}
}

// TestSearchIsBounded feeds what never becomes an element: it must come back
// in pieces, all but a bounded remainder.
func TestSearchIsBounded(t *testing.T) {
	for _, junk := range []string{"x", "<", "<a>", "<a ", "<a b='", "<a b='\">", "<!--", "<![CDATA[", "<?xml ", "<?xml?>",
		"<iq>", "<iq>x", "<iq/>\t<b/>", "<iq/>x", "</a>", " ", "<!DOCTYPE [", "<iq><a></b>", "<iq a='", "<enable xmlns='urn:xmpp:sm:3'/>"} {
		const limit = 100 << 10
		start := func() *Framer { return NewMidStream(Options{MaxUnit: limit}) }
		in := strings.Repeat(junk, 1<<20/len(junk))
		f := start()
		var units []Unit
		for p := in; len(p) > 0; {
			n := min(len(p), 1448)
			f.Push([]byte(p[:n]))
			p = p[n:]
			units = f.drain(units)
			if got := f.Pending(); got > limit+piece+1448 {
				t.Fatalf("%q: %d bytes pending", junk, got)
			}
		}
		units = append(units, f.Flush()...)
		checkTiling(t, in, units)
		r := rand.New(rand.NewPCG(3, 4))
		for _, portion := range []func() int{whole, pieces(1), random(r)} {
			other := feed(start(), in, portion)
			if len(other) != len(units) {
				t.Fatalf("%q: %d units, then %d", junk, len(units), len(other))
			}
			for i := range other {
				if show(other[i]) != show(units[i]) {
					t.Fatalf("%q: unit %d is %.200s, then %.200s", junk, i, show(units[i]), show(other[i]))
				}
			}
		}
	}
}

// TestSearchPastALongElement: a candidate past the limit is not believed, and
// does no harm to what follows.
func TestSearchPastALongElement(t *testing.T) {
	in := "x</b><iq>" + strings.Repeat("y", 90) + "</iq>" + strings.Repeat("<iq/>", 3)
	units := checkLaws(t, in, func() *Framer { return NewMidStream(Options{MaxUnit: 80}) })
	want := "broken [x</b><iq>" + strings.Repeat("y", 90) + "</iq>] skipped []\n" + strings.Repeat("element [<iq/>]\n", 3)
	if got := showAll(units); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestSearchForgetsAnOddTag: a start tag in the junk that is never closed
// does not hide the rest of the stream.
func TestSearchForgetsAnOddTag(t *testing.T) {
	odd := "junk <br> "
	stanzas := strings.Repeat("<iq id='1'><query xmlns='x'/></iq>", 2*piece/34)
	for _, portion := range []func() int{whole, pieces(100)} {
		units := feed(NewMidStream(Options{}), odd+stanzas, portion)
		checkTiling(t, odd+stanzas, units)
		elements, skipped := 0, 0
		for _, u := range units {
			switch u.Kind {
			case Element:
				elements++
			case Broken:
				skipped += len(u.Wire)
			}
		}
		if skipped > piece+100 || elements < piece/34 {
			t.Errorf("%d bytes skipped, %d elements found", skipped, elements)
		}
	}
}
