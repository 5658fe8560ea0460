package main

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"xmppscope/inspector"
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
	e := &env{streams: &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}}
	st, err := e.newStage(t.Context(), course.Scene{
		Play:      []string{"open\nstarttls\nlogin PLAIN mbed mirror\nbind board\nping"},
		Server:    map[string]any{"mechanisms": []string{"PLAIN"}},
		Misbehave: []string{"stream-error-conflict"},
	})
	if err != nil {
		t.Fatal(err)
	}
	st.read(t.Context())
	select {
	case <-st.Over():
	case <-time.After(time.Minute):
		t.Error("the client never comes to its end")
	}
	st.Close()
	for _, want := range []string{`step == "stream-features" and text == "PLAIN"`, `error == "conflict"`} {
		f, err := inspector.Compile(want)
		if err != nil {
			t.Fatal(err)
		}
		fits := false
		for i := range st.Store().Len() {
			fits = fits || f.MatchRow(st.Store(), i)
		}
		if !fits {
			t.Errorf("nothing fits %s", want)
		}
	}
	if _, err := e.newStage(t.Context(), course.Scene{Play: []string{"open"}, Misbehave: []string{"no-such"}}); err == nil {
		t.Error("a misbehaviour that there is not is taken")
	}
}
