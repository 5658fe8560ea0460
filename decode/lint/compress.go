package lint

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// compressGroup is compression by zlib inside a stream.
var compressGroup = Group{
	Kinds: []decode.Kind{decode.KindNonza},
	Check: func(p *Pass) {
		e := p.Event
		if e.Name.Space != nsCompress || e.Name.Local != "compress" || e.Dir != decode.FromInitiator {
			return
		}
		f := Finding{Rule: "compress-used", Text: "the client asks for compression"}
		if e.State.Profile == decode.ProfileC2S && !e.State.Authenticated && of(&p.own.opening).whole() {
			f.Level, f.Ref, f.Text = LevelError, spec.XEP(170, "2.2"), "the client asks for compression before it has logged in"
		}
		p.Add(f)
	},
	Rules: []Rule{
		{Name: "compress-used", Level: LevelWarning, Who: WhoInitiator, Ref: spec.XEP(138, "7"),
			Doc:    "Compressing secrets together with what others can write lets them guess the secrets.",
			Advice: "do without compression; it also costs the server much memory"},
	},
}
