package lint

import (
	"fmt"
	"math"
	"strings"
	"unicode"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// streamIDGroup compares the identifiers of a server's streams.
var streamIDGroup = Group{
	Kinds: []decode.Kind{decode.KindOpen},
	Check: checkStreamID,
	End:   func(p *Pass) { of(&p.shared.streamIDs).over(p.Conversation.Conn) },
	Rules: []Rule{
		{Name: "stream-id-reused", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "4.7.3"),
			Doc:    "No two streams of a server have the same identifier, and a restart makes a new stream.",
			Advice: "make a fresh random id for every stream header"},
		{Name: "stream-id-predictable", Level: LevelWarning, Who: WhoReceiver, Ref: spec.RFC(6120, "4.7.3"),
			Doc:    "Nobody may be able to guess the identifier of the next stream, for some logins depend on it.",
			Advice: "take 128 random bits for every id"},
	},
}

// maxIDs and maxServers bound what is remembered of one input.
const (
	maxIDs     = 1 << 14
	maxServers = 1 << 10
)

// streamIDs is the memory of streamIDGroup.
type streamIDs struct {
	seen    map[[2]string]firstUse
	open    map[decode.ConnID]bool
	servers map[string]*series
}

// firstUse is where an identifier was seen first.
type firstUse struct {
	seq  decode.Seq
	conn decode.ConnID
}

// over notes that a conversation has ended.
func (s *streamIDs) over(conn decode.ConnID) { delete(s.open, conn) }

func checkStreamID(p *Pass) {
	e := p.Event
	if e.Dir != decode.FromReceiver || e.ID == "" || len(e.ID) > 256 || carrierOf(e) == onBOSH {
		return // the wrapper of BOSH has a session id, which is no stream id
	}
	s := of(&p.shared.streamIDs)
	if s.seen == nil {
		s.seen, s.open, s.servers = map[[2]string]firstUse{}, map[decode.ConnID]bool{}, map[string]*series{}
	}
	server := strings.ToLower(short(e.From))
	key := [2]string{server, e.ID}
	// The same header in two conversations that run side by side is one stream
	// seen twice: before and behind a proxy.
	first, used := s.seen[key]
	switch {
	case used && (first.conn == e.Conn || !s.open[first.conn] && len(s.open) < maxIDs):
		p.ReportAt("stream-id-reused", idSpan(p), fmt.Sprintf("the id \"%s\" is that of an earlier stream (event %d)", short(e.ID), first.seq))
	case !used && len(s.seen) < maxIDs:
		s.seen[key] = firstUse{e.Seq, e.Conn}
	}
	if len(s.open) < maxIDs {
		s.open[e.Conn] = true
	}
	if used {
		return
	}
	ids := s.servers[server]
	if ids == nil {
		if len(s.servers) >= maxServers {
			return
		}
		ids = &series{}
		s.servers[server] = ids
	}
	if text := ids.add(e.ID); text != "" {
		p.ReportAt("stream-id-predictable", idSpan(p), text)
	}
}

// series is the last identifiers that one maker made.
type series struct {
	last   [3]string
	count  int
	length int // of the longest
	letter float64
	told   bool
}

// add takes the next identifier and says, once, why its successor can be
// guessed.
func (s *series) add(id string) string {
	s.last = [3]string{s.last[1], s.last[2], id}
	s.count++
	s.length = max(s.length, len(id))
	s.letter = max(s.letter, math.Log2(float64(alphabet(id))))
	if s.count < len(s.last) || s.told {
		return ""
	}
	if step, ok := stepOf(s.last); ok {
		s.told = true
		return fmt.Sprintf("after \"%s\" and \"%s\" comes \"%s\": the numbers in it go up by %s", short(s.last[0]), short(s.last[1]), short(id), step)
	}
	// Numbers without leading zeros lose a digit now and then, so one more
	// character counts in favour of the maker.
	if bits := s.letter * float64(s.length); bits+s.letter < 64 {
		s.told = true
		return fmt.Sprintf("the ids have at most %d characters, which is room for %d random bits", s.length, int(bits))
	}
	return ""
}

// alphabet is how many characters an identifier was chosen from, as far as it
// shows.
func alphabet(id string) int {
	var digits, hexLower, hexUpper, lower, upper, other int
	for _, r := range id {
		switch {
		case r >= '0' && r <= '9':
			digits = 10
		case r >= 'a' && r <= 'f':
			hexLower = 6
		case r >= 'A' && r <= 'F':
			hexUpper = 6
		case unicode.IsLower(r):
			lower = 26
		case unicode.IsUpper(r):
			upper = 26
		default:
			other = 2
		}
	}
	return max(2, digits+max(lower, hexLower)+max(upper, hexUpper)+other)
}

// maxStep is the largest distance of two numbers that counts as counting up.
const maxStep = 1000

// stepOf tells whether three identifiers are the same but for a number in them
// that goes up by small steps, or by the same step.
func stepOf(ids [3]string) (string, bool) {
	var head, tail string
	var n [3]uint64
	for i, id := range ids {
		h, digits, t := lastNumber(id)
		if digits == "" || len(digits) > 18 || i > 0 && (h != head || t != tail) {
			return "", false
		}
		head, tail, n[i] = h, t, number(digits)
	}
	if n[1] <= n[0] || n[2] <= n[1] {
		return "", false
	}
	first, second := n[1]-n[0], n[2]-n[1]
	switch {
	case first == second:
		return fmt.Sprint(first), true
	case first <= maxStep && second <= maxStep:
		return fmt.Sprintf("%d and %d", first, second), true
	}
	return "", false
}

// lastNumber cuts an identifier at the last digits in it.
func lastNumber(id string) (head, digits, tail string) {
	end := len(id)
	for end > 0 && !isDigit(id[end-1]) {
		end--
	}
	start := end
	for start > 0 && isDigit(id[start-1]) {
		start--
	}
	return id[:start], id[start:end], id[end:]
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }
