package tui

import (
	"cmp"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// actor is one who takes part in the conversations of a capture: a client, a
// server, a component. Who has the same address in several of them is one actor.
type actor struct {
	address string // a JID, else host:port
	name    string // as a person called them; empty for none
	rank    int    // place that a person gave them, from 1
	convs   int    // conversations they take part in
	events  int
}

// label is what an actor is called in w columns.
func (a *actor) label(w int) string {
	s := a.name
	if s == "" {
		s = a.address
	}
	s = inspector.Disarm(s)
	if width(s) <= w {
		return s
	}
	if local, rest, ok := strings.Cut(s, "@"); ok && a.name == "" {
		_, resource, _ := strings.Cut(rest, "/")
		if short := local + "/" + resource; resource != "" && width(short) <= w {
			return short
		}
		s = local
	} else if i := strings.LastIndexByte(s, ':'); i > 0 && a.name == "" {
		s = s[i:] // of a machine the port tells more than its address
	}
	return cut(s, w)
}

// cast is all actors in order, and which two each conversation has.
type cast struct {
	actors []actor
	of     map[decode.ConnID][2]int // initiating and receiving entity
	made   castOf
}

// castOf tells when a cast is out of date.
type castOf struct {
	convs *decode.Conversation
	n     int
	named int64
}

// cast gives the actors of what is known by now.
func (c *capture) cast() *cast {
	now := castOf{n: len(c.convs), named: c.store.Actors().Changed()}
	if len(c.convs) > 0 {
		now.convs = &c.convs[0]
	}
	if c.players.made == now && c.players.of != nil {
		return &c.players
	}
	c.players = cast{of: make(map[decode.ConnID][2]int, len(c.convs)), made: now}
	p := &c.players
	index := map[string]int{}
	add := func(address string, events int) int {
		i, ok := index[address]
		if !ok {
			i = len(p.actors)
			index[address] = i
			known := c.store.Actors().Of(address)
			p.actors = append(p.actors, actor{address: address, name: known.Name, rank: known.Rank})
		}
		p.actors[i].convs++
		p.actors[i].events += events
		return i
	}
	for i := range c.convs {
		v := &c.convs[i]
		events := c.tracks.of(v.Conn).events
		p.of[v.Conn] = [2]int{add(initiatorOf(v), events), add(receiverOf(v), events)}
	}
	p.sort()
	return p
}

// sort puts actors in the order that a person gave them, the others behind in
// the order in which they came.
func (p *cast) sort() {
	order := make([]int, len(p.actors))
	for i := range order {
		order[i] = i
	}
	const last = 1 << 30
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(cmp.Or(p.actors[a].rank, last), cmp.Or(p.actors[b].rank, last))
	})
	at, sorted := make([]int, len(order)), make([]actor, len(order))
	for to, from := range order {
		at[from], sorted[to] = to, p.actors[from]
	}
	p.actors = sorted
	for id, two := range p.of {
		p.of[id] = [2]int{at[two[0]], at[two[1]]}
	}
}

// initiatorOf is the address of who opened a conversation: what they are known
// by, else where they came from.
func initiatorOf(v *decode.Conversation) string { return cmp.Or(v.JID, v.Initiator) }

// receiverOf is the address of who took it.
func receiverOf(v *decode.Conversation) string { return cmp.Or(v.Domain, v.Receiver) }
