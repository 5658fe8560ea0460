package lint

import (
	"fmt"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// forwardGroup is messages that carry other messages: copies for all devices,
// and what an archive gives back.
var forwardGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: checkForwarded,
	Rules: []Rule{
		{Name: "carbon-spoofed", Level: LevelError, Who: WhoPath, Ref: spec.XEP(280, "11"),
			Doc:    "Copies of messages come from the own account and from nobody else.",
			Advice: "ignore it: who believes such a copy can be shown messages that nobody wrote"},
		{Name: "mam-result-spoofed", Level: LevelError, Who: WhoPath, Ref: spec.XEP(313, "8.2"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "What an archive gives back was asked for, and comes from that archive.",
			Advice: "ignore results that belong to no open query"},
	},
}

func checkForwarded(p *Pass) {
	e := p.Event
	if e.Name.Local != "message" || e.Dir != decode.FromReceiver || e.State.Profile != decode.ProfileC2S || e.Type == "error" {
		return
	}
	if e.Inside.May(mayCarbons) {
		checkCarbon(p)
	}
	if e.Inside.May(mayMAM) {
		checkArchived(p)
	}
}

func checkCarbon(p *Pass) {
	e := p.Event
	n := p.Node()
	if n == nil || n.Child(nsCarbons, "received") == nil && n.Child(nsCarbons, "sent") == nil {
		return
	}
	own := ownJID(p)
	if own == "" {
		own = e.To
	}
	if e.From == "" || own == "" || sameBare(e.From, own) && resourceOf(e.From) == "" {
		return
	}
	p.ReportAt("carbon-spoofed", attrSpan(p, "from"), fmt.Sprintf("the copy is from %s, not from %s", short(e.From), short(bare(own))))
}

// checkArchived asks for the query of a result. The last results may overtake
// its end.
func checkArchived(p *Pass) {
	e, s := p.Event, p.IM()
	n := p.Node()
	if n == nil || s == nil || e.State.Resumed || ownJID(p) == "" {
		return
	}
	r := n.Child(nsMAM, "result")
	if r == nil {
		return
	}
	id, _ := r.Attr("queryid")
	q, known := s.Query(e.From, id)
	if known && q.Condition == "" {
		return
	}
	who := short(e.From)
	if who == "" {
		who = "the own account"
	}
	text := fmt.Sprintf("%s was not asked for this", who)
	if id != "" {
		text = fmt.Sprintf("%s was not asked with the queryid %s", who, strings.TrimSpace(short(id)))
	}
	p.after(decode.FromInitiator, Finding{Rule: "mam-result-spoofed", Span: r.Tag, Text: text})
}
