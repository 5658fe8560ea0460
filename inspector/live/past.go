package live

import (
	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// past keeps the latest units, for replay: at most maxPast bytes of text, and
// maxUnits of them. Little is kept of each, because nearly none is asked for.
type past struct {
	ring  []unit // in the order in which they came
	first int    // of them
	n     int
	size  int
	block []byte // where the next short texts go
}

type unit struct {
	seq   decode.Seq
	conn  decode.ConnID
	text  []byte
	scope *xmlstream.Scope
	// What of the event makes others like it.
	step          decode.Step
	dir           decode.Dir
	kind          decode.Kind
	sort          string
	name, payload xmlstream.Name
}

const (
	maxPast   = 32 << 20
	maxUnits  = 1 << 16
	pastBlock = 64 << 10
)

func (p *past) keep(e *decode.Event) {
	switch e.Kind {
	case decode.KindStanza, decode.KindNonza, decode.KindOpen, decode.KindFeatures, decode.KindStreamError, decode.KindClose, decode.KindBroken:
	default:
		return
	}
	text := e.Text()
	if len(text) == 0 || len(text) > maxPast/4 {
		return
	}
	for p.n > 0 && (p.n == maxUnits || p.size+len(text) > maxPast) {
		old := &p.ring[p.first]
		p.size -= len(old.text)
		*old = unit{}
		p.first = (p.first + 1) % len(p.ring)
		p.n--
	}
	if p.n == len(p.ring) {
		more := make([]unit, max(64, 2*p.n))
		copy(more[copy(more, p.ring[p.first:]):], p.ring[:p.first])
		p.ring, p.first = more, 0
	}
	p.ring[(p.first+p.n)%len(p.ring)] = unit{e.Seq, e.Conn, p.copy(text), e.Scope, e.Step, e.Dir, e.Kind, e.Type, e.Name, e.Payload}
	p.n++
	p.size += len(text)
}

// copy copies a text: else all that was read together with it would stay.
func (p *past) copy(text []byte) []byte {
	if len(text) > pastBlock/8 {
		return append([]byte(nil), text...)
	}
	if len(p.block)+len(text) > cap(p.block) {
		p.block = make([]byte, 0, pastBlock)
	}
	at := len(p.block)
	p.block = append(p.block, text...)
	return p.block[at:len(p.block):len(p.block)]
}

// find looks a unit up by the number of its event, the latest first.
func (p *past) find(seq decode.Seq) (u unit, ok bool) {
	for i := p.n - 1; i >= 0; i-- {
		if u := &p.ring[(p.first+i)%len(p.ring)]; u.seq == seq {
			return *u, true
		}
	}
	return u, false
}

// event has what makes others like it.
func (u *unit) event() *decode.Event {
	return &decode.Event{Dir: u.dir, Kind: u.kind, Step: u.step, Name: u.name, Type: u.sort, Payload: u.payload}
}
