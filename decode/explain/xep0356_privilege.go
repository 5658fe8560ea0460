package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var privilegePart = Part{
	Name:   "xep0356-privilege",
	Doc:    "Privileges: what a component may do in the name of users.",
	Ref:    spec.XEP(356, ""),
	Spaces: []string{"urn:xmpp:privilege:2"},
	Why:    "A gateway or a helper must reach contact lists or send messages for users. The server says right after the login how far that goes.",
	Expect: "The component may use these rights from now on.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		var all []string
		for _, p := range kids(c, "perm") {
			all = append(all, attr(p, "access")+" "+attr(p, "type"))
			t.x.noteWhole(p, "One right.")
		}
		if f := c.Child(nsForward, "forwarded"); f != nil {
			return say("The component sends a message in the name of a user.", t.forwarded(f))
		}
		return "The component gets these rights: " + list(all, 8) + "."
	},
}
