package captures

import (
	"slices"
	"time"

	"xmppscope/decode"
)

// numbering puts the work of the desks in the order of the packets and numbers
// it: conversations as they are recognised, events over all of them. What joins
// several connections is done here, because only here all of them pass in
// order: sessions of BOSH, lookups of names, what one stream says about another.
type numbering struct {
	begin    func(decode.Conversation)
	held     func(*decode.Event)
	yield    func(Item, error) bool
	stopped  bool
	seq      decode.Seq
	conns    decode.ConnID
	hidden   int64     // connections that TLS hides
	now      time.Time // of the last event
	lookups  decode.Lookups
	links    decode.Links
	sessions *decode.Sessions
	joined   map[*decode.Session]*joined
	current  map[*conversation]*joined
}

// joined is a conversation that several connections carry.
type joined struct {
	conversation
	first *conversation
	sum   decode.Conversation // of its first connection
	count int                 // packets of the connections that ended
}

// maxAlso bounds the connections of a session that are remembered.
const maxAlso = 1024

func newNumbering(o Options, yield func(Item, error) bool) *numbering {
	return &numbering{begin: o.Begin, held: o.Held, yield: yield, sessions: decode.NewSessions(o.Decode),
		joined: map[*decode.Session]*joined{}, current: map[*conversation]*joined{}}
}

// batch hands on what was made of a batch. Each desk's work is in the order of
// the ops already.
func (n *numbering) batch(b *batch) {
	var at [maxDesks]int
	for !n.stopped {
		next := -1
		for i := range b.made {
			if at[i] < len(b.made[i]) && (next < 0 || b.made[i][at[i]].op < b.made[next][at[next]].op) {
				next = i
			}
		}
		if next < 0 {
			n.asked(b, len(b.ops))
			if !b.late.IsZero() {
				n.sessions.Over(b.late, n.end)
			}
			return
		}
		n.asked(b, b.made[next][at[next]].op)
		n.one(&b.made[next][at[next]])
		at[next]++
	}
}

func (n *numbering) one(m *made) {
	c := m.conv
	switch m.kind {
	case madeBegun:
		c.begun = *m.sum
		n.lookups.Own(c.stream.id)
		if !m.carrier {
			n.open(c, &c.begun)
		}
	case madeOver:
		if m.carrier {
			n.carrierOver(c, m.sum)
			n.sessions.Over(n.now, n.end)
			return
		}
		n.over(c, m.sum)
	case madeLookup:
		n.lookups.HostMeta(c.stream.id, c.client(), &m.event)
	case madeHidden:
		n.hidden++
	default:
		n.sessions.Over(m.event.Time, n.end)
		if m.carrier {
			n.carry(c, &m.event)
			return
		}
		n.event(c, &m.event)
	}
}

// open gives a conversation its number.
func (n *numbering) open(c *conversation, sum *decode.Conversation) {
	n.conns++
	c.id = n.conns
	sum.Conn = c.id
	if n.begin != nil {
		n.begin(*sum)
	}
	for _, e := range n.lookups.For(sum) {
		if c.led++; c.led == 1 {
			c.since = e.Time
		}
		n.hand(c, &e)
	}
}

func (n *numbering) over(c *conversation, sum *decode.Conversation) {
	sum.Conn = c.id
	sum.Events += c.led
	if c.led > 0 && c.since.Before(sum.Start) {
		sum.Start = c.since
	}
	if jid := n.links.JID(c.id); jid != "" {
		sum.JID = jid
	}
	c.seqs = seqs{}
	n.stopped = !n.yield(Item{Conversation: sum}, nil)
}

// event numbers an event; what it names by its number in the conversation gets
// the number over all.
func (n *numbering) event(c *conversation, e *decode.Event) {
	e.Reply, e.Carrier = c.global(e.Reply), c.global(e.Carrier)
	if e.Held {
		n.wait(c, e)
		return
	}
	if int(e.Seq) <= c.seqs.len() { // it was held, and has its number since then
		e.Seq = c.seqs.at(int(e.Seq) - 1)
		n.pass(c, e)
		return
	}
	c.seqs.add(n.seq + 1)
	n.hand(c, e)
}

// wait gives a number to an event that is still to come, and announces it.
func (n *numbering) wait(c *conversation, e *decode.Event) {
	n.seq++
	c.seqs.add(n.seq)
	e.Seq, e.Conn = n.seq, c.id
	if n.held != nil && !n.stopped {
		n.held(e)
	}
}

// hand gives an event its number and hands it on.
func (n *numbering) hand(c *conversation, e *decode.Event) {
	if n.stopped {
		return
	}
	n.seq++
	e.Seq = n.seq
	n.pass(c, e)
}

// pass hands on an event that has its number.
func (n *numbering) pass(c *conversation, e *decode.Event) {
	if n.stopped {
		return
	}
	e.Conn = c.id
	e.Exchange, e.Body = 0, nil // they have done their work
	n.now = e.Time
	n.links.Note(e)
	n.stopped = !n.yield(Item{Event: e}, nil)
}

func (c *conversation) global(seq decode.Seq) decode.Seq {
	if seq > 0 && int(seq) <= c.seqs.len() {
		return c.seqs.at(int(seq) - 1)
	}
	return seq
}

// carry hands an event of a connection to the session of BOSH it belongs to.
func (n *numbering) carry(c *conversation, e *decode.Event) {
	x, events := n.sessions.Take(c.stream.id, e)
	n.sessions.Over(e.Time, n.end)
	if x == nil {
		return
	}
	j := n.joined[x]
	if j == nil {
		j = &joined{sum: c.begun, first: c}
		n.joined[x] = j
		sum := x.Summary()
		j.name(&sum)
		n.open(&j.conversation, &sum)
	}
	if n.current[c] != j && len(j.sum.Also) < maxAlso && c != j.first {
		j.sum.Also = append(j.sum.Also, [2]string{c.begun.Initiator, c.begun.Receiver})
	}
	n.current[c] = j
	for i := range events {
		n.event(&j.conversation, &events[i])
	}
}

// name gives a session the addresses of its first connection.
func (j *joined) name(sum *decode.Conversation) {
	sum.Initiator, sum.Receiver = j.sum.Initiator, j.sum.Receiver
	sum.Encrypted, sum.Randoms, sum.Also = j.sum.Encrypted, j.sum.Randoms, j.sum.Also
}

// carrierOver counts a connection that has ended to the session it served last.
func (n *numbering) carrierOver(c *conversation, sum *decode.Conversation) {
	j := n.current[c]
	delete(n.current, c)
	n.sessions.Ended(c.stream.id)
	if j == nil {
		return
	}
	j.count += sum.Frames
	j.sum.Lost += sum.Lost
	for _, r := range sum.Randoms {
		if !slices.Contains(j.sum.Randoms, r) {
			j.sum.Randoms = append(j.sum.Randoms, r)
		}
	}
}

// finish ends what only the end of the input ends.
func (n *numbering) finish() { n.sessions.Finish(n.now, n.end) }

// end sums up a session of BOSH, with its last events.
func (n *numbering) end(x *decode.Session, events []decode.Event) {
	j := n.joined[x]
	if j == nil || n.stopped {
		return
	}
	for i := range events {
		n.event(&j.conversation, &events[i])
	}
	if n.stopped {
		return
	}
	delete(n.joined, x)
	sum := x.Summary()
	j.name(&sum)
	sum.Frames, sum.Lost = j.count, j.sum.Lost
	n.over(&j.conversation, &sum)
}
