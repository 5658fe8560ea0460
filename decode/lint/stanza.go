package lint

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// stanzaGroup is how large stanzas are and what stands in them.
var stanzaGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza, decode.KindFeatures},
	Check: checkStanza,
	Rules: []Rule{
		{Name: "stanza-too-big", Level: LevelWarning, Ref: spec.XEP(478, "3.1"),
			Doc:    "The other side may say how large a stanza it takes, and every server takes at least 10000 bytes.",
			Advice: "split it, or send large data another way, such as an upload"},
		{Name: "child-without-ns", Level: LevelWarning, Ref: spec.RFC(6120, "8.4"),
			Doc:    "What XMPP itself does not define stands in a namespace of its own.",
			Advice: "give the extension its own xmlns"},
	},
}

const (
	nsLimits = "urn:xmpp:stream-limits:0"
	// smallestLimit is what every server has to take, in bytes (RFC 6120 §13.12).
	smallestLimit = 10000
)

// limits is the memory of stanzaGroup: what each side takes from the other, in
// bytes; 0 where it did not say.
type limits struct {
	most [2]int
	told [2]bool
}

func checkStanza(p *Pass) {
	e, m := p.Event, of(&p.own.limits)
	if e.Kind == decode.KindFeatures {
		if bytes.Contains(e.Text(), []byte(nsLimits)) {
			m.learn(p)
		}
		return
	}
	size := len(e.Text())
	switch most := m.most[e.Dir]; {
	case most > 0 && size > most:
		p.Report("stanza-too-big", fmt.Sprintf("the stanza has %d bytes, but the other side takes %d", size, most))
	case most == 0 && size > smallestLimit && !m.told[e.Dir]:
		m.told[e.Dir] = true
		p.Add(Finding{Rule: "stanza-too-big", Level: LevelNote, Ref: spec.RFC(6120, "13.12"),
			Text: fmt.Sprintf("the stanza has %d bytes: some server on its way may take no more than %d", size, smallestLimit)})
	}
	checkChildren(p)
}

// learn reads what a side takes (XEP-0478 §3.1): from its peer, in the other
// direction.
func (m *limits) learn(p *Pass) {
	n := p.Node()
	if n == nil {
		return
	}
	if l := n.Child(nsLimits, "limits"); l != nil {
		if most := l.Child(nsLimits, "max-bytes"); most != nil {
			v, err := strconv.Atoi(strings.TrimSpace(most.Text()))
			if err == nil && v > 0 {
				m.most[p.Event.Dir.Other()] = v
			}
		}
	}
}

// checkChildren finds children in the content namespace that nobody defines.
func checkChildren(p *Pass) {
	e := p.Event
	if !e.Inside.May(decode.InsideOther) {
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	for c := range n.Children() {
		if c.Name.Space == e.Name.Space && !defined(e.Name.Local, c.Name.Local) {
			p.ReportAt("child-without-ns", c.Tag, fmt.Sprintf("<%s/> in the %s has no namespace of its own", short(c.Name.Local), e.Name.Local))
			return
		}
	}
}

// defined tells the children that RFC 6120 §8.3 and RFC 6121 §4.7, §5.2 define.
func defined(stanza, child string) bool {
	switch child {
	case "error":
		return true
	case "body", "subject", "thread":
		return stanza == "message"
	case "show", "status", "priority":
		return stanza == "presence"
	}
	return false
}

// langOf is the language that an element itself gives.
func langOf(n *xmlstream.Node) string {
	v, _ := n.AttrNS(xmlstream.NSXML, "lang")
	return v
}
