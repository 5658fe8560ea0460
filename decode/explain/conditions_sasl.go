package explain

import "xmppscope/decode/spec"

// saslCondition finds a SASL failure condition. A name that is not defined
// counts as not-authorized (RFC 6120 §6.5).
func saslCondition(name string) Entry {
	if c := entryNamed(saslConditions, name); c.Name != "" {
		return c
	}
	if c := entryNamed(historicConditions, name); c.Name != "" {
		return c
	}
	c := Entry{Name: name, Sort: SortSASL, Ref: spec.RFC(6120, "6.5"), Expect: retry,
		Text: "This name is not among the defined ones, so it counts as not-authorized."}
	if name == "" {
		c.Text = "It gives no condition, so the reason stays unknown."
	}
	return c
}

const retry = "The stream stays open. The client may try again, as often as the server has patience for."

func saslErr(section, name, text, expect string) Entry {
	return Entry{Name: name, Sort: SortSASL, Text: text, Expect: expect, Ref: spec.RFC(6120, "6.5."+section)}
}

// saslConditions: RFC 6120 §6.5 in its order. SASL 2 uses the same names.
var saslConditions = []Entry{
	saslErr("1", "aborted", "The login was broken off, and this confirms it. In SASL 2 the server may break off too.", "The client may begin another login on this stream."),
	saslErr("2", "account-disabled", "The account exists, but it is switched off for now.", "Trying again does not help. Whoever runs the server can switch it on."),
	saslErr("3", "credentials-expired", "The secret is the right one, but its time is over. Tokens end like this too.", "A client with an expired token drops it and uses the password. An expired password has to be changed first."),
	saslErr("4", "encryption-required", "This mechanism is accepted only on an encrypted connection.", "The client switches to TLS and logs in then, or takes a mechanism that sends no secret."),
	saslErr("5", "incorrect-encoding", "The base64 of the data is wrong: foreign characters, line breaks or bad padding.", "Correct the encoder. Many of them wrap lines unless told not to."),
	saslErr("6", "invalid-authzid", "The login may not act as the identity it asked for, or that identity is written wrongly.", "Leave the authorization identity empty unless acting for somebody else is really meant."),
	saslErr("7", "invalid-mechanism", "No mechanism was named, or one that the server does not offer.", "The client picks one from the list in the stream features, spelt exactly as there."),
	saslErr("8", "malformed-request", "The data does not follow the grammar of the mechanism, or data came where none is allowed.", "Look at the decoded data: a part is missing, empty or in the wrong place."),
	saslErr("9", "mechanism-too-weak", "The server wants a stronger mechanism for this user.", "The client picks a stronger one from the list."),
	saslErr("10", "not-authorized", "The name or the secret is wrong. Which of the two is never said, so that nobody can find out which names exist.", retry),
	saslErr("11", "temporary-auth-failure", "Something on the server's side is out of order for the moment; the data may well be right.", "The client tries again later."),
}

var refSCRAM = spec.RFC(5802, "7")

// scramErrors: the values of e= in the last message of SCRAM.
var scramErrors = []Entry{
	{Name: "invalid-encoding", Sort: SortSCRAM, Ref: refSCRAM, Text: "A message was not valid UTF-8 or base64.", Expect: "Correct the encoder of the side that sent it."},
	{Name: "extensions-not-supported", Sort: SortSCRAM, Ref: refSCRAM, Text: "The message uses an extension that must be understood, and it is not.", Expect: "Leave the extension out: only the attributes of the mechanism itself are sure to be known."},
	{Name: "invalid-proof", Sort: SortSCRAM, Ref: refSCRAM, Text: "The client's proof is wrong: the password differs, or the two sides did not see the same messages.", Expect: "Check the password first. If it is right, compare the messages of both sides byte by byte: the proof covers them all."},
	{Name: "channel-bindings-dont-match", Sort: SortSCRAM, Ref: refSCRAM, Text: "The two ends see different TLS connections, so somebody stands between them.", Expect: "Break off and compare the certificates that both ends see. A proxy that opens TLS does this too."},
	{Name: "server-does-support-channel-binding", Sort: SortSCRAM, Ref: refSCRAM, Text: "The client believes that the server cannot bind the login to TLS, but it can. Somebody may have edited the list of mechanisms.", Expect: "Break off, connect again and compare the list of mechanisms."},
	{Name: "channel-binding-not-supported", Sort: SortSCRAM, Ref: refSCRAM, Text: "The client wants to bind the login to TLS and the server cannot.", Expect: "Take the mechanism without -PLUS, if losing that protection is acceptable."},
	{Name: "unsupported-channel-binding-type", Sort: SortSCRAM, Ref: refSCRAM, Text: "The server does not know this way to bind the login to TLS.", Expect: "Take one of the types that the server lists."},
	{Name: "unknown-user", Sort: SortSCRAM, Ref: refSCRAM, Text: "There is no such user. Careful servers do not say so.", Expect: "Check the spelling of the name."},
	{Name: "invalid-username-encoding", Sort: SortSCRAM, Ref: refSCRAM, Text: "The user name is not valid UTF-8 or cannot be prepared for comparison.", Expect: "Write the name in UTF-8, as SASLprep prepares it, with =2C for a comma and =3D for an equals sign."},
	{Name: "no-resources", Sort: SortSCRAM, Ref: refSCRAM, Text: "The server has no resources for this login now.", Expect: "Try again later."},
	{Name: "other-error", Sort: SortSCRAM, Ref: refSCRAM, Text: "Another error, which is not named.", Expect: "Read the server's log."},
}
