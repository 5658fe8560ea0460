package tui

import (
	"sort"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/tlswire"
	"xmppscope/inspector"
)

// stage is one stretch of a conversation in one phase.
type stage struct {
	phase       decode.Phase
	first, last int    // rows of the store
	count       int    // events
	bad         bool   // something failed in it
	failures    int    // events that tell of a failure
	found       tally  // findings about its events
	logins      []int  // rows where a login began
	named       int    // how many of them the label names
	label       string // phase, and the mechanisms that were looked up
}

// track is the way of one conversation through its phases. It grows as rows
// arrive.
type track struct {
	stages []stage
	events int
	bad    int   // events that failed, and errors found in others
	found  tally // findings about its events
	cut    bool
	offers []int // rows of lists of features
	tls    []int // rows of messages of TLS handshakes
	notes  []int // rows of remarks of the tool
	// Of TLS: the first row that could not be read, -1 for none.
	opaque int
}

// maxStages bounds a track: a hostile conversation may change its phase with
// every event. What follows is counted to the last stage.
const maxStages = 512

func (t *track) add(i int, r inspector.Row) {
	t.events++
	bad := failed(r)
	if bad {
		t.bad++
	}
	t.collect(i, r)
	n := len(t.stages)
	if n == 0 || t.stages[n-1].phase != r.Stage() && r.Phase() != decode.PhaseNone && !r.Carries() {
		if n == maxStages {
			t.cut = true
		} else {
			t.stages = append(t.stages, stage{phase: r.Stage(), first: i, last: i, label: phaseLabel(r.Stage())})
			n++
		}
	}
	s := &t.stages[n-1]
	s.last = i
	s.count++
	if t.opaque < 0 && unreadRow(r) {
		t.opaque = i
	}
	s.bad = s.bad || bad
	if tellsFailure(r) {
		s.failures++
	}
	if beginsLogin(r) && len(s.logins) < maxLogins {
		s.logins = append(s.logins, i)
	}
}

// collect keeps the rows that pages look up.
func (t *track) collect(i int, r inspector.Row) {
	keep := func(rows *[]int, most int) {
		if len(*rows) < most {
			*rows = append(*rows, i)
		}
	}
	switch r.Kind() {
	case decode.KindFeatures:
		keep(&t.offers, maxOffers)
	case decode.KindTLS:
		if !r.Has(inspector.HasNote) {
			keep(&t.tls, maxHandshake)
		}
	case decode.KindNote:
		keep(&t.notes, maxNotes)
	}
}

// maxHandshake and maxNotes bound what is kept of one conversation.
const (
	maxHandshake = 48
	maxNotes     = 64
)

// maxLogins is how many attempts a stage names.
const maxLogins = 3

func beginsLogin(r inspector.Row) bool {
	switch r.Step() {
	case decode.StepSASLAuth, decode.StepSASL2Authenticate, decode.StepFASTLogin, decode.StepIAP, decode.StepIQAuth,
		decode.StepComponent, decode.StepS2SDialback1, decode.StepS2SExternal:
		return r.Has(inspector.HasSASL) && r.Dir() == decode.FromInitiator
	}
	return false
}

func phaseLabel(p decode.Phase) string {
	if p == decode.PhaseNone {
		return "?"
	}
	return p.String()
}

// failed tells whether a row is to be marked whatever the rules say of it: it
// reports a failure, or cannot be read. A stanza error is part of everyday life
// and counts too: it is what a person looks for.
func failed(r inspector.Row) bool {
	return r.Has(inspector.HasCondition) || r.Kind() == decode.KindBroken || r.Kind() == decode.KindGap
}

// tellsFailure tells whether a row is a failure that no rule speaks of, for
// nobody did wrong: a refusal or an error that was reported, bytes that are missing.
func tellsFailure(r inspector.Row) bool {
	return failed(r) && !(r.Kind() == decode.KindBroken && r.Has(inspector.HasErr))
}

// at is the stage that a row lies in; -1 for none.
func (t *track) at(row int) int {
	i := sort.Search(len(t.stages), func(i int) bool { return t.stages[i].last >= row })
	if i < len(t.stages) && t.stages[i].first <= row {
		return i
	}
	return -1
}

// tracks follows all conversations of a store.
type tracks struct {
	byConn  map[decode.ConnID]*track
	scanned int
	judged  int // findings that were counted
	// failures are the rows that tell of a failure, in order.
	failures []int32
	opaque   bool // some TLS could not be read
}

// update reads at most budget new rows and tells whether there were any.
func (ts *tracks) update(store *inspector.Store, budget int) bool {
	if ts.byConn == nil {
		ts.byConn = map[decode.ConnID]*track{}
	}
	end := min(store.Len(), ts.scanned+budget)
	if ts.scanned >= end {
		return false
	}
	for ; ts.scanned < end; ts.scanned++ {
		r := store.Row(ts.scanned)
		t := ts.byConn[r.Conn()]
		if t == nil {
			t = &track{opaque: -1}
			ts.byConn[r.Conn()] = t
		}
		t.add(ts.scanned, r)
		if tellsFailure(r) {
			ts.failures = append(ts.failures, int32(ts.scanned))
		}
		ts.opaque = ts.opaque || t.opaque >= 0
	}
	return true
}

// of is the track of a conversation; never nil.
func (ts *tracks) of(c decode.ConnID) *track {
	if t := ts.byConn[c]; t != nil {
		return t
	}
	return &track{opaque: -1}
}

// unreadRow tells a run of TLS records that could not be read: it alone of TLS
// has a note.
func unreadRow(r inspector.Row) bool { return r.Kind() == decode.KindTLS && r.Has(inspector.HasNote) }

// unread is why the TLS of a conversation could not be read, Readable where all
// of it could.
func (c *capture) unread(id decode.ConnID) tlswire.Why {
	row := c.tracks.of(id).opaque
	if row < 0 {
		return tlswire.Readable
	}
	if why, known := c.whys[id]; known {
		return why
	}
	e, err := c.store.Event(row)
	if err != nil {
		return tlswire.Readable
	}
	why, _ := explain.Unread(e)
	if c.whys == nil || len(c.whys) >= maxWhys {
		c.whys = map[decode.ConnID]tlswire.Why{}
	}
	c.whys[id] = why
	return why
}

// maxWhys bounds what is remembered.
const maxWhys = 4096
