package why

import "xmppscope/decode"

// hidden are the records of TLS that could not be read.
type hidden struct {
	first decode.Seq
	side  [2]hiddenSide
	why   string
}

// hiddenSide counts those of one direction.
type hiddenSide struct {
	first   decode.Seq
	bytes   int64
	records int
	longest int // of application data, in bytes without the header
}

// recordData is the type of the records that carry what is protected (RFC 8446
// §5.2).
const recordData = 23

// add counts the records of an event.
func (h *hidden) add(e *decode.Event) {
	s := &h.side[e.Dir&1]
	if h.first == 0 {
		h.first, h.why = e.Seq, e.Note
	}
	if s.first == 0 {
		s.first = e.Seq
	}
	s.bytes += int64(len(e.Wire))
	for p := e.Wire; len(p) >= 5; {
		n := int(p[3])<<8 | int(p[4])
		if p[0] == recordData {
			s.records++
			s.longest = max(s.longest, n)
		}
		p = p[min(5+n, len(p)):]
	}
}

// alertLength is the length of an alert of TLS 1.3: two bytes, their type, and
// sixteen that prove them (RFC 8446 §5.2, §6). Nothing else that a client sends
// in a handshake is that short.
const alertLength = 2 + 1 + 16

// onlyAlert tells whether all that a client sent under the keys of the
// handshake is one alert.
func (s *hiddenSide) onlyAlert() bool { return s.records == 1 && s.longest == alertLength }
