package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

const (
	nsOMEMO    = "urn:xmpp:omemo:2"
	nsOMEMOOld = "eu.siacs.conversations.axolotl"
)

var omemoPart = Part{
	Name:   "xep0384-omemo",
	Doc:    "OMEMO: messages that only the devices of the two people can read.",
	Ref:    spec.XEP(384, ""),
	Spaces: []string{nsOMEMO, nsOMEMOOld},
	Hides:  true,
	Why:    "TLS protects a message up to the server, which can read it. This encryption goes from device to device: the words are encrypted once, and their key once more for each device.",
	Expect: "Each device finds the key that is meant for it and reads the words with it. Nothing answers, but a device that cannot read it may send a message without words to make new keys.",
	Title: func(e *decode.Event) string {
		if relayed(e) {
			return "delivers an encrypted message from " + name(e.From)
		}
		return "sends an encrypted message to " + name(e.To)
	},
	Inside: func(t *telling, c *xmlstream.Node) string {
		if c.Name.Local != "encrypted" {
			return ""
		}
		header := kid(c, "header")
		keys, fresh, groups := 0, 0, 0
		for k := range header.All() {
			if k.Kind == xmlstream.ElementNode {
				switch k.Name.Local {
				case "key":
					keys++
					if attr(k, "kex") == "true" || attr(k, "prekey") == "true" || attr(k, "prekey") == "1" {
						fresh++
					}
				case "keys":
					groups++
				}
			}
		}
		t.x.noteAttr(header, "sid", "The number of the device that has written it.")
		t.x.noteTag(header, "For each device that may read it, the key of the words, encrypted for that device alone.")
		line := "It is encrypted from end to end (OMEMO) by the device " + value(attr(header, "sid")) + ", for " + count(keys, "device") +
			when(groups > 0, " of "+many(groups, "person", "people")) + "."
		if fresh > 0 {
			line = say(line, pick(fresh == 1, "With one of them", "With "+digits(fresh)+" of them")+" it begins a new session: they have no keys in common yet.")
		}
		p := kid(c, "payload")
		if p == nil {
			return say(line, "There are no words in it: it only brings keys.")
		}
		t.x.noteText(p, "The encrypted words, "+count(sizeOf(p), "character")+" of base64.")
		return say(line, "The words cannot be read here; they are "+count(sizeOf(p), "character")+" long in base64.")
	},
}
