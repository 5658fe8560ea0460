package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// The steps of this file travel inside the elements of SASL 2. When they are
// the step of an event, that event is explained as the login that it is.

var bind2Topic = Topic{
	Name: "xep0386-bind2",
	Doc:  "Bind 2: the address is bound inside the login.",
	Ref:  spec.XEP(386, "3.2"),
	Steps: []Step{
		{Step: decode.StepBind2, Ref: spec.XEP(386, "3.2"),
			Text:   "Inside its login request the client asks for an address, and perhaps for copies, counting and the like.",
			Why:    "It saves the exchanges that would follow a login otherwise. The server always makes the resource itself; the client only gives a word for its beginning.",
			Expect: "If the login succeeds, <bound/> comes with the success. If it fails, the request to bind is forgotten."},
	},
	Title:   sasl2Title,
	Explain: explainLoginStep,
}

var fastTopic = Topic{
	Name: "xep0484-fast",
	Doc:  "FAST: a token takes the place of the password at later logins.",
	Ref:  spec.XEP(484, "3"),
	Steps: []Step{
		{Step: decode.StepFASTRequest, Ref: spec.XEP(484, "3.2"),
			Text:   "The client asks for a token along with a normal login.",
			Why:    "A token is long, random and made for one device. Next time a single message is enough to log in, and the password can stay unused.",
			Expect: "With the success comes <token/>, which the client stores."},
		{Step: decode.StepFASTLogin, Ref: spec.XEP(484, "3.4"),
			Text:   "The client logs in with a token that it got earlier, by one of the HT mechanisms.",
			Why:    "The token proves itself in one message, so the login takes a single exchange.",
			Expect: "Success; or failure, and then the client drops the token and uses the password."},
	},
	Title:   sasl2Title,
	Explain: explainLoginStep,
}

var upgradeTopic = Topic{
	Name: "xep0480-upgrade",
	Doc:  "SASL upgrade: the server learns a newer hash of the password during login.",
	Ref:  spec.XEP(480, "3"),
	Steps: []Step{
		{Step: decode.StepSASL2Upgrade, Ref: spec.XEP(480, "3"),
			Text:   "The server sends a salt, and the client answers with the salted hash of its password.",
			Why:    "A server that stores only an old hash cannot make a newer one by itself. The client, which knows the password, makes it, so that a stronger mechanism can be offered next time.",
			Expect: "The server stores the hash and accepts the login, or names another task."},
	},
	Title:   sasl2Title,
	Explain: explainLoginStep,
}

var iapTopic = Topic{
	Name: "xep0509-iap",
	Doc:  "Login sent early: before the features have been seen.",
	Ref:  spec.XEP(509, "2"),
	Steps: []Step{
		{Step: decode.StepIAP, Ref: spec.XEP(509, "2"),
			Text:   "The client sends its login together with its stream header, before it has seen the features.",
			Why:    "It saves a round trip. The client remembers the features from last time and bets that they have not changed.",
			Expect: "If they have changed, the server answers with failure, aborted and config-version-mismatch, and the client logs in again in the normal way."},
	},
	Title:   sasl2Title,
	Explain: explainLoginStep,
}
