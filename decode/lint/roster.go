package lint

import (
	"fmt"
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// rosterGroup is the roster as requests and pushes carry it (RFC 6121 §2).
var rosterGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: checkRoster,
	Rules: []Rule{
		{Name: "roster-push-spoofed", Level: LevelError, Who: WhoPath, Ref: spec.RFC(6121, "2.1.6"),
			Doc:    "Only the own account may change a client's roster.",
			Advice: "ignore a roster push that is not from your own account: somebody wants to plant a contact"},
		{Name: "roster-push-shape", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6121, "2.1.6"),
			Doc:    "A roster push tells of exactly one contact.",
			Advice: "send one push for each contact"},
		{Name: "roster-set-shape", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6121, "2.1.5"),
			Doc:    "A client changes one contact at a time, and leaves to the server what the server decides.",
			Advice: "send one item, without ask and approved, and each group once and with a name"},
		{Name: "roster-ver-unoffered", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6121, "2.6.2"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "A client names the version of the roster it has only to a server that knows versions.",
			Advice: "send ver only where the features list urn:xmpp:features:rosterver"},
	},
}

const nsRosterVer = "urn:xmpp:features:rosterver"

// forgedPush is the memory of rosterGroup: the last push that was not from the
// own account.
type forgedPush struct{ seq decode.Seq }

func checkRoster(p *Pass) {
	e := p.Event
	if e.Name.Local != "iq" || e.State.Profile != decode.ProfileC2S {
		return
	}
	if e.Type == "result" && e.Dir == decode.FromInitiator && e.Reply != 0 && e.Reply == of(&p.own.forgedPush).seq {
		p.Add(Finding{Rule: "roster-push-spoofed", Level: LevelWarning, Who: WhoInitiator, Text: "the client accepts a roster push that is not from its account"})
	}
	if e.Payload.Space != nsRoster || e.Type != "get" && e.Type != "set" {
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	q := n.Child(nsRoster, "query")
	if q == nil {
		return
	}
	switch {
	case e.Dir == decode.FromReceiver && e.Type == "set":
		checkPush(p, q)
	case e.Dir == decode.FromInitiator && e.To != "" && !sameBare(e.To, ownJID(p)): // somebody else's (XEP-0321)
	case e.Dir == decode.FromInitiator && e.Type == "set":
		checkRosterSet(p, q)
	case e.Dir == decode.FromInitiator:
		checkRosterGet(p, q)
	}
}

func checkPush(p *Pass, q *xmlstream.Node) {
	e := p.Event
	own := ownJID(p)
	if own == "" {
		own = e.To
	}
	if e.From != "" && own != "" && (!sameBare(e.From, own) || resourceOf(e.From) != "") {
		of(&p.own.forgedPush).seq = e.Seq
		p.ReportAt("roster-push-spoofed", attrSpan(p, "from"), fmt.Sprintf("the push is from %s, not from %s", short(e.From), short(bare(own))))
		return
	}
	if n := len(itemsIn(q)); n != 1 {
		p.ReportAt("roster-push-shape", q.Tag, fmt.Sprintf("the push has %d items", n))
	}
}

// itemsIn are the items of a roster, at most two.
func itemsIn(q *xmlstream.Node) (all []*xmlstream.Node) {
	for c := range q.Children() {
		if c.Name.Local == "item" && c.Name.Space == nsRoster && len(all) < 2 {
			all = append(all, c)
		}
	}
	return all
}

func checkRosterSet(p *Pass, q *xmlstream.Node) {
	items := itemsIn(q)
	if len(items) != 1 {
		text := "the set has no item"
		if len(items) > 1 {
			text = "the set has more than one item"
		}
		p.ReportAt("roster-set-shape", q.Tag, text)
		return
	}
	for _, name := range []string{"ask", "approved"} {
		if a := items[0].FindAttr("", name); a != nil {
			p.Add(Finding{Rule: "roster-set-shape", Span: a.QName, Text: name + " is for the server to set"})
			return
		}
	}
	var groups []string
	for g := range items[0].Children() {
		if g.Name.Local != "group" || g.Name.Space != nsRoster || len(groups) >= 256 {
			continue
		}
		switch name := g.Text(); {
		case name == "":
			p.ReportAt("roster-set-shape", g.Tag, "a group has no name")
			return
		case slices.Contains(groups, name):
			p.ReportAt("roster-set-shape", g.Tag, fmt.Sprintf("the group \"%s\" stands twice", short(name)))
			return
		default:
			groups = append(groups, name)
		}
	}
}

func checkRosterGet(p *Pass, q *xmlstream.Node) {
	s := p.Event.State
	if len(itemsIn(q)) > 0 {
		p.ReportAt("roster-set-shape", q.Tag, "the request for the roster has items")
	}
	a := q.FindAttr("", "ver")
	if a == nil || s.Features == nil || s.Resumed || s.Feature(nsRosterVer, "ver") != nil {
		return
	}
	if s.Feature("urn:ietf:params:xml:ns:xmpp-bind", "bind") == nil && s.Feature(nsSM, "sm") == nil {
		return // what this list offers is for another stage
	}
	p.after(decode.FromReceiver, Finding{Rule: "roster-ver-unoffered", Span: a.Raw, Text: "the client names a version, but the server has not offered versions"})
}
