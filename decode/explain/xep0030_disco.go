package explain

import (
	"xmppscope/decode/im"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

const (
	nsInfo  = "http://jabber.org/protocol/disco#info"
	nsItems = "http://jabber.org/protocol/disco#items"
)

var discoPart = Part{
	Name:   "xep0030-disco",
	Doc:    "Service discovery: what somebody is and can do, and what belongs to them.",
	Ref:    spec.XEP(30, "3"),
	Spaces: []string{nsInfo, nsItems},
	Why:    "Nobody supports everything. So one asks before using an extension, and looks for services such as rooms or upload instead of guessing their addresses.",
	Noun:   "what it is and what belongs to it",
	Refused: map[string]string{
		"item-not-found":        "there is no such address or node",
		"service-unavailable":   "it does not answer such questions, or hides whether it exists",
		"subscription-required": "only contacts may ask",
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		node := attr(c, "node")
		t.x.noteAttr(c, "node", "Which part of the entity is meant.")
		at := when(node != "", " at its node "+value(node))
		items := c != nil && c.Name.Space == nsItems
		if items {
			t.x.Ref = spec.XEP(30, "4")
		}
		switch {
		case asks(t.e) && items:
			t.ask("what belongs to it" + at + ".")
			t.x.Expect = "The answer is a list of addresses or nodes, which may be empty, or an error."
		case asks(t.e):
			t.ask("what it is and what it can do" + at + ".")
			t.whoAnnounced(node)
			t.x.Expect = "The answer names identities (what it is) and features (what it can do), or is an error."
		case c == nil:
			t.answer(t.by() + " answers with nothing.")
		case items:
			if total(c, "item") == 0 {
				t.answer(t.by() + " answers that nothing belongs to it" + at + ".")
				return
			}
			t.answer(t.by() + " lists what belongs to it" + at + ": " + many(total(c, "item"), "entry", "entries") + ".")
			for _, i := range kids(c, "item") {
				line := discoItem(i)
				t.x.more(line)
				t.x.noteWhole(i, line)
			}
			t.x.Expect = "The asker may ask each of them in turn what it is."
		default:
			discoInfo(t, c, at)
		}
	},
}

// whoAnnounced says whose hash a question is about.
func (t *telling) whoAnnounced(node string) {
	if t.s == nil || node == "" {
		return
	}
	if c, ok := t.s.Caps(t.e.To); ok && c.String() == node {
		t.x.What = say(t.x.What, "That is what it announced in event "+digits(c.Announced.Seq)+": the answer must have that hash.")
	}
}

func discoItem(i *xmlstream.Node) string {
	line := value(attr(i, "jid"))
	if n := attr(i, "node"); n != "" {
		line += ", node " + value(n)
	}
	if n := attr(i, "name"); n != "" {
		line += ", called " + speech(n)
	}
	return line + "."
}

// discoInfo explains an answer of disco#info, as a tree: what it is, what it
// can do, what it adds in forms.
func discoInfo(t *telling, c *xmlstream.Node, at string) {
	var who []string
	for _, i := range kids(c, "identity") {
		words := identityWords(attr(i, "category"), attr(i, "type"))
		line := "It is " + words + when(attr(i, "name") != "", ", called "+speech(attr(i, "name"))) + " (" + value(attr(i, "category")+"/"+attr(i, "type")) + ")."
		t.x.more(line)
		t.x.noteWhole(i, line)
		if len(who) < 3 {
			who = append(who, words)
		}
	}
	features := total(c, "feature")
	is := " says what it is" + at + ": " + and(who) + "."
	if len(who) == 0 {
		is = " does not say what it is" + at + "."
	}
	t.answer(t.by()+is+pick(features == 0, " It names no features.", " It can do "+count(features, "thing")+"."), t.fits())
	t.x.Expect = "The asker may now use what both can do. The answer can be kept, and where a hash was announced it holds as long as that does."
	for _, f := range kids(c, "feature") {
		line := "Feature " + featureWords(attr(f, "var"))
		t.x.more(line)
		t.x.noteWhole(f, line)
	}
	for x := range c.Children() {
		if x.Name.Space == nsForms {
			t.x.more("More about it, in a form:")
			t.form(x)
		}
	}
}

// fits says whether the answer has the hash that was announced.
func (t *telling) fits() string {
	for _, c := range t.changes(im.GroupCapabilities, "") {
		if c.Field != "hash" {
			continue
		}
		words := "The hash of all this was announced" + when(c.Since != 0, " in event "+digits(c.Since)) + ", and "
		switch c.Now {
		case im.CapsMatch.String():
			return words + "computed again from this answer it is the same."
		case im.CapsMismatch.String():
			return words + "computed again from this answer it is another one. So the answer must not be taken for others who announce it."
		}
		return words + "this answer is one that must not be hashed."
	}
	return ""
}

// featureWords says what a feature is, by its namespace.
func featureWords(v string) string {
	if s, ok := bySpaceName[v]; ok {
		return value(v) + ": " + s.within
	}
	if w, ok := featureNames[v]; ok {
		return value(v) + ": " + w
	}
	if len(v) > 7 && v[len(v)-7:] == "+notify" {
		return value(v) + ": it wants to be told what contacts publish under this name."
	}
	return value(v) + "."
}

// featureNames are features that are no namespaces.
var featureNames = map[string]string{
	"muc_passwordprotected": "the room wants a password.",
	"muc_unsecured":         "the room wants no password.",
	"muc_membersonly":       "only members may come in.",
	"muc_open":              "everybody may come in.",
	"muc_hidden":            "the room is not listed.",
	"muc_public":            "the room is listed.",
	"muc_persistent":        "the room stays when everybody has left.",
	"muc_temporary":         "the room ends when everybody has left.",
	"muc_moderated":         "who comes in must be given the right to speak.",
	"muc_unmoderated":       "everybody may speak.",
	"muc_nonanonymous":      "everybody sees real addresses.",
	"muc_semianonymous":     "only moderators see real addresses.",
	"msgoffline":            "messages for users who are away are kept.",
}

// identityWords says what an identity is, for the registered ones that are met
// most.
func identityWords(category, kind string) string {
	if w := identities[category+"/"+kind]; w != "" {
		return w
	}
	if w := identities[category]; w != "" {
		return w
	}
	return "something of the sort " + value(category+"/"+kind)
}

var identities = map[string]string{
	"client": "a program that a user talks with", "client/pc": "a chat program on a computer", "client/phone": "a chat program on a phone",
	"client/web": "a chat program in a browser", "client/console": "a chat program in a terminal", "client/bot": "a program without a person behind it",
	"client/handheld": "a chat program on a small device", "server/im": "a chat server", "server": "a server",
	"conference/text": "a room, or a service for rooms", "conference/irc": "a way into IRC", "conference": "something for talking in groups",
	"pubsub/pep": "the account's own place to publish things (PEP)", "pubsub/service": "a service for publishing", "pubsub/leaf": "a node that holds items",
	"pubsub/collection": "a node that holds other nodes", "pubsub": "something for publishing",
	"account/registered": "the account of a user", "account/admin": "the account of an administrator", "account/anonymous": "an account without a name", "account": "an account",
	"gateway": "a way into another network", "component": "a component of a server", "proxy/bytestreams": "a helper for sending files", "proxy": "a helper that passes things on",
	"store/file": "a place to upload files to", "store": "a place to keep things", "directory/user": "a directory of users", "directory": "a directory",
	"automation/command-list": "a list of commands", "automation/command-node": "a command", "automation": "something that does work by itself",
	"hierarchy/leaf": "an end of a tree", "hierarchy/branch": "a branch of a tree",
}
