package why

import (
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// moment is what is kept of an event.
type moment struct {
	seq           decode.Seq
	at            time.Time
	dir           decode.Dir
	kind          decode.Kind
	step          decode.Step
	layer         decode.Layer
	name, payload xmlstream.Name
	id, typ       string
	from, to      string
	cond          string
	// text is what a refusal says to people, the note of a note, the first line
	// of HTTP.
	text string
	// proxy is why a proxy said this in the name of who seems to; empty where that
	// one said it.
	proxy string
	// attrs are the attributes that a question asks for: previd, h, resume, max.
	attrs          map[string]string
	ref            spec.Ref // of the fault of broken bytes
	reply, related decode.Seq
	state, after   *decode.State
	login          *sasl.Exchange
	// verdict is how the login fits a secret that is known; nil where none is.
	verdict *sasl.Verdict
	sm      decode.Ledger
}

// maxWord bounds the wire text of a moment, in bytes.
const maxWord = 512

func cut(s string) string {
	if len(s) <= maxWord {
		return s
	}
	return strings.Clone(strings.ToValidUTF8(s[:maxWord], ""))
}

// is tells whether the moment is an element of this name.
func (m *moment) is(space, local string) bool {
	return m != nil && m.name == (xmlstream.Name{Space: space, Local: local})
}

// carries tells whether it is a stanza with this payload.
func (m *moment) carries(space, local string) bool {
	return m != nil && m.kind == decode.KindStanza && m.payload == (xmlstream.Name{Space: space, Local: local})
}

// kept is a bounded list of moments: the first and the last of many.
type kept struct {
	first, last []*moment
	// dropped is how many were forgotten between the two.
	dropped int
}

// Limits of one list.
const (
	maxFirst = 192
	maxLast  = 128
)

func (k *kept) add(m *moment) {
	if len(k.first) < maxFirst {
		k.first = append(k.first, m)
		return
	}
	if k.last = append(k.last, m); len(k.last) >= 2*maxLast {
		k.dropped += len(k.last) - maxLast
		k.last = append([]*moment(nil), k.last[len(k.last)-maxLast:]...)
	}
}

func (k *kept) len() int { return len(k.first) + len(k.last) }

// all calls f with each moment in order, until f says no.
func (k *kept) all(f func(*moment) bool) bool {
	for _, m := range k.first {
		if !f(m) {
			return false
		}
	}
	for _, m := range k.last {
		if !f(m) {
			return false
		}
	}
	return true
}

// find is the first moment of the list that fits, nil where none does.
func (k *kept) find(fits func(*moment) bool) (found *moment) {
	k.all(func(m *moment) bool {
		if fits(m) {
			found = m
		}
		return found == nil
	})
	return found
}

// latest is the last one that fits.
func (k *kept) latest(fits func(*moment) bool) (found *moment) {
	k.all(func(m *moment) bool {
		if fits(m) {
			found = m
		}
		return true
	})
	return found
}

// every are all that fit.
func (k *kept) every(fits func(*moment) bool) (all []*moment) {
	k.all(func(m *moment) bool {
		if fits(m) {
			all = append(all, m)
		}
		return true
	})
	return all
}

// waiting are moments that something may still come back for, at most maxOpen:
// of more the oldest are forgotten.
type waiting struct {
	of    map[decode.Seq]*moment
	order []decode.Seq // those that were answered stand there too
}

func (w *waiting) add(m *moment) {
	if w.of == nil {
		w.of = map[decode.Seq]*moment{}
	}
	w.of[m.seq] = m
	w.order = append(w.order, m.seq)
	for len(w.of) > maxOpen || len(w.order) > 2*maxOpen {
		delete(w.of, w.order[0])
		w.order = w.order[1:]
	}
}
