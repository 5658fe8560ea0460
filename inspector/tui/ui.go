package tui

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/rivo/tview"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// ui is the whole interface. All of it belongs to the event loop; other
// goroutines may only call pump.wake and pump.stop.
type ui struct {
	o       Options
	ctx     context.Context
	app     *tview.Application
	pump    *pump
	surface *surface
	th      *theme
	keys    *keyTable

	root   *root
	bar    *phaseBar
	held   *heldList
	convs  *convList
	list   *list
	detail *detail
	second *detail // beside it, see second.go
	// onSecond: where the details have the focus, the second pane has it.
	onSecond bool

	lesson   *lesson // that is being taken; nil for none
	teaching *Teaching
	looked   Look     // as the class was last told
	cap      *capture // nil on the start screen
	focus    pane
	zoom     bool
	parted
	outside
	over    overlay // lies over the panes; nil for none
	start   *chooser
	search  search
	asked   asked
	message message
	told    []said           // what was said before
	jobs    jobs             // what is done away from the event loop
	left    map[string]*form // forms as they were left, by name
	undos   []undone         // what u takes back
	stop    stop             // where a verb has stopped
	runs    string           // the condition that everything runs to, empty for none
	hidden  decode.Seq       // what is held and whose card was taken away
	noCards bool
	queue   queue // of a live source
	editing editing
	onHeld  bool // the details show the held unit that is selected
	seen    seen
	least   inspector.Level // of the findings that are listed
	// suspend gives the terminal back while something else runs in it, clock
	// tells the time; both are set in tests alone.
	suspend func(func()) bool
	clock   func() time.Time
	alive   atomic.Bool // the pump should look by itself
	busy    atomic.Bool // there is work for the next tick: do not wait for its time
}

// pane is what can have the focus.
type pane uint8

const (
	paneList pane = iota
	paneDetail
	paneConvs
	paneHeld
	paneLesson
)

// seen is what the last redraw showed, to tell whether another one is needed.
type seen struct {
	rows, scanned, shown int
	read                 int64
	ended                bool
	left                 int
	found                int // findings
	folded               int // rows of the session, of what is asked and of what is found
	live                 int // looks at what is live that had news
	remarks              int64
	saving               bool
}

// build makes the parts. The screen is there already.
func (u *ui) build() {
	u.root = newRoot(u)
	u.bar, u.convs, u.list, u.detail, u.second = newPhaseBar(u), newConvList(u), newList(u), newDetail(u), newDetail(u)
	u.second.tab, u.pair = tabXML, true
	k := readKept(u.o.State)
	u.sizes, u.skin = k.Sizes, k.Skin
	u.held = newHeldList(u)
	u.start = u.newStart()
	switch {
	case u.o.Source != nil:
		u.look(u.o.Source)
	case u.o.Seat != nil:
		u.sit(u.o.Seat)
	case u.o.Learn:
		u.beginLearning()
	}
}

// look changes to another source. The old one is given up.
func (u *ui) look(src *Source) {
	taught := u.lesson != nil
	u.endLesson()
	u.lookFrom(src, nil)
	if taught {
		u.say(noteInfo, "your place in the lesson is kept; C leads back to it")
	}
}

// lookFrom is look at another reading of the same capture, from the same place.
func (u *ui) lookFrom(src *Source, at *spot) {
	u.shut()
	check := u.o.Verify
	if src.Verify != nil {
		check = src.Verify
	}
	u.cap = newCapture(src, check, u.pump.wake)
	u.cap.caught = u.caught
	u.undos, u.stop, u.hidden, u.runs = nil, stop{}, 0, ""
	u.cap.place = at
	u.least = inspector.LevelNote
	u.asked = asked{}
	u.search, u.message, u.seen, u.over, u.focus = search{}, message{}, seen{}, nil, paneList
	u.queue, u.onHeld = queue{}, false
	u.editing.sent = nil // what was sent there has no row here
	u.list.forget()
	u.detail.forget()
	u.second.forget()
	u.convs.forget()
	u.cap.load.start(u.ctx, u.guarded(src.Load), u.pump.wake)
	u.alive.Store(true)
	u.pump.wake()
	u.tick()
}

// shut gives the source up: it ends the loader and then lets the owner close.
func (u *ui) shut() {
	c := u.cap
	if c == nil {
		return
	}
	u.cap = nil
	if c.stopSaving != nil {
		c.stopSaving()
	}
	ended := c.load.stop(patience)
	c.checks.Wait()
	if ended && c.src.Close != nil {
		c.src.Close()
	}
}

// rowsATick bounds how many new rows one tick looks at, so that a key never
// waits long.
const rowsATick = 50_000

// tick takes over what the loader and others have done. It tells whether
// anything on the screen may have changed.
func (u *ui) tick() bool {
	u.heed()
	taken := u.takeOver()
	c := u.cap
	if c == nil {
		u.alive.Store(false)
		u.busy.Store(false)
		return taken
	}
	ended := c.load.done() // before Len: nothing is added after it
	if c.store.Len() != c.tracks.scanned {
		c.tracks.update(c.store, rowsATick)
	}
	judging := c.tracks.judge(c.store, rowsATick)
	working := u.foldOn()
	working = u.askOn() || working
	working = u.findOn() || working
	u.saveOn()
	c.rates.sample(c, u.now())
	u.lookOn() // before the view changes
	pending := c.update()
	u.watch()
	u.lookForAnswer()
	taught := u.teachOn()
	now := seen{rows: c.store.Len(), scanned: c.tracks.scanned, shown: c.view.Len(),
		read: c.load.read.Load(), ended: ended && c.tracks.scanned == c.store.Len(), left: u.search.left(), found: c.tracks.judged, folded: c.memory.next, live: u.queue.looks, remarks: c.store.Remarks().Changed(), saving: c.saving != nil}
	if c.asking != nil {
		now.folded += c.asking.next
	}
	if l, ok := u.over.(*foundList); ok {
		now.folded += l.hits.next + len(l.hits.hits)
	}
	changed := now != u.seen || taken || taught
	if changed {
		c.convs = c.store.Conversations()
	}
	if now.found != u.seen.found {
		u.renew(tabExplain, tabFindings)
	}
	c.returnTo(false)
	if now.ended && !u.seen.ended {
		u.loaded()
	}
	u.seen = now
	if c.checked.Swap(false) {
		u.renew(tabSASL)
	}
	u.busy.Store(pending || c.tracks.scanned < c.store.Len() || u.search.run != nil || judging || working)
	u.alive.Store(!ended || u.busy.Load() || c.saving != nil)
	return changed
}

// loaded says how reading ended.
func (u *ui) loaded() {
	c := u.cap
	if p := c.place; p != nil {
		c.returnTo(true)
		u.convs.show(c.conn)
		u.useful(p.read)
	}
	switch err := c.load.err; {
	case err != nil && u.ctx.Err() == nil:
		u.say(noteBad, "reading stopped: "+wire(err.Error()))
	case u.message.text == "" && c.place == nil:
		u.tellFailure()
	}
}

func (u *ui) now() time.Time {
	if u.clock != nil {
		return u.clock()
	}
	return time.Now()
}

// live is asked by the pump's goroutine.
func (u *ui) live() bool { return u.alive.Load() }

func (u *ui) currentTrack() (*track, int) {
	if u.cap == nil {
		return &track{}, -1
	}
	if h := u.heldUnit(); h != nil {
		t := u.cap.tracks.of(h.Conn)
		return t, len(t.stages) - 1
	}
	return u.cap.track()
}

// close removes what lies over the panes.
func (u *ui) close() { u.over = nil }
