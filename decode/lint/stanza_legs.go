package lint

import (
	"bytes"
	"fmt"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// legsGroup holds what a client sends against what another one gets, where both
// connections were captured.
var legsGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: checkLegs,
	Rules: []Rule{
		{Name: "lang-lost", Level: LevelWarning, Who: WhoReceiver, Ref: spec.RFC(6120, "8.1.5"),
			Doc:    "A server passes on the language of a stanza as its sender gave it.",
			Advice: "leave xml:lang alone when passing on a stanza"},
		{Name: "order-changed", Level: LevelWarning, Who: WhoReceiver, Ref: spec.RFC(6120, "10.1"),
			Doc:    "What one address sends to another arrives in the order in which it was sent.",
			Advice: "keep the order of what is passed on between the same two addresses"},
	},
}

// Bounds of what is remembered of one input.
const (
	maxLegs      = 1 << 12 // messages on their way
	maxLegCouple = 1 << 12 // pairs of addresses that get messages
)

// leg is a message that somebody sent and that may be delivered elsewhere.
type leg struct {
	seq       decode.Seq
	conn      decode.ConnID
	lang      string
	delivered bool
}

// couple are two addresses and the connection on which the second gets what the
// first sends.
type couple struct {
	conn     decode.ConnID
	from, to string
}

// legs are the messages of all conversations by the hash of sender, recipient
// and id.
type legs struct {
	sent  map[uint64]leg
	order []uint64
	last  map[couple]decode.Seq // the last one delivered
}

func checkLegs(p *Pass) {
	e := p.Event
	if e.Name.Local != "message" || e.ID == "" || e.Type == "groupchat" || e.Type == "error" ||
		e.State.Profile != decode.ProfileC2S || len(e.ID)+len(e.To)+len(e.From) > 3*maxAddress {
		return
	}
	m := of(&p.shared.legs)
	if m.sent == nil {
		m.sent, m.last = map[uint64]leg{}, map[couple]decode.Seq{}
	}
	if e.Dir == decode.FromInitiator {
		m.send(p)
		return
	}
	if len(m.sent) > 0 {
		m.deliver(p)
	}
}

// legKey names a message: the recipient's server may add the resource.
func legKey(p *Pass, from, to string) uint64 {
	return p.engine.hash(strings.ToLower(bare(from)), resourceOf(from), strings.ToLower(bare(to)), p.Event.ID)
}

func (m *legs) send(p *Pass) {
	e := p.Event
	own := ownJID(p)
	if own == "" || e.To == "" {
		return
	}
	k := legKey(p, own, e.To)
	if _, known := m.sent[k]; !known {
		if m.order = append(m.order, k); len(m.order) > maxLegs {
			delete(m.sent, m.order[0])
			m.order = m.order[1:]
		}
	}
	m.sent[k] = leg{seq: e.Seq, conn: e.Conn, lang: short(explicitLang(p))}
}

// explicitLang is the language that a stanza gives itself.
func explicitLang(p *Pass) string {
	if !p.Event.Inside.May(decode.InsideLang) {
		return ""
	}
	if n := p.Node(); n != nil {
		return langOf(n)
	}
	return ""
}

func (m *legs) deliver(p *Pass) {
	e := p.Event
	k := legKey(p, e.From, e.To)
	l, known := m.sent[k]
	if !known || l.conn == e.Conn || e.From == "" {
		return
	}
	if lang := short(explicitLang(p)); l.lang != "" && !l.delivered && lang != l.lang && (lang != "" || e.State.Lang != l.lang) {
		got := "none"
		if lang != "" {
			got = short(lang)
		}
		p.Report("lang-lost", fmt.Sprintf("it was sent in the language %s (event %d) and arrives with %s", short(l.lang), l.seq, got))
	}
	if l.delivered || e.Inside.May(mayDelay) && bytes.Contains(e.Text(), []byte(nsDelay)) {
		return // it comes again, or was stored meanwhile
	}
	l.delivered = true
	m.sent[k] = l
	c := couple{e.Conn, strings.ToLower(bare(e.From)) + "/" + resourceOf(e.From), strings.ToLower(bare(e.To))}
	last, known := m.last[c]
	if known && l.seq < last {
		p.Report("order-changed", fmt.Sprintf("it was sent (event %d) before what has already arrived (event %d)", l.seq, last))
		return
	}
	if known || len(m.last) < maxLegCouple {
		m.last[c] = l.seq
	}
}
