package lint

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// addressGroup is who a stanza says that it is from and for (RFC 6120 §8.1).
var addressGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza, decode.KindNonza},
	Check: checkAddresses,
	Rules: []Rule{
		{Name: "from-spoofed", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6120, "8.1.2.1"), Needs: NeedBoth | NeedWhole,
			Doc:    "A client speaks only for itself: its from is its own address, or is left out.",
			Advice: "leave from out, the server puts it in; a server refuses a wrong one"},
		{Name: "from-missing-inbound", Level: LevelNote, Who: WhoReceiver, Ref: spec.RFC(6120, "8.1.2.1"),
			Doc:    "A stanza without from that a client receives is from its own account.",
			Advice: "read it as sent by your own account"},
		{Name: "s2s-address-missing", Level: LevelError, Ref: spec.RFC(6120, "8.1.1.2"),
			Doc:    "Between servers every stanza says from whom and for whom it is.",
			Advice: "set to and from on everything that goes to another server"},
		{Name: "s2s-domain-unproven", Level: LevelError, Ref: spec.RFC(6120, "8.1.2.2"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "A server sends only for domains that it has proven on this stream, and only to the domain that it asked for.",
			Advice: "prove the domain first, by certificate or dialback; refuse what was not proven"},
	},
}

// maxSpoofed bounds the forged stanzas that are followed.
const maxSpoofed = 64

// spoofed are stanzas with a forged from, in all conversations: somebody may
// pass them on.
type spoofed struct{ marks [][3]string }

// provenPairs is the memory of addressGroup: pairs of domains for which proof
// was asked by dialback; what is sent too early for them breaks
// dialback-send-early.
type provenPairs struct{ asked []decode.Pair }

func checkAddresses(p *Pass) {
	e := p.Event
	if e.Kind == decode.KindNonza {
		if e.Name.Space == nsDialback && e.Name.Local == "result" && e.Type == "" {
			m := of(&p.own.provenPairs)
			if len(m.asked) < decode.MaxPairs && len(e.From)+len(e.To) <= maxAddress {
				m.asked = append(m.asked, decode.Pair{From: e.From, To: e.To})
			}
		}
		return
	}
	switch e.State.Profile {
	case decode.ProfileC2S:
		checkClientFrom(p)
	case decode.ProfileS2S:
		checkServerPair(p)
	}
}

// nameless is the kind of stanza that was told of last: a server that leaves from
// out does so for a whole archive.
type nameless struct{ name string }

func checkClientFrom(p *Pass) {
	e := p.Event
	all := of(&p.shared.spoofed)
	mark := [3]string{e.Name.Local, short(e.From), short(e.ID)}
	if e.Dir == decode.FromReceiver {
		if e.From == "" && !usuallyWithout(e) {
			if told := of(&p.own.nameless); told.name != e.Name.Local {
				told.name = e.Name.Local
				p.Report("from-missing-inbound", "the stanza has no from")
			}
		}
		if len(all.marks) > 0 && slices.Contains(all.marks, mark) {
			p.Add(Finding{Rule: "from-spoofed", Level: LevelWarning, Who: WhoReceiver, Text: fmt.Sprintf("the server passes on a stanza with the forged from %s", short(e.From))})
		}
		return
	}
	own := ownJID(p)
	if e.From == "" || own == "" || sameBare(e.From, own) {
		return // another resource of the account breaks bind-jid-ignored
	}
	if len(all.marks) < maxSpoofed {
		all.marks = append(all.marks, mark)
	}
	p.ReportAt("from-spoofed", attrSpan(p, "from"), fmt.Sprintf("the client is %s, but says that it is %s", short(own), short(e.From)))
}

// usuallyWithout tells what a server sends in the name of the account, which is
// mostly written without from.
func usuallyWithout(e *decode.Event) bool {
	return e.Name.Local == "iq" && (e.Type == "result" || e.Type == "error" || e.Payload.Space == nsRoster)
}

func checkServerPair(p *Pass) {
	e := p.Event
	switch {
	case e.To == "" && e.From == "":
		p.Report("s2s-address-missing", "the stanza has neither to nor from")
	case e.To == "":
		p.Report("s2s-address-missing", "the stanza has no to")
	case e.From == "":
		p.Report("s2s-address-missing", "the stanza has no from")
	default:
		checkProven(p)
	}
}

// checkProven looks at the domains. Before any was proven, and from a side that
// may not send at all, other rules are broken.
func checkProven(p *Pass) {
	e := p.Event
	s := e.State
	if len(s.Pairs) == 0 || len(s.Pairs) >= decode.MaxPairs || e.Dir == decode.FromReceiver && !s.Bidi {
		return
	}
	from, to := domainOf(e.From), domainOf(e.To)
	same := func(x decode.Pair) bool { return strings.EqualFold(x.From, from) && strings.EqualFold(x.To, to) }
	if slices.ContainsFunc(s.Pairs, same) || slices.ContainsFunc(of(&p.own.provenPairs).asked, same) {
		return
	}
	fromKnown := slices.ContainsFunc(s.Pairs, func(x decode.Pair) bool { return strings.EqualFold(x.From, from) })
	if fromKnown {
		p.after(e.Dir.Other(), Finding{Rule: "s2s-domain-unproven", Span: attrSpan(p, "to"), Text: fmt.Sprintf("this stream does not lead to %s", short(to))})
		return
	}
	p.after(e.Dir.Other(), Finding{Rule: "s2s-domain-unproven", Span: attrSpan(p, "from"), Text: fmt.Sprintf("nothing on this stream has proven the domain %s", short(from))})
}
