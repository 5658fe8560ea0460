package lint

import (
	"fmt"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// bidiGroup is who may send on a connection of servers.
var bidiGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: checkReverse,
	Rules: []Rule{
		{Name: "bidi-reverse-stanza", Level: LevelError, Who: WhoReceiver, Ref: spec.XEP(288, "2.2"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "On a connection between servers only the one that has connected sends stanzas, unless it asked for both ways.",
			Advice: "open a connection of your own, or wait for <bidi/> and the login"},
	},
}

// reverse is the memory of bidiGroup.
type reverse struct{ told bool }

func checkReverse(p *Pass) {
	e := p.Event
	if e.Dir != decode.FromReceiver || e.State.Profile != decode.ProfileS2S || e.State.Bidi && e.State.Authenticated {
		return
	}
	m := of(&p.own.reverse)
	if m.told {
		return
	}
	m.told = true
	if !e.State.Bidi {
		p.Add(Finding{Rule: "bidi-reverse-stanza", Ref: spec.RFC(6120, "4.5"),
			Text: fmt.Sprintf("%s of the side that was called, which nobody allowed by <bidi/>", article(e.Name.Local))})
		return
	}
	p.Report("bidi-reverse-stanza", fmt.Sprintf("%s of the side that was called, before the other one has logged in", article(e.Name.Local)))
}
