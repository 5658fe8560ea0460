package lint

import (
	"fmt"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// dialbackGroup is how servers prove their domains by calling back (XEP-0220).
var dialbackGroup = Group{
	Kinds: []decode.Kind{decode.KindOpen, decode.KindNonza, decode.KindStanza},
	Check: checkDialback,
	End:   func(p *Pass) { of(&p.own.dialbacks).judge(p, "") },
	Rules: []Rule{
		{Name: "dialback-unsolicited", Level: LevelError, Ref: spec.XEP(220, "3.1"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "An answer of dialback that nobody has asked for proves nothing, and must not be believed.",
			Advice: "ignore answers that match no request by from, to and id on the same stream; servers that did not could be taken in by anybody in 2012"},
		{Name: "dialback-ns-missing", Level: LevelError, Ref: spec.XEP(220, "2"),
			Doc:    "Who speaks dialback declares its namespace in the stream header, and uses that prefix.",
			Advice: "declare xmlns:db='jabber:server:dialback' in the stream header"},
		{Name: "dialback-send-early", Level: LevelError, Ref: spec.XEP(220, "2.1.1"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "A server keeps its stanzas back until the other one has called its two domains valid.",
			Advice: "wait for type='valid'; stanzas that come before it are lost or end the stream"},
		{Name: "dialback-key-wrong", Level: LevelError, Who: WhoInitiator, Ref: spec.XEP(185, "2"), Needs: NeedSecret,
			Doc:    "A dialback key follows from a secret, the two domains and the id of the stream.",
			Advice: "compute HMAC-SHA-256 with the hexadecimal hash of the secret over receiving domain, own domain and stream id"},
		{Name: "dialback-clear", Level: LevelWarning, Ref: spec.RFC(6120, "13.14"),
			Doc:    "Dialback trusts DNS and the network, so it should at least stand inside TLS.",
			Advice: "set TLS up first, with a certificate if there is one"},
	},
}

// dialbacks is the memory of dialbackGroup.
type dialbacks struct {
	// declared tells that the last header of a direction has the namespace.
	declared, opened [2]bool
	told             [2]bool
	clear            bool
	// asked are the pairs for which a direction has shown a key, in lower case.
	asked [2]map[decode.Pair]bool
	early map[decode.Pair]bool
	// wrong is a key that does not follow from the secret, until there is an
	// answer for its pair.
	wrong     wrongProof
	wrongPair decode.Pair
}

// judge reports a wrong key. How keys are made is a recommendation, so where
// one is called valid the domain may just do it in another way.
func (m *dialbacks) judge(p *Pass, answer string) {
	w := m.wrong
	m.wrong = wrongProof{}
	if w.seq == 0 {
		return
	}
	f := Finding{Rule: "dialback-key-wrong", Seq: w.seq, Who: w.who, Text: w.why}
	if answer == "valid" {
		f.Level, f.Text = LevelNote, "the key does not follow from the secret that was given, but it is called valid"
	}
	p.Add(f)
}

// pairOf is a pair of domains as it is compared.
func pairOf(from, to string) decode.Pair {
	return decode.Pair{From: strings.ToLower(domainOf(from)), To: strings.ToLower(domainOf(to))}
}

func checkDialback(p *Pass) {
	e := p.Event
	switch e.Kind {
	case decode.KindOpen:
		if n := p.Node(); n != nil && carrierOf(e) == onTCP {
			m := of(&p.own.dialbacks)
			m.opened[e.Dir], m.declared[e.Dir] = true, declares(n, nsDialback)
		}
	case decode.KindNonza:
		if e.Name.Space == nsDialback {
			of(&p.own.dialbacks).element(p)
		}
	case decode.KindStanza:
		if e.State.Profile == decode.ProfileS2S {
			of(&p.own.dialbacks).stanza(p)
		}
	}
}

// declares tells whether an element declares a prefix for a namespace.
func declares(n *xmlstream.Node, space string) bool {
	for i := range n.Attrs {
		if a := &n.Attrs[i]; a.Name.Space == "xmlns" && a.Value(n.Unit()) == space {
			return true
		}
	}
	return false
}

func (m *dialbacks) element(p *Pass) {
	e := p.Event
	if m.opened[e.Dir] && !m.declared[e.Dir] && !m.told[e.Dir] {
		m.told[e.Dir] = true
		p.Report("dialback-ns-missing", fmt.Sprintf("%s of dialback, but the sender's stream header does not declare the namespace", short(e.Name.Local)))
	}
	switch e.Step {
	case decode.StepS2SDialback1:
		m.ask(e.Dir, pairOf(e.From, e.To))
		if v, ok := p.Verify(); ok && v.Known && !v.Verified {
			m.judge(p, "")
			m.wrong, m.wrongPair = wrongProof{e.Seq, Side(e.Dir), v.Why}, pairOf(e.From, e.To)
		}
		m.inClear(p)
	case decode.StepS2SDialback2:
		m.inClear(p)
	case decode.StepS2SDialback3:
		if e.Reply == 0 {
			p.after(e.Dir.Other(), Finding{Rule: "dialback-unsolicited", Text: fmt.Sprintf("nobody asked %s about a key of %s for the stream %s", short(e.From), short(e.To), short(e.ID))})
		}
	case decode.StepS2SDialback4:
		if m.wrongPair == pairOf(e.To, e.From) {
			m.judge(p, e.Type)
		}
		// What was answered once already has no question any more; asked it was.
		if e.Reply == 0 && !m.asked[e.Dir.Other()][pairOf(e.To, e.From)] {
			p.after(e.Dir.Other(), Finding{Rule: "dialback-unsolicited", Text: fmt.Sprintf("%s showed no key for %s", short(e.To), short(e.From))})
		}
	}
}

func (m *dialbacks) ask(d decode.Dir, pair decode.Pair) {
	if m.asked[d] == nil {
		m.asked[d] = map[decode.Pair]bool{}
	}
	if len(m.asked[d]) < decode.MaxPairs {
		m.asked[d][pair] = true
	}
}

func (m *dialbacks) inClear(p *Pass) {
	if m.clear || inTLS(p.Event.State) {
		return
	}
	m.clear = true
	p.Report("dialback-clear", "a key of dialback is sent without TLS")
}

// stanza judges stanzas of a pair that is being proven by dialback, and those
// that come before anything was proven. Another pair breaks
// s2s-domain-unproven.
func (m *dialbacks) stanza(p *Pass) {
	e := p.Event
	pair := pairOf(e.From, e.To)
	first := e.Dir == decode.FromInitiator && !e.State.Authenticated
	if !m.asked[e.Dir][pair] && !first || m.early[pair] {
		return
	}
	for _, have := range e.State.Pairs {
		if strings.EqualFold(have.From, pair.From) && strings.EqualFold(have.To, pair.To) {
			return
		}
	}
	if m.early == nil {
		m.early = map[decode.Pair]bool{}
	}
	if len(m.early) < decode.MaxPairs {
		m.early[pair] = true
		p.after(e.Dir.Other(), Finding{Rule: "dialback-send-early", Text: fmt.Sprintf("%s from %s to %s, which has not been called valid", article(e.Name.Local), short(pair.From), short(pair.To))})
	}
}
