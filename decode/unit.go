package decode

import (
	"strings"
	"time"

	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

func (c *Conn) begin(t time.Time) {
	c.out = c.out[:0]
	if c.sum.start.IsZero() {
		c.sum.start = t
	}
	if t.After(c.sum.end) {
		c.sum.end = t
	}
}

// number is that of the next event; one that was held has had it since then.
func (c *Conn) number() Seq {
	if c.label != nil && c.label.seq != 0 {
		q := c.label.seq
		c.label.seq = 0
		return q
	}
	c.seq++
	if c.o.Number != nil {
		c.seq = c.o.Number()
	}
	return c.seq
}

// event begins an event and numbers it; emit completes it before the next is
// begun.
func (c *Conn) event(dir Dir, t time.Time, k Kind) *Event {
	seq := c.number()
	c.sum.events++
	c.out = append(c.out, Event{Seq: seq, Conn: c.id, Dir: dir, Kind: k, Time: t, Layer: c.state.Layer, State: c.state})
	e := &c.out[len(c.out)-1]
	if c.label != nil {
		c.label.put(e)
	}
	return e
}

// emit applies what the event changes. do may be nil. A new State is made
// only where something changes.
func (c *Conn) emit(e *Event, do func(*State, *Event, *xmlstream.Node), n *xmlstream.Node) {
	phase := e.Step.Phase()
	moves := phase != PhaseNone && phase != c.state.Phase && !aside(e)
	if moves && c.state.Phase == PhaseClose && phase == PhaseExchange && e.Step != StepPresenceInitial {
		moves = false // what is still on its way does not bring a leaving side back
	}
	if do != nil || moves {
		next := *c.state
		if moves {
			next.Phase = phase
		}
		if do != nil {
			do(&next, e, n)
		}
		c.state = &next
	}
	e.After = c.state
	e.SM = c.sm
	e.Phase = phase
	if phase == PhaseNone {
		e.Phase = c.state.Phase
	}
}

// aside tells a step that happens beside what the conversation is doing: what
// carries a stanza is no stanza.
func aside(e *Event) bool { return e.Step == StepBOSHData || e.Step == StepHostMeta }

// unit makes the event of one unit and says what happens to the bytes that
// follow it.
func (c *Conn) unit(dir Dir, t time.Time, u xmlstream.Unit) change {
	h := &c.half[dir]
	if !h.first {
		h.first = true
		c.noteMidStream(dir, t, u)
	}
	switch u.Kind {
	case xmlstream.Header:
		e := c.wire(dir, t, KindOpen, u)
		c.header(e)
		c.sum.sign = c.sum.sign || e.Kind == KindOpen
		return stay
	case xmlstream.Element:
		return c.element(c.wire(dir, t, KindNonza, u))
	case xmlstream.Close:
		c.sum.sign = true
		return c.closeTag(c.wire(dir, t, KindClose, u))
	case xmlstream.Space:
		e := c.wire(dir, t, KindSpace, u)
		if c.state.Phase == PhaseExchange {
			e.Step = StepKeepalive
		}
		c.emit(e, nil, nil)
		return stay
	}
	e := c.wire(dir, t, KindBroken, u)
	if u.Kind == xmlstream.Broken {
		c.nameBroken(e)
	}
	c.emit(e, nil, nil)
	return stay
}

func (c *Conn) wire(dir Dir, t time.Time, k Kind, u xmlstream.Unit) *Event {
	h := &c.half[dir]
	e := c.event(dir, t, k)
	e.Wire, e.Off, e.Scope = u.Wire, h.base+u.Off, h.scope
	e.Raw = c.extent(h, e.Off, len(u.Wire))
	e.Pause = h.paused()
	if u.Err != nil {
		e.Errs = append(e.Errs, *u.Err)
	}
	return e
}

// nameBroken gives a broken element the name that its start tag tells. What
// stands between elements has none.
func (c *Conn) nameBroken(e *Event) {
	if len(e.Wire) < 2 || e.Wire[0] != '<' || e.Wire[1] == '!' || e.Wire[1] == '?' || e.Wire[1] == '/' {
		return
	}
	if n := c.tree.Parse(e.Wire, e.Scope, c.o.XML); n != nil && n.Kind == xmlstream.ElementNode {
		c.describe(e, n)
	}
}

// noteMidStream says that a direction is read from its middle on.
func (c *Conn) noteMidStream(dir Dir, t time.Time, u xmlstream.Unit) {
	fresh := c.fresh
	c.fresh = false
	if !c.o.MidStream || u.Kind == xmlstream.Header || !fresh {
		return
	}
	c.remarkMidStream(dir, t, c.half[dir].base+u.Off)
}

func (c *Conn) remarkMidStream(dir Dir, t time.Time, off int64) {
	e := c.event(dir, t, KindNote)
	e.Off = off
	e.Note = "the capture begins in mid-stream: no stream header was seen, so jabber:client is taken as the content namespace"
	c.emit(e, func(s *State, _ *Event, _ *xmlstream.Node) {
		s.Profile, s.Content, s.Phase = ProfileC2S, nsClient, PhaseExchange
		s.Headers, s.Open = [2]int{1, 1}, [2]bool{true, true}
	}, nil)
}

func (c *Conn) assumedScope() *xmlstream.Scope {
	if c.state.Profile == ProfileS2S {
		return xmlstream.MidStream(nsServer)
	}
	return xmlstream.MidStream(nsClient)
}

// header reads a stream header: the beginning of a new document, whether one
// was due or not (RFC 6120 §4.2, §4.3.3).
func (c *Conn) header(e *Event) {
	h := &c.half[e.Dir]
	root, inside := c.tree.ParseHeader(e.Wire, c.o.XML)
	e.Errs = append(e.Errs, c.tree.Errs...)
	h.scope = inside
	e.Scope = inside
	e.Step = StepStreamOpenInitial
	if e.Dir == FromReceiver {
		e.Step = StepStreamOpenResponse
	}
	if root != nil {
		c.describe(e, root)
		e.Payload = xmlstream.Name{}
		if root.Name.Space != nsStreams {
			e.Errs = append(e.Errs, xmlstream.SyntaxError{Rule: "stream-ns-wrong", Ref: spec.RFC(6120, "4.8.1"),
				Pos: int(root.QName.Start), End: int(root.QName.End),
				Text: wrongRoot(root.Name.Space)})
		}
	}
	content, _ := inside.Lookup("")
	if s := c.why[e.Dir]; s != StepNone {
		e.Step = s
		c.why[e.Dir] = StepNone
	} else if content == nsServer {
		e.Step = StepS2SOpen
	}
	if e.Dir == FromInitiator {
		c.askOpen(e.Seq)
	} else {
		e.Reply = c.answerOpen()
	}
	c.emit(e, func(s *State, e *Event, root *xmlstream.Node) { setHeader(s, e, root, content) }, root)
}

// wrongRoot says how a root's namespace differs from the right one.
func wrongRoot(space string) string {
	if strings.TrimSuffix(strings.Replace(space, "https:", "http:", 1), "/") == nsStreams {
		return "the namespace of the root is " + space + " and not " + nsStreams + ": it is a name, not a link, and every character counts"
	}
	return "the root is not in the namespace " + nsStreams
}

func setHeader(s *State, e *Event, root *xmlstream.Node, content string) {
	s.Headers[e.Dir]++
	s.Open[e.Dir] = true
	switch content {
	case nsClient:
		s.Profile, s.Content = ProfileC2S, content
	case nsServer:
		s.Profile, s.Content = ProfileS2S, content
	case nsComponent, nsComponentC:
		s.Profile, s.Content = ProfileComponent, content
	}
	if e.Dir == FromInitiator {
		s.Domain, s.Claimed = e.To, e.From
		return
	}
	s.StreamID, s.Features = e.ID, nil
	s.Version, s.Lang = "", ""
	if root != nil {
		s.Version, _ = root.Attr("version")
		s.Lang, _ = root.AttrNS(xmlstream.NSXML, "lang")
	}
}

// closeTag reads the end tag of the root (RFC 6120 §4.4).
func (c *Conn) closeTag(e *Event) change {
	e.Name = xmlstream.Name{Space: nsStreams, Local: "stream"}
	e.Step = StepStreamClose
	e.Reply = c.answer(slotClose)
	if e.Reply == 0 {
		c.asked[slotClose] = e.Seq
	}
	c.emit(e, func(s *State, e *Event, _ *xmlstream.Node) { s.Open[e.Dir] = false }, nil)
	return release
}

// answer takes the open question of a slot; zero if none is open.
func (c *Conn) answer(s slot) Seq {
	q := c.asked[s]
	c.asked[s] = 0
	return q
}
