package im

import (
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// readCodes reads the status codes of a stanza.
func (s *Session) readCodes(x *xmlstream.Node) []int {
	s.codes = s.codes[:0]
	if x == nil {
		return s.codes
	}
	for c := range x.Children() {
		if c.Name.Local != "status" || len(s.codes) == maxCodes {
			continue
		}
		if a := c.FindAttr("", "code"); a != nil {
			if v, err := strconv.ParseUint(string(a.Raw.Of(c.Unit())), 10, 16); err == nil {
				s.codes = append(s.codes, int(v))
			}
		}
	}
	return s.codes
}

// keepCodes notes the status codes of a stanza that are about the room.
func (s *Session) keepCodes(r *Room, x *xmlstream.Node, seq decode.Seq) {
	for _, code := range s.readCodes(x) {
		s.keepCode(r, code, seq)
	}
}

// opposites are status codes of which the last one holds (XEP-0045 §15.6).
var opposites = [...][]int{{102, 103}, {170, 171}, {172, 173, 174, 100}}

func (s *Session) keepCode(r *Room, code int, seq decode.Seq) {
	for _, set := range opposites {
		for _, c := range set {
			if c == code {
				r.dropCodes(set, code)
			}
		}
	}
	for i := range r.Codes {
		if r.Codes[i].Number == code {
			r.Codes[i].Seq = seq
			return
		}
	}
	s.change(Change{GroupRooms, r.JID, "status", "", strconv.Itoa(code), 0})
	if len(r.Codes) == maxCodes {
		r.Codes = append(r.Codes[:0], r.Codes[1:]...)
	}
	r.Codes = append(r.Codes, Code{code, seq})
}

func (r *Room) dropCodes(set []int, but int) {
	kept := r.Codes[:0]
	for _, c := range r.Codes {
		drop := false
		for _, n := range set {
			drop = drop || c.Number == n && n != but
		}
		if !drop {
			kept = append(kept, c)
		}
	}
	r.Codes = kept
}

// whys are the status codes that say why somebody is out, the gravest first.
var whys = [...]struct {
	code int
	word string
}{
	{301, "banned"}, {307, "kicked"}, {321, "no longer a member"}, {322, "the room is for members now"},
	{332, "the service shuts down"}, {333, "a technical problem"},
}

// why says in words why somebody left: what the codes mean, who did it, and the
// reason given.
func why(codes []int, item *xmlstream.Node) string {
	var words []string
	for _, w := range whys {
		for _, c := range codes {
			if c == w.code {
				words = append(words, w.word)
			}
		}
	}
	if item != nil && len(words) > 0 {
		if a := item.Child(nsMUCUser, "actor"); a != nil {
			by := attr(a, "nick", "")
			if by == "" {
				by = attr(a, "jid", "")
			}
			if by != "" {
				words = append(words, "by "+by)
			}
		}
		if r := text(item.Child(nsMUCUser, "reason"), ""); r != "" {
			words = append(words, "“"+r+"”")
		}
	}
	return strings.Join(words, ", ")
}
