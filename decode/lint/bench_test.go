package lint

import (
	"os"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/transcript"
)

// BenchmarkChat judges what most captures are full of: stanzas of an online
// client.
func BenchmarkChat(b *testing.B) {
	online, err := os.ReadFile("testdata/online.inc")
	if err != nil {
		b.Fatal(err)
	}
	const chat = `C: <message to='romeo@montague.example/orchard' type='chat' id='m1'><body>Wherefore art thou?</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>
S: <message from='romeo@montague.example/orchard' to='juliet@capulet.example/balcony' type='chat' id='m2'><body>Here</body><request xmlns='urn:xmpp:receipts'/></message>
C: <iq type='get' id='p1' to='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>
S: <iq type='result' id='p1' from='capulet.example' to='juliet@capulet.example/balcony'/>
S: <presence from='romeo@montague.example/orchard' to='juliet@capulet.example/balcony'><show>away</show></presence>
`
	s, err := transcript.Parse(string(online) + strings.Repeat(chat, 200))
	if err != nil {
		b.Fatal(err)
	}
	p, err := s.Play(decode.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		g := New(Options{})
		for i := range p.Events {
			g.Event(&p.Events[i])
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(p.Events)), "ns/event")
}
