package decode

import "time"

// arrivals says when the bytes of a direction came, as far as they were not
// read at once: a record of TLS may be read later, when its keys have come, or
// the rest of it.
type arrivals []arrival

type arrival struct {
	end int64 // offset of TCP behind the bytes
	t   time.Time
}

// mostArrivals is how many times are kept for a direction; of more the last
// stands for all that follow.
const mostArrivals = 4096

// add says that the bytes up to an offset came at t.
func (a *arrivals) add(end int64, t time.Time) {
	if n := len(*a); n == mostArrivals || n > 0 && (*a)[n-1].t.Equal(t) {
		(*a)[n-1] = arrival{end, t}
		return
	}
	*a = append(*a, arrival{end, t})
}

// of tells when the byte before an offset came, and forgets what came before
// that; now is the answer where nothing is known of it.
func (a *arrivals) of(end int64, now time.Time) time.Time {
	i := 0
	for i < len(*a) && (*a)[i].end < end {
		i++
	}
	*a = append((*a)[:0], (*a)[i:]...)
	if len(*a) == 0 {
		return now
	}
	return (*a)[0].t
}
