package explain

import "xmppscope/decode/spec"

// values are words that stand as values of attributes or fields, each with
// where it stands.
var values = []Entry{
	{Name: "tcp", Sort: SortTransport, Ref: spec.RFC(6120, "3"), Text: "XMPP straight over a TCP connection: from port 5222 on for clients, 5269 for servers.", Expect: "Encryption begins later, by STARTTLS."},
	{Name: "direct-tls", Sort: SortTransport, Ref: spec.XEP(368, "3"), Text: "A TCP connection on which TLS begins with the first byte."},
	{Name: "websocket", Sort: SortTransport, Ref: spec.RFC(7395, "3"), Text: "XMPP in the frames of a WebSocket, one whole element in each; the stream tag is gone."},
	{Name: "bosh", Sort: SortTransport, Ref: spec.XEP(124, ""), Text: "XMPP in HTTP requests that the server keeps waiting; one session uses many connections."},

	{Name: "c2s", Sort: SortProfile, Ref: spec.RFC(6120, "2.5"), Text: "The initiator is a client of an account on the server."},
	{Name: "s2s", Sort: SortProfile, Ref: spec.RFC(6120, "2.5"), Text: "Both sides are servers."},
	{Name: "component", Sort: SortProfile, Ref: spec.XEP(114, "2"), Text: "The initiator is a service that has joined the server with a shared secret and speaks for a whole domain."},

	{Name: "closed", Sort: SortOutcome, Ref: spec.RFC(6120, "4.4"), Text: "Both sides have closed their streams, as it should be."},
	{Name: "error", Sort: SortOutcome, Ref: spec.RFC(6120, "4.9"), Text: "A stream error has ended the conversation."},
	{Name: "cut", Sort: SortOutcome, Ref: spec.RFC(6120, "4.4"), Text: "TCP ended before the streams were closed."},
	{Name: "reset", Sort: SortOutcome, Ref: spec.RFC(9293, "3.5.2"), Text: "One side has thrown the TCP connection away (RST)."},
	{Name: "truncated", Sort: SortOutcome, Ref: spec.RFC(6120, "4.4"), Text: "The recording ends before the conversation does, or bytes are missing."},
	{Name: "open", Sort: SortOutcome, Ref: spec.RFC(6120, "4.4"), Text: "The conversation still goes on."},

	{Name: "chat", Sort: SortMessageType, Ref: spec.RFC(6121, "5.2.2"), Text: "A message of a conversation between two."},
	{Name: "groupchat", Sort: SortMessageType, Ref: spec.RFC(6121, "5.2.2"), Text: "A message to, or from, all who are in a room."},
	{Name: "headline", Sort: SortMessageType, Ref: spec.RFC(6121, "5.2.2"), Text: "News to which no answer is expected; it is not kept for those who are not there."},
	{Name: "normal", Sort: SortMessageType, Ref: spec.RFC(6121, "5.2.2"), Text: "A single message outside of a conversation, like a letter. A message without a type is one."},

	{Name: "get", Sort: SortIQType, Ref: spec.RFC(6120, "8.2.3"), Text: "A question. One answer is due, result or error, with the same id."},
	{Name: "set", Sort: SortIQType, Ref: spec.RFC(6120, "8.2.3"), Text: "An order, or something to take in. One answer is due, result or error, with the same id."},
	{Name: "result", Sort: SortIQType, Ref: spec.RFC(6120, "8.2.3"), Text: "The answer to a get or set: what was asked for, or simply yes."},

	{Name: "unavailable", Sort: SortPresenceType, Ref: spec.RFC(6121, "4.5"), Text: "The sender is no longer there. With to it is meant for that one address alone."},
	{Name: "subscribe", Sort: SortPresenceType, Ref: spec.RFC(6121, "3.1"), Text: "The sender asks to see the recipient's presence.", Expect: "The recipient answers with subscribed or unsubscribed."},
	{Name: "subscribed", Sort: SortPresenceType, Ref: spec.RFC(6121, "3.1"), Text: "The sender lets the recipient see the sender's presence."},
	{Name: "unsubscribe", Sort: SortPresenceType, Ref: spec.RFC(6121, "3.3"), Text: "The sender no longer wants to see the recipient's presence."},
	{Name: "unsubscribed", Sort: SortPresenceType, Ref: spec.RFC(6121, "3.2"), Text: "The sender refuses to be seen by the recipient, or takes that right away again."},
	{Name: "probe", Sort: SortPresenceType, Ref: spec.RFC(6121, "4.3"), Text: "A server asks for somebody's presence in the name of a user who has just come. No client sends it."},

	{Name: "away", Sort: SortShow, Ref: spec.RFC(6121, "4.7.2.1"), Text: "The user is away for a short time."},
	{Name: "chat", Sort: SortShow, Ref: spec.RFC(6121, "4.7.2.1"), Text: "The user would like to talk."},
	{Name: "dnd", Sort: SortShow, Ref: spec.RFC(6121, "4.7.2.1"), Text: "The user does not want to be disturbed."},
	{Name: "xa", Sort: SortShow, Ref: spec.RFC(6121, "4.7.2.1"), Text: "The user is away for a longer time (extended away)."},

	{Name: "none", Sort: SortSubscription, Ref: spec.RFC(6121, "2.1.2.5"), Text: "Neither of the two sees the other's presence."},
	{Name: "to", Sort: SortSubscription, Ref: spec.RFC(6121, "2.1.2.5"), Text: "The user sees the contact's presence, and not the other way round."},
	{Name: "from", Sort: SortSubscription, Ref: spec.RFC(6121, "2.1.2.5"), Text: "The contact sees the user's presence, and not the other way round."},
	{Name: "both", Sort: SortSubscription, Ref: spec.RFC(6121, "2.1.2.5"), Text: "Each of the two sees the other's presence."},
	{Name: "remove", Sort: SortSubscription, Ref: spec.RFC(6121, "2.5"), Text: "The contact is taken off the contact list, and the right to see each other's presence with it."},

	{Name: "owner", Sort: SortAffiliation, Ref: spec.XEP(45, "5.2"), Text: "Whoever rules the room: sets it up, names its admins, and can do away with it."},
	{Name: "admin", Sort: SortAffiliation, Ref: spec.XEP(45, "5.2"), Text: "May ban people from the room and name its moderators."},
	{Name: "member", Sort: SortAffiliation, Ref: spec.XEP(45, "5.2"), Text: "Stands on the member list of the room; a room for members lets nobody else in."},
	{Name: "outcast", Sort: SortAffiliation, Ref: spec.XEP(45, "5.2"), Text: "Is banned from the room."},
	{Name: "none", Sort: SortAffiliation, Ref: spec.XEP(45, "5.2"), Text: "Has no lasting standing in the room."},
	{Name: "moderator", Sort: SortRole, Ref: spec.XEP(45, "5.1"), Text: "May throw people out of the room and take the word from them, for this visit."},
	{Name: "participant", Sort: SortRole, Ref: spec.XEP(45, "5.1"), Text: "May speak in the room, for this visit."},
	{Name: "visitor", Sort: SortRole, Ref: spec.XEP(45, "5.1"), Text: "May listen but not speak, in a room where speaking must be granted."},
	{Name: "none", Sort: SortRole, Ref: spec.XEP(45, "5.1"), Text: "Is not in the room, or has to leave it now."},
}
