package lint

import (
	"fmt"
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// discoGroup is service discovery and pings. iqPairsGroup, which knows what is
// answered, tells of ping-ignored.
var discoGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: checkDisco,
	Rules: []Rule{
		{Name: "disco-shape", Level: LevelError, Ref: spec.XEP(30, "3"), Needs: NeedWhole,
			Doc:    "Who is asked what it is names an identity and its features, for the node that was asked about.",
			Advice: "give at least one identity and one feature, and repeat the node"},
		{Name: "ping-ignored", Level: LevelError, Ref: spec.XEP(199, "4"), Needs: NeedBoth | NeedWhole | NeedAnswers,
			Doc:    "A ping is answered, or refused by who does not know it, but never ignored.",
			Advice: "answer pings with a result, or with service-unavailable"},
	},
}

// capsGroup is capabilities that are announced as a hash.
var capsGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza, decode.KindFeatures},
	Check: checkCaps,
	Rules: []Rule{
		{Name: "caps-hash-wrong", Level: LevelWarning, Ref: spec.XEP(115, "5.4"), Needs: NeedWhole,
			Doc:    "The hash that stands for a client's features is that of the list it gives when asked.",
			Advice: "compute ver anew whenever identities, features or forms change"},
	},
}

func checkDisco(p *Pass) {
	e := p.Event
	if e.Type != "result" || e.Payload.Space != nsInfo || e.Payload.Local != "query" {
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	q := n.Child(nsInfo, "query")
	node, _ := q.Attr("node")
	if s := p.IM(); s != nil {
		if r, ok := s.Answered(); ok && r.Name.Space == nsInfo && node != r.Node && len(r.Node) <= clipped && !twin(s, &r) {
			p.ReportAt("disco-shape", valueSpan(q, "", "node"), fmt.Sprintf("the question was about the node \"%s\", the answer is about \"%s\"", short(r.Node), short(node)))
			return
		}
	}
	if node != "" {
		return // what stands behind a node need not be an entity of its own
	}
	switch {
	case !holds(q, "identity"):
		p.ReportAt("disco-shape", q.Tag, "the answer names no identity")
	case !holds(q, "feature"):
		p.ReportAt("disco-shape", q.Tag, "the answer names no feature")
	}
}

// twin tells whether another request with the same id still waits, which the
// answer may belong to as well.
func twin(s *im.Session, r *im.Request) bool {
	return slices.ContainsFunc(s.Pending(r.Dir), func(o im.Request) bool { return o.ID == r.ID })
}

// clipped is how much of a node the session keeps, in bytes.
const clipped = 1 << 10

func holds(q *xmlstream.Node, local string) bool { return q.Child(nsInfo, local) != nil }

// maxHashesTold bounds the hashes that were told of.
const maxHashesTold = 1 << 10

// hashesTold is the memory of capsGroup: true are the hashes that were told of,
// false those that were outdated when the answer came, and so may have been right.
type hashesTold struct{ names map[string]bool }

func checkCaps(p *Pass) {
	s := p.IM()
	if s == nil {
		return
	}
	list, _ := s.Changes()
	for _, c := range list {
		if c.Group != im.GroupCapabilities || c.Field != "hash" || c.Now != im.CapsMismatch.String() {
			continue
		}
		m, late := of(&p.own.hashesTold), outdated(p, s, c.Name)
		told, known := m.names[c.Name]
		if told || known && (late || p.Event.Type != "result") || !known && len(m.names) >= maxHashesTold {
			continue
		}
		if m.names == nil {
			m.names = map[string]bool{}
		}
		m.names[c.Name] = !late
		if late {
			continue
		}
		f := Finding{Rule: "caps-hash-wrong", Seq: c.Since, Who: WhoReceiver,
			Text: fmt.Sprintf("%s is announced, but the answer of disco#info has another hash", short(c.Name))}
		if own := s.Own().Caps; own != nil && own.String() == c.Name {
			f.Who = WhoInitiator
		}
		p.Add(f)
	}
}

// outdated tells whether who answers has announced something else since: the
// question was about what it had before, and the answer tells what it has now.
// Where the beginning is missing, that may have been then; and a presence that
// is older than the answer may come back behind it.
func outdated(p *Pass, s *im.Session, announced string) bool {
	e := p.Event
	if e.Type != "result" {
		return !p.talk.shows(NeedStart)
	}
	who := s.Own()
	if e.Dir == decode.FromReceiver {
		who, _ = s.Presence(e.From)
	}
	if who.Caps == nil {
		return !p.talk.shows(NeedStart)
	}
	return who.Caps.String() != announced
}
