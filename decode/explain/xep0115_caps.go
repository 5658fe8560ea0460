package explain

import (
	"xmppscope/decode/im"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var capsPart = Part{
	Name:   "xep0115-caps",
	Doc:    "Capabilities: a hash of what a program can do, carried in its presence.",
	Ref:    spec.XEP(115, "4"),
	Spaces: []string{nsCaps, "urn:xmpp:caps"},
	Quiet:  true,
	Why:    "To ask every program what it can do would be far too much. All programs that can do the same have the same hash, so one answer serves for all of them.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		if c.Name.Space != nsCaps {
			return say("It announces what the program can do, in the newer form, with hashes: "+digits(total(c, "hash"))+" of them.", t.capsVerdict(""))
		}
		t.x.noteAttr(c, "node", "The program, named by its web address.")
		t.x.noteAttr(c, "ver", "The hash of all identities and features, in base64.")
		t.x.noteAttr(c, "hash", "The hash function.")
		if _, ok := attrOf(c, "hash"); !ok {
			return "It announces a program in the form from before 2008: " + value(attr(c, "node")) + ", version " + value(attr(c, "ver")) + ". There is no hash to check."
		}
		ver := attr(c, "ver")
		return say("It announces the program "+value(attr(c, "node"))+" and the "+value(attr(c, "hash"))+" hash "+value(ver)+" of all it can do.", t.capsVerdict(ver))
	},
}

// capsVerdict holds the announced hash against the answer that goes with it.
// ver is the hash of the stanza: what the session has last may be another.
func (t *telling) capsVerdict(ver string) string {
	if t.s == nil {
		return ""
	}
	jid := t.e.From
	if !relayed(t.e) {
		jid, _ = t.s.JID()
	}
	c, ok := t.s.Caps(jid)
	if !ok || ver != "" && c.Ver != ver {
		return ""
	}
	at := digits(c.Info.Seq)
	switch c.Verdict {
	case im.CapsMatch:
		return "Computed from the answer in event " + at + " (" + c.Info.String() + ") it is the same: the hash is true."
	case im.CapsMismatch:
		return "Computed from the answer in event " + at + " it would be " + value(c.Computed) + ": the hash does not fit, so it must not be used for others."
	case im.CapsIllFormed:
		return "The answer in event " + at + " cannot be hashed: " + c.Why + "."
	}
	return "Nobody has asked yet what stands behind it, as far as was seen: the question is disco#info for the node " + value(c.String()) + "."
}
