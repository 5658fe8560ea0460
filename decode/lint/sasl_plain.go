package lint

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// saslPlainGroup is the mechanisms of one message. The decoder of logins
// reports what breaks their grammar.
var saslPlainGroup = Group{
	Kinds: []decode.Kind{decode.KindNonza},
	Check: checkTrace,
	Rules: []Rule{
		{Name: "plain-malformed", Level: LevelError, Who: WhoInitiator, Needs: needDialog, Ref: spec.RFC(4616, "2"),
			Doc:    "PLAIN is three texts with two zero bytes between them, and neither name nor password is empty.",
			Advice: "PLAIN is authzid NUL username NUL password, in UTF-8"},
		{Name: "anonymous-trace", Level: LevelNote, Who: WhoInitiator, Ref: spec.XEP(175, "3"),
			Doc:    "A guest may leave a word about itself, which everybody who runs the server can read.",
			Advice: "leave it out, or send nothing that says who you are"},
		{Name: "sasl-malformed", Level: LevelError, Needs: needDialog, Ref: spec.RFC(6120, "6.5.8"),
			Doc:    "What is said in a login must have the form that its mechanism asks for.",
			Advice: "build the message as the mechanism's specification says; a peer answers malformed-request"},
	},
}

func checkTrace(p *Pass) {
	e := p.Event
	x := e.SASL
	if x == nil || x.Mechanism != "ANONYMOUS" || e.Dir != decode.FromInitiator || !isSASL(e.Name.Space) || len(x.Messages) == 0 {
		return
	}
	trace := x.Messages[len(x.Messages)-1].Data
	for _, f := range p.engine.found {
		if f.Rule == "anonymous-trace" {
			p.regrade(f.Rule, LevelError) // it breaks the grammar
			return
		}
	}
	if len(trace) > 0 {
		p.Report("anonymous-trace", "the guest says "+short(strings.ToValidUTF8(string(trace), "?")))
	}
}
