package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var extdiscoPart = Part{
	Name:   "xep0215-extdisco",
	Doc:    "External services: addresses and passwords of helpers for calls.",
	Ref:    spec.XEP(215, ""),
	Spaces: []string{"urn:xmpp:extdisco:2"},
	Why:    "Two phones behind routers cannot find each other by themselves. A STUN server tells each its address, a TURN server passes the data on where nothing else works.",
	Noun:   "its helper services",
	IQ: func(t *telling, c *xmlstream.Node) {
		switch {
		case t.e.Type == "get" && c != nil && c.Name.Local == "credentials":
			t.ask("for the password of a helper service.")
		case t.e.Type == "get":
			t.ask("for its helper services" + when(attr(c, "type") != "", " of the type "+value(attr(c, "type"))) + ".")
		default:
			t.answer(t.by() + " names " + count(total(c, "service"), "helper service") + ".")
		}
		for _, s := range kids(c, "service") {
			line := value(attr(s, "type")) + " at " + value(attr(s, "host")) + when(attr(s, "port") != "", ", port "+value(attr(s, "port"))) +
				when(attr(s, "transport") != "", ", over "+value(attr(s, "transport")))
			if _, ok := attrOf(s, "password"); ok {
				line += ", with a password, not shown" + when(attr(s, "expires") != "", ", good until "+value(attr(s, "expires")))
			}
			t.x.more(upper(line) + ".")
			t.x.noteTag(s, upper(line)+".")
		}
	},
}
