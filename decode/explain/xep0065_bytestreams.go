package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var bytestreamsPart = Part{
	Name:   "xep0065-bytestreams",
	Doc:    "SOCKS5 bytestreams: a connection of its own for a file, straight or through a helper.",
	Ref:    spec.XEP(65, ""),
	Spaces: []string{"http://jabber.org/protocol/bytestreams"},
	Why:    "A file would block the stream for stanzas. One side lists addresses where it can be reached; the other tries them in turn.",
	Noun:   "a connection for a file",
	Refused: map[string]string{
		"item-not-found": "none of the addresses could be reached",
		"not-acceptable": "the file is not wanted",
		"not-allowed":    "the helper does not serve this user",
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		used := kid(c, "streamhost-used")
		hosts := kids(c, "streamhost")
		switch {
		case t.e.Type == "get":
			t.ask("under which address it helps with files.")
		case t.e.Type == "set" && kid(c, "activate") != nil:
			t.ask("to join the two connections, so that the file can pass to " + value(text(kid(c, "activate"))) + ".")
		case t.e.Type == "set":
			t.ask("to connect to one of " + many(len(hosts), "address", "addresses") + " for the file " + value(attr(c, "sid")) + ".")
		case used != nil:
			t.answer(t.by() + " says that it has reached " + value(attr(used, "jid")) + ".")
		case len(hosts) > 0:
			t.answer(t.by() + " gives its address.")
		default:
			t.done()
		}
		for _, h := range hosts {
			line := value(attr(h, "jid")) + " can be reached at " + value(attr(h, "host")) + ", port " + value(attr(h, "port")) + "."
			t.x.more(upper(line))
			t.x.noteTag(h, upper(line))
		}
	},
}
