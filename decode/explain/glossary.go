package explain

import "xmppscope/decode/spec"

// glossary are the words that a newcomer meets first, each in a few sentences.
var glossary = []Entry{
	{Name: "address (JID)", Ref: spec.RFC(7622, "3.1"), Text: "Who or what can be reached: localpart@domainpart/resourcepart, as juliet@capulet.example/balcony. Only the domain has to be there. It looks like an address of e-mail, but the part behind the slash names one connection."},
	{Name: "bare JID", Ref: spec.RFC(7622, "3.1"), Text: "An address without a resource: the account, whichever of its clients is online. What is sent to it, the server hands to one or several of them."},
	{Name: "full JID", Ref: spec.RFC(7622, "3.1"), Text: "An address with a resource: exactly one connection of an account. The server gives it during resource binding."},
	{Name: "localpart", Ref: spec.RFC(7622, "3.3"), Text: "What stands before the @: mostly the name of the account. It is compared without regard to case. Passwords are asked for it alone, not for the whole address."},
	{Name: "domainpart", Ref: spec.RFC(7622, "3.2"), Text: "The domain in an address. It is looked up in DNS to find the server, and the server's certificate has to be made out for it."},
	{Name: "resource", Ref: spec.RFC(7622, "3.4"), Text: "What stands behind the slash: one of the connections of an account. A client may ask for a name; the server has the last word. Case counts."},
	{Name: "stream", Ref: spec.RFC(6120, "4.2"), Text: "An XML document that grows as long as the connection lasts. There are two on a connection, one for each direction, and each has a header of its own."},
	{Name: "stream header", Ref: spec.RFC(6120, "4.7"), Text: "The start tag <stream:stream>, with which a side opens its stream: whom it wants to speak with, in which namespace, in which version. The end tag comes only when the stream is closed."},
	{Name: "stream ID", Ref: spec.RFC(6120, "4.7.3"), Text: "A name that the receiving entity gives to a stream, in its header. It must not be guessed, for dialback and old logins make keys of it."},
	{Name: "restart", Ref: spec.RFC(6120, "4.3.3"), Text: "After TLS and after a login both sides open new streams on the same connection: new headers, a new ID, a new list of features. No new TCP connection is made."},
	{Name: "stanza", Ref: spec.RFC(6120, "8"), Text: "A message, presence or iq: what is routed from one address to another. Everything else in a stream is only for the two who share the connection."},
	{Name: "nonza", Ref: spec.RFC(6120, "8"), Text: "An element of a stream that is no stanza, such as <starttls/>, <auth/> or <r/>. It goes no further than the other end of the connection."},
	{Name: "message", Ref: spec.RFC(6121, "5"), Text: "A stanza that is sent and forgotten: the server brings it to its addressee, or keeps it, and no answer is due."},
	{Name: "presence", Ref: spec.RFC(6121, "4"), Text: "A stanza that tells whoever subscribed to it that a client is there, away or gone. Also the language of subscriptions, and the way into rooms."},
	{Name: "iq", Ref: spec.RFC(6120, "8.2.3"), Text: "Short for info/query: a stanza that asks (get) or tells (set) and must be answered with result or error under the same id. Not only users ask: clients, servers and services do."},
	{Name: "stream feature", Ref: spec.RFC(6120, "4.3.2"), Text: "Something that can be settled at this stage of the stream. The receiving entity lists what it offers; the list changes with every restart."},
	{Name: "STARTTLS", Ref: spec.RFC(6120, "5"), Text: "Turning an open connection into an encrypted one: the client asks, the server says <proceed/>, and the next byte belongs to TLS."},
	{Name: "TLS", Ref: spec.RFC(8446, ""), Text: "Encryption of a connection, with a certificate that says who the server is. It hides what is said, but neither who speaks with whom nor how much and when."},
	{Name: "certificate", Ref: spec.RFC(6120, "13.7"), Text: "A signed statement of an authority: whoever has this key is this domain. XMPP compares it with the domain that was asked for, not with the name of the machine that DNS led to."},
	{Name: "SASL", Ref: spec.RFC(4422, ""), Text: "A frame for logging in that many protocols share. The server lists mechanisms, the client chooses one; then challenges and responses follow until success or failure."},
	{Name: "mechanism", Ref: spec.RFC(4422, "3"), Text: "One way to prove who one is: PLAIN shows the password, SCRAM proves that one knows it, EXTERNAL points at a certificate."},
	{Name: "initial response", Ref: spec.RFC(6120, "6.4.2"), Text: "The first data of a login, sent along with <auth/> where the client speaks first. A single = stands for data of no length."},
	{Name: "challenge", Ref: spec.RFC(6120, "6.4.3"), Text: "What the server sends during a login to be answered, such as random letters, a salt and a count."},
	{Name: "base64", Ref: spec.RFC(4648, ""), Text: "A way to write any bytes with 64 letters. It hides nothing: anybody can turn it back. XMPP uses it because XML cannot carry bytes such as NUL."},
	{Name: "SCRAM", Ref: spec.RFC(5802, "3"), Text: "A family of mechanisms in which both sides prove that they know the password, and neither sends it. The server keeps less than the password, and what is seen on the wire is good for one login only."},
	{Name: "nonce", Ref: spec.RFC(5802, "5.1"), Text: "Random letters that are used once. In SCRAM each side adds its own, so that no old login can be played again."},
	{Name: "salt", Ref: spec.RFC(5802, "5.1"), Text: "Random bytes that are mixed with a password, so that the same password of two accounts does not look the same in the server's file."},
	{Name: "iteration count", Ref: spec.RFC(5802, "5.1"), Text: "How often a password is hashed. The more, the longer somebody who stole the server's file has to try for each guess; 4,096 is the least."},
	{Name: "downgrade", Ref: spec.RFC(5802, "6"), Text: "Somebody on the way removes what is strong from a list, so that something weak is chosen. SCRAM can tell, when it is bound to TLS or to the list."},
	{Name: "resource binding", Ref: spec.RFC(6120, "7"), Text: "After the login the client asks for a resource and gets its full JID. Before that it must not send stanzas. It is mandatory for clients."},
	{Name: "session (old)", Ref: spec.RFC(3921, "3"), Text: "A request of the first XMPP after resource binding. Today it changes nothing; servers offer it for old clients."},
	{Name: "roster", Ref: spec.RFC(6121, "2"), Text: "The list of contacts of an account, which the server keeps. A client asks for it before it shows itself."},
	{Name: "roster push", Ref: spec.RFC(6121, "2.1.6"), Text: "An iq with which a server tells the clients of an account that the roster has changed. It counts only if it comes from the account itself."},
	{Name: "subscription", Ref: spec.RFC(6121, "3.1"), Text: "The right to be told of somebody's presence. It is asked for and granted in each direction apart: none, to, from, both."},
	{Name: "initial presence", Ref: spec.RFC(6121, "4.2"), Text: "The first presence without a type and an addressee. From then on the client is available, gets messages, and hears of its contacts."},
	{Name: "priority", Ref: spec.RFC(6121, "4.7.2.3"), Text: "A number in a presence, from -128 to 127. Messages to the bare JID go to clients with a high one; to those below zero never."},
	{Name: "service discovery", Ref: spec.XEP(30, ""), Text: "Asking somebody what they are and what they can do (info), and what belongs to them (items)."},
	{Name: "entity capabilities", Ref: spec.XEP(115, ""), Text: "A hash in every presence that stands for a client's list of features, so that not everybody has to ask everybody."},
	{Name: "room (MUC)", Ref: spec.XEP(45, ""), Text: "An address for many: one enters by sending a presence to room/nick, and everything said comes back to all, oneself included."},
	{Name: "affiliation", Ref: spec.XEP(45, "5.2"), Text: "What somebody is to a room for good: owner, admin, member, outcast or none."},
	{Name: "role", Ref: spec.XEP(45, "5.1"), Text: "What somebody may do in a room for now: moderator, participant, visitor or none."},
	{Name: "federation", Ref: spec.RFC(6120, "2.5"), Text: "Servers of different domains pass on stanzas for their users. Messages never go from client to client; they pass one server or two."},
	{Name: "dialback", Ref: spec.XEP(220, ""), Text: "A weak proof between servers: who is asked looks up the domain in DNS and asks there whether a key is genuine."},
	{Name: "component", Ref: spec.XEP(114, ""), Text: "A program beside the server, such as a room service or a gateway, that has a domain of its own and one shared secret."},
	{Name: "stream management", Ref: spec.XEP(198, ""), Text: "Both sides count stanzas and tell the other the count. After a break the client comes back to its session, and exactly what was not counted is sent again."},
	{Name: "resumption", Ref: spec.XEP(198, "5"), Text: "Going on with a session after the connection was cut: no resource binding, no roster, no presence again."},
	{Name: "client state indication", Ref: spec.XEP(352, ""), Text: "A client tells its server that nobody is looking at it, and the server holds back what can wait."},
	{Name: "carbons", Ref: spec.XEP(280, ""), Text: "Copies of messages for the other clients of the same account, of those sent and of those received."},
	{Name: "message archive", Ref: spec.XEP(313, ""), Text: "The server keeps messages, and a client that was away asks for what it missed."},
	{Name: "delayed delivery", Ref: spec.XEP(203, ""), Text: "A note in a stanza that came late: when it was sent, and who kept it."},
	{Name: "stream error", Ref: spec.RFC(6120, "4.9"), Text: "The end of a stream because something went wrong with it. It cannot be taken back: both streams are closed."},
	{Name: "stanza error", Ref: spec.RFC(6120, "8.3"), Text: "An answer of type error to a stanza. The stream goes on. A condition says what was wrong, a type whether it is worth trying again."},
	{Name: "condition", Ref: spec.RFC(6120, "8.3.3"), Text: "The name of an error, as an element: item-not-found, not-authorized, conflict. Programs look at it; the text beside it is for people."},
	{Name: "namespace", Ref: spec.W3C("XML Namespaces 1.0", ""), Text: "A name for a vocabulary, in the form of a URI. Two elements are the same kind of thing only if name and namespace are the same; prefixes are abbreviations."},
	{Name: "white space keepalive", Ref: spec.RFC(6120, "4.6"), Text: "A blank or line break between elements. It says nothing, but shows that the connection is alive."},
	{Name: "man in the middle", Ref: spec.RFC(6120, "13.7.2"), Text: "Somebody through whom a connection passes and who plays the server to the client and the client to the server. The proxy of this program is one, with the user's consent."},
	{Name: "personal eventing (PEP)", Ref: spec.XEP(163, ""), Text: "Every account can publish things, such as its avatar, and its contacts are told without asking."},
}

// Glossary are the words that a newcomer meets first, in the order of a login
// and what follows it. The slice is new each time.
func Glossary() []Entry {
	all := append([]Entry(nil), glossary...)
	for i := range all {
		all[i].Sort = SortConcept
	}
	return all
}
