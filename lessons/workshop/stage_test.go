package workshop

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
	"xmppscope/lessons/course"
)

// fakeStage is a stage on which one login is held; what is done to it passes.
type fakeStage struct {
	store *inspector.Store
	over  chan struct{}
	mu    sync.Mutex
	held  []live.Waiting
	done  []live.Act
	ended bool
}

func newFakeStage() *fakeStage {
	st := &fakeStage{store: inspector.NewStore(inspector.StoreOptions{}), over: make(chan struct{})}
	st.held = []live.Waiting{{Seq: 1, Conn: 1, Event: &decode.Event{Seq: 1, Conn: 1, Kind: decode.KindNonza, Step: decode.StepSASLAuth, Held: true,
		Wire: []byte("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>")}}}
	return st
}

func (st *fakeStage) Store() *inspector.Store      { return st.store }
func (st *fakeStage) Watch() live.Watch            { return st }
func (st *fakeStage) Over() <-chan struct{}        { return st.over }
func (st *fakeStage) Misbehave(string, bool) error { return nil }
func (st *fakeStage) Told() []string               { return nil }
func (st *fakeStage) Status() live.Status          { return live.Status{} }
func (st *fakeStage) Breaks() []gate.Break         { return nil }
func (st *fakeStage) Switch(int, bool) bool        { return false }
func (st *fakeStage) Close()                       { st.mu.Lock(); defer st.mu.Unlock(); st.ended = true }
func (st *fakeStage) Held() []live.Waiting         { st.mu.Lock(); defer st.mu.Unlock(); return st.held }

func (st *fakeStage) Do(a live.Act) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.done, st.held = append(st.done, a), nil; a.XML != nil {
		st.store.Append(&decode.Event{Seq: 1, Conn: 1, Kind: decode.KindNonza, Step: decode.StepSASLAuth, Origin: decode.OriginEdited, Time: time.Unix(1, 0), Wire: []byte(*a.XML)})
		st.store.Append(&decode.Event{Seq: 2, Conn: 1, Dir: decode.FromReceiver, Kind: decode.KindNonza, Condition: "not-authorized", Time: time.Unix(2, 0)})
	}
	return nil
}

// A student plays a live step on a stage of their own, and the class sees it done.
func TestStage(t *testing.T) {
	var mu sync.Mutex
	var stages []*fakeStage
	r := hold(t, func(o *Options) {
		o.Limits.Stages = 2
		o.Stages = func(context.Context, course.Scene) (course.Stage, error) {
			mu.Lock()
			defer mu.Unlock()
			stages = append(stages, newFakeStage())
			return stages[len(stages)-1], nil
		}
	})
	a, b, c := r.join("Anna"), r.join("Bert"), r.join("Cora")
	if err := a.Begin(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing to play") {
		t.Error(err)
	}
	if err := r.class.Everybody(r.step("do-it")); err != nil {
		t.Fatal(err)
	}
	if err := a.Act(t.Context(), live.Act{Do: "forward"}); err == nil || !strings.Contains(err.Error(), "egin first") {
		t.Error(err)
	}
	if _, err := a.Answer(t.Context(), course.Answer{Text: "done"}); err == nil {
		t.Error("a live step is answered in words")
	}
	for _, s := range []*Client{a, b} {
		if err := s.Begin(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Begin(t.Context()); err == nil || !strings.Contains(err.Error(), "Too many live steps") {
		t.Error(err)
	}
	held, err := a.Held(t.Context())
	if err != nil || len(held) != 1 || !strings.Contains(held[0].XML, "AG1iZWQAbWlycm9y") {
		t.Fatal(err, held)
	}
	xml := strings.Replace(held[0].XML, "AG1iZWQAbWlycm9y", "AG1iZWQAd3Jvbmc=", 1)
	for _, bad := range []string{"break", "unbreak", "freeze", "rules", ""} {
		if err := a.Act(t.Context(), live.Act{Do: bad, Expr: "true"}); err == nil || !strings.Contains(err.Error(), "you can") {
			t.Error(bad, err)
		}
	}
	if err := a.Act(t.Context(), live.Act{Do: "edit", Seq: held[0].Seq, XML: &xml}); err != nil {
		t.Fatal(err)
	}
	until(t, "it is seen done", func() bool { return r.row("Anna").Done == 1 })
	if rows, err := a.Rows(t.Context(), "stage", 0, 10); err != nil || rows.Len != 2 {
		t.Error(err, rows)
	}
	if r.row("Bert").Done != 0 || !r.row("Bert").Playing {
		t.Errorf("%+v", r.row("Bert"))
	}
	// Whoever leaves the step leaves the stage, and makes room.
	if _, err := a.Go(t.Context(), "step", 1); err != nil {
		t.Fatal(err)
	}
	if err := c.Begin(t.Context()); err != nil {
		t.Error(err)
	}
	r.class.Kick("Bert")
	r.class.Close()
	mu.Lock()
	defer mu.Unlock()
	for _, st := range stages {
		until(t, "stages end", func() bool {
			st.mu.Lock()
			defer st.mu.Unlock()
			return st.ended
		})
	}
	if len(stages) != 3 {
		t.Error(len(stages), "stages were built")
	}
}

// What is sent on a stage is bounded: it is kept, and there are many stages.
func TestStageIsBounded(t *testing.T) {
	var mu sync.Mutex
	begun := 0
	r := hold(t, func(o *Options) {
		o.Stages = func(context.Context, course.Scene) (course.Stage, error) {
			mu.Lock()
			defer mu.Unlock()
			begun++
			return newFakeStage(), nil
		}
	})
	s := r.join("Anna")
	if err := r.class.Everybody(r.step("do-it")); err != nil {
		t.Fatal(err)
	}
	if err := s.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	long, most := strings.Repeat("x", maxAnswer+1), strings.Repeat("x", maxAnswer)
	for _, do := range []string{"inject", "edit"} {
		if err := s.Act(t.Context(), live.Act{Do: do, XML: &long}); err == nil || !strings.Contains(err.Error(), "too long") {
			t.Error(do, err)
		}
	}
	for i := range maxSent / maxAnswer {
		if err := s.Act(t.Context(), live.Act{Do: "inject", XML: &most}); err != nil {
			t.Fatal(i, err)
		}
	}
	for _, a := range []live.Act{{Do: "inject", XML: new(string)}, {Do: "replay", Seq: 1}} {
		if err := s.Act(t.Context(), a); err == nil || !strings.Contains(err.Error(), "begin again") {
			t.Error(a.Do, err)
		}
	}
	if err := s.Act(t.Context(), live.Act{Do: "forward"}); err != nil {
		t.Error("what is held cannot go on: ", err)
	}
	if err := s.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Act(t.Context(), live.Act{Do: "inject", XML: &most}); err != nil {
		t.Error("a new stage has no room: ", err)
	}
}
