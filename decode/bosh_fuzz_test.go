package decode

import (
	"bytes"
	"testing"
	"time"
)

// Law 6 on sessions: whatever bodies come, over whatever connections, every
// element counts once, in an event that names the one that carried it, and
// memory is bounded.
func FuzzSessions(f *testing.F) {
	for _, s := range []string{
		"a<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='a'/>\x00A<body xmlns='http://jabber.org/protocol/httpbind' sid='s'/>",
		"a<body xmlns='http://jabber.org/protocol/httpbind' rid='9' sid='s'><iq/></body>\x00b<body xmlns='http://jabber.org/protocol/httpbind' rid='7' sid='s'><presence/></body>\x00Bgone",
		"a<body xmlns='http://jabber.org/protocol/httpbind' rid='9007199254740991' sid='s' type='terminate'/>\x00A<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='item-not-found'/>",
		"a<b:body xmlns:b='http://jabber.org/protocol/httpbind' rid='1'>text<!-- --><x></b:body>\x00*\x00A<?xml version='1.0'?><body xmlns='http://jabber.org/protocol/httpbind'><stream:features xmlns:stream='http://etherx.jabber.org/streams'/></body>",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var c connections
		at := time.Unix(0, 0)
		keep := func(_ *Session, events []Event) { c.all = append(c.all, events...) }
		children := 0
		for piece := range bytes.SplitSeq(in, []byte{0}) {
			if len(piece) == 0 {
				continue
			}
			flow, dir := uint64(piece[0]|0x20), FromInitiator
			if piece[0]&0x20 == 0 {
				dir = FromReceiver
			}
			text := posted(string(piece[1:]))
			if dir == FromReceiver {
				text = response(string(piece[1:]))
			}
			if b := NewSessions(Options{}).wrapper(piece[1:]); b != nil {
				children += len(b.parts)
			}
			c.say(flow, dir, text)
			if piece[0] == '*' {
				c.sessions.Ended(flow)
				delete(c.flows, flow)
			}
			c.sessions.Over(at, keep)
		}
		if c.sessions == nil {
			return
		}
		c.sessions.Finish(at, keep)
		if c.sessions.kept != 0 {
			t.Fatalf("%d bytes still wait", c.sessions.kept)
		}
		seen := map[Seq]bool{}
		for i := range c.all {
			e := &c.all[i]
			if e.Kind == KindHTTP {
				seen[e.Seq] = true
				continue
			}
			if e.Carrier != 0 && !seen[e.Carrier] {
				t.Fatalf("event %d was carried by %d, which did not come before it", e.Seq, e.Carrier)
			}
			if e.Carrier != 0 && e.Kind != KindOpen && e.Kind != KindClose && len(e.XML) > 0 {
				children--
			}
		}
		if children < 0 {
			t.Fatalf("%d elements more than were sent", -children)
		}
	})
}
