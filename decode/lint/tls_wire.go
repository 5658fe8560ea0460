package lint

import "xmppscope/decode/spec"

// tlsWireGroup is what the reader of TLS records finds in their bytes.
var tlsWireGroup = Group{Rules: []Rule{
	{Name: "tls-record-broken", Level: LevelError, Needs: Outside | NeedWhole, Ref: spec.RFC(8446, "5.1"),
		Doc:    "Once TLS has begun everything travels in its records.",
		Advice: "look for a side that goes on in the clear, or for a middle box that changes bytes"},
	{Name: "tls-record-empty", Level: LevelError, Needs: Outside, Ref: spec.RFC(8446, "5.1"),
		Doc:    "A record of the TLS handshake must not be empty.",
		Advice: "report it to the makers of the TLS library"},
	// The capture may just end here.
	{Name: "tls-handshake-incomplete", Level: LevelNote, Needs: Outside | NeedWhole, Ref: spec.RFC(8446, "5.1"),
		Doc:    "A message of the TLS handshake does not end before its announced length.",
		Advice: "look for a connection that was cut in the middle of its handshake"},
}}
