package lint

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// scramGroup is SCRAM (RFC 5802). The decoder of logins reports what single
// messages tell; what several logins tell is in scram_memory.go, what only a
// secret can tell in scram_secret.go.
var scramGroup = Group{
	Kinds: []decode.Kind{decode.KindNonza, decode.KindFeatures},
	Check: checkSCRAM,
	Rules: []Rule{
		{Name: "scram-first-char", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(5802, "7"),
			Doc:    "The first message of SCRAM begins with n, y or p, which says whether the login is tied to its connection.",
			Advice: "begin with n,, where there is no channel binding"},
		{Name: "scram-grammar", Level: LevelError, Needs: needDialog, Ref: spec.RFC(5802, "7"),
			Doc:    "The messages of SCRAM are letters with values in a fixed order.",
			Advice: "send the attributes in the order of the grammar, and extensions behind them"},
		{Name: "scram-name-escape", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(5802, "5.1"),
			Doc:    "A comma or an equals sign in a name must be written in another way in SCRAM.",
			Advice: "write =2C for a comma and =3D for an equals sign"},
		{Name: "scram-nonce-not-extended", Level: LevelError, Who: WhoReceiver, Needs: needDialog, Ref: spec.RFC(5802, "5.1"),
			Doc:    "The server repeats the client's random text and adds some of its own, so that no old login can be played again.",
			Advice: "the server must append to the client's nonce"},
		{Name: "scram-nonce-changed", Level: LevelError, Who: WhoInitiator, Needs: needDialog, Ref: spec.RFC(5802, "5.1"),
			Doc:    "The client's last message carries the random text of the server's message unchanged.",
			Advice: "send r= back as the server wrote it"},
		{Name: "scram-nonce-reused", Level: LevelError, Who: WhoInitiator, Needs: needDialog, Ref: spec.RFC(5802, "5.1"),
			Doc:    "Every login needs new random text, and enough of it.",
			Advice: "make the nonce of 128 random bits for every login"},
		{Name: "scram-iterations-low", Level: LevelWarning, Who: WhoReceiver, Ref: spec.RFC(5802, "5.1"),
			Doc:    "Hashing the password many times makes it slow to guess from what a thief has copied.",
			Advice: "use 4096 rounds at least, 10000 are better"},
		{Name: "scram-salt-shared", Level: LevelWarning, Who: WhoReceiver, Needs: needDialog, Ref: spec.RFC(5802, "9"),
			Doc:    "Every account needs a salt of its own, or equal passwords can be seen from outside.",
			Advice: "make a random salt for each account"},
		{Name: "scram-salt-unstable", Level: LevelNote, Who: WhoReceiver, Needs: needDialog, Ref: spec.RFC(5802, "5.1"),
			Doc:    "Salt and rounds of an account change with its password, where the server keeps the password itself, or where it invents them to hide that there is no such account.",
			Advice: "nothing to repair; where clients keep their keys to save time, keep one salt for each account"},
		{Name: "scram-gs2-mismatch", Level: LevelError, Who: WhoInitiator, Needs: needDialog, Ref: spec.RFC(5802, "5.1"),
			Doc:    "The client's last message repeats the beginning of its first one, so that nobody can change it unseen.",
			Advice: "put the base64 of the same header into c="},
		{Name: "scram-cbind-data", Level: LevelError, Who: WhoInitiator, Needs: needDialog, Ref: spec.RFC(5802, "6"),
			Doc:    "Data of the TLS connection stand in the client's last message exactly when its first one has announced them.",
			Advice: "with the flag p=, and with no other, append the channel-binding data of this very TLS connection to the header in c="},
		{Name: "scram-plus-flag", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(5802, "6"),
			Doc:    "The name of the mechanism and its first letter must agree on whether the login is tied to TLS.",
			Advice: "send p= with the mechanisms that end in -PLUS, and with no other"},
		{Name: "scram-downgrade-suspected", Level: LevelError, Who: WhoPath, Needs: needDialog, Ref: spec.RFC(5802, "6"),
			Doc:    "A client that could tie its login to TLS and thinks that the server cannot was shown another list than the server's.",
			Advice: "compare the list that left the server with the one that reached the client; the server must refuse such a login"},
		{Name: "scram-cb-type-invalid", Level: LevelError, Who: WhoInitiator, Ref: spec.XEP(440, "3"),
			Doc:    "There are three ways to tie a login to TLS, and each is good for some versions of TLS only.",
			Advice: "use tls-exporter with TLS 1.3, tls-server-end-point everywhere"},
		{Name: "scram-cb-list", Level: LevelError, Who: WhoReceiver, Ref: spec.XEP(440, "3"),
			Doc:    "A server that lets clients tie their login to TLS lists the ways that it knows, tls-server-end-point among them.",
			Advice: "list sasl-channel-binding together with the -PLUS mechanisms, with tls-server-end-point in it"},
		{Name: "scram-h-mismatch", Level: LevelError, Who: WhoPath, Needs: needDialog, Ref: spec.XEP(474, "6.2"),
			Doc:    "The server's own hash over what it offers must fit the lists that the client got.",
			Advice: "the list of mechanisms was changed on its way: do not go on"},
		{Name: "scram-no-server-signature", Level: LevelError, Who: WhoReceiver, Needs: needDialog, Ref: spec.RFC(5802, "3"),
			Doc:    "In SCRAM the server proves, too, that it knows the account.",
			Advice: "a client must not trust a server that does not prove itself"},
		{Name: "scram-server-signature-wrong", Level: LevelError, Who: WhoReceiver, Needs: needDialog | NeedSecret, Ref: spec.RFC(5802, "3"),
			Doc:    "The server's proof must be the one that follows from the password.",
			Advice: "the client must end the connection: this server does not have the account"},
		{Name: "scram-proof-wrong", Level: LevelNote, Who: WhoInitiator, Needs: needDialog | NeedSecret, Ref: spec.RFC(5802, "3"),
			Doc:    "The client's proof must be the one that follows from the password.",
			Advice: "compare the password, then salt, rounds and what was signed"},
	},
}

func checkSCRAM(p *Pass) {
	e := p.Event
	if e.State == nil || e.After == nil {
		return
	}
	if e.Kind == decode.KindFeatures {
		bindingList(p)
		return
	}
	if e.SASL == nil || !isSASL(e.Name.Space) {
		return
	}
	if strayed(e.SASL) {
		p.withdrawAll("scram-")
		return
	}
	if !isSCRAM(e.SASL.Mechanism) {
		return
	}
	gradeSCRAM(p)
	switch {
	case isLogin(e):
		exporterNeedsEMS(p)
	case e.Name.Local == "challenge":
		remember(p)
	case e.Name.Local == "response":
		of(&p.own.scramSecret).final = e.Seq
	case isSuccess(e):
		acceptedDowngrade(p)
		proofs(p)
	case isFailure(e):
		proofs(p)
	}
}
