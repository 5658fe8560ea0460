package xmlstream

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// kinds spells unit kinds as the tables do.
var kinds = map[UnitKind]string{
	Header: "header", Element: "element", Close: "close",
	Space: "space", Broken: "broken", Opaque: "opaque",
}

// show writes a unit as one line: kind, wire, and what is wrong with it, with
// the faulty bytes.
func show(u Unit) string {
	s := kinds[u.Kind] + " " + quote(u.Wire)
	if u.Err == nil {
		return s
	}
	what := u.Err.Rule
	if what == "" {
		what, _, _ = strings.Cut(strings.ToLower(u.Err.Text), " ")
	}
	return s + " " + strings.Trim(what, ":;") + " " + quote(u.Wire[u.Err.Pos:u.Err.End])
}

func quote(b []byte) string {
	q := strings.Trim(strconv.QuoteToASCII(string(b)), `"`)
	return "[" + strings.NewReplacer(hdr, "{H}", end, "{E}", `\"`, `"`).Replace(q) + "]"
}

func showAll(units []Unit) string {
	var b strings.Builder
	for _, u := range units {
		b.WriteString(show(u))
		b.WriteByte('\n')
	}
	return b.String()
}

// feed pushes the input in the given portions and returns all units.
func feed(f *Framer, in string, portion func() int) []Unit {
	var units []Unit
	for len(in) > 0 {
		n := min(max(portion(), 1), len(in))
		f.Push([]byte(in[:n]))
		in = in[n:]
		units = f.drain(units)
	}
	return append(units, f.Flush()...)
}

func whole() int              { return 1 << 30 }
func bytewise() int           { return 1 }
func pieces(n int) func() int { return func() int { return n } }

func random(r *rand.Rand) func() int {
	return func() int { return 1 + r.IntN(1+r.IntN(40)) }
}

// cutOnce cuts at one place.
func cutOnce(at int) func() int {
	first := true
	return func() int {
		if first {
			first = false
			return at
		}
		return 1 << 30
	}
}

// checkTiling is law 2: the units in order are the input.
func checkTiling(t *testing.T, in string, units []Unit) {
	t.Helper()
	var all bytes.Buffer
	for _, u := range units {
		if u.Off != int64(all.Len()) {
			t.Fatalf("unit %s has offset %d, want %d", show(u), u.Off, all.Len())
		}
		if len(u.Wire) == 0 {
			t.Fatalf("an empty unit: %s", show(u))
		}
		if e := u.Err; e != nil && (e.Pos < 0 || e.Pos > e.End || e.End > len(u.Wire)) {
			t.Fatalf("fault outside its unit: %+v in %d bytes", *e, len(u.Wire))
		}
		all.Write(u.Wire)
	}
	if all.String() != in {
		t.Fatalf("units are not the input:\n got %q\nwant %q", all.String(), in)
	}
}

// checkLaws feeds the input whole, cut once at every offset, byte by byte and
// at random (law 3), and returns the units.
func checkLaws(t *testing.T, in string, start func() *Framer) []Unit {
	t.Helper()
	units := feed(start(), in, whole)
	checkTiling(t, in, units)
	want := showAll(units)
	same := func(how string, portion func() int) {
		t.Helper()
		if got := showAll(feed(start(), in, portion)); got != want {
			t.Fatalf("%s gives other units for %q:\n%swant\n%s", how, in, got, want)
		}
	}
	same("byte by byte", bytewise)
	for at := 1; at < len(in) && at < 3000; at++ {
		same(fmt.Sprintf("one cut at %d", at), cutOnce(at))
	}
	r := rand.New(rand.NewPCG(1, uint64(len(in))))
	for range 20 {
		same("random cuts", random(r))
	}
	return units
}
