package gate

import (
	"math/rand/v2"
	"sync"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/proxy"
)

// Rule says what is to be done with the units for which a condition holds
// (CONTRACT, Rules). A Rule may be used by several goroutines.
type Rule struct {
	// Name is shown in the record of each change.
	Name string
	// When is the condition.
	When *inspector.Filter
	// Do is the action.
	Do string
	// Path chooses what an action works on; nil is the whole unit.
	Path *inspector.Path
	// XML is what replace and inject send, Value what set writes.
	XML   []byte
	Value string
	// To and Place say where inject sends: to the initiator or the receiver,
	// before or after the unit. To is empty for the side the unit goes to.
	To, Place string
	// Delay is how long delay waits.
	Delay time.Duration
	// Layer, Condition and Text say how close ends the connection.
	Layer, Condition, Text string
	// How is what mutate does.
	How string
	// Times is how often the rule acts, After how often its condition holds
	// before it does; 0 is without limit, and at once.
	Times, After int
	// Probability is that with which it acts, from 0 to 1; 0 stands for always.
	// The draws follow from Seed and differ between connections.
	Probability float64
	Seed        uint64

	mu    sync.Mutex
	held  int // how often the condition held
	acted int
	draws map[uint64]*rand.Rand // by connection
}

// maxDraws bounds the connections whose draws are remembered.
const maxDraws = 1 << 16

// fires tells whether the rule acts on an event, and counts it.
func (r *Rule) fires(flow uint64, e *decode.Event, x inspector.Extra) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Times > 0 && r.acted >= r.Times {
		return false
	}
	x.Hits = r.held
	now, counts := r.When.MatchCounted(e, x)
	if counts {
		r.held++
	}
	if !now || r.held <= r.After {
		return false
	}
	if r.Probability > 0 && r.Probability < 1 && r.draw(flow) >= r.Probability {
		return false
	}
	r.acted++
	return true
}

// draw is the next random number of a connection, from 0 up to 1.
func (r *Rule) draw(flow uint64) float64 {
	d := r.draws[flow]
	if d == nil {
		if r.draws == nil || len(r.draws) >= maxDraws {
			r.draws = map[uint64]*rand.Rand{}
		}
		d = rand.New(rand.NewPCG(r.Seed, flow))
		r.draws[flow] = d
	}
	return d.Float64()
}

// done tells that the rule will never act again.
func (r *Rule) done() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.Times > 0 && r.acted >= r.Times
}

// closeHow is how close ends a connection. Who gets the unit is told.
func (r *Rule) closeHow(d decode.Dir) proxy.CloseHow {
	how := proxy.CloseHow{Layer: r.Layer, Condition: r.Condition, Text: r.Text, To: d}
	switch r.To {
	case "initiator":
		how.To = decode.FromReceiver
	case "receiver":
		how.To = decode.FromInitiator
	}
	return how
}
