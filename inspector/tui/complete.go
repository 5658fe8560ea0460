package tui

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

// What may stand at a place of a stanza that somebody writes.

// Namespaces of login elements (RFC 6120 §6, XEP-0388).
const (
	nsSASL  = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsSASL2 = "urn:xmpp:sasl:2"
)

// likely are the elements that stand in another one, with their namespace where
// they need one, by the local name of that; "" is the stream. A new one is a
// word here.
var likely = map[string][]suggestion{
	"": {{"message", "to somebody"}, {"presence", "who is there"}, {"iq", "a question that must be answered"},
		{"r xmlns='urn:xmpp:sm:3'/>", "asks for counts"}, {"a xmlns='urn:xmpp:sm:3' h='0'/>", "tells a count"}, {"enable xmlns='urn:xmpp:sm:3'/>", "stream management"},
		{"auth xmlns='" + nsSASL + "' mechanism='", "begins a login"}, {"response xmlns='" + nsSASL + "'>", "goes on with a login"}, {"challenge xmlns='" + nsSASL + "'>", "asks in a login"},
		{"success xmlns='" + nsSASL + "'/>", "a login is accepted"}, {"failure xmlns='" + nsSASL + "'>", "a login is refused"}, {"abort xmlns='" + nsSASL + "'/>", "breaks a login off"},
		{"starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "asks for TLS"}, {"proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "TLS begins"},
		{"active xmlns='urn:xmpp:csi:0'/>", "somebody looks"}, {"inactive xmlns='urn:xmpp:csi:0'/>", "nobody looks"},
		{"stream:features", "what is offered"}, {"stream:error", "ends the stream"}},
	"message": {{"body", "the words"}, {"subject", ""}, {"thread", ""}, {"error type='cancel'", "why it failed"}, {"request xmlns='urn:xmpp:receipts'/>", "asks for a receipt"},
		{"received xmlns='urn:xmpp:receipts' id='", "a receipt"}, {"composing xmlns='http://jabber.org/protocol/chatstates'/>", "somebody types"},
		{"delay xmlns='urn:xmpp:delay' stamp='", "when it was sent"}, {"markable xmlns='urn:xmpp:chat-markers:0'/>", ""}, {"store xmlns='urn:xmpp:hints'/>", ""}, {"replace xmlns='urn:xmpp:message-correct:0' id='", "corrects an earlier one"}},
	"presence": {{"show", "away, chat, dnd or xa"}, {"status", "words"}, {"priority", "-128 to 127"}, {"error type='cancel'", "why it failed"},
		{"x xmlns='http://jabber.org/protocol/muc'/>", "enters a room"}, {"c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='", "capabilities"}},
	"iq": {{"query xmlns='", "the usual payload"}, {"ping xmlns='urn:xmpp:ping'/>", ""}, {"bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>", ""}, {"session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>", ""},
		{"error type='cancel'", "why it failed"}, {"vCard xmlns='vcard-temp'/>", ""}, {"enable xmlns='urn:xmpp:carbons:2'/>", "copies of messages"}, {"time xmlns='urn:xmpp:time'/>", ""}, {"pubsub xmlns='http://jabber.org/protocol/pubsub'", ""}},
	"query":    {{"item jid='", "an entry"}, {"identity category='client' type='pc'/>", "of disco#info"}, {"feature var='", "of disco#info"}, {"username", "of iq-auth"}, {"password", "of iq-auth"}},
	"item":     {{"group", "of the roster"}},
	"bind":     {{"resource", "as the client would like it"}, {"jid", "as the server gives it"}},
	"features": {{"starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'", ""}, {"mechanisms xmlns='" + nsSASL + "'", ""}, {"bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>", ""}, {"sm xmlns='urn:xmpp:sm:3'/>", ""}},
	"starttls": {{"required/>", ""}}, "mechanisms": {{"mechanism", ""}},
}

// Names of conditions (RFC 6120 §4.9.3 and §8.3.3).
const (
	streamConditions = "bad-format bad-namespace-prefix conflict connection-timeout host-gone host-unknown improper-addressing internal-server-error invalid-from invalid-namespace invalid-xml not-authorized not-well-formed policy-violation remote-connection-failed reset resource-constraint restricted-xml see-other-host system-shutdown undefined-condition unsupported-encoding unsupported-feature unsupported-stanza-type unsupported-version"
	stanzaConditions = "bad-request conflict feature-not-implemented forbidden gone internal-server-error item-not-found jid-malformed not-acceptable not-allowed not-authorized policy-violation recipient-unavailable redirect registration-required remote-server-not-found remote-server-timeout resource-constraint service-unavailable subscription-required undefined-condition unexpected-request"
)

// attributes are those that an element may have, by its local name.
var attributes = map[string]string{
	"message": "to from id type xml:lang", "presence": "to from id type xml:lang", "iq": "to from id type xml:lang",
	"item": "jid name subscription ask node affiliation role", "query": "xmlns node ver", "error": "type by", "auth": "xmlns mechanism", "authenticate": "xmlns mechanism",
	"a": "xmlns h", "resume": "xmlns h previd", "enable": "xmlns resume max", "enabled": "xmlns id resume max location", "stream:stream": "to from id version xml:lang xmlns xmlns:stream",
	"delay": "xmlns stamp from", "c": "xmlns hash node ver", "received": "xmlns id",
}

// values are those of an attribute with few, by element and attribute.
var values = map[string]string{
	"message type": "chat groupchat headline normal error", "presence type": "unavailable subscribe subscribed unsubscribe unsubscribed probe error", "iq type": "get set result error",
	"error type": "cancel auth modify wait continue", "item subscription": "none to from both remove", "enable resume": "true", "stream:stream version": "1.0",
}

// suggestions are what may stand where somebody types.
func (c *composer) suggestions(t typing) []suggestion {
	switch t.where {
	case inEndTag:
		if open := openElement(t.before, c.advice.within()); open != nil {
			return []suggestion{{string(open.QName.Of(open.Unit())) + ">", "ends what is open"}}
		}
	case inName:
		return c.children(t)
	case inAttr:
		names := attributes[local(t.element)]
		if names == "" {
			names = "xmlns xml:lang"
		}
		return words(names, "='", "")
	case inValue:
		return c.valuesFor(t)
	case inText:
		switch t.element {
		case "show":
			return words("away chat dnd xa", "", "")
		case "mechanism":
			return c.mechanisms()
		}
	}
	return nil
}

// children are the elements that may stand at a place.
func (c *composer) children(t typing) []suggestion {
	parent := openElement(t.before, c.advice.within())
	if parent == nil {
		return likely[""]
	}
	switch name := parent.Name; {
	case name.Local == "error" && name.Space == xmlstream.NSStreams:
		return words(streamConditions, " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>", "RFC 6120 §4.9.3")
	case name.Local == "error":
		return append(words(stanzaConditions, " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>", "RFC 6120 §8.3.3"), suggestion{"text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'", "words for a person"})
	case name.Local == "failure" && name.Space == nsSASL:
		var all []suggestion
		for _, k := range sasl.Conditions() {
			all = append(all, suggestion{k.Name + "/>", ""})
		}
		return all
	}
	return likely[parent.Name.Local]
}

// valuesFor are values of an attribute: what this conversation has seen, and
// what the specifications know.
func (c *composer) valuesFor(t typing) (all []suggestion) {
	if some := values[local(t.element)+" "+t.attr]; some != "" {
		return words(some, "", "")
	}
	said := c.advice.newest()
	switch t.attr {
	case "to", "from", "jid", "by":
		if said != nil {
			return said.names.jids
		}
	case "id", "previd":
		if said != nil {
			return said.names.ids
		}
	case "mechanism":
		return c.mechanisms()
	case "xmlns", "var", "node":
		for _, p := range inspector.Prefixes() {
			all = append(all, suggestion{p.Space, p.Prefix})
		}
	}
	return all
}

// mechanisms are those that were offered, or that there are.
func (c *composer) mechanisms() (all []suggestion) {
	if s := c.u.stateOf(c.advice.conn); s != nil {
		for _, m := range s.Mechanisms() {
			all = append(all, suggestion{m, "offered"})
		}
	}
	return append(all, words("PLAIN SCRAM-SHA-1 SCRAM-SHA-256 EXTERNAL ANONYMOUS", "", "")...)
}

// words makes suggestions of a list of words.
func words(list, end, about string) (all []suggestion) {
	for _, w := range strings.Fields(list) {
		all = append(all, suggestion{w + end, about})
	}
	return all
}

func local(name string) string {
	if name == "stream:stream" {
		return name
	}
	return name[strings.IndexByte(name, ':')+1:]
}

// openElement is the innermost element that a text leaves open.
func openElement(text string, scope *xmlstream.Scope) *xmlstream.Node {
	var tree xmlstream.Tree
	n := tree.Parse([]byte(text), scope, xmlstream.Options{})
	var open *xmlstream.Node
	for n != nil && n.Kind == xmlstream.ElementNode && n.EndTag.Len() == 0 && !strings.HasSuffix(string(n.Tag.Of(n.Unit())), "/>") {
		open, n = n, n.LastChild
	}
	return open
}

// seenNames are names that a conversation has used, the newest first.
type seenNames struct{ jids, ids []suggestion }

// escapeXML writes a text so that it can stand in an attribute.
func escapeXML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", "'", "&apos;").Replace(s)
}

// maxSeenNames bounds them.
const maxSeenNames = 40

// names collects the names that were used.
func (h *history) names() (all seenNames) {
	jids, ids := map[string]bool{}, map[string]bool{}
	add := func(list []suggestion, seen map[string]bool, s, about string) []suggestion {
		if s == "" || seen[s] || len(list) >= maxSeenNames || len(s) > 200 {
			return list
		}
		seen[s] = true
		return append(list, suggestion{escapeXML(s), about})
	}
	look := func(e *decode.Event) {
		for _, j := range [...]string{e.From, e.To} {
			all.jids = add(all.jids, jids, j, "seen in "+number(e.Seq))
			all.jids = add(all.jids, jids, strings.SplitN(j, "/", 2)[0], "")
		}
		if e.Kind == decode.KindStanza {
			about := e.Name.Local + " " + e.Type + " " + number(e.Seq)
			all.ids = add(all.ids, ids, e.ID, about)
		}
	}
	for _, list := range [...][]*decode.Event{h.recent, h.first} {
		for i := len(list) - 1; i >= 0; i-- {
			look(list[i])
		}
	}
	if n := len(h.first); n > 0 && h.first[n-1].After != nil {
		all.jids = add(all.jids, jids, h.first[n-1].After.JID, "the client")
		all.jids = add(all.jids, jids, h.first[n-1].After.Domain, "the server")
	}
	return all
}
