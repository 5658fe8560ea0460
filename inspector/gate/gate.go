package gate

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
	"xmppscope/proxy"
)

// Mode is what happens to units that no rule and no breakpoint is about.
type Mode uint8

const (
	// Running sends them on.
	Running Mode = iota
	// Paused holds all of them.
	Paused
	// UntilPhase sends them on until one belongs to another phase, and is Paused
	// from there on.
	UntilPhase
)

func (m Mode) String() string {
	return [...]string{"running", "paused", "running to the next phase"}[min(m, UntilPhase)]
}

// Gate decides about units; it is a proxy.Gate and a proxy.Watcher. Its methods
// may be called from any goroutine.
type Gate struct {
	watching atomic.Bool

	mu     sync.Mutex
	rules  []*Rule
	breaks []*Break
	ids    int
	mode   Mode
	from   map[uint64]decode.Phase // of UntilPhase, by connection
}

// New makes a gate with rules.
func New(rules []*Rule) *Gate {
	g := &Gate{rules: rules}
	g.look()
	return g
}

// look works out whether there is anything to look for.
func (g *Gate) look() {
	on := g.mode != Running
	for _, r := range g.rules {
		on = on || !r.done()
	}
	for _, b := range g.breaks {
		on = on || !b.Off
	}
	g.watching.Store(on)
}

// Watching tells whether units are looked at.
func (g *Gate) Watching(*proxy.Conn) bool { return g.watching.Load() }

// SetMode pauses or goes on. What is held already stays held.
func (g *Gate) SetMode(m Mode) { g.Run(m, nil) }

// Run is SetMode where it is known in which phase connections are, by the number
// of each; of others it is that of the first unit that comes.
func (g *Gate) Run(m Mode, from map[uint64]decode.Phase) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.mode, g.from = m, from; from == nil {
		g.from = map[uint64]decode.Phase{}
	}
	g.look()
}

// Mode is the mode now.
func (g *Gate) Mode() Mode {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.mode
}

// Add sets a breakpoint and gives it its number.
func (g *Gate) Add(b Break) Break {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ids++
	b.ID = g.ids
	g.breaks = append(g.breaks, &b)
	g.look()
	return b
}

// Remove takes a breakpoint away; false where there is none.
func (g *Gate) Remove(id int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := len(g.breaks)
	g.breaks = slices.DeleteFunc(g.breaks, func(b *Break) bool { return b.ID == id })
	g.look()
	return len(g.breaks) < n
}

// Switch turns a breakpoint off, or on again; false where there is none.
func (g *Gate) Switch(id int, off bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, b := range g.breaks {
		if b.ID == id {
			b.Off = off
			g.look()
			return true
		}
	}
	return false
}

// Breaks lists the breakpoints.
func (g *Gate) Breaks() (all []Break) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, b := range g.breaks {
		all = append(all, *b)
	}
	return all
}

// Decide is what is to happen to a unit; see proxy.Gate.
func (g *Gate) Decide(c *proxy.Conn, e *decode.Event) proxy.Verdict { return g.decide(c.ID(), e) }

func (g *Gate) decide(flow uint64, e *decode.Event) proxy.Verdict {
	g.mu.Lock()
	defer g.mu.Unlock()
	x := inspector.Extra{Findings: lint.Faults(e)}
	a := acting{e: e, text: e.Text()}
	var names []string
	for _, r := range g.rules {
		if !r.fires(flow, e, x) {
			continue
		}
		a.note = ""
		actionOf(r.Do).act(r, &a)
		name := r.Name
		if a.note != "" {
			name += ": " + a.note
		}
		if names = append(names, name); a.over {
			break
		}
	}
	if len(names) > 0 {
		a.v.Why = "rule " + strings.Join(names, "; ")
		g.look()
	}
	if why := g.stops(flow, e, x); why != "" && (a.v.Do == proxy.Forward || a.v.Do == proxy.Edit) {
		a.v.Do, a.v.Why = proxy.Hold, join(a.v.Why, why)
	}
	if a.v.Delay > 0 && (a.v.Do == proxy.Forward || a.v.Do == proxy.Edit) {
		a.v.Do = proxy.Delay
	}
	return a.v
}

// stops tells why a unit is to be held; empty where it is not.
func (g *Gate) stops(flow uint64, e *decode.Event, x inspector.Extra) (why string) {
	for _, b := range slices.Clone(g.breaks) {
		if !b.stops(e, x) {
			continue
		}
		why = join(why, "breakpoint "+b.Text())
		if b.Once {
			g.breaks = slices.DeleteFunc(g.breaks, func(o *Break) bool { return o == b })
			g.look()
		}
	}
	if e.Kind == decode.KindSpace {
		return why // nothing to step to
	}
	if g.mode == UntilPhase {
		from, known := g.from[flow]
		switch {
		case !known && len(g.from) < maxDraws:
			g.from[flow] = e.Phase
		case known && from != e.Phase:
			g.mode = Paused
		}
	}
	if g.mode == Paused {
		why = join(why, "step")
	}
	return why
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}
