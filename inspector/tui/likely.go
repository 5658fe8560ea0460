package tui

import (
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/why"
	"xmppscope/inspector"
)

// likelyByPhase are the questions that a person at an event of a phase asks
// first.
var likelyByPhase = map[decode.Phase][]string{
	decode.PhaseConnect:  {"starttls", "login"},
	decode.PhaseOpen:     {"starttls", "mechanism", "sasl2"},
	decode.PhaseStartTLS: {"starttls", "tls"},
	decode.PhaseTLS:      {"tls", "certificate"},
	decode.PhaseAuth:     {"login", "mechanism", "channel-binding"},
	decode.PhaseCompress: {"compression"},
	decode.PhaseBind:     {"bind"},
	decode.PhaseSession:  {"session"},
	decode.PhaseResume:   {"resume", "sm"},
	decode.PhaseExchange: {"message", "presence", "roster"},
	decode.PhaseClose:    {"close"},
}

// likelyByName are those that a stanza suggests.
var likelyByName = map[string]string{"iq": "iq", "message": "message", "presence": "presence"}

// maxLikely is how many questions stand above the others.
const maxLikely = 4

// likely are the names of the questions that the selected event suggests: what
// it is, what failed in its conversation, the phase it is in.
func (c *capture) likely(row int) []string {
	r := c.store.Row(row)
	var all []string
	add := func(names ...string) {
		for _, n := range names {
			if why.Lookup(n) != nil && !slices.Contains(all, n) {
				all = append(all, n)
			}
		}
	}
	if r.Kind() == decode.KindStanza {
		if e, err := c.store.Event(row); err == nil && e.Name.Local != "" {
			add(likelyByName[e.Name.Local])
		}
	}
	if failed(r) {
		add(suggested(r)...)
	}
	t, now := c.track()
	if now > 0 || r.Phase() > decode.PhaseConnect {
		add(likelyByPhase[r.Stage()]...)
	}
	for i := range t.stages { // what failed elsewhere
		if first := c.failedIn(r.Conn(), &t.stages[i]); first >= 0 {
			add(suggested(c.store.Row(first))...)
		}
	}
	add(likelyByPhase[r.Stage()]...)
	return all[:min(len(all), maxLikely)]
}

// suggested is the question that a failure suggests.
func suggested(r inspector.Row) []string {
	switch {
	case r.Kind() == decode.KindStreamError:
		return []string{"close"}
	case r.Kind() == decode.KindStanza:
		return nil // the stanza itself says which
	}
	all := likelyByPhase[r.Stage()]
	return all[:min(len(all), 1)]
}

// failedIn is the first row of a stage of a conversation that tells of a failure, -1 for none.
func (c *capture) failedIn(conn decode.ConnID, s *stage) int {
	if s.failures == 0 {
		return -1
	}
	all := c.tracks.failures
	i, _ := slices.BinarySearch(all, int32(s.first))
	for ; i < len(all) && int(all[i]) <= s.last; i++ { // those of others may lie between
		if c.store.Row(int(all[i])).Conn() == conn {
			return int(all[i])
		}
	}
	return -1
}
