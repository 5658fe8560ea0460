package xmlstream

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// searching lists what is read in mid-stream.
var searching = []transcript{
	{"at an element", `<iq/><message/>`, `
element [<iq/>]
element [<message/>]
`},
	{"in a text", `tail</body></message> <iq/> <iq/>{E}`, `
broken [tail</body></message> ] skipped []
element [<iq/>]
space [ ]
element [<iq/>]
close [{E}]
`},
	{"in a tag", `m' to='a'><body/></message><iq><query/></iq>`, `
broken [m' to='a'><body/></message>] skipped []
element [<iq><query/></iq>]
`},
	{"white space first", "\n\n<presence/>", `
space [\n\n]
element [<presence/>]
`},
	{"a forwarded message is not one of the first level", `<delay/><message><body/></message></forwarded></message><message/>`, `
broken [<delay/><message><body/></message></forwarded></message>] skipped []
element [<message/>]
`},
	{"nor is one with white space behind it", "<message/>\n</forwarded></message><iq/>{E}", `
broken [<message/>\n</forwarded></message>] skipped []
element [<iq/>]
close [{E}]
`},
	{"nor is one inside something known to be open", `<forwarded><message/><message/></forwarded></message><iq/>{E}`, `
broken [<forwarded><message/><message/></forwarded></message>] skipped []
element [<iq/>]
close [{E}]
`},
	{"nor is what stands in CDATA", `<iq/><iq/ >]]></body></message><iq/>{E}`, `
broken [<iq/><iq/ >]]></body></message>] skipped []
element [<iq/>]
close [{E}]
`},
	{"a header", "junk><b>x</b><?xml version='1.0'?>\n{H}<foo/>", `
broken [junk><b>x</b>] skipped []
header [<?xml version='1.0'?>\n{H}]
element [<foo/>]
`},
	{"a header without declaration", `junk</a>{H}`, `
broken [junk</a>] skipped []
header [{H}]
`},
	{"a header behind an element", `<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>{H}`, `
element [<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>]
header [{H}]
`},
	{"a declaration that begins no document", `<iq/><?xml version='1.0'?><message/>`, `
element [<iq/>]
broken [<?xml version='1.0'?>] xml-decl-broken [<?xml version='1.0'?>]
element [<message/>]
`},
	{"the end of the stream", `x</b></message>{E}<a/>`, `
broken [x</b></message>] skipped []
close [{E}]
broken [<a/>] data-after-close [<a/>]
`},
	{"acknowledgements say what they are", `<a/><r/><r xmlns='urn:xmpp:sm:3'/><a xmlns="urn:xmpp:sm:3" h='1'/><iq/>`, `
broken [<a/><r/>] skipped []
element [<r xmlns='urn:xmpp:sm:3'/>]
element [<a xmlns="urn:xmpp:sm:3" h='1'/>]
element [<iq/>]
`},
	{"the state of a chat is not that of a client", `<active xmlns='http://jabber.org/protocol/chatstates'/></message><active xmlns='urn:xmpp:csi:0'/><message/>`, `
broken [<active xmlns='http://jabber.org/protocol/chatstates'/></message>] skipped []
element [<active xmlns='urn:xmpp:csi:0'/>]
element [<message/>]
`},
	{"what stands side by side in a Bind 2 request", `<inactive xmlns='urn:xmpp:csi:0'/><enable xmlns='urn:xmpp:sm:3'/></bind></authenticate><iq/>{E}`, `
broken [<inactive xmlns='urn:xmpp:csi:0'/><enable xmlns='urn:xmpp:sm:3'/></bind></authenticate>] skipped []
element [<iq/>]
close [{E}]
`},
	{"a row of client states", `<active xmlns='urn:xmpp:csi:0'/><inactive xmlns='urn:xmpp:csi:0'/><active xmlns='urn:xmpp:csi:0'/><inactive xmlns='urn:xmpp:csi:0'/></x>`, `
element [<active xmlns='urn:xmpp:csi:0'/>]
element [<inactive xmlns='urn:xmpp:csi:0'/>]
element [<active xmlns='urn:xmpp:csi:0'/>]
element [<inactive xmlns='urn:xmpp:csi:0'/>]
broken [</x>] xml-not-well-formed [</x>]
`},
	{"features and dialback", `x</a><stream:features><bind/></stream:features><db:result>k</db:result><db:verify/>`, `
broken [x</a>] skipped []
element [<stream:features><bind/></stream:features>]
element [<db:result>k</db:result>]
element [<db:verify/>]
`},
	{"the features menu is not its dishes", `<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><auth xmlns='http://jabber.org/features/iq-auth'/></stream:features><iq/>`, `
broken [<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><auth xmlns='http://jabber.org/features/iq-auth'/></stream:features>] skipped []
element [<iq/>]
`},
	{"a refusal is found by the namespace of logins", `x</a><failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><aborted/></failure>`, `
broken [x</a>] skipped []
element [<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><aborted/></failure>]
`},
	{"and by that of logins of the second kind", `x</a><failure xmlns='urn:xmpp:sasl:2'><aborted/></failure>`, `
broken [x</a>] skipped []
element [<failure xmlns='urn:xmpp:sasl:2'><aborted/></failure>]
`},
	{"a handshake of a component", `x</a><handshake>aa</handshake>`, `
broken [x</a>] skipped []
element [<handshake>aa</handshake>]
`},
	{"a missing quote", `<body a='x><iq/></body></message><iq b='c'/>{E}`, `
broken [<body a='x><iq/></body></message>] skipped []
element [<iq b='c'/>]
close [{E}]
`},
	{"an element that does not end", `x</b><message><body>`, `
broken [x</b>] skipped []
broken [<message><body>] incomplete []
`},
	{"the beginning of a stanza behind an element", `<iq/><mess`, `
element [<iq/>]
broken [<mess] incomplete []
`},
	{"the beginning of who knows what behind an element", `<iq/><`, `
broken [<iq/><] skipped []
`},
	{"nothing at all", `just text`, `
broken [just text] skipped []
`},
}

func TestMidStream(t *testing.T) {
	for _, c := range searching {
		c.check(t, func() *Framer { return NewMidStream(Options{}) })
	}
}

// conversation is a well-formed direction whose first-level elements a reader
// that begins anywhere must find, and nothing but them.
const conversation = `<iq id='1' type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>a</resource></bind></iq>` +
	`<presence><c xmlns='http://jabber.org/protocol/caps' ver='b=' hash='sha-1'/><priority>1</priority></presence>` +
	`<r xmlns='urn:xmpp:sm:3'/>` + "\n" +
	`<message to='a@b'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>` +
	`<message xmlns='jabber:client' to='c@d'><body>x &lt; y, it's "so"</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>` +
	`</forwarded></sent></message> ` +
	`<message id='2'><result xmlns='urn:xmpp:mam:2' queryid='f' id='g'><forwarded xmlns='urn:xmpp:forward:0'>` +
	`<delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/><message xmlns='jabber:client'><body>y</body></message>` + "\n" +
	`</forwarded></result></message>` +
	`<a xmlns='urn:xmpp:sm:3' h='7'/>` +
	`<message><body><![CDATA[<iq/><message>]]></body><html xmlns='h'><p>a<br/><a href='x>y'>b</a></p></html></message>` +
	`<iq id='3' type='error'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>` + "\n\n" +
	`<message><event xmlns='pubsub'><items node='n'><item id='1'><presence xmlns='jabber:client'/></item></items></event></message>` +
	`<presence type='unavailable'/>`

// elements lists the first-level elements of the conversation by offset.
func elements(t *testing.T) map[int]int {
	truth := map[int]int{}
	for _, u := range feed(NewFramer(Options{}), hdr+conversation+end, whole) {
		if u.Kind == Element {
			truth[int(u.Off)-len(hdr)] = len(u.Wire)
		}
	}
	if len(truth) != 10 {
		t.Fatalf("the conversation has %d elements", len(truth))
	}
	return truth
}

// TestMidStreamAnywhere begins at every byte: all first-level elements from
// there on are found, and no others.
func TestMidStreamAnywhere(t *testing.T) {
	truth := elements(t)
	for from := range conversation {
		units := feed(NewMidStream(Options{}), conversation[from:]+end, pieces(7))
		checkTiling(t, conversation[from:]+end, units)
		want := 0
		for off := range truth {
			if off >= from {
				want++
			}
		}
		for _, u := range units {
			if u.Kind == Element {
				want--
				if truth[int(u.Off)+from] != len(u.Wire) {
					t.Errorf("beginning at %d: took %q for a first-level element", from, u.Wire)
				}
			}
		}
		if want != 0 || units[len(units)-1].Kind != Close {
			t.Errorf("beginning at %d: %d elements missed, last unit %s", from, want, show(units[len(units)-1]))
		}
	}
}

// TestMidStreamEndsAnywhere begins and ends anywhere. Where the input ends
// too early to tell, content may pass for an element, but only as the last.
func TestMidStreamEndsAnywhere(t *testing.T) {
	truth := elements(t)
	for from := 0; from < len(conversation); from += 7 {
		for to := from; to < len(conversation); to++ {
			units := feed(NewMidStream(Options{}), conversation[from:to], whole)
			wrong := 0
			for _, u := range units {
				if u.Kind == Element && truth[int(u.Off)+from] != len(u.Wire) {
					wrong++
				} else if u.Kind == Element && wrong > 0 {
					t.Errorf("from %d to %d: wrong elements before %q", from, to, u.Wire)
				}
			}
			if wrong > 1 {
				t.Errorf("from %d to %d: %d wrong elements", from, to, wrong)
			}
		}
	}
}

// TestGap loses bytes everywhere; what was pending comes back, and offsets
// count the loss.
func TestGap(t *testing.T) {
	in := hdr + conversation + end
	r := rand.New(rand.NewPCG(1, 2))
	for from := 0; from < len(in); from += 3 {
		to := min(from+1+r.IntN(200), len(in))
		f := NewFramer(Options{})
		f.Push([]byte(in[:from]))
		units := append(f.drain(nil), f.Gap(int64(to-from))...)
		if f.Pending() != 0 {
			t.Fatal("bytes pending behind a gap")
		}
		f.Push([]byte(in[to:]))
		units = append(f.drain(units), f.Flush()...)
		var got strings.Builder
		for _, u := range units {
			if int(u.Off) >= from && got.Len() == from {
				got.WriteString(in[from:to])
			}
			if u.Off != int64(got.Len()) {
				t.Fatalf("gap %d-%d: unit %s at %d, want %d", from, to, show(u), u.Off, got.Len())
			}
			got.Write(u.Wire)
		}
		if s := got.String(); s != in && s != in[:from] {
			t.Fatalf("gap %d-%d: units are\n%q", from, to, s)
		}
	}
}

func TestGapEndsWhatIsPending(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{hdr + " \n", "space [ \\n]\n"},
		{hdr + "<a>b", "broken [<a>b] cut []\n"},
		{"<?xml", "broken [<?xml] cut []\n"},
		{hdr + "<a><b></a", "broken [<a><b></a] cut []\n"},
		{hdr, ""},
	} {
		f := NewFramer(Options{})
		f.Push([]byte(c.in))
		f.drain(nil)
		if got := showAll(f.Gap(10)); got != c.want {
			t.Errorf("%q:\n%swant\n%s", c.in, got, c.want)
		}
		f.Push([]byte("x'/><iq/>"))
		if got, want := showAll(f.Flush()), "broken [x'/>] skipped []\nelement [<iq/>]\n"; got != want {
			t.Errorf("%q, behind the gap:\n%swant\n%s", c.in, got, want)
		}
	}
}
