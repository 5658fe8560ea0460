package explain

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// addAttributes explains what every element can have: addresses, ids and
// namespace declarations. A topic that knew more has spoken first.
func (x *Explanation) addAttributes(e *decode.Event, n *xmlstream.Node) {
	if n == nil {
		return
	}
	stanza := stanzaText(n.Name.Local) != ""
	for i := range n.Attrs {
		a := &n.Attrs[i]
		switch {
		case a.Name.Space == "xmlns":
			x.note(whole(a), declarationText(n, a))
		case a.Name.Space == xmlstream.NSXML && a.Name.Local == "lang":
			x.note(whole(a), "The language of the words for people in this element.")
		case a.Name.Space == "" && stanza:
			x.note(whole(a), x.attributeText(e, n, a.Name.Local))
		}
	}
	if c := first(n); c != nil {
		for i := range c.Attrs {
			if a := &c.Attrs[i]; a.Name.Space == "xmlns" {
				x.note(whole(a), declarationText(c, a))
			}
		}
	}
}

func (x *Explanation) attributeText(e *decode.Event, n *xmlstream.Node, local string) string {
	stanza := e.Name.Local
	switch local {
	case "to":
		return "Whom the stanza is for: " + x.addressee(e, attr(n, local)) + "."
	case "from":
		if !relayed(e) {
			return "Whom the stanza is from. The server puts in the proven address, whatever stands here."
		}
		return "Whom the stanza is from: " + x.addressee(e, attr(n, local)) + ". A server puts in the proven address, whatever the sender wrote."
	case "id":
		switch {
		case stanza == "iq" && asks(e):
			return "The id that the answer must repeat."
		case stanza == "iq" && !strayIQ(e):
			return "The id of the request that this answers."
		}
		return "An id that the sender chose, so that others can refer to it."
	case "type":
		v := attr(n, local)
		switch stanza {
		case "iq":
			return iqTypeText(v)
		case "message":
			return "What sort of message it is" + typeNote(messageTypes, v)
		}
		return "What sort of presence it is" + typeNote(presenceNotes, v)
	}
	return ""
}

// addressee says what an address names, by its form (RFC 7622 §3.1).
func (x *Explanation) addressee(e *decode.Event, jid string) string {
	own := stateOf(e).JID
	switch {
	case own != "" && jid == own:
		return "the client itself, by its full address"
	case own != "" && jid == bare(own):
		return "the client's own account, not one device of it"
	case own != "" && jid == domainOf(own):
		return "the client's own server"
	case x.session != nil && jid != "" && x.session.HasRoom(jid):
		return pick(resource(jid) == "", "a room", "one person in a room, by the nickname")
	case resource(jid) != "":
		return "one device of an account, or one person in a room; what stands behind the slash tells which"
	case strings.Contains(jid, "@"):
		return "an account or a room, not one device"
	}
	return "a server or a service"
}

func typeNote(known map[string]string, v string) string {
	if s := known[v]; s != "" {
		return ": " + s + "."
	}
	return ": none of the defined types."
}

// messageTypes are those of RFC 6121 §5.2.2, presenceNotes those of §4.7.1.
var (
	messageTypes = map[string]string{"chat": "a conversation of two", "groupchat": "for everybody in a room", "headline": "news that is not stored",
		"normal": "a single message", "error": "a message came back"}
	presenceNotes = map[string]string{"unavailable": "no longer there", "subscribe": "a request to see the presence", "subscribed": "the request is granted",
		"unsubscribe": "the presence is no longer wanted", "unsubscribed": "the request is refused, or the right taken back", "probe": "a server asks how somebody is",
		"error": "something went wrong with a presence"}
)

// declarationText explains a namespace declaration.
func declarationText(n *xmlstream.Node, a *xmlstream.Attr) string {
	prefix := a.Name.Local
	if prefix == "xmlns" {
		prefix = ""
	}
	space, _ := n.Scope.Lookup(prefix)
	if prefix == "" {
		return "Its namespace. " + spaceText(space)
	}
	return "The prefix " + value(prefix) + ": stands for this namespace. " + spaceText(space)
}

// stanzaText says what each kind of stanza is (RFC 6120 §8.2).
func stanzaText(local string) string {
	switch local {
	case "message":
		return "Something is sent to an address; no answer is due."
	case "presence":
		return "Somebody says how reachable they are, to all who may know."
	case "iq":
		return "A question or order with an id, and its one answer."
	}
	return ""
}

// iqTypeText explains the types of RFC 6120 §8.2.3.
func iqTypeText(v string) string {
	switch v {
	case "get":
		return "A question."
	case "set":
		return "An order, or a change to accept."
	case "result":
		return "The answer yes, or what was asked for."
	case "error":
		return "The answer no, with the reason."
	}
	return "None of the defined types: get, set, result, error."
}
