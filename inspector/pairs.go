package inspector

import (
	"slices"
	"time"

	"xmppscope/decode"
)

// AnswerTo is the row of the first answer to the event of a row.
func (s *Store) AnswerTo(row int) (answer int, ok bool) { return s.Find(s.Row(row).Answer()) }

// RequestOf is the row of the request that the event of a row answers.
func (s *Store) RequestOf(row int) (request int, ok bool) { return s.Find(s.Row(row).Reply()) }

// Latency is how long the answer took, asked of the row of the request or of
// the answer. It is false where one of the two, or its time, is not known.
func (s *Store) Latency(row int) (time.Duration, bool) {
	request, answer := s.Row(row), s.Row(row)
	if i, ok := s.AnswerTo(row); ok {
		answer = s.Row(i)
	} else if i, ok := s.RequestOf(row); ok {
		request = s.Row(i)
	} else {
		return 0, false
	}
	if (request.flags|answer.flags)&oddTime != 0 {
		return 0, false
	}
	return max(time.Duration(answer.time-request.time), 0), true
}

// maxOpen is the most open requests that are listed.
const maxOpen = 1000

// OpenAt lists the rows of the iq requests of a row's conversation that are
// open at that moment: asked at or before it and not answered until after it.
// The newest 1000 at most, oldest first.
func (s *Store) OpenAt(row int) []int {
	at := s.Row(row)
	c := s.conv(at.Conn())
	if c == nil {
		return nil
	}
	var open []int
	for i := row; i >= int(c.first.Load()) && len(open) < maxOpen; i-- {
		r := s.rowAt(i)
		if r.conn != at.conn || r.flags&IsRequest == 0 {
			continue
		}
		if answer := r.load().Answer(); answer == 0 || answer > at.Seq() {
			open = append(open, i)
		}
	}
	slices.Reverse(open)
	return open
}

// WhoSet is the row of the event that gave a state variable (decode.Vars) the
// value it has after the event of a row. It is false where the variable has
// had that value since the conversation was first seen, or is none.
func (s *Store) WhoSet(row int, variable string) (setter int, ok bool) {
	get := variableNamed(variable)
	c := s.conv(s.Row(row).Conn())
	if get == nil || c == nil {
		return 0, false
	}
	all := c.states.all()
	i := len(all) - 1
	for i >= 0 && all[i].moment > 2*int64(row)+1 {
		i--
	}
	if i < 0 {
		return 0, false
	}
	now := valueOf(get, s.stateOf(&all[i]))
	for ; i > 0; i-- {
		if valueOf(get, s.stateOf(&all[i-1])) != now {
			return int(all[i].moment / 2), true
		}
	}
	return 0, false
}

func variableNamed(name string) func(*decode.State) string {
	for _, v := range decode.Vars() {
		if v.Name == name {
			return v.Get
		}
	}
	return nil
}

func valueOf(get func(*decode.State) string, s *decode.State) string {
	if s == nil {
		return ""
	}
	return get(s)
}
