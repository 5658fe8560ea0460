package lint

import (
	"bytes"
	"fmt"
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// chatGroup is what accompanies a talk: receipts, markers, chat states.
var chatGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: checkChat,
	Rules: []Rule{
		{Name: "receipt-misuse", Level: LevelError, Ref: spec.XEP(184, "5.4"),
			Doc:    "A receipt names the message that it is for, and asks for none itself.",
			Advice: "request receipts only for messages with an id, and never for a receipt"},
		{Name: "marker-loop", Level: LevelError, Ref: spec.XEP(333, "4"),
			Doc:    "That a marker was seen is not marked again, or it would never end.",
			Advice: "mark only messages with content"},
		{Name: "chatstate-misuse", Level: LevelError, Ref: spec.XEP(85, "5"),
			Doc:    "A message says at most one thing about what its writer is doing, and says it once.",
			Advice: "send one chat state, in a message, when it changes"},
	},
}

// Bounds of what is remembered of one conversation.
const (
	maxMarkers = 256
	maxTalking = 256
)

// chatFacts is the memory of chatGroup.
type chatFacts struct {
	// markers are messages that only mark others: hashes of who sent them to
	// whom, and of the id.
	markers []uint64
	// states are the last chat states that were sent alone, by address.
	states map[string]string
}

func checkChat(p *Pass) {
	e := p.Event
	if e.Inside.May(mayReceipts) && e.Name.Local == "message" {
		checkReceipt(p)
	}
	if e.Inside.May(mayMarkers) && e.Inside.May(decode.InsideReceipt) && e.Name.Local == "message" {
		of(&p.own.chatFacts).marker(p)
	}
	states := e.Inside.May(mayStates)
	if e.Name.Local == "message" && (states || len(of(&p.own.chatFacts).states) > 0) && of(&p.own.chatFacts).settled(p) {
		return
	}
	states = states && bytes.Contains(e.Text(), []byte(nsStates))
	if states || e.Name.Local == "message" && len(of(&p.own.chatFacts).states) > 0 {
		of(&p.own.chatFacts).state(p, states)
	}
}

func checkReceipt(p *Pass) {
	e := p.Event
	if e.ID != "" && !e.Inside.May(decode.InsideReceipt) {
		return // nothing but a question that can be answered
	}
	if x := p.sole(nsReceipts); x != nil && x.Name.Local == "received" {
		if id, _ := x.Attr("id"); id != "" {
			return
		}
	}
	n := p.Node()
	if n == nil {
		return
	}
	received, request := n.Child(nsReceipts, "received"), n.Child(nsReceipts, "request")
	switch {
	case received != nil && request != nil:
		p.ReportAt("receipt-misuse", request.Tag, "a receipt asks for a receipt")
	case request != nil && e.ID == "" && e.Type != "error":
		p.ReportAt("receipt-misuse", request.Tag, "a receipt is asked for, but the message has no id")
	case received != nil:
		// The oldest form took the id of the message itself; it has none here.
		if id, _ := received.Attr("id"); id == "" {
			p.ReportAt("receipt-misuse", received.Tag, "the receipt does not say for which message it is")
		}
	}
}

// markerIn is the marker that a message carries.
func markerIn(n *xmlstream.Node) *xmlstream.Node {
	for c := range n.Children() {
		if c.Name.Space == nsMarkers && c.Name.Local != "markable" {
			return c
		}
	}
	return nil
}

func (m *chatFacts) marker(p *Pass) {
	e := p.Event
	if e.Type == "error" {
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	x := markerIn(n)
	if x == nil {
		return
	}
	peer := short(bare(e.To))
	if e.Dir == decode.FromReceiver {
		peer = short(bare(e.From))
	}
	id, _ := x.Attr("id")
	if id != "" && slices.Contains(m.markers, p.engine.hash(e.Dir.Other().String(), peer, short(id))) {
		p.ReportAt("marker-loop", x.Tag, fmt.Sprintf("%s marks the message \"%s\", which is a marker itself", x.Name.Local, short(id)))
	}
	if e.ID != "" && n.Child(e.Name.Space, "body") == nil {
		if len(m.markers) >= maxMarkers {
			m.markers = append(m.markers[:0], m.markers[maxMarkers/2:]...)
		}
		m.markers = append(m.markers, p.engine.hash(e.Dir.String(), peer, short(e.ID)))
	}
}

// settled takes a message that the marks of decode and its first child say all
// about; it is false where the message must be read.
func (m *chatFacts) settled(p *Pass) bool {
	e := p.Event
	if e.Inside.May(decode.InsideOdd) {
		return false
	}
	switch {
	case !fromClient(e) || e.Type == "error" || len(e.To) > maxAddress:
	case e.Inside.May(decode.InsideBody):
		delete(m.states, e.To)
	case !e.Inside.May(mayStates):
	case e.Payload.Space != nsStates || m.states[e.To] == e.Payload.Local:
		return false
	default:
		m.keep(e.To, e.Payload.Local)
	}
	return true
}

// keep remembers the last state that was sent to somebody alone.
func (m *chatFacts) keep(to, state string) {
	if m.states == nil {
		m.states = map[string]string{}
	}
	if len(m.states) >= maxTalking {
		clear(m.states)
	}
	m.states[to] = state
}

// state looks at a chat state, and remembers the last one sent alone.
func (m *chatFacts) state(p *Pass, carries bool) {
	e := p.Event
	n := p.Node()
	if n == nil {
		return
	}
	var found *xmlstream.Node
	if carries {
		for c := range n.Children() {
			if c.Name.Space != nsStates {
				continue
			}
			if e.Name.Local != "message" {
				p.ReportAt("chatstate-misuse", c.Tag, fmt.Sprintf("a chat state stands in %s", article(e.Name.Local)))
				return
			}
			if found != nil {
				p.ReportAt("chatstate-misuse", c.Tag, "the message holds two chat states")
				return
			}
			found = c
		}
	}
	if !fromClient(e) || e.Type == "error" || len(e.To) > maxAddress {
		return
	}
	if n.Child(e.Name.Space, "body") != nil || found == nil {
		if n.Child(e.Name.Space, "body") != nil {
			delete(m.states, e.To)
		}
		return
	}
	if m.states[e.To] == found.Name.Local && !e.State.Resumed {
		p.ReportAt("chatstate-misuse", found.Tag, fmt.Sprintf("%s is said twice in a row", found.Name.Local))
	}
	m.keep(e.To, found.Name.Local)
}
