package lint

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// messageGroup is messages as RFC 6121 §5 defines them.
var messageGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: checkMessage,
	Rules: []Rule{
		{Name: "message-type", Level: LevelWarning, Ref: spec.RFC(6121, "5.2.2"),
			Doc:    "A message has one of five types, or none, which means normal.",
			Advice: "use chat, error, groupchat, headline or normal; anything else is read as normal"},
		{Name: "message-dup-lang", Level: LevelError, Ref: spec.RFC(6121, "5.2.3"),
			Doc:    "A message holds one text for each language, one thread, and plain text in them.",
			Advice: "give further bodies and subjects an xml:lang of their own; formatted text has its own extension"},
		{Name: "message-first-to-full", Level: LevelNote, Who: WhoInitiator, Ref: spec.RFC(6121, "5.1"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "The first message to somebody goes to the bare address, so that the server can choose the device.",
			Advice: "leave the resource out until somebody has answered from it"},
	},
}

// maxWriters bounds the addresses that have written.
const maxWriters = 1 << 12

// writers is the memory of messageGroup: who has written to the client, and to
// whom it has written at a device.
type writers struct {
	seen map[uint64]struct{} // hashes of full addresses
	full bool
}

func checkMessage(p *Pass) {
	e := p.Event
	if e.Name.Local != "message" {
		return
	}
	switch e.Type {
	case "", "chat", "error", "groupchat", "headline", "normal":
	default:
		p.ReportAt("message-type", attrSpan(p, "type"), fmt.Sprintf("the type is \"%s\"", short(e.Type)))
	}
	checkTexts(p)
	if e.State.Profile == decode.ProfileC2S {
		of(&p.own.writers).first(p)
	}
}

// checkTexts looks for what stands twice.
func checkTexts(p *Pass) {
	e := p.Event
	if !e.Inside.May(decode.InsideTwice | decode.InsideDeep) {
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	var seen []string
	for c := range n.Children() {
		if c.Name.Space != e.Name.Space {
			continue
		}
		key := c.Name.Local
		switch key {
		case "body", "subject":
			key += " " + strings.ToLower(langAt(c))
		case "thread":
		default:
			continue
		}
		if slices.Contains(seen, key) {
			p.ReportAt("message-dup-lang", c.Tag, twice(c))
			return
		}
		if len(seen) < 64 {
			seen = append(seen, key)
		}
		if x := c.FirstElement(); x != nil {
			p.ReportAt("message-dup-lang", x.Tag, fmt.Sprintf("there is an element <%s/> inside the %s", short(x.Name.Local), c.Name.Local))
			return
		}
	}
}

func twice(c *xmlstream.Node) string {
	if c.Name.Local == "thread" {
		return "there are two threads"
	}
	if lang := langAt(c); lang != "" {
		return fmt.Sprintf("the %s stands twice in the language %s", c.Name.Local, short(lang))
	}
	return fmt.Sprintf("the %s stands twice in the same language", c.Name.Local)
}

// langAt is the language of an element, which the stanza may set; empty where
// that of the stream holds.
func langAt(c *xmlstream.Node) string {
	if v := langOf(c); v != "" || c.Parent == nil {
		return v
	}
	return langOf(c.Parent)
}

// first finds the first message to a device that has not written. In rooms a
// resource is a person.
func (w *writers) first(p *Pass) {
	e := p.Event
	jid := e.To
	if e.Dir == decode.FromReceiver {
		jid = e.From
	}
	if resourceOf(jid) == "" || len(jid) > maxAddress {
		return
	}
	k := p.engine.hash(jid)
	if e.Dir == decode.FromReceiver {
		w.note(k)
		return
	}
	if _, seen := w.seen[k]; seen || e.Type != "chat" || w.full || e.State.Resumed || sameBare(e.To, ownJID(p)) {
		return
	}
	w.note(k) // said once
	if !strings.Contains(bare(e.To), "@") || !e.Inside.May(decode.InsideBody) || e.Inside.May(mayMUCUser) && bytes.Contains(e.Text(), []byte(nsMUCUser)) {
		return
	}
	if s := p.IM(); s != nil {
		if s.HasRoom(e.To) {
			return
		}
	}
	if !e.Inside.Has(decode.InsideBody) {
		if n := p.Node(); n == nil || n.Child(e.Name.Space, "body") == nil {
			return
		}
	}
	p.after(decode.FromReceiver, Finding{Rule: "message-first-to-full", Span: attrSpan(p, "to"), Text: fmt.Sprintf("the first message goes to %s", short(e.To))})
}

func (w *writers) note(k uint64) {
	if w.full {
		return
	}
	if w.seen == nil {
		w.seen = map[uint64]struct{}{}
	}
	w.seen[k] = struct{}{}
	w.full = len(w.seen) >= maxWriters
}
