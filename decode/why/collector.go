package why

import (
	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// Options of a Collector. The zero value is good.
type Options struct {
	// Verify checks a login where a secret is known; nil where there is none.
	// ok tells that there is a secret for the account.
	Verify func(*decode.Event) (v sasl.Verdict, ok bool)
	// Session gives what the session of a conversation knows, of whoever follows
	// it anyway and has just taken the same event: [lint.Engine.Session]. Where it
	// is nil the collector follows it itself.
	Session func(decode.ConnID) *im.Session
}

// Collector keeps what the questions need of the conversations of one input. It
// takes all events in their order; of one conversation alone it answers just as
// well, but for what another one would explain. It is not safe for concurrent
// use.
type Collector struct {
	o     Options
	talks map[decode.ConnID]*talk
	order []decode.ConnID
	kept  int // moments of all conversations
	// forgot is the highest number of a conversation that was forgotten.
	forgot decode.ConnID
	tree   xmlstream.Tree
	// at is the event at hand, node gives its element.
	at   *decode.Event
	node func() *xmlstream.Node
	// questions are those of the table, by name: an answer may rest on that to
	// another one.
	questions map[string]*Question
}

// Bounds of a collector: past them the oldest conversation is forgotten.
const (
	maxTalks   = 1 << 14
	maxMoments = 1 << 18
)

// New makes an empty collector.
func New(o Options) *Collector {
	c := &Collector{o: o, talks: map[decode.ConnID]*talk{}, questions: map[string]*Question{}}
	c.node = func() *xmlstream.Node { return c.element(c.at) }
	for _, g := range groups {
		for i := range g {
			c.questions[g[i].Name] = &g[i]
		}
	}
	return c
}

// Event takes the next event and what the rules found with it. Neither is kept.
func (c *Collector) Event(e *decode.Event, found []lint.Finding) {
	t := c.talk(e.Conn)
	before := t.size()
	if e.Origin != decode.OriginDropped { // what never arrived explains nothing
		t.event(c, e)
	}
	for i := range found {
		c.finding(&found[i])
	}
	c.kept += t.size() - before
	c.trim(e.Conn)
}

// End takes how a conversation ended and what the rules found then.
func (c *Collector) End(conv *decode.Conversation, found []lint.Finding) {
	t := c.talks[conv.Conn]
	if t == nil {
		return
	}
	t.over = *conv
	t.ended = true
	if t.im != nil {
		t.im.Rest()
	}
	for i := range found {
		c.finding(&found[i])
	}
}

// Answer reasons about one conversation as it is so far. word is that of the
// question, or empty. Of a conversation that is not known it says so.
func (c *Collector) Answer(conn decode.ConnID, q *Question, word string) Answer {
	return c.answer(conn, q, word, nil)
}

func (c *Collector) answer(conn decode.ConnID, q *Question, word string, up *view) Answer {
	v := &view{c: c, t: c.talks[conn], q: q, word: word, up: up}
	v.a = Answer{Conn: conn, Question: q.Name, Word: word}
	if v.t == nil || v.t.partial {
		if conn <= c.forgot {
			v.unknown("There are more conversations than can be remembered at once, and this one was forgotten.")
			v.tell("Ask about a capture with fewer conversations.")
		} else {
			v.unknown("Nothing of this conversation was seen.")
		}
		return v.a
	}
	q.answer(v)
	return v.a
}

// Conversations are those that are known, in the order in which they began.
func (c *Collector) Conversations() []decode.ConnID {
	return append([]decode.ConnID(nil), c.order...)
}

func (c *Collector) talk(conn decode.ConnID) *talk {
	t := c.talks[conn]
	if t == nil {
		t = &talk{conn: conn, partial: conn <= c.forgot}
		c.talks[conn] = t
		c.order = append(c.order, conn)
	}
	return t
}

// trim forgets the oldest conversations where there are too many, never the one
// at hand.
func (c *Collector) trim(now decode.ConnID) {
	for (len(c.order) > maxTalks || c.kept > maxMoments) && len(c.order) > 1 {
		old := c.order[0]
		if old == now {
			c.order = append(c.order[1:], old)
			continue
		}
		c.kept -= c.talks[old].size()
		c.forgot = max(c.forgot, old)
		delete(c.talks, old)
		c.order = c.order[1:]
	}
}

func (c *Collector) finding(f *lint.Finding) {
	t := c.talks[f.Conn]
	if t == nil || len(t.found) >= maxFindings {
		return
	}
	own := *f
	own.Text = cut(own.Text)
	t.found = append(t.found, own)
}

// element is the element of an event.
func (c *Collector) element(e *decode.Event) *xmlstream.Node { return e.Element(&c.tree) }

// instant is what the session of a client knows, kept from its first stanza on.
func (t *talk) instant(c *Collector, e *decode.Event) {
	if c.o.Session != nil {
		if t.im == nil {
			t.im = c.o.Session(t.conn)
		}
		return
	}
	if t.im == nil {
		if e.Kind != decode.KindStanza || e.Step == decode.StepBind {
			return
		}
		t.im = im.New()
	}
	c.at = e
	t.im.EventFunc(e, c.node)
}
