package main

import (
	"io"
	"strings"
	"testing"

	"xmppscope/captures/samples"
	"xmppscope/lessons/course"
)

// What is made of every recording is sound: each answer is the right one, and no
// other. Passwords are asked for only where they may be.
func TestExercisesAreSound(t *testing.T) {
	e := &env{streams: &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}}
	p, err := e.prover(nil)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, s := range samples.All() {
		for _, secrets := range []bool{false, true} {
			l, text, err := e.exercises(samplePrefix+s.Name, secrets)
			if err != nil {
				t.Errorf("%s: %v", s.Name, err)
				continue
			}
			for i := range l.Steps {
				kinds[l.Steps[i].Kind]++
				if names := course.FieldNames(l.Steps[i].Task); !secrets && strings.Contains(strings.Join(names, " "), "passwd") {
					t.Errorf("%s asks for %s", s.Name, names)
				}
			}
			for _, problem := range p.Prove(t.Context(), l) {
				t.Errorf("%s: %s\n%s", s.Name, problem, text)
			}
		}
	}
	for _, kind := range []string{"order", "predict", "decode", "find"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s", kind)
		}
	}
}
