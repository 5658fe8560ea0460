package tui

import (
	"strconv"
	"time"

	"xmppscope/decode"
)

// rates are how many events a second came lately, of the conversations that are
// open.
type rates struct {
	at    time.Time
	count map[decode.ConnID]int
	by    map[decode.ConnID]float64
}

// rateOver is the time that a rate is taken over.
const rateOver = 2 * time.Second

// sample looks at the counts now and then.
func (r *rates) sample(c *capture, now time.Time) {
	if c.src.Live == nil && !c.src.Follow || now.Sub(r.at) < rateOver {
		return
	}
	seconds := now.Sub(r.at).Seconds()
	first := r.at.IsZero()
	count, by := make(map[decode.ConnID]int, len(c.tracks.byConn)), make(map[decode.ConnID]float64)
	for id, t := range c.tracks.byConn {
		count[id] = t.events
		if n := t.events - r.count[id]; n > 0 && !first {
			by[id] = float64(n) / seconds
		}
	}
	r.at, r.count, r.by = now, count, by
}

// of is the rate of a conversation in six columns at most, "" where nothing
// came.
func (r *rates) of(id decode.ConnID) string {
	n := r.by[id]
	switch {
	case n <= 0:
		return ""
	case n < 1:
		return "<1/s"
	case n < 1000:
		return strconv.Itoa(int(n+0.5)) + "/s"
	}
	return strconv.Itoa(int(n/1000)) + "k/s"
}
