package binding

import (
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// fuzzSecret is no word that a message could hold by chance.
const fuzzSecret = "correct-horse-battery-staple"

// FuzzSession feeds lines of both directions, each an element, C: or S: before
// it. Whatever they say, what comes out is one element of the same name, and no
// sentence holds the password.
func FuzzSession(f *testing.F) {
	f.Add(uint8(1), "S:"+strings.ReplaceAll(bothFeatures, "\n", "")+
		"\nC:<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1-PLUS'>cD10bHMtZXhwb3J0ZXIsLG49dXNlcixyPWFi</auth>"+
		"\nS:<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cj1hYmNkLHM9YzJGc2RBPT0saT01LGg9QUFBQSx0PTAzMDQ=</challenge>"+
		"\nC:<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>Yz1jRDEwYkhNdFpYaHdiM0owWlhJc0xBPT0scj1hYmNkLHA9QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBPQ==</response>"+
		"\nS:<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>dj1BQUFB</success>")
	f.Add(uint8(2), "S:<stream:features><sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'/></stream:features>\nC:<authenticate xmlns='urn:xmpp:sasl:2' mechanism='HT-SHA-256-EXPR'><initial-response/></authenticate>")
	f.Add(uint8(1), "C:<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>AHUAcA==</initial-response></authenticate>\nS:<success xmlns='urn:xmpp:sasl:2'><token xmlns='urn:xmpp:fast:0' token='t'/></success>\nC:<abort xmlns='urn:xmpp:sasl:2'/>\nS:<failure xmlns='urn:xmpp:sasl:2'/>")
	f.Fuzz(func(t *testing.T, mode uint8, script string) {
		s := New(Options{Mode: Mode(mode % 4), MaxIterations: 100, Tokens: &Tokens{}, Password: func(string, string) (string, bool) { return fuzzSecret, true }})
		s.Secured(Leg{Version: 0x0304, Exporter: []byte("A"), EndPoint: []byte("P")}, Leg{Version: 0x0303, Unique: []byte("B"), EndPoint: []byte("Q")})
		scope := xmlstream.MidStream(xmlstream.NSClient)
		for line := range strings.SplitSeq(script, "\n") {
			side, xml, _ := strings.Cut(line, ":")
			dir := decode.FromInitiator
			if side == "S" {
				dir = decode.FromReceiver
			}
			var tree, after xmlstream.Tree
			n := tree.Parse([]byte(xml), scope, xmlstream.Options{})
			if n == nil {
				continue
			}
			sound := tree.Err() == nil
			v := s.Unit(dir, n, exampleState)
			if strings.Contains(v.Note, fuzzSecret) {
				t.Fatal("the password in a note: ", v.Note)
			}
			if v.Bytes == nil || !sound {
				continue
			}
			m := after.Parse(v.Bytes, scope, xmlstream.Options{})
			if m == nil || after.Err() != nil || m.Name != n.Name {
				t.Fatalf("%s became %s: %v", xml, v.Bytes, after.Err())
			}
		}
	})
}
