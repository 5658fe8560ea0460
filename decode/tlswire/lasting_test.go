package tlswire

import "testing"

func TestLasting(t *testing.T) {
	for n, want := range map[uint32]string{0: "0 seconds", 1: "1 second", 60: "1 minute", 90: "90 seconds", 3600: "1 hour", 7200: "2 hours", 86400: "1 day", 604800: "7 days", 604801: "604801 seconds"} {
		if got := lasting(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
