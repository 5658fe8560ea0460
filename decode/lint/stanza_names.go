package lint

import "xmppscope/decode"

// Namespaces of extensions that stand in stanzas.
const (
	nsDelay    = "urn:xmpp:delay"
	nsCarbons  = "urn:xmpp:carbons:2"
	nsForward  = "urn:xmpp:forward:0"
	nsMAM      = "urn:xmpp:mam:2"
	nsReceipts = "urn:xmpp:receipts"
	nsMarkers  = "urn:xmpp:chat-markers:0"
	nsStates   = "http://jabber.org/protocol/chatstates"
	nsStanzaID = "urn:xmpp:sid:0"
	nsCorrect  = "urn:xmpp:message-correct:0"
	nsOccupant = "urn:xmpp:occupant-id:0"
	nsInfo     = "http://jabber.org/protocol/disco#info"
	nsUpload   = "urn:xmpp:http:upload:0"
	nsMUC      = "http://jabber.org/protocol/muc"
	nsMUCUser  = "http://jabber.org/protocol/muc#user"
	nsPreAppr  = "urn:xmpp:features:pre-approval"
)

// The marks of those that rules look for in every stanza.
var (
	mayDelay    = decode.InsideSpace(nsDelay)
	mayCarbons  = decode.InsideSpace(nsCarbons)
	mayMAM      = decode.InsideSpace(nsMAM)
	mayReceipts = decode.InsideSpace(nsReceipts)
	mayMarkers  = decode.InsideSpace(nsMarkers)
	mayStates   = decode.InsideSpace(nsStates)
	mayStanzaID = decode.InsideSpace(nsStanzaID)
	mayCorrect  = decode.InsideSpace(nsCorrect)
	mayOccupant = decode.InsideSpace(nsOccupant)
	mayMUC      = decode.InsideSpace(nsMUC)
	mayMUCUser  = decode.InsideSpace(nsMUCUser)
)
