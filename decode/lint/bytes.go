package lint

import (
	"fmt"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// bytesGroup is the rhythm of the bytes.
var bytesGroup = Group{
	Kinds: []decode.Kind{decode.KindOpen, decode.KindStanza, decode.KindNonza, decode.KindFeatures, decode.KindStreamError,
		decode.KindBroken, decode.KindClose, decode.KindSpace},
	Check: checkBytes,
	Rules: []Rule{
		{Name: "stanza-stalled", Level: LevelNote, Ref: spec.RFC(6120, "8"), Needs: NeedWhole,
			Doc:    "An element that was begun should arrive to its end soon, for until then it is nothing.",
			Advice: "look for a tag that is not closed, or a sender that waits"},
		{Name: "keepalive-too-often", Level: LevelNote, Ref: spec.RFC(6120, "4.6.4"),
			Doc:    "Blanks that keep a connection alive need not come more often than every five minutes.",
			Advice: "send them less often: each one wakes a radio and costs battery"},
	},
}

// keepaliveEvery is the shortest interval that RFC 6120 §4.6.4 is content with.
const keepaliveEvery = 5 * time.Minute

// rhythm is the memory of bytesGroup.
type rhythm struct{ told [2]bool }

func checkBytes(p *Pass) {
	e := p.Event
	switch {
	case e.Pause == 0:
	case e.Kind != decode.KindSpace:
		if e.Pause > p.Timeout {
			p.Report("stanza-stalled", fmt.Sprintf("for %s nothing more of it came", e.Pause.Round(time.Second)))
		}
	case e.Pause < keepaliveEvery:
		if r := of(&p.own.rhythm); !r.told[e.Dir] {
			r.told[e.Dir] = true
			p.Report("keepalive-too-often", fmt.Sprintf("blanks come %s one after the other", e.Pause.Round(time.Second)))
		}
	}
}
