package workshop

import (
	"net/netip"
	"sync"
	"time"
)

// rate is how often something may happen: burst at once, and then each a second.
type rate struct {
	burst, each float64
}

// bucket counts what may still happen. The zero value is full.
type bucket struct {
	used float64
	last time.Time
}

// take tells whether it may happen once more now.
func (b *bucket) take(r rate, now time.Time) bool {
	b.ease(r, now)
	if b.used+1 > r.burst {
		return false
	}
	b.used++
	return true
}

func (b *bucket) ease(r rate, now time.Time) {
	if passed := now.Sub(b.last).Seconds(); passed > 0 {
		b.used = max(0, b.used-passed*r.each)
	}
	b.last = now
}

// maxFloods is how many addresses are counted apart.
const maxFloods = 4096

// flood counts what comes from each address, and in total.
type flood struct {
	one, all rate
	mu       sync.Mutex
	by       map[netip.Prefix]*bucket
	total    bucket
}

// take tells whether it may happen once more from an address.
func (f *flood) take(from netip.Addr, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.by == nil {
		f.by = map[netip.Prefix]*bucket{}
	}
	p := network(from)
	b := f.by[p]
	if b == nil {
		if len(f.by) >= maxFloods {
			f.forget(now)
		}
		if len(f.by) >= maxFloods {
			return false
		}
		b = &bucket{}
		f.by[p] = b
	}
	// One address that floods must not use up what all have.
	return b.take(f.one, now) && f.total.take(f.all, now)
}

// forget leaves out who has been quiet.
func (f *flood) forget(now time.Time) {
	for p, b := range f.by {
		if b.ease(f.one, now); b.used == 0 {
			delete(f.by, p)
		}
	}
}

// network is what counts as one address: of IPv6 whoever has one has a whole /64.
func network(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // the number of bits fits
	return p
}
