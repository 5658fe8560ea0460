package explain

import (
	"strings"

	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var versionPart = Part{
	Name:   "xep0092-version",
	Doc:    "Software version: which program, which version, on what system.",
	Ref:    spec.XEP(92, ""),
	Spaces: []string{"jabber:iq:version"},
	Why:    "It helps to find the cause of trouble, and to count programs. It tells attackers what to try, too, so some programs do not answer.",
	Noun:   "its software version",
	IQ: func(t *telling, c *xmlstream.Node) {
		if t.e.Type == "get" {
			t.ask("which program and version it runs.")
			return
		}
		var words []string
		for _, k := range [...][2]string{{"name", "the program is "}, {"version", "the version is "}, {"os", "the system is "}} {
			if f := kid(c, k[0]); f != nil {
				words = append(words, k[1]+value(text(f)))
				t.x.noteText(f, upper(k[1])+value(text(f))+".")
			}
		}
		if len(words) == 0 {
			t.answer(t.by() + " answers without telling anything.")
			return
		}
		t.answer(t.by() + " answers: " + strings.Join(words, ", ") + ".")
	},
}
