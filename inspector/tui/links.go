package tui

import (
	"encoding/binary"
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// stretch is a range of the event's text, or of what in says; empty if end is
// 0.
type stretch struct {
	start, end int
	in         lint.Part
	// rule and text are those of the finding that it belongs to, if it is one's.
	rule, text string
	// name and note are those of the part that was selected, if it was.
	name, note string
}

// inWire is one more part that a stretch may count in: the bytes of the wire,
// where they are not the text, as on WebSocket.
const inWire = lint.InBase64 + 1

// covers tells whether the stretch and a range of the same bytes overlap.
func (s stretch) covers(in lint.Part, start, end int) bool {
	return s.end > 0 && s.in == in && start < s.end && s.start < end
}

// links tell how the parts of an event hang together: wire, text, base64 and
// login data. Each may carry the next. A stretch of one is looked up in another
// step by step.
type links struct {
	wire, text   []byte
	base64, data []byte
	runs         []tie // of wire and text; nil where both are the same
	login        []tie // of text and login data, where that stands there without base64
	at           tie   // where base64 stands in the text; b counts in base64
	places       []sasl.Span
}

// tie says that bytes of a part stand in bytes of the one below. Where it is not
// exact the two are of different lengths, and belong together as a whole.
type tie struct {
	below, above stretch
	exact        bool
}

// linksOf finds the parts of an event.
func linksOf(e *decode.Event) *links {
	l := &links{wire: e.Wire, text: e.Text()}
	if e.XML != nil {
		l.wire = nil
		if len(e.Wire) > 0 {
			l.wire, l.runs = e.Wire, framesOf(e.Wire, e.XML)
		}
	}
	if e.SASL == nil || len(e.SASL.Messages) == 0 {
		return l
	}
	m := &e.SASL.Messages[len(e.SASL.Messages)-1]
	if m.Kind == sasl.Failure {
		return l
	}
	l.base64, l.data = m.Base64, m.Data
	n := xmlTree(e)
	switch {
	case n == nil:
	case len(m.Base64) > 0:
		l.places = sasl.Places(m.Base64)
		l.at = tieText(n, string(m.Base64), "")
	default:
		l.login = tieParts(n, m)
	}
	return l
}

// tieText finds the element of a name, or of any for "", that holds a text.
func tieText(n *xmlstream.Node, text, name string) tie {
	for x := range n.All() {
		if x.Kind != xmlstream.ElementNode || name != "" && x.Name.Local != name || x.Text() != text || text == "" {
			continue
		}
		s := x.InnerSpan()
		return tie{below: stretch{start: int(s.Start), end: int(s.End)}, above: stretch{end: len(text)}, exact: string(x.Inner()) == text}
	}
	return tie{}
}

// tieParts finds the elements whose texts are the pieces of a login that has no
// encoding of its own.
func tieParts(n *xmlstream.Node, m *sasl.Message) (all []tie) {
	at := 0
	for _, p := range m.Parts() {
		t := tieText(n, p.Text, p.Name)
		if t.below.end == 0 {
			t = tieText(n, p.Text, "")
		}
		if t.below.end > 0 {
			t.above = stretch{start: at, end: at + len(p.Text), in: lint.InLogin}
			all = append(all, t)
		}
		at += len(p.Text)
	}
	return all
}

// framesOf ties the payload of WebSocket frames to the text that they carry
// (RFC 6455 §5.2). Where it is compressed, all belongs to all.
func framesOf(wire, text []byte) (all []tie) {
	done := 0
	for at := 0; len(wire)-at >= 2; {
		p := wire[at:]
		head, n, mask := 2, uint64(p[1]&0x7f), 0
		switch n {
		case 126:
			head += 2
		case 127:
			head += 8
		}
		if p[1]&0x80 != 0 {
			mask = 4
		}
		if len(p) < head+mask {
			break
		}
		switch head {
		case 4:
			n = uint64(binary.BigEndian.Uint16(p[2:]))
		case 10:
			n = binary.BigEndian.Uint64(p[2:])
		}
		from := at + head + mask
		to := from + int(min(n, uint64(len(wire)-from)))
		const rsv1, control = 0x40, 8
		switch {
		case p[0]&rsv1 != 0:
			return []tie{{below: stretch{start: from, end: len(wire), in: inWire}, above: stretch{end: len(text)}}}
		case p[0]&15 < control && to > from && done < len(text):
			k := min(to-from, len(text)-done)
			all = append(all, tie{below: stretch{start: from, end: from + k, in: inWire}, above: stretch{start: done, end: done + k}, exact: true})
			done += k
		}
		at = to
	}
	return all
}

// chain is the order in which parts carry each other.
var chain = [...]lint.Part{inWire, lint.InText, lint.InBase64, lint.InLogin}

// find is where a stretch of one part stands in another; false where nothing of
// it does.
func (l *links) find(s stretch, in lint.Part) (stretch, bool) {
	if l == nil || s.end <= s.start {
		return stretch{}, false
	}
	from, to := slices.Index(chain[:], s.in), slices.Index(chain[:], in)
	if from < 0 || to < 0 {
		return stretch{}, false
	}
	for range chain { // each way is shorter than this
		if from == to {
			return s, true
		}
		ok := false
		if from < to {
			s, ok = l.up(s)
		} else {
			s, ok = l.down(s)
		}
		if !ok {
			break
		}
		from = slices.Index(chain[:], s.in)
	}
	return stretch{}, false
}

// up finds what of the next part the stretch carries.
func (l *links) up(s stretch) (stretch, bool) {
	switch s.in {
	case inWire:
		return through(l.runs, s, lint.InText, true)
	case lint.InText:
		if l.login != nil {
			return through(l.login, s, lint.InLogin, true)
		}
		return through([]tie{l.at}, s, lint.InBase64, true)
	}
	from, to := -1, 0
	for i, p := range l.places {
		if p.Start < s.end && s.start < p.End {
			if from < 0 {
				from = i
			}
			to = i + 1
		}
	}
	return part(s, from, to, lint.InLogin)
}

// down finds what of the part below carries the stretch.
func (l *links) down(s stretch) (stretch, bool) {
	switch {
	case s.in == lint.InText:
		return through(l.runs, s, inWire, false)
	case s.in == lint.InBase64:
		return through([]tie{l.at}, s, lint.InText, false)
	case l.login != nil:
		return through(l.login, s, lint.InText, false)
	case s.start < 0 || s.end > len(l.places):
		return stretch{}, false
	}
	return part(s, l.places[s.start].Start, l.places[s.end-1].End, lint.InBase64)
}

// through goes from one side of ties to the other.
func through(all []tie, s stretch, in lint.Part, up bool) (stretch, bool) {
	from, to := -1, 0
	for _, t := range all {
		a, b := t.above, t.below
		if up {
			a, b = b, a
		}
		lo, hi := max(a.start, s.start), min(a.end, s.end)
		if lo >= hi {
			continue
		}
		if t.exact {
			lo, hi = lo-a.start+b.start, hi-a.start+b.start
		} else {
			lo, hi = b.start, b.end
		}
		if from < 0 || lo < from {
			from = lo
		}
		to = max(to, hi)
	}
	return part(s, from, to, in)
}

// part is s at another place.
func part(s stretch, from, to int, in lint.Part) (stretch, bool) {
	if from < 0 || to <= from {
		return stretch{}, false
	}
	s.start, s.end, s.in = from, to, in
	return s, true
}

// bytesOf are the bytes of a part.
func (l *links) bytesOf(in lint.Part) []byte {
	switch in {
	case inWire:
		return l.wire
	case lint.InBase64:
		return l.base64
	case lint.InLogin:
		return l.data
	}
	return l.text
}

// of are the bytes of a stretch.
func (l *links) of(s stretch) []byte {
	all := l.bytesOf(s.in)
	from := max(0, min(s.start, len(all)))
	return all[from:max(from, min(s.end, len(all)))]
}

// marked is what is marked, in a part of the event; empty where nothing of it
// stands there.
func (in *tabInput) marked(part lint.Part) stretch {
	s, _ := in.links.find(in.mark, part)
	return s
}
