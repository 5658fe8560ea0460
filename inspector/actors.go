package inspector

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Actor is somebody who takes part, as a person calls them.
type Actor struct {
	// Address is a JID, or an address of a machine where no JID is known.
	Address string
	// Name is what they are called; empty for their address.
	Name string
	// Rank is their place among the actors, from 1; 0 where nobody chose one.
	Rank int
}

// Actors are the names and the order that a person gave to those who take part.
// Any goroutine may use them.
type Actors struct {
	mu      sync.RWMutex
	by      map[string]Actor
	changed atomic.Int64
	edits   atomic.Int64
}

// maxActors bounds how many names are kept.
const maxActors = 100_000

// Actors are the names of those who take part.
func (s *Store) Actors() *Actors { return &s.actors }

// Name calls who has an address by a name, and gives them a place; with neither
// they are called by their address again.
func (a *Actors) Name(address, name string, rank int) {
	a.edits.Add(1)
	a.Restore(address, name, rank)
}

// Restore is Name for what was saved.
func (a *Actors) Restore(address, name string, rank int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changed.Add(1)
	if name == "" && rank == 0 {
		delete(a.by, address)
		return
	}
	if a.by == nil {
		a.by = map[string]Actor{}
	}
	if len(a.by) < maxActors {
		a.by[address] = Actor{Address: address, Name: name, Rank: rank}
	}
}

// Changed counts the changes.
func (a *Actors) Changed() int64 { return a.changed.Load() }

// Edits counts the changes that a person made: what Name did.
func (a *Actors) Edits() int64 { return a.edits.Load() }

// Of is what is known of who has an address.
func (a *Actors) Of(address string) Actor {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if actor, ok := a.by[address]; ok {
		return actor
	}
	return Actor{Address: address}
}

// All are those that were named or placed, in the order of their addresses.
func (a *Actors) All() []Actor {
	a.mu.RLock()
	defer a.mu.RUnlock()
	all := make([]Actor, 0, len(a.by))
	for _, actor := range a.by {
		all = append(all, actor)
	}
	slices.SortFunc(all, func(a, b Actor) int { return strings.Compare(a.Address, b.Address) })
	return all
}
