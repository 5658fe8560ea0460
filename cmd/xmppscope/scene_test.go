package main

import (
	"io"
	"os"
	"strings"
	"testing"

	"xmppscope/lessons/course"
)

// A live step is played on a real stage: its check fails without the solution
// and passes with it.
func TestALiveStepIsProven(t *testing.T) {
	all, err := course.ParseAll(os.DirFS("../../lessons/course/testdata"))
	if err != nil {
		t.Fatal(err)
	}
	e := &env{streams: &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}}
	p, err := e.prover(all)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range p.Prove(t.Context(), all[0]) {
		t.Error(problem)
	}
	// With the wrong solution it does not pass.
	step := &all[0].Steps[all[0].Step("do-it")]
	deeds := course.Deeds(step.Task)
	deeds[0].Set[0][1] = `\0mbed\0mirror`
	said := ""
	for _, problem := range p.Prove(t.Context(), all[0]) {
		said += problem.String()
	}
	if !strings.Contains(said, "fails after the solution") {
		t.Error(said)
	}
}

// What a scene says of the server holds on its stage: settings and misbehaviour.
func TestASceneSetsTheServer(t *testing.T) {
	store, _ := playedScene(t, course.Scene{
		Play:      []string{"open\nstarttls\nlogin PLAIN mbed mirror\nbind board\nping"},
		Server:    map[string]any{"mechanisms": []string{"PLAIN"}},
		Misbehave: []string{"stream-error-conflict"},
	})
	hasPassed(t, store, `step == "stream-features" and text == "PLAIN"`, `error == "conflict"`)
	e := &env{streams: &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}}
	if _, err := e.newStage(t.Context(), course.Scene{Play: []string{"open"}, Misbehave: []string{"no-such"}}); err == nil {
		t.Error("a misbehaviour that there is not is taken")
	}
}
