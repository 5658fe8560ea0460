package im

import "xmppscope/decode"

// The groups of values that a session holds, in the order of a state view.
const (
	GroupAccount       = "account"
	GroupRoster        = "roster"
	GroupSubscriptions = "subscriptions"
	GroupPresence      = "presence"
	GroupBlocked       = "blocked"
	GroupRooms         = "rooms"
	GroupRequests      = "requests"
	GroupCapabilities  = "capabilities"
	GroupDiscovery     = "discovery"
	GroupArchive       = "archive"
	GroupLimits        = "limits"
)

// maxChanges bounds the changes that are listed for one event, such as a roster
// with very many items.
const maxChanges = 64

// Change is a value that the last event changed.
type Change struct {
	// Group is one of the Group constants; Name is whom or what it is about: an
	// address, a room, a node; Field says which value.
	Group, Name, Field string
	// Was and Now are the values, empty where there was or is none.
	Was, Now string
	// Since is the event that had set the old value; zero where there was none.
	Since decode.Seq
}

// Changes lists what the last event changed, at most 64 of them; more is how
// many further ones there were. The list is valid until the next event.
func (s *Session) Changes() (list []Change, more int) { return s.changes, s.more }

func (s *Session) change(c Change) {
	if len(s.changes) == maxChanges {
		s.more++
		return
	}
	s.changes = append(s.changes, c)
}

// differ notes a change if there is one.
func (s *Session) differ(group, name, field, was, now string, since decode.Seq) bool {
	if was == now {
		return false
	}
	s.change(Change{group, name, field, was, now, since})
	return true
}
