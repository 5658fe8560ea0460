package tui

import (
	"sort"
	"sync"
	"sync/atomic"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/sasl"
	"xmppscope/decode/tlswire"
	"xmppscope/inspector"
	"xmppscope/inspector/gate"
)

// capture is the source on the screen with everything that is remembered of
// it. It belongs to the event loop, but for what says otherwise.
type capture struct {
	src        *Source
	store      *inspector.Store
	session    *inspector.Session
	view       *inspector.View // of the session
	load       loading
	tracks     tracks
	convs      []decode.Conversation
	conn       decode.ConnID // the conversation chosen, 0 for all
	filterText string
	waiting    bool       // the view has not looked at all rows yet
	veil       decode.Seq // see unseen
	follow     bool       // stay at the end while events arrive
	back       []int
	folds      map[fold]bool // phases of which only the first event is shown
	found      foundOrder
	breaks     []gate.Break                  // of a recording
	asking     *inquiry                      // the last one
	memory     memory                        // of the session, for the state tab
	whys       map[decode.ConnID]tlswire.Why // why TLS could not be read
	place      *spot                         // to go back to in another reading
	rates      rates                         // of open conversations
	players    cast                          // who takes part
	marked     decode.Seq                    // the event that was marked last
	saving     chan saved                    // how it went comes here; nil while nothing is saved
	stopSaving func()
	savedTo    string // the file that was saved to last
	savedAt    int64  // how often remarks had changed then
	namedAt    int64  // and names

	check    func(*decode.Event) (sasl.Verdict, bool)
	wake     func()
	caught   func(where string) // deferred by goroutines, see ui.caught
	mu       sync.Mutex         // guards verdicts
	verdicts map[int]*verdict
	checks   sync.WaitGroup
	checked  atomic.Bool // a check has ended since the last tick
}

func newCapture(src *Source, check func(*decode.Event) (sasl.Verdict, bool), wake func()) *capture {
	session := inspector.NewSession(src.Store)
	c := &capture{
		src: src, store: src.Store, session: session, view: session.View(), follow: src.Follow,
		check: check, wake: wake, caught: func(string) {}, verdicts: map[int]*verdict{},
	}
	if f, err := inspector.Compile(src.Filter); err == nil && src.Filter != "" {
		c.setFilter(src.Filter, f)
	}
	return c
}

// mixed tells whether events of several conversations are shown.
func (c *capture) mixed() bool { return c.conn == 0 && len(c.tracks.byConn) > 1 }

// track is the way of the selected event's conversation, and the stage the
// event is in.
func (c *capture) track() (*track, int) {
	row := c.row()
	if row < 0 {
		return &track{}, -1
	}
	t := c.tracks.of(c.store.Row(row).Conn())
	// Another conversation's rows may lie between; the track knows its own.
	return t, t.at(row)
}

// conversation is what is known of one conversation, nil for nothing.
func (c *capture) conversation(id decode.ConnID) *decode.Conversation {
	i := sort.Search(len(c.convs), func(i int) bool { return c.convs[i].Conn >= id })
	if i < len(c.convs) && c.convs[i].Conn == id {
		return &c.convs[i]
	}
	return nil
}

// profile is what sort of conversation one turned out to be, as far as known.
func (c *capture) profile(id decode.ConnID) decode.Profile {
	if v := c.conversation(id); v != nil {
		return explain.ProfileOfConversation(v)
	}
	return decode.ProfileUnknown
}

// maxLookBack bounds searches backward over rows that a page makes.
const maxLookBack = 200_000

// loginRows finds the rows of the n messages of the login that ends at row;
// -1 where one is not found.
func (c *capture) loginRows(row, n int) []int { return c.loginRowsOf(c.store.Row(row).Conn(), row, n) }

// loginRowsOf is loginRows of a conversation, for the login that ends at row or
// before it.
func (c *capture) loginRowsOf(conn decode.ConnID, row, n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = -1
	}
	for i, k := row, n-1; i >= 0 && k >= 0 && row-i < maxLookBack; i-- {
		if r := c.store.Row(i); r.Conn() == conn && r.Has(inspector.HasSASL) {
			rows[k] = i
			k--
		}
	}
	return rows
}

// login is where login data can be found.
type login struct {
	row  int
	seq  decode.Seq
	text string
}

// nearestLogin finds the closest event of the conversation with login data.
func (c *capture) nearestLogin(row int) login {
	conn := c.store.Row(row).Conn()
	for d := 1; d < maxLookBack; d++ {
		if i := row + d; i < c.store.Len() && c.holdsLogin(i, conn) {
			return login{i, c.store.Row(i).Seq(), "The next login data are in " + number(c.store.Row(i).Seq()) + "."}
		}
		if i := row - d; i >= 0 && c.holdsLogin(i, conn) {
			return login{i, c.store.Row(i).Seq(), "The last login data were in " + number(c.store.Row(i).Seq()) + "."}
		}
		if row-d < 0 && row+d >= c.store.Len() {
			break
		}
	}
	return login{row: -1}
}

func (c *capture) holdsLogin(i int, conn decode.ConnID) bool {
	r := c.store.Row(i)
	return r.Conn() == conn && r.Has(inspector.HasSASL)
}

// verdict is the outcome of checking a login, computed away from the screen
// because it may take a second.
type verdict struct {
	done  bool
	known bool
	v     sasl.Verdict
}

type verdictState uint8

const (
	verdictNone verdictState = iota // no password was given
	verdictRunning
	verdictDone
)

// verdict gives the outcome, or starts the computation.
func (c *capture) verdict(row int, e *decode.Event) (sasl.Verdict, verdictState) {
	if c.check == nil {
		return sasl.Verdict{}, verdictNone
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	v := c.verdicts[row]
	switch {
	case v == nil:
		c.compute(row, e)
		return sasl.Verdict{}, verdictRunning
	case !v.done:
		return sasl.Verdict{}, verdictRunning
	case !v.known:
		return sasl.Verdict{}, verdictNone
	}
	return v.v, verdictDone
}

// maxVerdicts bounds what is remembered.
const maxVerdicts = 256

// compute computes a verdict in the background. The caller holds mu.
func (c *capture) compute(row int, e *decode.Event) {
	if len(c.verdicts) >= maxVerdicts {
		clear(c.verdicts)
	}
	slot := &verdict{}
	c.verdicts[row] = slot
	c.checks.Add(1)
	go func() {
		defer c.checks.Done()
		defer c.caught("a check")
		v, known := c.check(e)
		c.mu.Lock()
		slot.v, slot.known, slot.done = v, known, true
		c.mu.Unlock()
		c.checked.Store(true)
		c.wake()
	}()
}
