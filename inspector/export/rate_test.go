package export

import "testing"

func TestRate(t *testing.T) {
	for n, want := range map[float64]string{0: "0", 0.25: "0.25", 89.56: "89.56", 999.94: "999.9", 1234.5: "1,235", 16180: "16,180", 2.1e7: "21,000,000"} {
		if got := rate(n); got != want {
			t.Errorf("%v: %s, want %s", n, got, want)
		}
	}
}
