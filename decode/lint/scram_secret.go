package lint

import (
	"xmppscope/decode"
	"xmppscope/decode/sasl"
)

// scramSecret is where the client's proof stands in one conversation.
type scramSecret struct{ final decode.Seq }

// proofs recomputes a login that has ended from the password.
func proofs(p *Pass) {
	m := of(&p.own.scramSecret)
	final := m.final
	m.final = 0
	if final == 0 {
		return
	}
	v, ok := p.Verify()
	if !ok || !v.Known {
		return
	}
	client, server := compared(v, "ClientProof"), compared(v, "ServerSignature")
	switch {
	case client == sasl.Different && server == sasl.Equal && isSuccess(p.Event):
		p.Add(Finding{Rule: "scram-proof-wrong", Level: LevelError, Who: WhoReceiver, Text: "the server lets in a client whose proof is wrong"})
	case client == sasl.Different:
		// Whether the client or the reader has the wrong password nobody can tell.
		p.Add(Finding{Rule: "scram-proof-wrong", Who: WhoInitiator, Seq: final, Text: v.Why})
	case client == sasl.Equal && server == sasl.Different:
		p.Report("scram-server-signature-wrong", "the server's signature does not follow from the password")
	}
}

// compared is how a value that was computed compares with the wire.
func compared(v sasl.Verdict, name string) sasl.Comparison {
	for i := range v.Chain {
		if v.Chain[i].Name == name {
			return v.Chain[i].Result
		}
	}
	return sasl.NotCompared
}
