package lint

import (
	"fmt"
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// errorsGroup is stanzas of type error (RFC 6120 §8.3). For iq, iqPairsGroup
// tells of error-answered and iqGroup of an error without <error/>.
var errorsGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: checkErrors,
	Rules: []Rule{
		{Name: "error-answered", Level: LevelError, Ref: spec.RFC(6120, "8.3.1"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "An error is never answered with an error, or the two sides would go on for ever.",
			Advice: "do not answer errors and results"},
		{Name: "error-shape", Level: LevelError, Ref: spec.RFC(6120, "8.3.2"),
			Doc:    "An error says of what type it is and names exactly one of the conditions that XMPP defines.",
			Advice: "put <error type='…'> with one condition into a stanza of type error, and nowhere else"},
		{Name: "error-id-lost", Level: LevelError, Ref: spec.RFC(6120, "8.1.3"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "An error repeats the id of the stanza that it is about.",
			Advice: "copy the id of the stanza into the error"},
	},
}

const (
	maxErrors     = 32  // errors of one direction that may be answered
	maxRecipients = 256 // addresses that were sent something
	maxSentIDs    = 16  // ids for one of them
)

// errorMark is an error as its answer would name it.
type errorMark struct{ kind, id, other string }

// sentIDs are the ids of the stanzas of one kind to one address.
type sentIDs struct {
	ids   []uint64 // hashes
	count int
	bare  bool // one had no id
}

// errorFacts is the memory of errorsGroup.
type errorFacts struct {
	errors [2][]errorMark
	sent   map[uint64]*sentIDs // by the hash of name and address
	full   bool
}

func checkErrors(p *Pass) {
	e := p.Event
	m := of(&p.own.errorFacts)
	if e.Type != "error" {
		if e.Name.Local != "iq" {
			m.note(p)
		}
		if e.Inside.May(decode.InsideError) {
			if n := p.Node(); n != nil {
				if x := n.Child(e.Name.Space, "error"); x != nil {
					p.ReportAt("error-shape", x.Tag, "there is an <error/>, but the stanza is not of type error")
				}
			}
		}
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	checkErrorShape(p, n)
	if e.Name.Local != "iq" && e.State.Profile != decode.ProfileS2S {
		m.answered(p)
		m.lost(p)
	}
}

func checkErrorShape(p *Pass, n *xmlstream.Node) {
	e := p.Event
	x := n.Child(e.Name.Space, "error")
	if x == nil {
		if e.Name.Local != "iq" {
			p.Report("error-shape", "the stanza is of type error, but there is no <error/>")
		}
		return
	}
	switch typ, ok := x.Attr("type"); {
	case !ok:
		p.ReportAt("error-shape", x.Tag, "the error has no type")
	case !slices.Contains([]string{"auth", "cancel", "continue", "modify", "wait"}, typ):
		p.ReportAt("error-shape", valueSpan(x, "", "type"), fmt.Sprintf("the type of the error is \"%s\"", short(typ)))
	}
	count := 0
	for c := range x.Children() {
		if c.Name.Space == nsStanzaErr && c.Name.Local != "text" {
			count++
		}
	}
	if count != 1 {
		p.ReportAt("error-shape", x.Tag, fmt.Sprintf("the error names %d conditions, not one", count))
	}
}

// note remembers what a client sends, for the errors that may come back.
func (m *errorFacts) note(p *Pass) {
	e := p.Event
	if !fromClient(e) {
		return
	}
	if m.sent == nil {
		m.sent = map[uint64]*sentIDs{}
	}
	k := p.engine.hash(e.Name.Local, e.To)
	s := m.sent[k]
	if s == nil {
		if len(m.sent) >= maxRecipients || len(e.To) > maxAddress {
			m.full = true
			return
		}
		s = &sentIDs{}
		m.sent[k] = s
	}
	s.count++
	switch {
	case e.ID == "":
		s.bare = true
	case len(s.ids) < maxSentIDs:
		s.ids = append(s.ids, p.engine.hash(e.ID))
	}
}

// answered finds an error that answers an error.
func (m *errorFacts) answered(p *Pass) {
	e := p.Event
	if e.ID == "" {
		return
	}
	other := e.To
	if e.Dir == decode.FromReceiver {
		other = e.From
	}
	x := errorMark{e.Name.Local, short(e.ID), short(other)}
	if i := slices.Index(m.errors[e.Dir.Other()], x); i >= 0 && other != "" {
		m.errors[e.Dir.Other()] = slices.Delete(m.errors[e.Dir.Other()], i, i+1)
		p.Report("error-answered", fmt.Sprintf("the error with the id \"%s\" is answered with an error", short(e.ID)))
		return
	}
	all := m.errors[e.Dir]
	if len(all) >= maxErrors {
		all = append(all[:0], all[1:]...)
	}
	m.errors[e.Dir] = append(all, x)
}

// lost finds an error that does not say what it is about. Errors about presence
// that was sent to all may come from anybody, too.
func (m *errorFacts) lost(p *Pass) {
	e := p.Event
	if e.Dir != decode.FromReceiver || e.State.Profile != decode.ProfileC2S || e.State.Resumed || m.full {
		return
	}
	s := m.sent[p.engine.hash(e.Name.Local, e.From)]
	if s == nil || resourceOf(e.To) == "" || e.From == "" {
		return
	}
	all := m.sent[p.engine.hash(e.Name.Local, "")] // presence for all; a message to the own account
	if all == nil {
		all = &sentIDs{}
	}
	switch {
	case e.ID == "" && !s.bare && !all.bare:
		p.after(decode.FromInitiator, Finding{Rule: "error-id-lost", Text: fmt.Sprintf("the error from %s has no id, but everything that was sent there had one", short(e.From))})
	case e.ID != "" && s.count <= maxSentIDs && all.count <= maxSentIDs &&
		!slices.Contains(s.ids, p.engine.hash(e.ID)) && !slices.Contains(all.ids, p.engine.hash(e.ID)):
		p.after(decode.FromInitiator, Finding{Rule: "error-id-lost", Span: attrSpan(p, "id"), Text: fmt.Sprintf("the error from %s has the id \"%s\", which nothing that was sent there had", short(e.From), short(e.ID))})
	}
}
