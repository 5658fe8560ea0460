package xmlstream

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// traffic makes about n bytes of mixed stanzas as they occur in a busy
// session: short messages, presences with caps, rosters, receipts, a few long
// payloads.
func traffic(n int) []byte {
	r := rand.New(rand.NewPCG(6120, 6121))
	var b bytes.Buffer
	for i := 0; b.Len() < n; i++ {
		stanza(&b, r, i)
	}
	return b.Bytes()
}

func stanza(b *bytes.Buffer, r *rand.Rand, i int) {
	who := fmt.Sprintf("user%d@montague.example/balcony", r.IntN(200))
	switch r.IntN(10) {
	case 0, 1, 2, 3:
		fmt.Fprintf(b, `<message from='%s' to='juliet@capulet.example' type='chat' id='m%d'><body>%s</body>`+
			`<active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/></message>`,
			who, i, strings.Repeat("wherefore art thou &amp; more ", 1+r.IntN(5)))
	case 4, 5:
		fmt.Fprintf(b, `<presence from='%s' to='juliet@capulet.example'><show>away</show><priority>%d</priority>`+
			`<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://code.example' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/></presence>`, who, r.IntN(100))
	case 6:
		fmt.Fprintf(b, "<iq type='result' id='r%d' to='%s'><query xmlns='jabber:iq:roster' ver='ver%d'>", i, who, i)
		for k := range 1 + r.IntN(12) {
			fmt.Fprintf(b, `<item jid='contact%d@example.org' name='Contact Ünïcode %d' subscription='both'><group>Friends</group></item>`, k, k)
		}
		b.WriteString("</query></iq>")
	case 7:
		fmt.Fprintf(b, "<r xmlns='urn:xmpp:sm:3'/><a xmlns='urn:xmpp:sm:3' h='%d'/>\n", i)
	case 8:
		fmt.Fprintf(b, `<iq type="get" id="p%d" from="%s" to="juliet@capulet.example/chamber"><ping xmlns="urn:xmpp:ping"/></iq>`, i, who)
	case 9:
		fmt.Fprintf(b, `<message to='juliet@capulet.example'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:avatar:data'>`+
			`<item id='%d'><data xmlns='urn:xmpp:avatar:data'>%s</data></item></items></event></message>`, i, strings.Repeat("qANQR1DBwU4DX7jmYZnncm", r.IntN(60)))
	}
}

func BenchmarkFramer(b *testing.B) {
	in := traffic(1 << 20)
	for _, portion := range []int{1 << 20, 64 << 10, 1448, 100, 1} {
		b.Run(fmt.Sprint("portion=", portion), func(b *testing.B) {
			f := NewFramer(Options{})
			f.Push([]byte(hdr))
			units := 0
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			for b.Loop() {
				for p := in; len(p) > 0; {
					n := min(portion, len(p))
					f.Push(p[:n])
					p = p[n:]
					for _, ok := f.Next(); ok; _, ok = f.Next() {
						units++
					}
				}
			}
			b.ReportMetric(float64(b.N)*float64(len(in))/float64(units), "B/unit")
		})
	}
}

// BenchmarkFramerLongUnit pushes one unit of 16 MB byte by byte.
func BenchmarkFramerLongUnit(b *testing.B) {
	in := []byte("<message><body>" + strings.Repeat("x ", 8<<20-20) + "</body></message>")
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		f := NewFramer(Options{})
		f.Push([]byte(hdr))
		f.Next()
		for i := range in {
			f.Push(in[i : i+1])
			if u, ok := f.Next(); ok && u.Kind != Element {
				b.Fatal(u.Err)
			}
		}
	}
}

// BenchmarkFramerMidStream searches through what is one element after another.
func BenchmarkFramerMidStream(b *testing.B) {
	in := traffic(1 << 20)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		f := NewMidStream(Options{})
		f.Push([]byte("<long>"))
		f.Push(in)
		f.Flush()
	}
}

func BenchmarkParse(b *testing.B) {
	in := traffic(1 << 20)
	f := NewFramer(Options{})
	f.Push([]byte(hdr))
	f.Push(in)
	units := f.drain(nil)[1:]
	var tree Tree
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		for _, u := range units {
			if u.Kind == Element && (tree.Parse(u.Wire, outer, Options{}) == nil || tree.Err() != nil) {
				b.Fatalf("%q", u.Wire)
			}
		}
	}
	b.ReportMetric(float64(len(in))/float64(len(units)), "B/unit")
}

// BenchmarkParseWide parses text outside ASCII.
func BenchmarkParseWide(b *testing.B) {
	unit := []byte("<message><body>" + strings.Repeat("Привет, мир! ", 100) + "</body></message>")
	var tree Tree
	b.SetBytes(int64(len(unit)))
	for b.Loop() {
		tree.Parse(unit, outer, Options{})
	}
}
