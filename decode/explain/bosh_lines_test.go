package explain

import (
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/transcript"
	"xmppscope/decode/xmlstream"
)

// Connections end under a session of BOSH, which does not end with them; what is
// said of each end fits how the session stands.
func TestBOSHOutlivesItsConnections(t *testing.T) {
	const (
		begins = `C bosh: <body xmlns='http://jabber.org/protocol/httpbind' rid='73194028471' to='capulet.example' wait='60' hold='1' ver='1.6' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'/>
S bosh: <body xmlns='http://jabber.org/protocol/httpbind' sid='s1' wait='60' requests='2' hold='1' inactivity='30' xmlns:xmpp='urn:xmpp:xbosh' xmpp:version='1.0'/>
`
		ends     = "C bosh: <body xmlns='http://jabber.org/protocol/httpbind' rid='73194028472' sid='s1' type='terminate'/>\n"
		answered = "S bosh: <body xmlns='http://jabber.org/protocol/httpbind' type='terminate'/>\n"
	)
	for script, want := range map[string][]string{
		begins + "S end\nconn 2\n" + strings.Replace(ends, " type='terminate'", "", 1) + "S reset": {"keeps it for 30 seconds", "keeps it for 30 seconds"},
		begins + "conn 2\n" + ends + "C end\nS end":                                                {"waits for no answer", "was not answered"},
		begins + ends + answered + "S end":                                                         {"was over before"},
	} {
		s, err := transcript.Parse(script)
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Play(decode.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range p.Events {
			if e.Kind != decode.KindTCP {
				continue
			}
			x := EventWith(new(xmlstream.Tree), &e, nil)
			if len(want) == 0 || !strings.Contains(x.What, want[0]) || strings.Contains(x.What, "goodbye") || x.Ref.String() == "" {
				t.Fatalf("%s %s: %q, want %q", e.Dir, e.Name.Local, x.What, want)
			}
			want = want[1:]
		}
		if len(want) > 0 {
			t.Errorf("never told: %q", want)
		}
	}
}
