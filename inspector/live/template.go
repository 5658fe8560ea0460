package live

import (
	"strings"

	"xmppscope/decode"
)

// Template is something to begin with that a side may send.
type Template struct {
	// Name is a word or two, About says what it is good for.
	Name, About string

	text string
	// toServer and toClient say whom it makes sense to send it to.
	toServer, toClient bool
	from               decode.Dir
}

// templates is the table; a template is a line here. $TO, $FROM, $PEER and $DOMAIN
// stand for who gets it, who seems to send it, somebody else, and the server.
var templates = [...]Template{
	{Name: "message", About: "a chat message", text: "<message type='chat' to='$TO' from='$FROM'><body>Hello</body></message>", toServer: true, toClient: true},
	{Name: "presence", About: "somebody is there, and away", text: "<presence from='$FROM'><show>away</show></presence>", toServer: true, toClient: true},
	{Name: "subscribe", About: "asks to see somebody's presence", text: "<presence type='subscribe' to='$TO' from='$FROM'/>", toServer: true, toClient: true},
	{Name: "ping", About: "asks whether the other side is there (XEP-0199)", text: "<iq type='get' id='x1'><ping xmlns='urn:xmpp:ping'/></iq>", toServer: true, toClient: true},
	{Name: "disco info", About: "asks what the other side can do (XEP-0030)", text: "<iq type='get' id='x1' to='$DOMAIN'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>", toServer: true},
	{Name: "disco info", About: "asks what the other side can do (XEP-0030)", text: "<iq type='get' id='x1' from='$DOMAIN'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>", toClient: true},
	{Name: "disco items", About: "asks what services there are (XEP-0030)", text: "<iq type='get' id='x1' to='$DOMAIN'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>", toServer: true},
	{Name: "roster", About: "asks for the contacts (RFC 6121 §2.1)", text: "<iq type='get' id='x1'><query xmlns='jabber:iq:roster'/></iq>", toServer: true},
	{Name: "roster push", About: "a contact is new (RFC 6121 §2.1.6)", text: "<iq type='set' id='x1'><query xmlns='jabber:iq:roster'><item jid='$PEER' subscription='both'/></query></iq>", toClient: true},
	{Name: "version", About: "asks for the name of the program (XEP-0092)", text: "<iq type='get' id='x1'><query xmlns='jabber:iq:version'/></iq>", toServer: true, toClient: true},
	{Name: "sm request", About: "asks how many stanzas arrived (XEP-0198)", text: "<r xmlns='urn:xmpp:sm:3'/>", toServer: true, toClient: true},
	{Name: "stream error", About: "ends the stream (RFC 6120 §4.9)", text: "<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>", toServer: true, toClient: true},
	{Name: "empty", About: "begin with nothing", text: "", toServer: true, toClient: true},
}

// Templates are those that make sense to be sent as if a side had.
func Templates(from decode.Dir) (all []Template) {
	for _, t := range templates {
		if from == decode.FromInitiator && t.toServer || from == decode.FromReceiver && t.toClient {
			t.from = from
			all = append(all, t)
		}
	}
	return all
}

// Fill puts in what is known of a connection; s may be nil.
func (t *Template) Fill(s *decode.State) string {
	domain, jid := "localhost", "juliet@localhost"
	if s != nil && s.Domain != "" {
		domain, jid = s.Domain, "juliet@"+s.Domain
	}
	if s != nil && s.JID != "" {
		jid = s.JID
	}
	peer := "romeo@" + domain
	to, from, text := peer, jid, t.text
	if t.from == decode.FromReceiver {
		to, from = jid, peer+"/phone"
	} else {
		text = strings.ReplaceAll(text, " from='$FROM'", "") // the server knows
	}
	return strings.NewReplacer("$TO", escapeAttr(to), "$FROM", escapeAttr(from), "$PEER", escapeAttr(peer), "$DOMAIN", escapeAttr(domain)).Replace(text)
}

func escapeAttr(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", "'", "&apos;").Replace(s)
}
