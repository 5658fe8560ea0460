package explain

import (
	"strings"

	"xmppscope/decode/spec"
)

// family is a way in which namespaces are given out; its prefix tells where to
// look an unknown one up.
type family struct {
	prefix string
	text   string
	ref    spec.Ref
}

// registry is where the XSF lists the namespaces of its own.
const registry = "The registry at https://xmpp.org/registrar/namespaces.html lists those of the XSF, and names the document of each."

// families are in the order in which they are tried.
var families = [...]family{
	{"urn:xmpp:", "The prefix urn:xmpp: belongs to the XMPP Standards Foundation: an extension (XEP) of some time after 2007, with its version behind the last colon.", spec.XEP(53, "")},
	{"http://jabber.org/protocol/", "The prefix http://jabber.org/protocol/ belongs to the XMPP Standards Foundation: an extension (XEP) of the years up to about 2007. It is a name and no link.", spec.XEP(53, "")},
	{"http://jabber.org/features/", "The prefix http://jabber.org/features/ belongs to the XMPP Standards Foundation: something that is offered in stream features.", spec.XEP(53, "")},
	{"http://jabber.org/", "The prefix http://jabber.org/ belongs to the XMPP Standards Foundation. It is a name and no link.", spec.XEP(53, "")},
	{"http://www.xmpp.org/extensions/", "The prefix http://www.xmpp.org/extensions/ belongs to the XMPP Standards Foundation: an extension (XEP) that was still a proposal when it got this name.", spec.XEP(53, "")},
	{"jabber:iq:", "The prefix jabber:iq: is from the first years of Jabber, before 2003: a question or order inside an iq.", spec.XEP(53, "")},
	{"jabber:x:", "The prefix jabber:x: is from the first years of Jabber, before 2003: something extra inside a message or presence.", spec.XEP(53, "")},
	{"jabber:", "The prefix jabber: is from the first years of Jabber, before 2003.", spec.XEP(53, "")},
	{"storage:", "The prefix storage: is from the first years of Jabber: data that a user keeps on the server.", spec.XEP(49, "")},
	{"vcard-temp", "It belongs to the contact cards that were meant to be there for a while, in about 2000.", spec.XEP(54, "")},
	{"urn:ietf:params:", "The prefix urn:ietf:params: belongs to the IETF: an RFC has defined it.", spec.RFC(6120, "14")},
	{"http://www.w3.org/", "The prefix http://www.w3.org/ belongs to the World Wide Web Consortium: it is no part of XMPP itself.", spec.W3C("XML Namespaces 1.0", "2.2")},
	{"urn:uuid:", "A random number as a name: whoever made it knows what it means.", spec.W3C("XML Namespaces 1.0", "2.2")},
	{"google:", "The prefix google: belongs to Google Talk, which no longer exists.", spec.W3C("XML Namespaces 1.0", "2.2")},
}

// familyOf finds the family of a namespace by its prefix; ok is false where
// the namespace follows no known custom.
func familyOf(space string) (f family, ok bool) {
	for _, f := range families {
		if strings.HasPrefix(space, f.prefix) && (len(space) > len(f.prefix) || f.prefix == "vcard-temp") {
			return f, true
		}
	}
	if owner := vendor(space); owner != "" {
		return family{text: "It was made up by " + owner + " for its own use, as everybody may. Only they can say what it means.", ref: spec.W3C("XML Namespaces 1.0", "2.2")}, true
	}
	return family{}, false
}

// vendor is the domain whose owner made a namespace up: the host of a URL, or
// a domain written backwards as in eu.siacs.conversations.
func vendor(space string) string {
	if strings.ContainsAny(space, " <>\"") || len(space) > 1000 {
		return ""
	}
	for _, scheme := range [...]string{"http://", "https://"} {
		if rest, ok := strings.CutPrefix(space, scheme); ok {
			host, _, _ := strings.Cut(rest, "/")
			host, _, _ = strings.Cut(host, "#")
			if strings.Contains(strings.Trim(host, "."), ".") {
				return "the owner of " + name(host)
			}
			return ""
		}
	}
	labels := strings.Split(strings.TrimRight(space, ":/0123456789"), ".")
	if len(labels) < 3 || strings.ContainsAny(space, ":/@") {
		return ""
	}
	switch labels[0] {
	case "com", "org", "net", "eu", "im", "de", "io", "fr", "me", "dev", "chat":
		return "the owner of " + name(labels[1]+"."+labels[0])
	}
	return ""
}
