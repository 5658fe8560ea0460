package lint

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// boshGroup is the numbers of the requests of BOSH and their wrappers
// (XEP-0124).
var boshGroup = Group{
	Kinds: []decode.Kind{decode.KindHTTP, decode.KindOpen, decode.KindClose, decode.KindStanza, decode.KindNonza},
	Check: checkBOSH,
	End:   endBOSH,
	Rules: []Rule{
		{Name: "bosh-rid", Level: LevelError, Who: WhoInitiator, Ref: spec.XEP(124, "14.1"), Needs: NeedWhole,
			Doc:    "Each request of BOSH has a number one higher than the last, because requests may overtake each other on their ways.",
			Advice: "begin with a big random rid, add one for every new request, and repeat a request unchanged or not at all"},
		{Name: "bosh-sid", Level: LevelError, Who: WhoInitiator, Ref: spec.XEP(124, "7"),
			Doc:    "The first request of BOSH has no session id, because the server gives it; every later one names it.",
			Advice: "take sid from the answer to the first request and send it with all others"},
		{Name: "bosh-body", Level: LevelError, Ref: spec.XEP(124, "6"),
			Doc:    "In the wrapper of BOSH stand whole elements with namespaces of their own, and nothing else.",
			Advice: "send elements only, and give every stanza xmlns='jabber:client'"},
	},
}

const (
	// smallRID is what no random number that is meant to be big comes below.
	smallRID = 1 << 16
	// maxRID is the biggest number that every program can count to (XEP-0124 §14.1).
	maxRID = 1<<53 - 1
	// keptRIDs bounds the requests that are remembered.
	keptRIDs = 64
	maxJumps = 8
	// fewRIDs are as many requests as one lost packet takes along: on a
	// connection that carries nothing else its loss shows nowhere.
	fewRIDs = 2
)

// rids is the memory of boshGroup.
type rids struct {
	begun       bool // the request that creates the session was seen
	first, high uint64
	sums        map[uint64][sha256.Size]byte
	// missing are numbers that were passed over, with the request that did so.
	missing []skipped
	// jumps are told at the end: that the capture lacks a packet of a connection
	// shows only when that connection goes on.
	jumps   []Finding
	never   uint64 // numbers that were passed over for good
	refused bool   // the server misses something too
	window  uint64
	bare    bool // that a stanza has no namespace of its own was told
	strange bool // that the wrapper stands in another one was told
}

type skipped struct {
	rid uint64
	by  decode.Seq
}

func checkBOSH(p *Pass) {
	e := p.Event
	if e.Dir == decode.FromReceiver && refusedBy(e.Condition) {
		of(&p.own.rids).refused = true
	}
	switch {
	case e.Kind == decode.KindHTTP:
		if e.Dir == decode.FromInitiator && e.Name.Local == "request" && (e.Step == decode.StepBOSHData || e.Step == decode.StepBOSHEnd) {
			if r, ok := requestOf(p); ok {
				of(&p.own.rids).request(p, &r)
			}
		}
	case e.Carrier == 0, e.Kind == decode.KindClose:
	case e.Kind == decode.KindOpen:
		if e.Dir == decode.FromReceiver {
			m := of(&p.own.rids)
			m.wrapper(p, e.Name.Space)
			if n := p.Node(); n != nil {
				m.window = min(max(m.window, termsOf(n).requests), keptRIDs)
			}
		}
	case e.Name.Space == nsHTTPBind && e.Name.Local != "uri": // that one belongs to see-other-uri
		m := of(&p.own.rids)
		if !m.bare {
			m.bare = true
			// Many programs did so once, and are read all the same (XEP-0206 §2).
			p.Add(Finding{Rule: "bosh-body", Level: LevelWarning, Ref: spec.XEP(206, "2"),
				Text: short(e.Name.Local) + " has no namespace of its own, so it stands in that of the wrapper"})
		}
	}
}

func (m *rids) request(p *Pass, r *request) {
	m.wrapper(p, r.space)
	fresh := m.high == 0
	switch {
	case fresh && r.sid && r.creates:
		p.Report("bosh-sid", "a request that asks for a new session names a session already")
	case !r.sid && !r.creates:
		p.Report("bosh-sid", "the request names no session, and does not ask for one either")
	}
	switch {
	case r.text == "":
		p.Report("bosh-rid", "the request has no rid")
	case r.rid == 0:
		p.Report("bosh-rid", fmt.Sprintf("the rid \"%s\" is no positive number", short(r.text)))
	case r.rid > maxRID:
		p.Report("bosh-rid", fmt.Sprintf("the rid %d is above 2^53-1", r.rid))
	case fresh:
		m.first, m.high, m.begun = r.rid, r.rid, !r.sid && r.creates
		m.sums = map[uint64][sha256.Size]byte{r.rid: r.sum}
		if m.begun && r.rid < smallRID {
			p.Report("bosh-rid", fmt.Sprintf("the first rid is %d, which others can guess", r.rid))
		}
	default:
		m.next(p, r)
	}
}

// wrapper judges the namespace of the wrapper. What else can be wrong with it
// the decoder tells: text with this rule, comments and half elements with those
// of XML.
func (m *rids) wrapper(p *Pass, space string) {
	if space == nsHTTPBind || m.strange {
		return
	}
	m.strange = true
	p.Report("bosh-body", "the wrapper stands in the namespace "+short(space))
}

// next judges a request that is not the first one. Requests take two ways, so
// one may be seen before the one it follows.
func (m *rids) next(p *Pass, r *request) {
	sum, known := m.sums[r.rid]
	at := slices.IndexFunc(m.missing, func(s skipped) bool { return s.rid == r.rid })
	switch {
	case known && sum != r.sum:
		p.Report("bosh-rid", fmt.Sprintf("the rid %d comes a second time with something else in the body", r.rid))
		return
	case known:
		return // sent again
	case at >= 0:
		m.missing = slices.Delete(m.missing, at, at+1)
	case r.rid < m.first && m.begun:
		p.Report("bosh-rid", fmt.Sprintf("the rid %d is below that of the first request, %d", r.rid, m.first))
		return
	case r.rid < m.high:
		return // long ago, or before the capture
	default:
		m.forward(p, r)
	}
	m.sums[r.rid] = r.sum
	for rid := range m.sums {
		if rid+keptRIDs < m.high {
			delete(m.sums, rid)
		}
	}
}

// forward takes a number above all others. Further ahead than requests may be
// open at once nobody can be by chance (XEP-0124 §14.2).
func (m *rids) forward(p *Pass, r *request) {
	low := m.high
	if len(m.missing) > 0 {
		low = m.missing[0].rid - 1
	}
	if r.rid-low > max(m.window, 2) {
		by := p.Event.Seq
		if len(m.missing) > 0 {
			by = m.missing[0].by
		}
		if len(m.jumps) < maxJumps {
			m.jumps = append(m.jumps, Finding{Rule: "bosh-rid", Seq: by, Who: Side(p.Event.Dir),
				Text: fmt.Sprintf("the rid that follows %d is missing, %d is there", low, r.rid)})
		}
		m.never += uint64(len(m.missing)) + r.rid - m.high - 1
		m.missing = nil
	} else {
		for rid := m.high + 1; rid < r.rid; rid++ {
			m.missing = append(m.missing, skipped{rid, p.Event.Seq})
		}
	}
	m.high = r.rid
}

// refusedBy tells the conditions by which a server says that a number is none
// that it expects (XEP-0124 §14.2, §17.2).
func refusedBy(condition string) bool {
	return condition == "item-not-found" || condition == "bad-request" || condition == "policy-violation"
}

// endBOSH reports what was passed over and never came. Of a conversation that
// was cut it may still have been on its way. Where only a few are missing, and
// the server goes on as if it had them, the capture lacks them.
func endBOSH(p *Pass) {
	m := of(&p.own.rids)
	if !m.refused && m.never+uint64(len(m.missing)) <= fewRIDs {
		return
	}
	for _, f := range m.jumps {
		p.Add(f)
	}
	if len(m.missing) == 0 || p.Conversation.Outcome == decode.OutcomeOpen || p.Conversation.Outcome == decode.OutcomeTruncated {
		return
	}
	s := m.missing[0]
	p.Add(Finding{Rule: "bosh-rid", Seq: s.by, Text: fmt.Sprintf("the request %d was never sent", s.rid)})
}
