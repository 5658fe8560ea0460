package why

import (
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/lint"
	"xmppscope/decode/xmlstream"
)

// maxFindings bounds what is kept of the rules for one conversation, maxOpen
// the requests that wait and the stanzas that may still come back.
const (
	maxFindings = 256
	maxOpen     = 1024
)

// talk is what is known of one conversation.
type talk struct {
	conn  decode.ConnID
	over  decode.Conversation // how it ended
	ended bool                // that is known
	// partial: it was forgotten once, so this is not all of it.
	partial bool

	// path is the negotiation: headers, lists, login, binding, TLS, closing. The
	// others are stanzas, iq twice: those that a question goes into, and the
	// rest; and the confirmations of stream management.
	path, iqs, plain, presences, messages, acks kept
	// open are iq requests without an answer, sent are messages and directed
	// presences that nothing came back for.
	open, sent waiting
	found      []lint.Finding
	im         *im.Session

	now       *decode.State // after the last event
	last      decode.Seq
	began, at time.Time
	spoke     [2]decode.Seq // the last event of each side
	heard     [2]time.Time
	fin       [2]bool // each side has ended or cut TCP
	stanzas   [2]int
	ledger    *moment       // the last with counts of stream management
	answered  int           // requests that have their answer
	reply     [2]decode.Seq // the last of them, and its answer
	mid       decode.Seq    // the note that the capture begins in mid-stream
	gaps      []decode.Seq
	hidden    hidden
	inside    decode.Seq // the first event inside TLS that could be read
	wrapped   string     // websocket or bosh
}

func (t *talk) size() int {
	return t.path.len() + t.plain.len() + t.acks.len() + t.iqs.len() + t.presences.len() + t.messages.len() + len(t.open.of) + len(t.sent.of)
}

// event keeps what matters of an event.
func (t *talk) event(c *Collector, e *decode.Event) {
	t.last = e.Seq
	if t.began.IsZero() {
		t.began = e.Time
	}
	t.at = e.Time
	if e.After != nil {
		t.now = e.After
	}
	switch e.Kind {
	case decode.KindGap:
		if len(t.gaps) < maxFirst {
			t.gaps = append(t.gaps, e.Seq)
		}
	case decode.KindNote:
		if t.mid == 0 && e.State != nil && e.After != nil && e.State.Headers == [2]int{} &&
			(e.After.Open != e.State.Open || e.Phase == decode.PhaseExchange && t.spoke == [2]decode.Seq{}) {
			t.mid = e.Seq
		}
	case decode.KindTCP:
		t.fin[e.Dir&1] = t.fin[e.Dir&1] || e.Name.Local != "connect"
	case decode.KindDNS:
	case decode.KindTLS:
		if e.Name.Local == "alert" && e.Condition == "" {
			break // close_notify ends what is said, as TCP does
		}
		fallthrough
	default:
		t.spoke[e.Dir&1], t.heard[e.Dir&1] = e.Seq, e.Time
	}
	if e.SM != (decode.Ledger{}) && e.After != nil && e.After.Managed != [2]bool{} {
		t.ledger = &moment{seq: e.Seq, sm: e.SM}
	}
	t.layers(e)
	t.keep(c, e)
	t.instant(c, e)
}

// layers notes what carries the conversation.
func (t *talk) layers(e *decode.Event) {
	if e.Kind == decode.KindTLS && e.Name.Local == "" {
		t.hidden.add(e)
	}
	if t.inside == 0 && e.Layer&decode.LayerTLS != 0 && readable(e.Kind) {
		t.inside = e.Seq
	}
	switch {
	case e.Carrier != 0:
		t.wrapped = decode.TransportBOSH
	case e.Step == decode.StepWSHandshake:
		t.wrapped = decode.TransportWebSocket
	}
}

// readable tells whether an event is something that was said, in whatever layer.
func readable(k decode.Kind) bool {
	switch k {
	case decode.KindOpen, decode.KindClose, decode.KindFeatures, decode.KindStanza, decode.KindStreamError, decode.KindNonza, decode.KindHTTP:
		return true
	}
	return false
}

// keep puts the event into the list where it belongs.
func (t *talk) keep(c *Collector, e *decode.Event) {
	switch e.Kind {
	case decode.KindStanza:
		t.stanzas[e.Dir&1]++
		t.stanza(c, e)
	case decode.KindNonza:
		m := t.moment(c, e)
		if e.Step == decode.StepSMAck {
			t.acks.add(m)
		} else {
			t.path.add(m)
		}
	case decode.KindSpace:
	case decode.KindBroken:
		if t.path.len() < maxFirst {
			t.path.add(t.moment(c, e))
		}
	case decode.KindHTTP:
		if t.path.len() < maxFirst/2 || e.Condition != "" || refused(e) {
			t.path.add(t.moment(c, e))
		}
	case decode.KindTLS:
		if e.Name.Local != "" || t.path.len() < maxFirst {
			t.path.add(t.moment(c, e))
		}
	default:
		t.path.add(t.moment(c, e))
	}
}

func (t *talk) stanza(c *Collector, e *decode.Event) {
	m := t.moment(c, e)
	switch e.Name.Local {
	case "iq":
		t.iq(m)
	case "presence":
		if m.typ == "error" {
			t.bounced(m)
		}
		t.presences.add(m)
		t.wait(m)
	default:
		if m.typ == "error" {
			t.bounced(m)
		}
		t.messages.add(m)
		t.wait(m)
	}
}

// iq pairs a request with its answer. Steps of the negotiation stand in its
// path too.
func (t *talk) iq(m *moment) {
	if m.step != decode.StepExchange && m.step != decode.StepKeepalive {
		t.path.add(m)
	}
	switch m.typ {
	case "get", "set":
		t.open.add(m)
	default:
		if q := t.open.of[m.reply]; q != nil {
			delete(t.open.of, m.reply)
			t.answered++
			t.reply = [2]decode.Seq{q.seq, m.seq}
			if m.typ == "error" {
				t.iqs.add(q)
			}
		}
	}
	if m.typ == "error" || m.payload.Space == nsMAM || m.payload.Space == nsDiscoInfo || m.step == decode.StepCarbonsEnable {
		t.iqs.add(m)
	} else {
		t.plain.add(m)
	}
}

// wait notes a stanza that may come back.
func (t *talk) wait(m *moment) {
	if m.typ != "error" && m.to != "" {
		t.sent.add(m)
	}
}

// bounced finds what an error stanza sends back: it has the same id, and comes
// from where that went (RFC 6120 §8.3.1).
func (t *talk) bounced(m *moment) {
	var found *moment
	for _, s := range t.sent.of {
		if s.dir != m.dir && s.name == m.name && s.id == m.id && bare(s.to) == bare(m.from) && (found == nil || s.seq > found.seq) {
			found = s
		}
	}
	if found != nil && m.reply == 0 {
		m.reply = found.seq
		delete(t.sent.of, found.seq)
	}
}

// moment copies what is kept of an event.
func (t *talk) moment(c *Collector, e *decode.Event) *moment {
	m := &moment{seq: e.Seq, at: e.Time, dir: e.Dir, kind: e.Kind, step: e.Step, layer: e.Layer, name: e.Name, payload: e.Payload,
		id: cut(e.ID), typ: cut(e.Type), from: cut(e.From), to: cut(e.To), cond: cut(e.Condition), text: cut(e.Note),
		reply: e.Reply, related: e.Related, state: e.State, after: e.After, login: e.SASL, sm: e.SM}
	switch {
	case e.Kind == decode.KindBroken && len(e.Errs) > 0:
		m.text, m.ref = cut(e.Errs[0].Text), e.Errs[0].Ref
	case e.Kind == decode.KindHTTP:
		line, _, _ := strings.Cut(string(e.Wire[:min(len(e.Wire), maxWord)]), "\n")
		m.text = strings.TrimSpace(line)
	case e.Kind == decode.KindStreamError, e.Condition != "" && e.Kind != decode.KindTLS, wanted(e.Name.Space):
		t.look(m, c.element(e))
	}
	if e.Origin == decode.OriginSynthetic {
		m.proxy = cut(e.Note)
	}
	if e.SASL != nil && c.o.Verify != nil && (e.Reply != 0 || e.Step == decode.StepSASLFailure) {
		if v, ok := c.o.Verify(e); ok {
			m.verdict = &v
		}
	}
	return m
}

// wanted tells whether the attributes of an element matter.
func wanted(space string) bool { return space == nsSM || space == nsSM2 || space == nsDialback }

// look reads an element for its text and its attributes.
func (t *talk) look(m *moment, n *xmlstream.Node) {
	if n == nil {
		return
	}
	m.text = cut(textOf(n))
	if !wanted(n.Name.Space) {
		return
	}
	m.attrs = map[string]string{}
	for _, name := range [...]string{"previd", "id", "h", "resume", "max", "location"} {
		if v, ok := n.Attr(name); ok {
			m.attrs[name] = cut(v)
		}
	}
}

// textOf is what an error says to people, and the name of a condition of its
// own (RFC 6120 §4.9.4).
func textOf(n *xmlstream.Node) string {
	own := ""
	for child := range n.Children() {
		if child.Name.Local == "error" && n.Name.Local != "error" {
			return textOf(child)
		}
		switch {
		case child.Name.Local == "text":
			return strings.TrimSpace(child.Text())
		case !strings.HasPrefix(child.Name.Space, "urn:ietf:params:xml:ns:xmpp-"):
			own = child.Name.Local + " of " + child.Name.Space
		case child.Name.Local == "see-other-host":
			own = strings.TrimSpace(child.Text())
		}
	}
	return own
}

// refused tells whether an HTTP answer is one of a refusal.
func refused(e *decode.Event) bool {
	p := e.Wire
	return len(p) > 9 && string(p[:5]) == "HTTP/" && (p[9] == '4' || p[9] == '5')
}

func bare(jid string) string {
	b, _, _ := strings.Cut(jid, "/")
	return strings.ToLower(b)
}
