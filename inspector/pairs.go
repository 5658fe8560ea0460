package inspector

import "xmppscope/decode"

// AnswerTo is the row of the first answer to the event of a row.
func (s *Store) AnswerTo(row int) (answer int, ok bool) { return s.Find(s.Row(row).Answer()) }

// RequestOf is the row of the request that the event of a row answers.
func (s *Store) RequestOf(row int) (request int, ok bool) { return s.Find(s.Row(row).Reply()) }

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
