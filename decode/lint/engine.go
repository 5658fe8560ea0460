package lint

import (
	"hash/maphash"
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/xmlstream"
)

// maxTalks bounds the conversations that are remembered at once; of more the
// oldest is forgotten.
const maxTalks = 1 << 16

// Engine judges the events of one input in their order. It is not safe for
// concurrent use.
type Engine struct {
	*tables
	o       Options
	ignored map[string]bool
	talks   map[decode.ConnID]*talk
	order   []decode.ConnID
	// forgot is the highest number of a conversation that was forgotten.
	forgot decode.ConnID
	// torn: bytes of a connection that carries BOSH are missing. One connection
	// serves several sessions, so an answer behind the loss may be given to any.
	torn   bool
	shared sharedMemory
	found  []Finding
	tree   xmlstream.Tree
	tag    xmlstream.Tree // of one start tag
	seed   maphash.Seed
	sought []byte // by sole
	pass   Pass
	node   func() *xmlstream.Node // of the pass
	heirs  heirs
	// busy are the conversations that have spoken lately; others are kept small.
	busy   [maxBusy]*talk
	slot   int
	silent []Silence
}

// maxBusy bounds the conversations that are not kept small.
const maxBusy = 1 << 10

// rouse notes that a conversation speaks. The one that has been listed for longest
// makes room, and is kept small until it speaks again.
func (g *Engine) rouse(t *talk) {
	if t.busy {
		return
	}
	if old := g.busy[g.slot]; old != nil {
		old.busy = false
		if old.im != nil {
			old.im.Rest()
		}
	}
	t.busy = true
	g.busy[g.slot] = t
	g.slot = (g.slot + 1) % maxBusy
}

// noState stands where an event comes without one.
var noState decode.State

// talk is what is known of one conversation.
type talk struct {
	id  decode.ConnID
	own ownMemory
	// lacks is what this input does not show of it.
	lacks Needs
	seen  [2]bool
	// carried: it comes over BOSH.
	carried bool
	// im is what the instant-messaging session knows; nil before it begins.
	im *im.Session
	// busy: it stands in the list of the engine.
	busy bool
	// recent is where the last elements of the negotiation stand.
	recent recent
}

// New makes an engine for one input.
func New(o Options) *Engine {
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.TimingRatio <= 0 {
		o.TimingRatio = DefaultTimingRatio
	}
	e := &Engine{tables: built, o: o, seed: maphash.MakeSeed(), ignored: map[string]bool{}, talks: map[decode.ConnID]*talk{}}
	for _, name := range o.Ignore {
		e.ignored[name] = true
	}
	e.node = e.pass.Node
	return e
}

// Event judges the next event and returns what it showed, in the order of the
// bytes; most findings are about this event. The slice is valid until the next
// call.
func (g *Engine) Event(e *decode.Event) []Finding {
	g.found = g.found[:0]
	if e.State == nil || e.After == nil {
		whole := *e
		whole.State, whole.After = &noState, &noState
		e = &whole
	}
	t := g.talk(e.Conn)
	if e.Origin == decode.OriginDropped {
		// It never arrived: what its bytes break is all that can be wrong with it.
		g.pass = Pass{Event: e, Timeout: g.o.Timeout, engine: g, talk: t, own: &t.own, shared: &g.shared}
		g.faults()
		return g.found
	}
	g.rouse(t)
	t.note(e)
	g.tear(t, e)
	g.pass = Pass{Event: e, Timeout: g.o.Timeout, engine: g, talk: t, own: &t.own, shared: &g.shared}
	g.follow(t, e)
	if e.Kind == decode.KindNonza || e.Kind == decode.KindOpen {
		t.recent.remember(e)
	}
	g.faults()
	for _, group := range g.byKind[e.Kind] {
		group.Check(&g.pass)
	}
	return g.found
}

// End says that a conversation is over and returns what its end showed.
func (g *Engine) End(c *decode.Conversation) []Finding {
	g.found = g.found[:0]
	t := g.talk(c.Conn)
	t.ended(c)
	g.pass = Pass{Conversation: c, Timeout: g.o.Timeout, engine: g, talk: t, own: &t.own, shared: &g.shared}
	for _, group := range g.groups {
		if group.End != nil {
			group.End(&g.pass)
		}
	}
	g.hush(t)
	delete(g.talks, c.Conn)
	return g.found
}

func (g *Engine) talk(id decode.ConnID) *talk {
	t := g.talks[id]
	if t == nil {
		t = &talk{id: id, lacks: NeedBoth | NeedEnd}
		if len(g.order) >= 2*maxTalks {
			g.order = slices.DeleteFunc(g.order, func(id decode.ConnID) bool { return g.talks[id] == nil })
		}
		for len(g.talks) >= maxTalks {
			if old := g.order[0]; g.talks[old] != nil {
				g.forgot = max(g.forgot, old)
				delete(g.talks, old)
			}
			g.order = g.order[1:]
		}
		if id <= g.forgot {
			t.lacks |= NeedStart | NeedWhole // it may have been forgotten
		}
		g.talks[id] = t
		g.order = append(g.order, id)
	}
	return t
}

// note learns from an event what this input does not show.
func (t *talk) note(e *decode.Event) {
	if e.State.Late {
		t.lacks |= NeedStart
	}
	if e.State.Proxied {
		t.lacks |= NeedPeer
	}
	switch e.Kind {
	case decode.KindGap:
		t.lacks |= NeedWhole
		return
	case decode.KindNote, decode.KindDNS, decode.KindTCP:
		if e.Kind == decode.KindNote && e.State != nil && e.State.Headers == [2]int{} && e.After.Headers != [2]int{} {
			t.lacks |= NeedStart // a note opened the stream: it began before
		}
		return
	case decode.KindTLS:
		if e.Name.Local == "" && e.Note != "" {
			t.lacks |= Outside
		}
	}
	if t.seen[e.Dir] = true; t.seen[0] && t.seen[1] {
		t.lacks &^= NeedBoth
	}
}

// tear notes that a session over BOSH has lost bytes, and lets all others know.
func (g *Engine) tear(t *talk, e *decode.Event) {
	t.carried = t.carried || e.Carrier != 0
	if t.carried {
		g.torn = g.torn || t.lacks&NeedWhole != 0
	}
	if t.carried && g.torn {
		t.lacks |= NeedWhole
	}
}

// ended learns how a conversation ended.
func (t *talk) ended(c *decode.Conversation) {
	if c.Outcome != decode.OutcomeOpen && c.Outcome != decode.OutcomeTruncated {
		t.lacks &^= NeedEnd
	}
	if c.Lost > 0 {
		t.lacks |= NeedWhole
	}
	if c.Encrypted && !c.Decrypted {
		t.lacks |= Outside
	}
}

// shows tells whether this input shows what is needed.
func (t *talk) shows(needs Needs) bool {
	return needs&^(Outside|NeedSecret)&t.lacks == 0
}
