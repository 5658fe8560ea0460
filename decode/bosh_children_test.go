package decode

import (
	"fmt"
	"strings"
	"testing"
)

// TestFates: children before and after a proxy, laid side by side. A word stands
// for a child: its letters for the name, its digits for what is inside.
func TestFates(t *testing.T) {
	child := func(word string) []byte {
		name := strings.TrimRight(word, "0123456789")
		return []byte("<" + name + ">" + word[len(name):] + "</" + name + ">")
	}
	many := func(words string) (all [][]byte) {
		for w := range strings.FieldsSeq(words) {
			all = append(all, child(w))
		}
		return all
	}
	for _, x := range []struct{ was, is, want string }{
		{"a1 b1", "a1 b1", "wire a1, wire b1"},
		{"a1", "x a1 y", "injected x, wire a1, injected y"},
		{"a1 b1 c1", "a1 c1", "wire a1, dropped b1, wire c1"},
		{"a1 b1 c1", "a1 b2 c1", "wire a1, edited b2 was b1, wire c1"},
		{"a1", "x a2", "injected x, edited a2 was a1"},
		{"a1 b1", "b2", "dropped a1, edited b2 was b1"},
		{"a1 a22 a3", "a23", "dropped a1, edited a23 was a22, dropped a3"},
		{"", "x", "injected x"},
		{"a1 a2", "", "dropped a1, dropped a2"},
		{"a1 a1 a1", "a1 a1", "wire a1, wire a1, dropped a1"},
		{"", "", ""},
	} {
		var got []string
		for _, f := range fates(many(x.was), many(x.is)) {
			word := func(p []byte) string {
				return strings.NewReplacer("<", "", ">", "").Replace(strings.Split(string(p), "</")[0])
			}
			line := fmt.Sprintf("%v %s", f.origin, word(f.text))
			if f.was != nil {
				line += " was " + word(f.was)
			}
			got = append(got, line)
		}
		if text := strings.Join(got, ", "); text != x.want {
			t.Errorf("%q to %q: %s, want %s", x.was, x.is, text, x.want)
		}
	}
	// Very many of them take no longer than they must.
	var long []string
	for i := range 50000 {
		long = append(long, fmt.Sprint("a", i))
	}
	fates(many(strings.Join(long, " ")), many(strings.ReplaceAll(strings.Join(long, " "), "a", "b")))
}
