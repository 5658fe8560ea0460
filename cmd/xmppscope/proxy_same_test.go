package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// reopened is what a recording says.
func reopened(t *testing.T, file string, args ...string) []record {
	t.Helper()
	var out, said bytes.Buffer
	s := &streams{in: strings.NewReader(""), out: &out, err: &said}
	if got := run(context.Background(), s, append([]string{"dump", "--json", file}, args...)); got != exitDone {
		t.Fatalf("the recording cannot be read: exit code %d\n%s", got, said.String())
	}
	if said.Len() > 0 {
		t.Errorf("about the recording: %s", said.String())
	}
	return parseRecords(t, out.String())
}

// same checks that a recording says what was said live (CONTRACT, Files): the
// same records in the same order. Frames are those of another file, and what
// shows only later stands beside the events live.
func (r *rig) same(live []record) {
	r.Helper()
	var more []string
	for i, a := range r.args {
		if a == "--password" || a == "--keylog" {
			more = append(more, a, r.args[i+1])
		}
	}
	again := reopened(r.T, r.file, more...)
	a, found := stripped(live)
	b, foundAgain := stripped(again)
	for i := range min(len(a), len(b)) {
		if d := gocmp.Diff(a[i], b[i]); d != "" {
			r.Errorf("record %d differs (-live +reopened):\n%s", i+1, d)
			return
		}
	}
	if len(a) != len(b) {
		r.Errorf("%d records live, %d reopened", len(a), len(b))
	}
	if d := gocmp.Diff(found, foundAgain); d != "" {
		r.Errorf("findings differ (-live +reopened):\n%s", d)
	}
}

// stripped takes out what may differ, and returns the findings by themselves.
func stripped(all []record) (rest []record, found []string) {
	note := func(seq int, v any) {
		f, _ := v.(map[string]any)
		found = append(found, fmt.Sprintf("%v of %v", f["rule"], cmp.Or(f["seq"], any(float64(seq)))))
	}
	for _, r := range all {
		if r.is("record", "finding") {
			note(0, map[string]any(r))
			continue
		}
		if r.is("record", "held") || r.is("record", "error") {
			continue
		}
		c := record{}
		for k, v := range r {
			switch k {
			case "frames":
			case "findings":
				list, _ := v.([]any)
				for _, f := range list {
					note(r.num("seq"), f)
				}
			default:
				c[k] = v
			}
		}
		rest = append(rest, c)
	}
	slices.Sort(found)
	return rest, found
}
