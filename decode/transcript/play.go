package transcript

import (
	"fmt"
	"net/netip"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/tlswire"
)

// Start is the time at which every transcript begins; each line takes a
// millisecond.
var Start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// Played is what a transcript came to.
type Played struct {
	// Events are numbered over all connections.
	Events []decode.Event
	// Conversations are in the order of their numbers.
	Conversations []decode.Conversation
	// Remarks are the lines with an exclamation mark.
	Remarks []Remark
}

// Remark is a line with an exclamation mark.
type Remark struct {
	Line int // in the text, from 1
	Text string
	// Events are the events that the line before it made.
	Events []decode.Seq
}

// Play runs the transcript. o is for every connection; its Number and Keys are
// those of the transcript.
func (s *Script) Play(o decode.Options) (*Played, error) {
	p := &player{o: o, at: Start, conns: map[decode.ConnID]*connection{}, joined: map[*decode.Session]*numbers{}}
	p.o.Keys, p.o.Number = p, nil
	p.use(1)
	for _, l := range s.lines {
		p.line = uint32(l.number)
		if l.do == nil {
			p.out.Remarks = append(p.out.Remarks, Remark{l.number, l.remark, p.made()})
			continue
		}
		p.at = p.at.Add(time.Millisecond)
		p.from = len(p.out.Events)
		if err := l.do(p); err != nil {
			return nil, fmt.Errorf("line %d: %w", l.number, err)
		}
	}
	p.finish()
	return &p.out, nil
}

type player struct {
	o     decode.Options
	out   Played
	at    time.Time
	line  uint32
	from  int // the first event of the line at hand
	conns map[decode.ConnID]*connection
	order []*connection
	now   *connection
	keys  tlswire.KeyLog
	links decode.Links
	names decode.Lookups
	// sessions joins what connections of BOSH carry.
	sessions *decode.Sessions
	joined   map[*decode.Session]*numbers
}

type connection struct {
	numbers
	conn     *decode.Conn
	from, to string
	carrier  bool
	// sent are the lines of each direction, which are its frames.
	sent [2][]sent
}

// sent is a line of a direction: its number is that of a frame, end where its
// bytes end in TCP.
type sent struct {
	frame uint32
	end   int64
}

// frames are the lines that brought an extent of a direction.
func (c *connection) frames(dir decode.Dir, x decode.Extent) (all []uint32) {
	from := int64(0)
	for _, s := range c.sent[dir&1] {
		if from < x.End && s.end > x.Start {
			all = append(all, s.frame)
		}
		from = s.end
	}
	return all
}

// numbers are those that the events of a conversation have over all.
type numbers struct {
	id  decode.ConnID
	all []decode.Seq
}

func (n *numbers) global(seq decode.Seq) decode.Seq {
	if seq > 0 && int(seq) <= len(n.all) {
		return n.all[seq-1]
	}
	return seq
}

// Secret makes the lines "keys" a key log.
func (p *player) Secret(label string, random *[32]byte) ([]byte, string) {
	return p.keys.Secret(label, random), "keylog"
}

func (p *player) use(id decode.ConnID) {
	c := p.conns[id]
	if c == nil {
		c = &connection{numbers: numbers{id: id}, from: fmt.Sprintf("192.0.2.1:%d", 40000+int(id)), to: "[2001:db8::1]:5222"}
		c.conn = decode.NewConn(id, p.o)
		p.conns[id] = c
		p.order = append(p.order, c)
	}
	p.now = c
}

func (c *connection) midStream(p *player) {
	o := p.o
	o.MidStream = true
	c.conn = decode.NewConn(c.id, o)
}

// keep gives events their numbers over all.
func (p *player) keep(n *numbers, events []decode.Event) {
	for _, e := range events {
		e.Reply, e.Carrier = n.global(e.Reply), n.global(e.Carrier)
		n.all = append(n.all, decode.Seq(len(p.out.Events)+1))
		p.hand(n.id, e)
	}
}

func (p *player) hand(id decode.ConnID, e decode.Event) {
	if c := p.conns[id]; c != nil && e.Raw.End > e.Raw.Start && e.Carrier == 0 {
		e.Frames = c.frames(e.Dir, e.Raw)
	}
	e.Seq, e.Conn = decode.Seq(len(p.out.Events)+1), id
	p.links.Note(&e)
	p.out.Events = append(p.out.Events, e)
}

// made are the events of the line before.
func (p *player) made() (all []decode.Seq) {
	for i := p.from; i < len(p.out.Events); i++ {
		all = append(all, p.out.Events[i].Seq)
	}
	return all
}

// brought notes that the line at hand is the next n bytes of a direction.
func (p *player) brought(dir decode.Dir, n int64) {
	lines := &p.now.sent[dir&1]
	if at := len(*lines); at > 0 {
		n += (*lines)[at-1].end
	}
	*lines = append(*lines, sent{p.line, n})
}

func (p *player) send(dir decode.Dir, data []byte) {
	p.brought(dir, int64(len(data)))
	for len(data) > 0 {
		events, n := p.now.conn.Feed(dir, p.at, data)
		data = data[n:]
		p.took(events)
	}
}

// took takes the events of the connection at hand, or of the BOSH session that
// it carries.
func (p *player) took(events []decode.Event) {
	if p.now.conn.Verdict() != decode.IsCarrier {
		p.keep(&p.now.numbers, events)
		return
	}
	p.now.carrier = true
	for i := range events {
		p.join(&events[i])
	}
}

// join makes of an event of a connection those of its BOSH session.
func (p *player) join(e *decode.Event) {
	if p.sessions == nil {
		p.sessions = decode.NewSessions(p.o)
	}
	x, made := p.sessions.Take(uint64(p.now.id), e)
	if x == nil {
		return
	}
	if p.joined[x] == nil {
		p.joined[x] = &numbers{id: p.now.id}
	}
	p.keep(p.joined[x], made)
}

func (p *player) dns(msg []byte) {
	here := netip.MustParseAddr("192.0.2.1")
	p.names.DNS(p.at, []uint32{1}, here, here, msg)
	for _, e := range p.names.For(&decode.Conversation{Conn: p.now.id, Initiator: p.now.from, Receiver: p.now.to}) {
		p.hand(p.now.id, e)
	}
}

// finish ends what is still open, as the end of a capture does.
func (p *player) finish() {
	p.at = p.at.Add(time.Millisecond)
	p.from = len(p.out.Events)
	for _, c := range p.order {
		if c.carrier {
			continue
		}
		p.keep(&c.numbers, c.conn.Finish(p.at))
		if len(c.all) > 0 {
			p.over(c.conn.Summary(), c)
		}
	}
	if p.sessions == nil {
		return
	}
	p.sessions.Finish(p.at, func(x *decode.Session, events []decode.Event) {
		if n := p.joined[x]; n != nil {
			p.keep(n, events)
			sum := x.Summary()
			p.over(sum, p.conns[n.id])
		}
	})
}

func (p *player) over(sum decode.Conversation, c *connection) {
	sum.Conn, sum.Initiator, sum.Receiver = c.id, c.from, c.to
	p.out.Conversations = append(p.out.Conversations, sum)
}
