package inspector

import (
	"slices"
	"testing"
	"time"
)

// Completion offers what the store holds, the most frequent first, in the form
// that the filter language wants.
func TestValuesOf(t *testing.T) {
	s := NewStore(StoreOptions{})
	defer s.Close()
	for _, e := range sample() {
		s.Append(e)
	}
	for name, want := range map[string]bool{"kind": true, "name": true, "seq": true, "payload.ns": true, "reply": false, "time": false, "nonsense": false} {
		got := ValuesOf(s, name, 5, time.Second)
		if len(got) > 0 != want || len(got) > 5 {
			t.Errorf("%s has %q", name, got)
		}
		for _, v := range got {
			if _, err := Compile(name + " == " + v); err != nil {
				t.Errorf("%s == %s: %v", name, v, err)
			}
			f, err := Compile(name + " == " + v)
			held := false
			for i := range s.Len() {
				held = held || err == nil && f.MatchRow(s, i)
			}
			if !held {
				t.Errorf("%s == %s holds for no event, though it was offered", name, v)
			}
		}
		for _, op := range Operators(name) {
			if len(got) > 0 && op != "in" && op != "matches" {
				if _, err := Compile(name + " " + op + " " + got[0]); err != nil {
					t.Errorf("%s %s %s: %v", name, op, got[0], err)
				}
			}
		}
	}
}

// A condition on how often it held counts every event that holds but for that.
func TestMatchRowCounted(t *testing.T) {
	s := NewStore(StoreOptions{})
	defer s.Close()
	for _, e := range sample() {
		s.Append(e)
	}
	f, err := Compile(`kind == "stanza" and hits >= 2`)
	if err != nil {
		t.Fatal(err)
	}
	plain, _ := Compile(`kind == "stanza"`)
	var fits, stops []int
	hits := 0
	for i := range s.Len() {
		if plain.MatchRow(s, i) {
			fits = append(fits, i)
		}
		now, counts := f.MatchRowCounted(s, i, hits)
		if now {
			stops = append(stops, i)
		}
		if counts {
			hits++
		}
	}
	if len(fits) < 3 || !slices.Equal(stops, fits[2:]) {
		t.Errorf("fits %v, stopped at %v", fits, stops)
	}
}
