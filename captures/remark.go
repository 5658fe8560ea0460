package captures

import (
	"encoding/json"

	"xmppscope/decode"
)

// Remark is what a person has written at an event. It is kept in a comment of
// the frame that completed the event, where other programs show it as text, and
// tells the event apart from the others of that frame.
type Remark struct {
	Event decode.Place
	// Marked is set where the person marked the event, Note is what was written.
	Marked bool
	Note   string
	// Actor, where set, names someone: by this name goes who has this address.
	// Rank is the place among the actors, from 1; 0 for none. Such a remark is of
	// no event.
	Actor, Name string
	Rank        int
}

const (
	remarkPrefix = "xmppscope remark "
	// maxRemarks bounds those of one packet.
	maxRemarks = 10_000
	// maxRemarkNote bounds a note in a file, in bytes; escaped, it fits into an
	// option.
	maxRemarkNote = 8 << 10
)

// writtenRemark is a remark as a comment has it.
type writtenRemark struct {
	Note   string `json:"note,omitempty"`
	Marked bool   `json:"marked,omitempty"`
	Dir    string `json:"dir,omitempty"`
	Kind   string `json:"kind,omitempty"`
	Origin string `json:"origin,omitempty"`
	Off    int64  `json:"offset,omitempty"`
	Length int    `json:"length,omitempty"`
	Nth    uint64 `json:"nth,omitempty"`
	Actor  string `json:"actor,omitempty"`
	Name   string `json:"name,omitempty"`
	Rank   int    `json:"rank,omitempty"`
}

// comment writes a remark.
func (r *Remark) comment() string {
	w := writtenRemark{Note: cut(r.Note, maxRemarkNote), Marked: r.Marked, Actor: cut(r.Actor, maxRemarkNote), Name: cut(r.Name, maxRemarkNote), Rank: r.Rank}
	if r.Actor == "" {
		p := &r.Event
		w.Dir, w.Kind, w.Origin = p.Dir.String(), p.Kind.String(), p.Origin.String()
		w.Off, w.Length, w.Nth = p.Off, p.Length, p.Nth
	}
	return remarkPrefix + escaped(w)
}

// readRemark reads a comment; false where it is none of ours.
func readRemark(v []byte) (r Remark, ok bool) {
	var w writtenRemark
	if len(v) < len(remarkPrefix) || string(v[:len(remarkPrefix)]) != remarkPrefix || json.Unmarshal(v[len(remarkPrefix):], &w) != nil {
		return r, false
	}
	r = Remark{Note: cut(w.Note, maxRemarkNote), Marked: w.Marked, Actor: cut(w.Actor, maxRemarkNote), Name: cut(w.Name, maxRemarkNote), Rank: w.Rank}
	if w.Actor != "" {
		return r, true
	}
	r.Event = decode.Place{Off: w.Off, Length: w.Length, Nth: w.Nth}
	if w.Dir == decode.FromReceiver.String() {
		r.Event.Dir = decode.FromReceiver
	}
	for o := decode.OriginWire; o <= decode.OriginSynthetic; o++ {
		if o.String() == w.Origin {
			r.Event.Origin = o
		}
	}
	for _, k := range decode.Kinds() {
		if k.String() == w.Kind {
			r.Event.Kind, ok = k, true
		}
	}
	return r, ok
}

// cut shortens text to at most n bytes, between characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}
