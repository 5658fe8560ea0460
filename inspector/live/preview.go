package live

import (
	"slices"

	"xmppscope/decode"
)

// Preview is the event that a unit would be if it went on now, in a conversation
// that is open. Nothing changes by it. The bytes of the event are those of text.
func (s *Session) Preview(id decode.ConnID, dir decode.Dir, text []byte) (*decode.Event, error) {
	c, err := s.Conn(id)
	if err != nil {
		return nil, err
	}
	e := c.Preview(dir, text)
	e.Conn = id
	return e, nil
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
