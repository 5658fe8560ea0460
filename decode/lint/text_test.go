package lint

import (
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/transcript"
)

// A finding quotes the wire as it is. Whoever shows it makes it harmless, in the
// same way as all else, so that a character is not spelled in two ways.
func TestFindingsQuoteTheWire(t *testing.T) {
	s, err := transcript.Parse("C: <?xml version='1.0'?><stream:stream to='a' version='1\u202e' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>\n" +
		"C: <iq type='\u202eg\\te\"t' id='1'/>\nC: <message type='\u202e'/>\nC: <presence type='\u202e'/>")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Play(decode.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g, seen := New(Options{}), 0
	for i := range p.Events {
		for _, f := range g.Event(&p.Events[i]) {
			if strings.Contains(f.Text, `\`) {
				t.Errorf("%s escapes: %s", f.Rule, f.Text)
			}
			if strings.Contains(f.Text, "\u202e") {
				seen++
			}
		}
	}
	if seen < 4 {
		t.Errorf("%d findings quote the character, want 4", seen)
	}
}
