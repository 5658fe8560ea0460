package live

import (
	"crypto/rand"
	"strconv"
	"strings"

	"xmppscope/decode"
)

// Template is something to begin with that a side may send.
type Template struct {
	// Name is a word or two, About says what it is good for.
	Name, About string
	// Login tells that it carries login data, made of fields.
	Login bool

	text string
	side side
	from decode.Dir
}

// side says whom it makes sense to send a template to.
type side uint8

const (
	toServer side = 1 << iota
	toClient
	toBoth = toServer | toClient
)

const (
	nsStanzas = "urn:ietf:params:xml:ns:xmpp-stanzas"
	nsStreams = "urn:ietf:params:xml:ns:xmpp-streams"
)

// templates is the table; a template is a line here. $TO, $FROM, $PEER and
// $DOMAIN stand for who gets it, who seems to send it, somebody else, and the
// server; $ID for a fresh id, $ASKED and $ASKER for the last request that waits
// for an answer from that side, $H for how many stanzas that side has taken in;
// $PLAIN and $SCRAM for the first message of a login, with a fresh nonce.
var templates = [...]Template{
	{Name: "message", About: "a chat message", text: "<message type='chat' to='$TO' from='$FROM' id='$ID'><body>Hello</body></message>", side: toBoth},
	{Name: "presence", About: "somebody is there, and away", text: "<presence from='$FROM'><show>away</show></presence>", side: toBoth},
	{Name: "unavailable", About: "somebody goes (RFC 6121 §4.5)", text: "<presence type='unavailable' from='$FROM'/>", side: toBoth},
	{Name: "subscribe", About: "asks to see somebody's presence (RFC 6121 §3.1)", text: "<presence type='subscribe' to='$BARETO' from='$BAREFROM' id='$ID'/>", side: toBoth},
	{Name: "iq get", About: "asks for something: put the question in", text: "<iq type='get' id='$ID' to='$DOMAIN'><time xmlns='urn:xmpp:time'/></iq>", side: toServer},
	{Name: "iq get", About: "asks for something: put the question in", text: "<iq type='get' id='$ID' from='$DOMAIN' to='$JID'><time xmlns='urn:xmpp:time'/></iq>", side: toClient},
	{Name: "iq set", About: "orders something: put the order in", text: "<iq type='set' id='$ID'><query xmlns='jabber:iq:private'><note xmlns='urn:example:note'/></query></iq>", side: toServer},
	{Name: "ping", About: "asks whether the other side is there (XEP-0199)", text: "<iq type='get' id='$ID'><ping xmlns='urn:xmpp:ping'/></iq>", side: toServer},
	{Name: "ping", About: "asks whether the other side is there (XEP-0199)", text: "<iq type='get' id='$ID' from='$DOMAIN' to='$JID'><ping xmlns='urn:xmpp:ping'/></iq>", side: toClient},
	{Name: "disco info", About: "asks what the other side can do (XEP-0030)", text: "<iq type='get' id='$ID' to='$DOMAIN'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>", side: toServer},
	{Name: "disco info", About: "asks what the other side can do (XEP-0030)", text: "<iq type='get' id='$ID' from='$DOMAIN' to='$JID'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>", side: toClient},
	{Name: "disco items", About: "asks what services there are (XEP-0030)", text: "<iq type='get' id='$ID' to='$DOMAIN'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>", side: toServer},
	{Name: "roster", About: "asks for the contacts (RFC 6121 §2.1)", text: "<iq type='get' id='$ID'><query xmlns='jabber:iq:roster'/></iq>", side: toServer},
	{Name: "roster set", About: "puts a contact in, or renames it (RFC 6121 §2.3)", text: "<iq type='set' id='$ID'><query xmlns='jabber:iq:roster'><item jid='$PEER' name='Romeo'/></query></iq>", side: toServer},
	{Name: "roster push", About: "a contact is new (RFC 6121 §2.1.6)", text: "<iq type='set' id='$ID' to='$JID'><query xmlns='jabber:iq:roster'><item jid='$PEER' subscription='both'/></query></iq>", side: toClient},
	{Name: "version", About: "asks for the name of the program (XEP-0092)", text: "<iq type='get' id='$ID' to='$DOMAIN'><query xmlns='jabber:iq:version'/></iq>", side: toServer},
	{Name: "version", About: "asks for the name of the program (XEP-0092)", text: "<iq type='get' id='$ID' from='$DOMAIN' to='$JID'><query xmlns='jabber:iq:version'/></iq>", side: toClient},
	{Name: "iq result", About: "answers the last request that waits", text: "<iq type='result' id='$ASKED' to='$ASKER' from='$FROM'/>", side: toBoth},
	{Name: "stanza error", About: "refuses the last request that waits (RFC 6120 §8.3)", text: "<iq type='error' id='$ASKED' to='$ASKER' from='$FROM'><error type='cancel'><service-unavailable xmlns='" + nsStanzas + "'/></error></iq>", side: toBoth},
	{Name: "carbons", About: "asks for copies of messages (XEP-0280)", text: "<iq type='set' id='$ID'><enable xmlns='urn:xmpp:carbons:2'/></iq>", side: toServer},
	{Name: "sm enable", About: "asks for stream management (XEP-0198)", text: "<enable xmlns='urn:xmpp:sm:3' resume='true'/>", side: toServer},
	{Name: "sm request", About: "asks how many stanzas arrived (XEP-0198)", text: "<r xmlns='urn:xmpp:sm:3'/>", side: toBoth},
	{Name: "sm answer", About: "tells how many stanzas arrived (XEP-0198)", text: "<a xmlns='urn:xmpp:sm:3' h='$H'/>", side: toBoth},
	{Name: "auth PLAIN", About: "logs in with a name and a password, as fields (RFC 4616)", Login: true, text: "<auth xmlns='" + nsSASL + "' mechanism='PLAIN'>$PLAIN</auth>", side: toServer},
	{Name: "auth SCRAM-SHA-1", About: "begins a login with a fresh nonce, as fields (RFC 5802)", Login: true, text: "<auth xmlns='" + nsSASL + "' mechanism='SCRAM-SHA-1'>$SCRAM</auth>", side: toServer},
	{Name: "auth SCRAM-SHA-256", About: "begins a login with a fresh nonce, as fields (RFC 7677)", Login: true, text: "<auth xmlns='" + nsSASL + "' mechanism='SCRAM-SHA-256'>$SCRAM</auth>", side: toServer},
	{Name: "auth EXTERNAL", About: "logs in by the certificate of TLS", Login: true, text: "<auth xmlns='" + nsSASL + "' mechanism='EXTERNAL'>=</auth>", side: toServer},
	{Name: "auth ANONYMOUS", About: "logs in as a guest (RFC 4505)", Login: true, text: "<auth xmlns='" + nsSASL + "' mechanism='ANONYMOUS'>=</auth>", side: toServer},
	{Name: "abort", About: "breaks a login off (RFC 6120 §6.4.4)", text: "<abort xmlns='" + nsSASL + "'/>", side: toServer},
	{Name: "login refused", About: "as if the password were wrong (RFC 6120 §6.4.5)", text: "<failure xmlns='" + nsSASL + "'><not-authorized/></failure>", side: toClient},
	{Name: "login accepted", About: "as if the login had succeeded (RFC 6120 §6.4.6)", text: "<success xmlns='" + nsSASL + "'/>", side: toClient},
	{Name: "stream error", About: "ends the stream (RFC 6120 §4.9)", text: "<stream:error><undefined-condition xmlns='" + nsStreams + "'/></stream:error>", side: toBoth},
	{Name: "conflict", About: "as if somebody had logged in elsewhere (RFC 6120 §4.9.3.3)", text: "<stream:error><conflict xmlns='" + nsStreams + "'/></stream:error>", side: toClient},
	{Name: "stream close", About: "closes the stream in good order (RFC 6120 §4.4)", text: "</stream:stream>", side: toBoth},
	{Name: "empty", About: "begin with nothing", text: "", side: toBoth},
}

// Templates are those that make sense to be sent as if a side had.
func Templates(from decode.Dir) (all []Template) {
	for _, t := range templates {
		if from == decode.FromInitiator && t.side&toServer != 0 || from == decode.FromReceiver && t.side&toClient != 0 {
			t.from = from
			all = append(all, t)
		}
	}
	return all
}

// Known is what a template can be filled with. Everything may be missing.
type Known struct {
	State *decode.State
	// Peer is somebody else that the conversation has spoken to, a bare JID.
	Peer string
	// Asked and Asker are the id and the sender of the last request that waits for
	// an answer from the side that sends.
	Asked, Asker string
	// H is how many stanzas the side that sends has taken in (XEP-0198 §4).
	H uint32
	// Random gives text that nobody can guess, 26 letters and digits; nil for
	// crypto/rand.
	Random func() string
}

// Fill puts in what the state of a connection knows; s may be nil.
func (t *Template) Fill(s *decode.State) string { return t.With(Known{State: s}) }

// With puts in what is known of a connection.
func (t *Template) With(k Known) string {
	if k.Random == nil {
		k.Random = rand.Text
	}
	domain, jid, user := "localhost", "", "juliet"
	if s := k.State; s != nil {
		domain = first(s.Domain, domain)
		jid = s.JID
	}
	jid = first(jid, user+"@"+domain)
	user, _, _ = strings.Cut(jid, "@")
	peer := first(k.Peer, "romeo@"+domain)
	to, from, text := peer, jid, t.text
	if t.from == decode.FromReceiver {
		to, from = jid, peer+"/phone"
	} else {
		text = strings.ReplaceAll(text, " from='$FROM'", "") // the server knows
		text = strings.ReplaceAll(text, " from='$BAREFROM'", "")
	}
	if k.Asker == "" {
		text = strings.ReplaceAll(text, " to='$ASKER'", "")
		if strings.Contains(text, "$ASKED") {
			text = strings.ReplaceAll(text, " from='$FROM'", "")
		}
	} else if strings.Contains(text, "$ASKED") {
		text = strings.ReplaceAll(text, "$FROM", "$DOMAIN")
	}
	text = strings.NewReplacer("$PLAIN", plainOf(user), "$SCRAM", scramOf(user, k.Random())).Replace(text)
	return strings.NewReplacer("$TO", escapeAttr(to), "$FROM", escapeAttr(from), "$BARETO", escapeAttr(bare(to)), "$BAREFROM", escapeAttr(bare(from)),
		"$PEER", escapeAttr(peer), "$DOMAIN", escapeAttr(domain), "$JID", escapeAttr(jid), "$ID", "xs-"+strings.ToLower(k.Random()[:8]),
		"$ASKED", escapeAttr(first(k.Asked, "x1")), "$ASKER", escapeAttr(k.Asker), "$H", strconv.FormatUint(uint64(k.H), 10)).Replace(text)
}

func bare(jid string) string {
	jid, _, _ = strings.Cut(jid, "/")
	return jid
}

func first(s, or string) string {
	if s == "" {
		return or
	}
	return s
}

func escapeAttr(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", "'", "&apos;").Replace(s)
}

// plainOf and scramOf are first messages of a login, in base64.
func plainOf(user string) string { return encoded("\x00" + user + "\x00secret") }

func scramOf(user, nonce string) string {
	return encoded("n,,n=" + strings.NewReplacer("=", "=3D", ",", "=2C").Replace(user) + ",r=" + nonce)
}
