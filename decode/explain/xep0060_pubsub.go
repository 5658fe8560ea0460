package explain

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

const (
	nsPubSub      = "http://jabber.org/protocol/pubsub"
	nsPubSubEvent = "http://jabber.org/protocol/pubsub#event"
	nsPubSubOwner = "http://jabber.org/protocol/pubsub#owner"
)

var pubsubPart = Part{
	Name:   "xep0060-pubsub",
	Doc:    "Publish and subscribe: items at a node, which others fetch or are told of.",
	Ref:    spec.XEP(60, ""),
	Spaces: []string{nsPubSub, nsPubSubEvent, nsPubSubOwner},
	Why:    "Whoever has news tells one place, and that place tells everybody who wants to know. A user's own account is such a place too (PEP): pictures, keys and bookmarks are published there.",
	Expect: "Nothing answers the news.",
	Noun:   "to do this with the node",
	Refused: map[string]string{
		"item-not-found":          "there is no such node or item",
		"conflict":                "there is such a node already, or its settings are others than the ones demanded",
		"forbidden":               "the asker may not do this with the node",
		"not-authorized":          "only those who are allowed may read the node",
		"feature-not-implemented": "the service cannot do this",
		"not-allowed":             "the node cannot be used in this way",
		"unexpected-request":      "the asker has no subscription to the node",
	},
	Title: func(e *decode.Event) string {
		if e.Payload.Space == nsPubSubEvent && relayed(e) {
			return "brings news of something that " + name(e.From) + " has published"
		}
		return ""
	},
	Inside: func(t *telling, c *xmlstream.Node) string {
		if c.Name.Space != nsPubSubEvent {
			return ""
		}
		do := first(c)
		if do == nil {
			return ""
		}
		node := nodeWords(attr(do, "node"))
		t.x.noteAttr(do, "node", "The node that this is about.")
		switch do.Name.Local {
		case "items":
			gone, come := total(do, "retract"), total(do, "item")
			line := "At the node " + node + " " + many(come, "item is", "items are") + " new or changed"
			if come == 0 {
				line = "From the node " + node + " " + many(gone, "item was", "items were") + " taken away"
			}
			t.items(do)
			return line + "."
		case "purge":
			return "All items of the node " + node + " were taken away."
		case "delete":
			return "The node " + node + " is no more."
		case "configuration":
			return "The settings of the node " + node + " were changed."
		case "subscription":
			return "The subscription to the node " + node + " is now " + value(attr(do, "subscription")) + "."
		}
		return "Something happened at the node " + node + ": " + value(do.Name.Local) + "."
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		do := first(c)
		if do == nil {
			t.done()
			return
		}
		t.x.noteAttr(do, "node", "The node that this is about.")
		if asks(t.e) {
			t.x.What = t.by() + " " + t.pubsubOrder(do) + pick(t.e.To == "", ", at its own account (PEP).", ", at "+value(t.e.To)+".")
			t.x.Expect = oneAnswer
			if do.Name.Local == "publish" {
				t.x.Expect = "The service stores it, answers with the ids of the items, and tells everybody who wants to know."
			}
		} else {
			t.answer(t.by() + " " + pubsubAnswer(do) + ".")
		}
		t.items(do)
		for _, k := range kids(c, "") {
			if k.Name.Local == "publish-options" || k.Name.Local == "options" || k.Name.Local == "configure" {
				t.x.more("It wants the node to be so:")
				t.form(child(k, nsForms, "x"))
			}
		}
		t.rsm(c)
	},
}

// pubsubOrder says what a request wants (XEP-0060 §6 to §8).
func (t *telling) pubsubOrder(do *xmlstream.Node) string {
	node := nodeWords(attr(do, "node"))
	get := t.e.Type == "get"
	switch do.Name.Local {
	case "publish":
		t.x.Ref = spec.XEP(60, "7.1")
		return "publishes " + count(total(do, "item"), "item") + " at the node " + node
	case "retract":
		t.x.Ref = spec.XEP(60, "7.2")
		return "takes " + count(total(do, "item"), "item") + " away from the node " + node
	case "items":
		t.x.Ref = spec.XEP(60, "6.5")
		if m := attr(do, "max_items"); m != "" {
			return "asks for the last " + value(m) + " items of the node " + node
		}
		return "asks for " + pick(total(do, "item") > 0, "certain items", "the items") + " of the node " + node
	case "subscribe":
		t.x.Ref = spec.XEP(60, "6.1")
		return "wants to be told of news at the node " + node
	case "unsubscribe":
		t.x.Ref = spec.XEP(60, "6.2")
		return "wants no more news from the node " + node
	case "create":
		t.x.Ref = spec.XEP(60, "8.1")
		return "makes the node " + node
	case "configure":
		return pick(get, "asks for the settings of", "changes the settings of") + " the node " + node
	case "delete":
		return "does away with the node " + node
	case "purge":
		return "takes all items away from the node " + node
	case "subscriptions":
		return pick(get, "asks for the subscriptions to", "changes the subscriptions to") + " the node " + node
	case "affiliations":
		return pick(get, "asks who may do what with", "changes who may do what with") + " the node " + node
	case "default":
		return "asks for the usual settings of new nodes"
	}
	return "wants <" + value(do.Name.Local) + "/> done with the node " + node
}

func pubsubAnswer(do *xmlstream.Node) string {
	node := nodeWords(attr(do, "node"))
	switch do.Name.Local {
	case "publish":
		return "has stored the items at the node " + node
	case "items":
		return "gives " + count(total(do, "item"), "item") + " of the node " + node
	case "subscription":
		return "says that the subscription of " + value(attr(do, "jid")) + " to the node " + node + " is " + value(attr(do, "subscription"))
	case "subscriptions":
		return "lists " + count(total(do, "subscription"), "subscription")
	case "affiliations":
		return "lists " + count(total(do, "affiliation"), "affiliation")
	case "create":
		return "has made the node " + node
	case "configure", "default":
		return "gives the settings of the node " + node
	}
	return "answers with <" + value(do.Name.Local) + "/> about the node " + node
}

// items lists the items of a node by id and by what is in them.
func (t *telling) items(do *xmlstream.Node) {
	for _, i := range kids(do, "") {
		switch i.Name.Local {
		case "item":
			line := "Item " + pick(attr(i, "id") == "", "without an id", value(attr(i, "id"))) + when(attr(i, "publisher") != "", ", published by "+value(attr(i, "publisher")))
			if p := first(i); p != nil {
				line += ": " + itemWords(p, attr(i, "id"))
			} else {
				line += "."
			}
			t.x.more(line)
			t.x.noteTag(i, line)
		case "retract":
			t.x.more("Item " + value(attr(i, "id")) + " was taken away.")
		}
	}
}

// itemWords says what was published, for what is met most.
func itemWords(p *xmlstream.Node, id string) string {
	switch p.Name.Space {
	case nsBookmarks:
		return bookmarkWords(p, id)
	case nsOMEMO, nsOMEMOOld:
		switch p.Name.Local {
		case "list", "devices":
			return "the devices that can read encrypted messages: " + digits(total(p, "device")) + "."
		case "bundle":
			return "the public keys of a device, with which others can begin to encrypt for it."
		}
	case "urn:xmpp:avatar:metadata":
		if i := kid(p, "info"); i != nil {
			return "the user's picture is " + value(attr(i, "bytes")) + " bytes long, of the type " + value(attr(i, "type")) + ", " + value(attr(i, "width")) + " by " + value(attr(i, "height")) + " points."
		}
		return "the user has no picture any more."
	case "urn:xmpp:avatar:data":
		return "the picture itself, " + count(sizeOf(p), "character") + " of base64."
	case "http://jabber.org/protocol/nick":
		return "the user would like to be called " + speech(text(p)) + "."
	case "urn:xmpp:mds:displayed:0":
		return "up to the message " + value(attr(first(p), "id")) + " everything has been seen in the conversation with " + value(id) + "."
	case "http://jabber.org/protocol/mood", "http://jabber.org/protocol/activity":
		return "the user's " + lastSlash(p.Name.Space) + " is " + value(localOf(first(p))) + when(text(kid(p, "text")) != "", ", "+speech(text(kid(p, "text")))) + "."
	case "http://jabber.org/protocol/tune":
		return "the user listens to " + speech(text(kid(p, "title"))) + when(kid(p, "artist") != nil, " by "+speech(text(kid(p, "artist")))) + "."
	}
	return "<" + value(p.Name.Local) + "/>. " + spaceText(p.Name.Space)
}

func lastSlash(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

// nodeWords names a node, with what is kept there where that is known.
func nodeWords(node string) string {
	for i := range pepNodes {
		if strings.HasPrefix(node, pepNodes[i][0]) {
			return value(node) + " (" + pepNodes[i][1] + ")"
		}
	}
	return value(node)
}

// pepNodes are the nodes that accounts use, by their beginnings.
var pepNodes = [...][2]string{
	{"urn:xmpp:avatar:metadata", "about the user's picture"}, {"urn:xmpp:avatar:data", "the user's picture"},
	{nsBookmarks, "bookmarks of rooms"}, {nsBookmarksOld, "bookmarks of rooms, in the older form"},
	{"eu.siacs.conversations.axolotl.devicelist", "devices for OMEMO"}, {"eu.siacs.conversations.axolotl.bundles", "keys for OMEMO"},
	{"urn:xmpp:omemo:2:devices", "devices for OMEMO"}, {"urn:xmpp:omemo:2:bundles", "keys for OMEMO"},
	{"http://jabber.org/protocol/nick", "the user's nickname"}, {"http://jabber.org/protocol/mood", "the user's mood"},
	{"http://jabber.org/protocol/activity", "what the user is doing"}, {"http://jabber.org/protocol/tune", "what the user listens to"},
	{"http://jabber.org/protocol/geoloc", "where the user is"}, {"urn:xmpp:mds:displayed:0", "how far messages have been seen"},
	{"urn:xmpp:vcard4", "the contact card"}, {"urn:xmpp:microblog:0", "the user's articles"},
}
