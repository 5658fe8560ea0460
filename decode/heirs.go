package decode

import "strings"

// heirs carry over what a stream that is resumed had settled: its address and
// what the client had switched on (XEP-0198 §5). The new connection says nothing
// of it. The zero value is empty and ready.
type heirs struct {
	name  map[ConnID]linkName // under which a conversation may be resumed
	order []ConnID            // oldest first
	last  map[linkName]*State // what was true there last
	names []linkName          // oldest first
	heir  map[ConnID]*heir
	whose []ConnID // oldest first
}

// heir is what a conversation has from an older one. What it says about the
// matter itself counts more.
type heir struct {
	jid, rosterVersion                  string
	session, roster, available, carbons bool
	was, is                             *State // the last state that was filled in
}

// mayResume notes that a conversation can be resumed under a name.
func (h *heirs) mayResume(c ConnID, n linkName) {
	if h.name == nil {
		h.name, h.last, h.heir = map[ConnID]linkName{}, map[linkName]*State{}, map[ConnID]*heir{}
	}
	if _, known := h.name[c]; !known {
		h.order = append(h.order, c)
	}
	h.name[c] = n
	if len(h.order) > maxLinks {
		delete(h.name, h.order[0])
		h.order = h.order[1:]
	}
}

// keep remembers what is true after an event of such a conversation.
func (h *heirs) keep(e *Event) {
	n, ok := h.name[e.Conn]
	if !ok || e.After == nil {
		return
	}
	if _, known := h.last[n]; !known {
		h.names = append(h.names, n)
	}
	h.last[n] = e.After
	if len(h.names) > maxLinks {
		delete(h.last, h.names[0])
		h.names = h.names[1:]
	}
}

// inherit makes a conversation the heir of the one that had this name, if it is
// of the same account.
func (h *heirs) inherit(e *Event, n linkName) {
	old := h.last[n]
	if old == nil || e.After == nil || old.JID == "" || !strings.EqualFold(bare(old.JID), bare(e.After.Identity)) {
		return
	}
	if h.heir[e.Conn] == nil {
		h.whose = append(h.whose, e.Conn)
	}
	h.heir[e.Conn] = &heir{jid: old.JID, rosterVersion: old.RosterVersion, session: old.Session,
		roster: old.Roster, available: old.Available, carbons: old.Carbons}
	h.mayResume(e.Conn, n)
	if len(h.whose) > maxLinks {
		delete(h.heir, h.whose[0])
		h.whose = h.whose[1:]
	}
}

// fill gives an event of an heir what it has from the older stream. resumed is
// set for the event that makes it so: before that nothing is true yet.
func (h *heirs) fill(e *Event, resumed bool) {
	x := h.heir[e.Conn]
	if x == nil {
		return
	}
	if !resumed {
		e.State = x.with(e.State)
	}
	switch {
	case e.Step == StepPresenceInitial && x.available:
		e.Step = StepExchange // only the first one after binding is
	case e.Step == StepPresenceUnavailable && e.Dir == FromInitiator && x.available:
		x.available, x.was = false, nil
	case e.Step == StepCarbonsEnable && e.Dir == FromReceiver && e.Type == "result" && x.carbons:
		x.carbons, x.was = false, nil // it says itself from here on
	}
	e.After = x.with(e.After)
}

// with is a state with what the heir has; the same one for the same state.
func (x *heir) with(s *State) *State {
	if s == nil {
		return nil
	}
	if s != x.was {
		filled := *s
		if filled.JID == "" {
			filled.JID = x.jid
		}
		if filled.RosterVersion == "" {
			filled.RosterVersion = x.rosterVersion
		}
		filled.Session = filled.Session || x.session
		filled.Roster = filled.Roster || x.roster
		filled.Available = filled.Available || x.available
		filled.Carbons = filled.Carbons || x.carbons
		x.was, x.is = s, &filled
	}
	return x.is
}

// JID is the full JID that a conversation has from the one that it resumed;
// empty where it has none.
func (l *Links) JID(c ConnID) string {
	if x := l.heirs.heir[c]; x != nil {
		return x.jid
	}
	return ""
}
