package live

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
	"xmppscope/inspector/gate"
	"xmppscope/proxy"
)

// Act is one thing to do (CONTRACT, Proxy flags).
type Act struct {
	// Do is a verb of [Verbs].
	Do string `json:"do"`
	// Seq is the event it is about.
	Seq decode.Seq `json:"seq,omitempty"`
	// XML is what is sent. What is not well-formed needs Force.
	XML   *string `json:"xml,omitempty"`
	Force bool    `json:"force,omitempty"`
	// Conn is the conversation; 0 is that of Seq, or the only one.
	Conn decode.ConnID `json:"conn,omitempty"`
	// Dir is who it is to seem to come from: initiator or receiver; of close also
	// both, as where a cable is cut.
	Dir string `json:"dir,omitempty"`
	// Place is before or after what is held.
	Place string `json:"place,omitempty"`
	// Fresh gives a stanza an id of its own, Swallow keeps the answer from who
	// did not ask.
	Fresh   bool `json:"fresh,omitempty"`
	Swallow bool `json:"swallow,omitempty"`
	// Expr is the condition of a breakpoint, Once that it stops only once, ID the
	// number of one that is removed.
	Expr string `json:"expr,omitempty"`
	Once bool   `json:"once,omitempty"`
	ID   int    `json:"id,omitempty"`
	// Layer, Condition and Text say how close ends a connection.
	Layer     string `json:"layer,omitempty"`
	Condition string `json:"condition,omitempty"`
	Text      string `json:"text,omitempty"`
}

// verb is one thing that can be done.
type verb struct {
	name, doc string
	do        func(*Session, *Act) error
}

// verbs is the table; a verb is one line here.
func verbs() []verb {
	return []verb{
		{"forward", "let what is held go on as it came", (*Session).forward},
		{"edit", "let xml go on in place of what is held", (*Session).edit},
		{"drop", "do not let what is held go on", (*Session).drop},
		{"hold", "take a decision back about what waits its turn still", (*Session).again},
		{"inject", "send xml as if the side dir had", (*Session).inject},
		{"replay", "send what an event said once more, or xml in its place", (*Session).replay},
		{"close", "end a connection: layer is tcp (RST), tls (close_notify, or a fatal alert where a handshake has just begun) or stream (an end tag, with condition a stream error)", (*Session).close},
		{"break", "hold what fits expr, or is like the event seq, from now on", (*Session).addBreak},
		{"unbreak", "remove the breakpoint id", (*Session).removeBreak},
		{"step", "hold everything, and let one unit go on", (*Session).step},
		{"next", "go on to the next phase", func(s *Session, a *Act) error { return s.run(gate.UntilPhase) }},
		{"continue", "let everything go on", func(s *Session, a *Act) error { return s.run(gate.Running) }},
		{"pause", "hold everything that comes", func(s *Session, a *Act) error { s.gate.SetMode(gate.Paused); return nil }},
		{"freeze", "hold the direction dir, or both", func(s *Session, a *Act) error { return s.freeze(a, true) }},
		{"thaw", "let the direction dir go on, or both", func(s *Session, a *Act) error { return s.freeze(a, false) }},
	}
}

// Verbs lists what can be done, each with a line about it.
func Verbs() (names, docs []string) {
	for _, v := range verbs() {
		names, docs = append(names, v.name), append(docs, v.doc)
	}
	return names, docs
}

// ParseAct reads one line of JSON.
func ParseAct(line []byte) (a Act, err error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		return a, fmt.Errorf("this is no action: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return a, nil
}

// Do does it. The error is in words.
func (s *Session) Do(a Act) error {
	var names []string
	for _, v := range verbs() {
		if v.name == a.Do {
			return v.do(s, &a)
		}
		names = append(names, v.name)
	}
	text := fmt.Sprintf("%q is no action", a.Do)
	if near := inspector.Nearest(a.Do, names); near != "" {
		text += "; did you mean " + near + "?"
	}
	return errors.New(text)
}

// byHand is the reason of everything done here.
const byHand = "by hand"

// waiting is what is held with a number.
func (s *Session) waiting(seq decode.Seq) (*Held, *proxy.Conn, error) {
	s.mu.Lock()
	h := s.held[seq]
	s.mu.Unlock()
	if h == nil {
		return nil, nil, fmt.Errorf("event %d is not held", seq)
	}
	c, err := s.Conn(h.Conn)
	if err == nil && holds(c, h.id) {
		return h, c, nil
	}
	// Of a session of BOSH, which goes over several connections: numbers of what
	// waits in those are never the same.
	for _, other := range s.proxy.Conns() {
		if holds(other, h.id) && h.Event.Kind == decode.KindHTTP {
			return h, other, nil
		}
	}
	return h, c, err
}

// holds tells whether a unit with this number waits in a connection.
func holds(c *proxy.Conn, id uint32) bool {
	return slices.ContainsFunc(c.Held(), func(w proxy.Held) bool { return w.ID == id })
}

func (s *Session) release(seq decode.Seq, v proxy.Verdict) error {
	h, c, err := s.waiting(seq)
	if err != nil {
		return err
	}
	if v.Why == "" {
		v.Why = byHand
	}
	if err := c.Release(h.id, v); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if h.Decided, h.At = v.Do.String(), time.Now(); v.Do == proxy.Hold {
		h.Decided = ""
	}
	return nil
}

func (s *Session) forward(a *Act) error { return s.release(a.Seq, proxy.Verdict{}) }

func (s *Session) drop(a *Act) error { return s.release(a.Seq, proxy.Verdict{Do: proxy.Drop}) }

// again takes a decision back.
func (s *Session) again(a *Act) error { return s.release(a.Seq, proxy.Verdict{Do: proxy.Hold}) }

func (s *Session) edit(a *Act) error {
	h, _, err := s.waiting(a.Seq)
	if err != nil {
		return err
	}
	if a.XML == nil {
		return errors.New("edit needs xml")
	}
	if err := a.checked(h.Event.Scope); err != nil {
		return err
	}
	return s.release(a.Seq, proxy.Verdict{Do: proxy.Edit, XML: []byte(*a.XML)})
}

// checked refuses XML that is not well-formed, unless it is to be sent anyway.
func (a *Act) checked(scope *xmlstream.Scope) error {
	if a.Force {
		return nil
	}
	if scope == nil {
		scope = xmlstream.MidStream(xmlstream.NSClient)
	}
	if text := gate.Malformed([]byte(*a.XML), scope); text != "" {
		return fmt.Errorf("%s; force sends it all the same", text)
	}
	return nil
}

// from is the direction that an action names.
func (a *Act) from() (decode.Dir, error) {
	switch a.Dir {
	case "initiator":
		return decode.FromInitiator, nil
	case "receiver":
		return decode.FromReceiver, nil
	}
	return 0, errors.New("dir is initiator or receiver: who it is to seem to come from")
}

// put sends something that no peer sent.
func (s *Session) put(conn decode.ConnID, dir decode.Dir, a *Act, text []byte) error {
	c, err := s.Conn(conn)
	if err != nil {
		return err
	}
	at := proxy.AfterHeld
	switch a.Place {
	case "before":
		at = proxy.BeforeHeld
	case "", "after":
	default:
		return errors.New("place is before or after")
	}
	return c.Inject(proxy.Insert{Dir: dir, XML: text, FreshID: a.Fresh, Swallow: a.Swallow, Why: byHand}, at)
}

func (s *Session) inject(a *Act) error {
	dir, err := a.from()
	if err != nil {
		return err
	}
	if a.XML == nil {
		return errors.New("inject needs xml")
	}
	if err := a.checked(nil); err != nil {
		return err
	}
	return s.put(a.Conn, dir, a, []byte(*a.XML))
}

func (s *Session) replay(a *Act) error {
	s.mu.Lock()
	u, ok := s.past.find(a.Seq)
	s.mu.Unlock()
	if !ok {
		return fmt.Errorf("event %d cannot be replayed: it carries no element, or is too long ago", a.Seq)
	}
	dir, conn, text := u.dir, u.conn, u.text
	if a.Dir != "" {
		var err error
		if dir, err = a.from(); err != nil {
			return err
		}
	}
	if a.Conn != 0 {
		conn = a.Conn
	}
	if a.XML != nil {
		if err := a.checked(u.scope); err != nil {
			return err
		}
		text = []byte(*a.XML)
	}
	return s.put(conn, dir, a, text)
}

func (s *Session) close(a *Act) error {
	how := proxy.CloseHow{Layer: a.Layer, Condition: a.Condition, Text: a.Text, To: decode.FromReceiver}
	switch a.Layer {
	case "", proxy.CloseTCP, proxy.CloseTLS, proxy.CloseStream:
	default:
		return errors.New("layer is tcp, tls or stream")
	}
	switch a.Dir {
	case "":
	case "both":
		how.Both = true
	default:
		var err error
		if how.To, err = a.from(); err != nil {
			return err
		}
	}
	if a.Seq != 0 {
		return s.release(a.Seq, proxy.Verdict{Do: proxy.Close, How: how})
	}
	c, err := s.Conn(a.Conn)
	if err == nil {
		c.Close(how)
	}
	return err
}

func (s *Session) addBreak(a *Act) error {
	text := strings.TrimSpace(a.Expr)
	if text == "" {
		if text = s.like(a.Seq); text == "" {
			return errors.New("break needs expr, or seq of an event to stop at the like of it")
		}
	}
	b, err := gate.ParseBreak(text)
	if err != nil {
		return err
	}
	b.Once = b.Once || a.Once
	s.gate.Add(b)
	return nil
}

// like is a condition for what is like an event; empty where that is not known.
func (s *Session) like(seq decode.Seq) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.held[seq]; h != nil {
		return gate.Like(h.Event)
	}
	if u, ok := s.past.find(seq); ok {
		return gate.Like(u.event())
	}
	return ""
}

func (s *Session) removeBreak(a *Act) error {
	if !s.gate.Remove(a.ID) {
		return fmt.Errorf("there is no breakpoint %d", a.ID)
	}
	return nil
}

// step pauses. Where something was held already, the first of it goes on.
func (s *Session) step(a *Act) error {
	s.gate.SetMode(gate.Paused)
	if a.Seq != 0 {
		return s.forward(a)
	}
	for _, h := range s.Held() {
		if h.Decided == "" {
			return s.release(h.Seq, proxy.Verdict{})
		}
	}
	return nil
}

// run lets what is held go on, and what comes as the mode says. What was held a
// moment ago goes too, although nobody has been told of it yet.
func (s *Session) run(m gate.Mode) error {
	told, conns := s.Held(), s.proxy.Conns()
	from := map[uint64]decode.Phase{}
	if m == gate.UntilPhase {
		for _, c := range conns {
			for _, h := range c.Held() {
				if _, known := from[c.ID()]; h.Asked && h.Event != nil && !known {
					from[c.ID()] = h.Event.Phase
				}
			}
		}
	}
	s.gate.Run(m, from)
	waits := map[waitKey]bool{}
	for _, c := range conns {
		c.GoOn(byHand)
		client := c.Facts().Client.String()
		for _, h := range c.Held() {
			waits[waitKey{client, h.ID}] = true
			waits[waitKey{"", h.ID}] = true // sessions of BOSH go over several connections
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range told {
		h, key := s.held[told[i].Seq], waitKey{s.ends[told[i].Conn].client, told[i].id}
		if told[i].Event.Kind == decode.KindHTTP {
			key.client = ""
		}
		if h != nil && h.Decided == "" && !waits[key] {
			h.Decided, h.At = proxy.Forward.String(), time.Now()
		}
	}
	return nil
}

// waitKey is a unit that waits in a connection, which is named by its client.
type waitKey struct {
	client string
	id     uint32
}

func (s *Session) freeze(a *Act, on bool) error {
	dirs := []decode.Dir{decode.FromInitiator, decode.FromReceiver}
	if a.Dir != "" {
		d, err := a.from()
		if err != nil {
			return err
		}
		dirs = []decode.Dir{d}
	}
	var c *proxy.Conn
	if a.Conn != 0 {
		var err error
		if c, err = s.Conn(a.Conn); err != nil {
			return err
		}
	}
	for _, d := range dirs {
		switch {
		case c != nil && on:
			c.Freeze(d)
		case c != nil:
			c.Thaw(d)
		case on:
			s.proxy.Freeze(d)
		default:
			s.proxy.Thaw(d)
		}
	}
	return nil
}
