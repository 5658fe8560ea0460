package lint

import "xmppscope/decode/spec"

// wireGroup is what the readers below XMPP find and no other group has.
var wireGroup = Group{
	Rules: []Rule{
		{Name: "tls-alert-broken", Level: LevelError, Needs: Outside | NeedWhole, Ref: spec.RFC(8446, "6"),
			Doc:    "An alert of TLS has two bytes: how grave it is, and what it says.",
			Advice: "report it to the makers of the TLS library"},
	},
}
