package inspector

import (
	"math"
	"regexp"
	"strconv"

	"xmppscope/decode"
)

var numbers = regexp.MustCompile(`\d+`)

// MatchCounted is Match for a condition that may ask how often it held: counts
// tells whether this event is one of those, which is so when the rest of the
// expression holds, whatever number it asks for.
func (f *Filter) MatchCounted(e *decode.Event, x Extra) (now, counts bool) {
	if now = f.Match(e, x); now || !f.UsesHits() {
		return now, now
	}
	// A comparison changes only beside a number that it names.
	try := []int{0, math.MaxInt32}
	for _, s := range numbers.FindAllString(f.text, 64) {
		if n, err := strconv.Atoi(s); err == nil && n < math.MaxInt32 {
			try = append(try, n-1, n, n+1)
		}
	}
	for _, x.Hits = range try {
		if f.Match(e, x) {
			return false, true
		}
	}
	return false, false
}
