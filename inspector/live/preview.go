package live

import (
	"slices"

	"xmppscope/decode"
)

// Would are the events that a text would be if it went on now, at most so many
// units of it, in a conversation that is open. Nothing changes by it. The bytes of
// the events are those of text.
func (s *Session) Would(id decode.ConnID, dir decode.Dir, text []byte, most int) ([]decode.Event, error) {
	c, err := s.Conn(id)
	if err != nil {
		return nil, err
	}
	all := c.Would(dir, text, most)
	for i := range all {
		all[i].Conn = id
	}
	return all, nil
}

// Open lists the conversations that are open, by number.
func (s *Session) Open() (all []decode.ConnID) {
	clients := map[string]bool{}
	for _, c := range s.proxy.Conns() {
		clients[c.Facts().Client.String()] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, from := range s.ends {
		if clients[from.client] {
			all = append(all, id)
		}
	}
	slices.Sort(all)
	return all
}
