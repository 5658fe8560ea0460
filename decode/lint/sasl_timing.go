package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
)

// DefaultTimingRatio is how many times longer the refusal of one sort of names
// must take than that of the other.
const DefaultTimingRatio = 3

const (
	// minRefusals is how many of each sort must have been seen: one alone may be
	// slow for any reason.
	minRefusals = 3
	// minLag is the least difference of the medians: below it the network tells
	// as much as the server.
	minLag = 10 * time.Millisecond
	// leastTime is what a refusal takes at least, so that ratios mean something.
	leastTime = time.Millisecond
	// maxClocked bounds the refusals that are remembered of one server.
	maxClocked = 256
)

// timingGroup has no rules: it reports sasl-user-enumeration where the time that
// a refusal takes tells which names exist (RFC 6120 §6.5.10). It stands behind
// the group that learns which do.
//
// How far a client is from the server is taken off: the fastest turn of the
// stream headers is. A server that slows down with every failure slows down for
// all names, so the two sorts must have come in turns and none of the quick sort
// may be as slow as one of the other.
var timingGroup = Group{
	Kinds: []decode.Kind{decode.KindOpen, decode.KindNonza, decode.KindGap},
	Check: checkTiming,
}

// loginClock is how long the receiving entity takes in one conversation.
type loginClock struct {
	opened  time.Time // the header that waits for its answer
	base    time.Duration
	based   bool
	asked   time.Time // the message of a login that waits for its answer
	took    time.Duration
	turns   int
	through bool // no turn of this login is missing
}

// clockedNames are the refusals of all conversations, by server and mechanism.
type clockedNames struct{ of map[string]*clocked }

type clocked struct {
	all  []clockedRefusal // in their order
	told bool
}

// clockedRefusal is how long the refusal of a name took.
type clockedRefusal struct {
	name string // as a key of knownNames
	took time.Duration
}

func checkTiming(p *Pass) {
	e, m := p.Event, of(&p.own.loginClock)
	switch {
	case e.Kind == decode.KindGap:
		m.opened, m.asked, m.through = time.Time{}, time.Time{}, false
	case e.Kind == decode.KindOpen:
		m.header(e)
	case e.SASL != nil && isSASL(e.Name.Space):
		m.turn(p)
	}
}

func (m *loginClock) header(e *decode.Event) {
	if e.Dir == decode.FromInitiator {
		m.opened = e.Time
		return
	}
	if d := e.Time.Sub(m.opened); !m.opened.IsZero() && d >= 0 && (!m.based || d < m.base) {
		m.base, m.based = d, true
	}
	m.opened = time.Time{}
}

func (m *loginClock) turn(p *Pass) {
	e := p.Event
	if e.Dir == decode.FromInitiator {
		if isLogin(e) {
			m.took, m.turns, m.through = 0, 0, true
		}
		m.asked = e.Time
		return
	}
	if m.asked.IsZero() || e.Time.Before(m.asked) {
		m.through = false
		return
	}
	m.took += e.Time.Sub(m.asked)
	m.turns++
	m.asked = time.Time{}
	if isFailure(e) && e.Condition == "not-authorized" && m.through && m.based {
		m.refused(p)
	}
}

// refused takes down a refusal, and looks whether all of them together tell.
func (m *loginClock) refused(p *Pass) {
	e, k := p.Event, of(&p.shared.clockedNames)
	user, _ := sasl.Username(e.SASL)
	name, server := nameKey(e.State.Domain, user), fmt.Sprint(strings.ToLower(e.State.Domain), " ", e.SASL.Mechanism, " ", m.turns)
	if user == "" || len(name) > maxKey || len(server) > maxKey {
		return
	}
	c := k.of[server]
	if c == nil {
		if len(k.of) >= maxServers {
			return
		}
		if k.of == nil {
			k.of = map[string]*clocked{}
		}
		c = &clocked{}
		k.of[server] = c
	}
	if c.told || len(c.all) >= maxClocked {
		return
	}
	took := max(m.took-time.Duration(m.turns)*m.base, leastTime)
	c.all = append(c.all, clockedRefusal{name, took})
	if text := c.judge(of(&p.shared.knownNames).exist, p.engine.o.TimingRatio); text != "" {
		c.told = true
		p.Report("sasl-user-enumeration", text)
	}
}

// judge says how the two sorts of names differ; nothing where they do not, or
// where there are too few of one.
func (c *clocked) judge(exist map[string]bool, ratio float64) string {
	var took [2][]time.Duration // of names that exist, and of others
	changes, last := 0, -1
	for _, r := range c.all {
		sort := 1
		if exist[r.name] {
			sort = 0
		}
		if last >= 0 && sort != last {
			changes++
		}
		last = sort
		took[sort] = append(took[sort], r.took)
	}
	if len(took[0]) < minRefusals || len(took[1]) < minRefusals || changes < 2 {
		return ""
	}
	slices.Sort(took[0])
	slices.Sort(took[1])
	quick, slow := took[1], took[0]
	if quick[0] > slow[0] {
		quick, slow = slow, quick
	}
	if quick[len(quick)-1] >= slow[0] {
		return ""
	}
	q, s := median(quick), median(slow)
	if s-q < minLag || float64(s) < ratio*float64(q) {
		return ""
	}
	return fmt.Sprintf("a refusal takes about %s for names that exist and %s for others (%d and %d refusals, the way there and back taken off)",
		rounded(median(took[0])), rounded(median(took[1])), len(took[0]), len(took[1]))
}

// median of a sorted list.
func median(all []time.Duration) time.Duration { return all[len(all)/2] }

func rounded(d time.Duration) time.Duration { return d.Round(time.Millisecond) }
