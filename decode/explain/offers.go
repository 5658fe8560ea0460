package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// offer is one child of stream features that this program knows.
type offer struct {
	space, local string
	// word is how lists name it, text what it means.
	word, text string
	ref        spec.Ref
}

// offers are the known stream features. What is not here is told by its
// namespace.
var offers = [...]offer{
	{nsTLS, "starttls", "STARTTLS", "The connection can be switched to encryption.", spec.RFC(6120, "5.4.1")},
	{nsSASL, "mechanisms", "login", "Ways to log in, called mechanisms. The server says what it can check; the client chooses.", spec.RFC(6120, "6.4.1")},
	{nsSASL2, "authentication", "SASL 2 login", "The newer form of login, which can bind a resource and resume a session in the same go.", spec.XEP(388, "2.1")},
	{nsChannelB, "sasl-channel-binding", "channel-binding types", "Ways to tie the login to this very TLS connection, so that nobody can stand in between.", spec.XEP(440, "2")},
	{nsBind, "bind", "resource binding", "The client can get its full address. For a client this is not optional.", spec.RFC(6120, "7.4")},
	{nsSession, "session", "session", "A leftover from 2004: old clients ask for a session here. It does nothing any more.", spec.RFC(6121, "App. E")},
	{nsSM, "sm", "stream management", "Both sides can count stanzas, confirm them, and take up a broken connection again.", spec.XEP(198, "2")},
	{nsSM2, "sm", "stream management (older version 2)", "An older form of stream management.", spec.XEP(198, "2")},
	{nsCSI, "csi", "client state", "The client may say whether anybody is looking at it.", spec.XEP(352, "4")},
	{nsRosterVer, "ver", "roster versions", "The server can send only what changed in the contact list since a version that the client names.", spec.RFC(6121, "2.6")},
	{nsPreApproval, "sub", "subscription pre-approval", "A user can say yes to a contact's request before it comes.", spec.RFC(6121, "3.4")},
	{nsCompressFeature, "compression", "compression", "The stream can be compressed. This is obsolete, because it can leak secrets.", spec.XEP(138, "2")},
	{nsRegisterFeature, "register", "registration", "An account can be made over this connection, before login.", spec.XEP(77, "")},
	{nsIQAuthFeature, "auth", "pre-SASL login", "The way to log in from before 2004 still works here.", spec.XEP(78, "3.1")},
	{nsDialbackFeature, "dialback", "dialback", "A server may prove its domain by being called back.", spec.XEP(220, "2")},
	{nsBidiFeature, "bidi", "two-way links", "The link between two servers can carry stanzas both ways.", spec.XEP(288, "2.1")},
	{nsCaps, "c", "capabilities hash", "A hash of what the server can do, so that clients need not ask each time.", spec.XEP(115, "")},
	{nsStreamLimits, "limits", "stream limits", "The server states how large a stanza may be and how long the line may stay silent.", spec.XEP(478, "3.1")},
	{nsBind2, "bind", "bind 2", "A resource can be bound within the login.", spec.XEP(386, "3.1")},
	{nsFAST, "fast", "token login", "The server gives out tokens for quick logins later.", spec.XEP(484, "3.1")},
	{nsPipelining, "pipelining", "pipelining", "Several steps may be sent at once without waiting for each answer.", spec.XEP(305, "")},
}

func offerOf(f *decode.Feature) *offer {
	for i := range offers {
		if o := &offers[i]; o.space == f.Space && o.local == f.Local {
			return o
		}
	}
	return nil
}

// offerWord names a feature in a list, with what it lists in turn.
func offerWord(f *decode.Feature, most int) string {
	word := name(f.Local)
	if o := offerOf(f); o != nil {
		word = o.word
	}
	switch {
	case len(f.Values) > most:
		word += " (" + commas(f.Values[:most]) + " …)"
	case len(f.Values) > 0:
		word += " (" + commas(f.Values) + ")"
	}
	if f.Required {
		word += " (required)"
	}
	return word
}
