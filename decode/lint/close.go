package lint

import (
	"fmt"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// closeGroup is the end of a stream (RFC 6120 §4.4, §4.9). decode tells of
// data-after-close.
var closeGroup = Group{
	Kinds: append([]decode.Kind{decode.KindTCP}, livingKinds...),
	Check: checkClose,
	End:   endClose,
	Rules: []Rule{
		{Name: "data-after-close", Level: LevelError, Needs: NeedWhole, Ref: spec.RFC(6120, "4.4"),
			Doc:    "After its own end tag a side sends nothing more.",
			Advice: "send everything before </stream:stream>; after it only listen"},
		{Name: "close-unanswered", Level: LevelWarning, Ref: spec.RFC(6120, "4.4"), Needs: NeedBoth | NeedWhole,
			Doc:    "Who gets the end tag of the other side closes its own stream too.",
			Advice: "answer </stream:stream> with </stream:stream>"},
		{Name: "tcp-cut", Level: LevelNote, Ref: spec.RFC(6120, "4.4"), Needs: NeedWhole,
			Doc:    "TCP ends while the stream is still open: the other side cannot tell whether more was to come.",
			Advice: "close the stream before the connection; with stream management a cut is a pause"},
		{Name: "stream-error-no-condition", Level: LevelError, Ref: spec.RFC(6120, "4.9.2"),
			Doc:    "A stream error names one of the conditions that XMPP defines.",
			Advice: "add a condition in the namespace urn:ietf:params:xml:ns:xmpp-streams"},
		{Name: "stream-error-not-closed", Level: LevelError, Ref: spec.RFC(6120, "4.9.1.1"), Needs: NeedWhole,
			Doc:    "After a stream error its sender closes the stream.",
			Advice: "send </stream:stream> right after the stream error"},
	},
}

// closing is the memory of closeGroup.
type closing struct {
	// layer is what carried each direction's last header, opened that there was
	// one.
	layer  [2]decode.Layer
	opened [2]bool
	// closed is each direction's end tag, failed its stream error without an end
	// tag so far.
	closed, failed [2]farewell
	ended, cut     bool
}

// farewell is an event at the end of a stream.
type farewell struct {
	seq  decode.Seq
	at   time.Time
	told bool
}

func checkClose(p *Pass) {
	e, m := p.Event, of(&p.own.closing)
	d := e.Dir
	o := of(&p.own.opening)
	if o.carrier == onBOSH || e.Carrier != 0 {
		if e.Kind == decode.KindStreamError && e.Condition == "" {
			p.Report("stream-error-no-condition", "the stream error has no defined condition")
		}
		return
	}
	m.unanswered(p)
	switch e.Kind {
	case decode.KindTCP:
		m.tcp(p, o)
		return
	case decode.KindOpen:
		m.opened[d], m.layer[d] = true, e.Layer
		m.closed[d], m.failed[d] = farewell{}, farewell{}
		return
	case decode.KindClose:
		m.closed[d], m.failed[d] = farewell{seq: e.Seq, at: e.Time}, farewell{}
		return
	case decode.KindSpace:
		return
	case decode.KindStreamError:
		if e.Condition == "" {
			p.Report("stream-error-no-condition", "the stream error has no defined condition")
		}
		m.failed[d] = farewell{seq: e.Seq, at: e.Time}
		return
	}
	if m.failed[d].seq != 0 {
		m.notClosed(p, d, fmt.Sprintf("<%s/> follows the stream error instead of the end tag", short(e.Name.Local)))
	}
}

// unanswered finds an end tag that the other side lets stand.
func (m *closing) unanswered(p *Pass) {
	e := p.Event
	for d := range m.closed {
		c, other := &m.closed[d], decode.Dir(d).Other()
		if c.seq == 0 || c.told || m.closed[other].seq != 0 || m.ended || !m.opened[other] || m.failed[d].seq != 0 || e.State.Error != "" ||
			e.Time.Sub(c.at) < p.Timeout || e.Kind == decode.KindClose && e.Dir == other {
			continue
		}
		c.told = true
		p.Add(Finding{Rule: "close-unanswered", Who: Side(other), Seq: c.seq, Text: fmt.Sprintf("no end tag comes back within %s", p.Timeout)})
	}
}

func (m *closing) tcp(p *Pass, o *opening) {
	e := p.Event
	if e.Name.Local == "connect" {
		return
	}
	d := e.Dir
	first := !m.ended
	m.ended = true
	if o.hidden {
		return
	}
	if first {
		m.notClosed(p, d, "TCP ends after the stream error, without the end tag")
		m.failed[d.Other()] = farewell{} // it may have had no time
	}
	// A handshake of TLS that fails ends TCP and nothing else (RFC 6120 §5.4.3.2).
	if m.cut || e.State.Error != "" || !e.State.Open[d] || e.State.Headers[d] == 0 || m.opened[d] && m.layer[d] != e.State.Layer {
		return
	}
	m.cut = true
	text := "TCP is ended although the stream is open"
	if e.Name.Local == "reset" {
		text = "TCP is reset although the stream is open"
	}
	p.Report("tcp-cut", text)
}

func (m *closing) notClosed(p *Pass, d decode.Dir, text string) {
	if f := m.failed[d]; f.seq != 0 {
		m.failed[d] = farewell{}
		p.Add(Finding{Rule: "stream-error-not-closed", Who: Side(d), Seq: f.seq, Text: text})
	}
}

func endClose(p *Pass) {
	m := of(&p.own.closing)
	for d := range m.failed {
		if f := m.failed[d]; f.seq != 0 && p.Conversation.End.Sub(f.at) >= p.Timeout {
			m.notClosed(p, decode.Dir(d), fmt.Sprintf("no end tag follows the stream error within %s", p.Timeout))
		}
	}
}
