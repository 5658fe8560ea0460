package inspector

import (
	"math/bits"
	"slices"
	"time"
)

// durations sums up waiting times in bounded memory: exact for the first
// exactDurations, from then on counted in buckets whose bounds are 1/32 apart,
// so that a quantile is at most 3.2 % too low and never too high.
type durations struct {
	n       int64
	longest time.Duration
	exact   []time.Duration
	buckets *[durationBuckets]uint32
}

const (
	exactDurations  = 256
	bucketBits      = 5
	durationBuckets = (64 - bucketBits) << bucketBits
)

// add counts one duration; a negative one, which only a disordered capture
// tells, counts as none.
func (d *durations) add(t time.Duration) {
	t = max(t, 0)
	d.n++
	d.longest = max(d.longest, t)
	if d.buckets != nil {
		d.buckets[bucketOf(t)]++
		return
	}
	d.exact = append(d.exact, t)
	if len(d.exact) <= exactDurations {
		return
	}
	d.buckets = new([durationBuckets]uint32)
	for _, t := range d.exact {
		d.buckets[bucketOf(t)]++
	}
	d.exact = nil
}

// quantile is the smallest duration that at least percent of all do not
// exceed; 0 where there are none.
func (d *durations) quantile(percent int64) time.Duration {
	if d.n == 0 {
		return 0
	}
	rank := max((d.n*percent+99)/100, 1)
	if d.buckets == nil {
		sorted := slices.Sorted(slices.Values(d.exact))
		return sorted[rank-1]
	}
	for i, n := range d.buckets {
		if rank -= int64(n); rank <= 0 {
			return bucketFloor(i)
		}
	}
	return d.longest
}

// bucketOf numbers the buckets: below 32 ns each nanosecond has its own, above
// that every doubling has 32.
func bucketOf(t time.Duration) int {
	v := uint64(t)
	shift := max(bits.Len64(v)-bucketBits-1, 0)
	return shift<<bucketBits + int(v>>shift)
}

// bucketFloor is the shortest duration of a bucket.
func bucketFloor(i int) time.Duration {
	shift := max(i>>bucketBits-1, 0)
	return time.Duration(uint64(i-shift<<bucketBits) << shift)
}
