package explain

import (
	"slices"
	"strings"

	"xmppscope/decode/spec"
)

// Namespace is what the program knows about one namespace.
type Namespace struct {
	Space string
	// Text says what it is for.
	Text string
	Ref  spec.Ref
	// Noun names what an iq of it asks for or sends, Set what an iq of the type
	// set does, Message what a message of it is. Empty where the general words
	// do.
	Noun, Set, Message string
}

// Namespaces lists the known namespaces: the core first, then by use. The
// slice is a copy.
func Namespaces() []Namespace {
	return slices.Concat(coreSpaces, moreSpaces, restSpaces)
}

// spaceOf finds a namespace; nil where it is not known.
func spaceOf(space string) *Namespace { return bySpaceName[space].Namespace }

// bySpaceName finds what is known of a namespace, and its text with where to
// read about it. It is built once from the tables and never written again.
var bySpaceName = func() map[string]knownSpace {
	m := map[string]knownSpace{}
	for _, table := range [...][]Namespace{coreSpaces, moreSpaces, restSpaces} {
		for i := range table {
			s := &table[i]
			cited := s.Text + " (" + s.Ref.String() + ")"
			m[s.Space] = knownSpace{s, cited, lower(cited)}
		}
	}
	return m
}()

type knownSpace struct {
	*Namespace
	// cited is Text with Ref, within the same inside of a sentence.
	cited, within string
}

// relativeOf finds a known namespace that differs in its version alone:
// urn:xmpp:sm:2 is a relative of urn:xmpp:sm:3.
func relativeOf(space string) *Namespace {
	stem := unversioned(space)
	if stem == "" {
		return nil
	}
	for _, table := range [...][]Namespace{coreSpaces, moreSpaces, restSpaces} {
		for i := range table {
			if unversioned(table[i].Space) == stem {
				return &table[i]
			}
		}
	}
	return nil
}

// unversioned cuts a version number, or the tmp of a draft, off the end. It
// is empty where there is none.
func unversioned(space string) string {
	i := strings.LastIndexByte(space, ':')
	if i <= 0 {
		return ""
	}
	version := space[i+1:]
	if version == "tmp" || version != "" && strings.Trim(version, "0123456789") == "" {
		return space[:i]
	}
	return ""
}

// spaceText says what a namespace is for, in one or two sentences.
func spaceText(space string) string {
	if space == "" {
		return "It has no namespace, so nobody can know what it means."
	}
	if s, ok := bySpaceName[space]; ok {
		return s.cited
	}
	text := "The namespace " + value(space) + " is not known to this program"
	if r := relativeOf(space); r != nil {
		return text + "; it is probably a version of " + r.Space + ". " + r.Text + " (" + r.Ref.String() + ")"
	}
	f, _ := familyOf(space)
	return say(text+".", f.text)
}

// coreSpaces: those of the steps.
var coreSpaces = []Namespace{
	{Space: nsStreams, Ref: spec.RFC(6120, "4.8.1"), Text: "The stream itself: its header, its features and its errors."},
	{Space: nsClient, Ref: spec.RFC(6120, "4.8.3"), Text: "Stanzas between a client and its server."},
	{Space: nsServer, Ref: spec.RFC(6120, "4.8.3"), Text: "Stanzas between two servers. Both addresses, to and from, are compulsory in it."},
	{Space: nsComponentAccept, Ref: spec.XEP(114, "3"), Text: "Stanzas between a component and its server."},
	{Space: nsComponentConnect, Ref: spec.XEP(114, "3"), Text: "Stanzas between a server and a component to which the server has connected."},
	{Space: nsStreamErrors, Ref: spec.RFC(6120, "4.9"), Text: "The names of stream errors, which always end the stream."},
	{Space: nsStanzaErrors, Ref: spec.RFC(6120, "8.3"), Text: "The names of stanza errors, after which the stream goes on."},
	{Space: nsTLS, Ref: spec.RFC(6120, "5"), Text: "STARTTLS: switching this connection to encryption."},
	{Space: nsSASL, Ref: spec.RFC(6120, "6"), Text: "Login: the mechanism, questions and answers, success or failure."},
	{Space: nsSASL2, Ref: spec.XEP(388, ""), Text: "The newer login, with binding and resuming in the same exchange."},
	{Space: nsChannelB, Ref: spec.XEP(440, "2"), Text: "The ways in which a login can be tied to the TLS connection."},
	{Space: nsBind, Ref: spec.RFC(6120, "7"), Text: "Resource binding: the server gives a connection its full address."},
	{Space: nsBind2, Ref: spec.XEP(386, ""), Text: "Resource binding inside the newer login."},
	{Space: nsBind2Old, Ref: spec.XEP(386, ""), Text: "Resource binding inside the newer login, in an older version."},
	{Space: nsSession, Ref: spec.RFC(3921, "3"), Text: "The session request of 2004, which does nothing any more."},
	{Space: nsSM, Ref: spec.XEP(198, ""), Text: "Stream management: counting stanzas, confirming them, resuming."},
	{Space: nsSM2, Ref: spec.XEP(198, ""), Text: "Stream management in an older version."},
	{Space: nsCSI, Ref: spec.XEP(352, ""), Text: "Whether anybody is looking at the client."},
	{Space: nsCompress, Ref: spec.XEP(138, ""), Text: "Asking for compression of the stream, which is obsolete."},
	{Space: nsCompressFeature, Ref: spec.XEP(138, ""), Text: "The offer of compression, which is obsolete."},
	{Space: nsRoster, Ref: spec.RFC(6121, "2"), Text: "The contact list: fetching it, changing it, and news of changes.", Noun: "the roster"},
	{Space: nsRosterVer, Ref: spec.RFC(6121, "2.6"), Text: "The server can send only what has changed in the contact list."},
	{Space: nsPreApproval, Ref: spec.RFC(6121, "3.4"), Text: "A contact's request can be granted before it comes."},
	{Space: nsPing, Ref: spec.XEP(199, ""), Text: "The question whether the other side is there.", Noun: "a sign of life"},
	{Space: nsCarbons, Ref: spec.XEP(280, ""), Text: "Copies of conversations for all of a user's devices.", Noun: "message copies"},
	{Space: nsRegister, Ref: spec.XEP(77, ""), Text: "Making, changing or cancelling an account.", Noun: "registration"},
	{Space: nsRegisterFeature, Ref: spec.XEP(77, ""), Text: "The offer to make accounts over XMPP."},
	{Space: nsIQAuth, Ref: spec.XEP(78, ""), Text: "Login as it was before SASL.", Noun: "login"},
	{Space: nsIQAuthFeature, Ref: spec.XEP(78, ""), Text: "The offer of login as it was before SASL."},
	{Space: nsDialback, Ref: spec.XEP(220, ""), Text: "Servers check each other's domain by calling back."},
	{Space: nsDialbackFeature, Ref: spec.XEP(220, "2"), Text: "The offer of dialback."},
	{Space: nsBidi, Ref: spec.XEP(288, ""), Text: "Making a link between servers carry stanzas both ways."},
	{Space: nsBidiFeature, Ref: spec.XEP(288, ""), Text: "The offer of two-way links between servers."},
	{Space: nsFAST, Ref: spec.XEP(484, ""), Text: "Tokens for quick logins in place of the password."},
	{Space: nsSASLUpgrade, Ref: spec.XEP(480, ""), Text: "The agreement to store a newer password hash."},
	{Space: nsSCRAMUpgrade, Ref: spec.XEP(480, "3"), Text: "The salt and the salted password for a newer password hash."},
	{Space: nsIAP, Ref: spec.XEP(509, ""), Text: "Sending the login before the features have been seen."},
	{Space: nsStreamLimits, Ref: spec.XEP(478, ""), Text: "How large a stanza may be, and how long the line may stay silent."},
	{Space: nsPipelining, Ref: spec.XEP(305, ""), Text: "Several steps may be sent at once."},
	{Space: "urn:ietf:params:xml:ns:xmpp-framing", Ref: spec.RFC(7395, "3.3"), Text: "Opening and closing a stream inside a WebSocket."},
	{Space: nsHTTPBind, Ref: spec.XEP(124, ""), Text: "XMPP carried in HTTP requests that are kept waiting (BOSH)."},
	{Space: nsXBOSH, Ref: spec.XEP(206, ""), Text: "What XMPP adds to BOSH, such as the restart of a stream."},
	{Space: "http://www.w3.org/XML/1998/namespace", Ref: spec.W3C("XML Namespaces 1.0", "3"), Text: "The attributes of XML itself, such as xml:lang."},
}
