package tui

import (
	"slices"
	"sync"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
)

// Previewer is a Live that can tell what something would be if it were sent. Its
// methods are called from any goroutine.
type Previewer interface {
	// Would are the events that a text would be if it went on now, at most so many
	// units of it; nothing changes by it.
	Would(id decode.ConnID, dir decode.Dir, text []byte, most int) ([]decode.Event, error)
	// Open lists the conversations that are open, by number.
	Open() []decode.ConnID
}

// advice is what there is to say about a text that somebody may send.
type advice struct {
	text  string
	fault *xmlstream.SyntaxError // why it is not well-formed, with its place
	event *decode.Event          // what it would be, of several the last; nil where that is not known
	from  map[decode.Seq]int     // where in the text the units begin that it would be
	fresh []lint.Finding         // findings that it would cause
	gone  []lint.Finding         // of the text that it takes the place of
	still []lint.Finding         // that both have
	why   string                 // why the rules could not be asked
	// verdict is how a login compares with what is known of the account.
	verdict sasl.Verdict
	checked bool
	names   *seenNames // used so far in the conversation
}

// adviser judges a text while it is typed, away from the keys: one judgement at
// a time, the newest text next. All but what says otherwise belongs to the event
// loop.
type adviser struct {
	u        *ui
	conn     decode.ConnID
	dir      decode.Dir
	seq      decode.Seq // of what is edited; 0 for something new
	original string     // what it takes the place of; empty for nothing
	scope    *xmlstream.Scope
	kind     decode.Kind
	exchange *sasl.Exchange         // of the login that it belongs to
	instead  *decode.Event          // what it takes the place of; nil for nothing
	fresh    func(text string) bool // whether it gets an id of its own; nil for never

	asked   string
	any     bool // something was asked
	mu      sync.Mutex
	running bool
	last    *advice
	// Of the goroutine that judges:
	past   history
	names  *seenNames
	before []lint.Finding
	based  int // how much history names and before are of
}

// Bounds of what is judged while somebody types: bytes of the text, units in it.
const (
	maxJudged      = 256 << 10
	maxJudgedUnits = 8
)

// of gives the newest advice, and asks for that about text. It is never waited
// for; nil where there is none at all yet.
func (a *adviser) of(text string) *advice {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.running || a.any && a.asked == text || a.u.cap == nil {
		return a.last
	}
	a.running, a.any, a.asked = true, true, text
	c := a.u.cap
	look := looking{live: c.src.Live, verify: a.u.o.Verify, store: c}
	job := *a.plan(text)
	c.checks.Add(1)
	go func() {
		defer c.checks.Done()
		defer c.caught("advice")
		found := a.judge(&job, &look, text)
		a.mu.Lock()
		a.last, a.running = found, false
		a.mu.Unlock()
		c.wake()
	}()
	return a.last
}

// newest is the last advice; nil before the first.
func (a *adviser) newest() *advice {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.last
}

// redo forgets what was said, where something else than the text has changed.
func (a *adviser) redo() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.any = false
}

// job is what a judgement is about.
type job struct {
	conn     decode.ConnID
	dir      decode.Dir
	seq      decode.Seq
	original string
	scope    *xmlstream.Scope
	kind     decode.Kind
	exchange *sasl.Exchange
	instead  *decode.Event
	fresh    bool
}

// within is the scope that a text stands in.
func (a *adviser) within() *xmlstream.Scope {
	if a.scope == nil {
		return xmlstream.MidStream(xmlstream.NSClient)
	}
	return a.scope
}

func (a *adviser) plan(text string) *job {
	scope := a.within()
	return &job{a.conn, a.dir, a.seq, a.original, scope, a.kind, a.exchange, a.instead, a.fresh != nil && a.fresh(text)}
}

// looking is what a judgement asks.
type looking struct {
	live   Live
	verify func(*decode.Event) (sasl.Verdict, bool)
	store  *capture
}

// judge runs in a goroutine of its own.
func (a *adviser) judge(j *job, look *looking, text string) *advice {
	said := &advice{text: text, fault: gate.Fault([]byte(text), j.scope)}
	if len(text) > maxJudged {
		said.why = "more than " + size(maxJudged) + ": only its form was looked at"
		return said
	}
	a.past.read(look.store.store, j.conn)
	if a.names == nil || a.based != a.past.next || a.past.conn != j.conn {
		names := a.past.names()
		a.before, a.names, a.based = nil, &names, a.past.next
		if j.original != "" {
			a.before = a.past.judge(look, j.events(look, j.original))
		}
	}
	if said.names = a.names; text == "" {
		return said
	}
	events := j.events(look, text)
	found := a.past.judge(look, events)
	said.fresh, said.gone, said.still = compared(a.before, found)
	said.from = map[decode.Seq]int{}
	at := 0
	for _, e := range events {
		said.event, said.from[e.Seq] = e, at
		at += len(e.Text())
		if e.SASL != nil && look.verify != nil {
			said.verdict, said.checked = look.verify(j.asEdited(e, text))
		}
	}
	return said
}

// asEdited is an event of a login with the mark of what was changed on its way,
// where the text is not what came: the verdict then does not look for another
// cause.
func (j *job) asEdited(e *decode.Event, text string) *decode.Event {
	n := len(e.SASL.Messages)
	if j.original == "" || text == j.original || n == 0 {
		return e
	}
	x, now := *e.SASL, *e
	x.Messages = slices.Clone(x.Messages)
	x.Messages[n-1].Edited = true
	now.SASL = &x
	return &now
}

// events are what a text would be.
func (j *job) events(look *looking, text string) (all []*decode.Event) {
	if j.fresh {
		text = withFreshID(text, j.scope)
	}
	if p, ok := look.live.(Previewer); ok {
		if would, err := p.Would(j.conn, j.dir, []byte(text), maxJudgedUnits); err == nil {
			for i := range would {
				all = append(all, &would[i])
			}
			return all
		}
	}
	f := xmlstream.NewInside(xmlstream.Options{})
	f.Push([]byte(text))
	for _, u := range f.Flush() {
		if len(all) == maxJudgedUnits {
			break
		}
		all = append(all, j.plain(u.Wire))
	}
	return all
}

// plain is the event as far as the bytes tell it, and what they take the place of.
func (j *job) plain(text []byte) *decode.Event {
	var tree xmlstream.Tree
	var root *xmlstream.Node
	e := &decode.Event{Conn: j.conn, Dir: j.dir, Kind: j.kind, Wire: text, Scope: j.scope}
	if e.Kind == decode.KindOpen {
		root, _ = tree.ParseHeader(text, xmlstream.Options{})
	} else if e.Kind != decode.KindClose && e.Kind != decode.KindSpace {
		root = tree.Parse(text, j.scope, xmlstream.Options{})
	}
	if root != nil {
		e.Name = root.Name
	}
	if was := j.instead; was != nil && was.Name == e.Name {
		e.Step, e.Phase, e.State, e.After = was.Step, was.Phase, was.State, was.After
	}
	e.Errs = tree.Errs
	e.SASL = live.Relogin(j.exchange, text, j.scope)
	return e
}

// compared are the findings that only the second list has, those that only
// the first has, and those of the second that both have. A finding that says the same in other
// words, because a value has changed, is the same one.
func compared(before, after []lint.Finding) (fresh, gone, still []lint.Finding) {
	count := map[string]int{}
	for i := range before {
		count[before[i].Rule]++
	}
	for i := range after {
		if r := after[i].Rule; count[r] > 0 {
			count[r]--
			still = append(still, after[i])
			continue
		}
		fresh = append(fresh, after[i])
	}
	for i := range before {
		if r := before[i].Rule; count[r] > 0 {
			count[r]--
			gone = append(gone, before[i])
		}
	}
	return fresh, gone, still
}
