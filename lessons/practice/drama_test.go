package practice

import (
	"strings"
	"testing"

	"xmppscope/decode/xmlstream"
)

func TestParseDrama(t *testing.T) {
	d, err := ParseDrama("# night\n\nJuliet logs in at balcony with PLAIN\nRomeo sends:\n  <a>\n   b</a>\r\nJuliet receives: message body=Hi there\nRomeo leaves\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(d.Who, " "); got != "Juliet Romeo" {
		t.Error(got)
	}
	got := ""
	for _, l := range d.lines {
		got += l.who + "/" + l.step.Verb + strings.Join(l.step.Args, ",") + "/" + l.resource + "/" + l.mechanism + ";"
	}
	if want := "Juliet//balcony/PLAIN;Romeo/C<a>\n   b</a>//;Juliet/Smessage body=Hi there//;Romeo/close//;"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for text, want := range map[string]string{
		"":                                   "nobody does anything",
		"Juliet":                             "line 1: what does Juliet do?",
		"Juliet logs in at":                  "a word is missing",
		"Juliet logs in as queen":            "tells nothing about a login",
		"Juliet sends:":                      "nothing to send",
		"Juliet receives: <message":          "the XML to wait for",
		"Juliet logs in\nJuliet login PLAIN": "line 2: login takes",
		"7 dwarfs":                           "is no name",
	} {
		if _, err := ParseDrama(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// XML to wait for is met by an element that has all of it, and perhaps more.
func TestPatternOfXML(t *testing.T) {
	const came = "<message xmlns='jabber:client' from='a@b/c' xml:lang='en' id='1'><body>Hi</body><x xmlns='urn:y'><z q='1'/></x></message>"
	var tree xmlstream.Tree
	e := &Element{Name: "message", Node: tree.Parse([]byte(came), nil, xmlstream.Options{})}
	for text, want := range map[string]bool{
		"<message/>": true,
		"<message from='a@b/c'><body>Hi</body></message>":    true,
		"<message><x xmlns='urn:y'><z q='1'/></x></message>": true,
		"<message xml:lang='en'><body/></message>":           true,
		"<message from='a@b'/>":                              false,
		"<message><body>Ho</body></message>":                 false,
		"<message><x xmlns='urn:other'/></message>":          false,
		"<message><x xmlns='urn:y'><z q='2'/></x></message>": false,
		"<presence/>": false,
		"<message xmlns='jabber:client'><thread/></message>": false,
	} {
		p, err := ParsePattern(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.matches(e); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
