package decode

import (
	"slices"
	"strings"

	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// dialback reads db:result and db:verify (XEP-0220 §2). An element without a
// type asks, one with a type answers.
func (c *Conn) dialback(e *Event, n *xmlstream.Node) {
	if c.o.MidStream && c.state.Profile != ProfileS2S {
		c.serverStream()
	}
	// Domains are the same however their letters are cased.
	pair := strings.ToLower(e.From + " " + e.To)
	back := strings.ToLower(e.To + " " + e.From)
	ask := e.Type == ""
	key := n.Name.Local
	if key == "verify" {
		key += " " + e.ID // of the stream that the key is for; that of a result says nothing
	}
	var do func(*State, *Event, *xmlstream.Node)
	switch n.Name.Local {
	case "result":
		e.Step = StepS2SDialback4
		if ask {
			e.Step = StepS2SDialback1
		} else {
			do = setDialback
		}
	case "verify":
		e.Step = StepS2SDialback3
		if ask {
			e.Step = StepS2SDialback2
		}
	}
	if ask {
		c.backs[e.Dir].add(key, &request{seq: e.Seq, to: pair})
		e.SASL = c.dialbackKey(e, n)
	} else if r := c.backs[e.Dir.Other()].pop(requestKey{key, back}); r != nil {
		e.Reply = r.seq
	} else if c.complete() {
		do = nil // nobody asked: such an answer proves nothing (XEP-0220 §3.1)
	}
	c.emit(e, do, n)
}

// setDialback applies the outcome for one pair of domains; many may share a
// stream, and an error concerns no other (XEP-0220 §2.1.1, §2.5).
func setDialback(s *State, e *Event, _ *xmlstream.Node) {
	p := Pair{e.To, e.From}
	switch e.Type {
	case "valid":
		s.Authenticated = true
		if e.Dir == FromReceiver && (s.Identity == "" || e.To == s.Claimed) {
			s.Identity = e.To // of many, the one that the header names, or else the first
		}
		s.allow(p)
	case "invalid":
		s.Failures++
		s.Pairs = slices.DeleteFunc(slices.Clone(s.Pairs), func(have Pair) bool { return strings.EqualFold(have.From, p.From) && strings.EqualFold(have.To, p.To) })
	}
}

// dialbackKey takes the key apart (XEP-0185 §2). In db:result it belongs to
// this stream, in db:verify to the stream that is named.
func (c *Conn) dialbackKey(e *Event, n *xmlstream.Node) *sasl.Exchange {
	x := &sasl.Exchange{Mechanism: "DIALBACK", StreamID: c.state.StreamID, Originator: e.From, Receiver: e.To}
	if n.Name.Local == "verify" {
		x.StreamID, x.Originator, x.Receiver = e.ID, e.To, e.From
	}
	x.AddParts(sasl.InitialResponse, sasl.Part{Name: "key", Text: n.Text()})
	return x
}

// serverStream corrects the guess of jabber:client where the header was not
// seen: dialback is spoken between servers only.
func (c *Conn) serverStream() {
	next := *c.state
	next.Profile, next.Content = ProfileS2S, nsServer
	c.state = &next
	for d := range c.half {
		c.half[d].scope = xmlstream.MidStream(nsServer)
	}
}
