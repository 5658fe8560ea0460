package lint

import (
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// digestGroup is DIGEST-MD5 (RFC 2831). The decoder of logins reports what the
// messages tell.
var digestGroup = Group{
	Kinds: []decode.Kind{decode.KindNonza},
	Check: checkDigest,
	Rules: []Rule{
		{Name: "digest-fields", Level: LevelError, Who: WhoInitiator, Needs: needDialog, Ref: spec.RFC(2831, "2.1.2"),
			Doc:    "An answer of DIGEST-MD5 repeats what the server has sent and adds its own values in a fixed form.",
			Advice: "send nonce, realm and qop as offered, nc=00000001 and digest-uri=\"xmpp/domain\""},
		{Name: "digest-rspauth", Level: LevelError, Who: WhoReceiver, Needs: needDialog, Ref: spec.RFC(2831, "2.1.3"),
			Doc:    "In DIGEST-MD5 the server proves, too, that it knows the password.",
			Advice: "a client must not trust a server without a right rspauth"},
	},
}

func checkDigest(p *Pass) {
	e := p.Event
	if e.SASL == nil {
		return
	}
	if strayed(e.SASL) {
		p.withdrawAll("digest-")
		return
	}
	if e.SASL.Mechanism != "DIGEST-MD5" {
		return
	}
	if e.Dir == decode.FromReceiver && e.Name.Local == "challenge" {
		p.blame("digest-fields", WhoReceiver) // it is the challenge that is wrong
	}
	if !isSuccess(e) {
		return
	}
	if v, ok := p.Verify(); ok && v.Known && !v.Verified && slices.Contains(v.Differs, "rspauth") {
		p.Report("digest-rspauth", "the server's rspauth does not follow from the password")
	}
}

// blame says who has made what decode found in this event.
func (p *Pass) blame(rule string, who Who) {
	for i := range p.engine.found {
		if f := &p.engine.found[i]; f.Rule == rule && f.Seq == p.Event.Seq {
			f.Who = who
		}
	}
}
