package workshop

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/inspector/live"
	"xmppscope/lessons/course"
)

// sit takes a seat for a student.
func (r *rig) sit(name string) *Seat {
	r.Helper()
	s, err := Sit(r.Context(), r.join(name))
	if err != nil {
		r.Fatal(err)
	}
	ctx, stop := context.WithCancel(r.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Attend(ctx) }()
	r.Cleanup(func() { stop(); <-ended })
	return s
}

// From a seat a class looks as a lesson does: what the teacher shows comes event
// by event as it is, but for passwords, and what is done is judged there.
func TestSeat(t *testing.T) {
	r := hold(t)
	s := r.sit("Yorick")
	_, store, at := r.class.Shown()
	until(t, "it is mirrored", func() bool {
		now := s.Now()
		return now.Teacher.Store != nil && now.Teacher.Store.Len() == store.Len() && now.Teacher.Row == at.Row && now.Teacher.End == at.End
	})
	now := s.Now()
	hidden := 0
	for i := range store.Len() {
		want, _ := store.Event(i)
		got, err := now.Teacher.Store.Event(i)
		if err != nil || got.Seq != want.Seq || got.Step != want.Step || got.Phase != want.Phase || got.Kind != want.Kind || got.Dir != want.Dir || got.Name != want.Name || got.Reply != want.Reply ||
			len(got.Wire) != len(want.Wire) || !got.Time.Equal(want.Time) || got.After.Phase != want.After.Phase || got.After.Domain != want.After.Domain || got.After.JID != want.After.JID {
			t.Errorf("%d: %v %+v", i, err, got)
		}
		if !bytes.Equal(got.Wire, want.Wire) {
			hidden++
		} else if g, w := len(now.Teacher.Store.Found().Of(got.Seq)), len(store.Found().Of(got.Seq)); g != w {
			t.Errorf("%d findings of event %d, %d there", g, got.Seq, w)
		}
		if strings.Contains(string(got.Wire), "AG1iZWQAbWlycm9y") || strings.Contains(string(got.Original), "mirror") || got.SASL != nil && strings.Contains(string(got.SASL.Messages[0].Data), "mirror") {
			t.Errorf("a password is told: %q", got.Wire)
		}
	}
	if hidden != 1 || now.Lesson.Title == "" || len(now.Lesson.Steps) != 9 || now.Lesson.Steps[8].Title != "Do it" || len(now.Lesson.Intro) == 0 {
		t.Error(hidden, now.Lesson)
	}
	if err := s.Go(t.Context(), "step", r.step("what-comes-next")); err != nil || s.Now().At != 1 || s.Now().Lesson.Steps[1].Task == nil {
		t.Fatal(err, s.Now().At)
	}
	if err := s.Answer(t.Context(), course.Answer{Choice: 1}); err != nil || !s.Now().Verdict.Done || !s.Now().Progress.Step("2").Done {
		t.Error(err, s.Now().Verdict)
	}
	r.class.SetSecrets(true)
	until(t, "passwords are mirrored, too", func() bool {
		x := s.Now().Teacher
		if x.Store == now.Teacher.Store || x.Store.Len() <= at.Row {
			return false
		}
		e, err := x.Store.Event(at.Row)
		return err == nil && strings.Contains(string(e.Wire), "AG1iZWQAbWlycm9y")
	})
	r.class.Close()
	until(t, "the end is told", func() bool { return s.Now().Over != "" })
}

// A stage of one's own is held, changed and judged from a seat.
func TestSeatOnStage(t *testing.T) {
	played := newFakeStage()
	r := hold(t, func(o *Options) {
		o.Stages = func(context.Context, course.Scene) (course.Stage, error) { return played, nil }
	})
	s := r.sit("Yorick")
	if err := r.class.Everybody(r.step("do-it")); err != nil {
		t.Fatal(err)
	}
	until(t, "the step has come", func() bool { return s.Now().At == 8 && s.Now().Lesson.Steps[8].Live() != nil })
	if w := course.Wants(s.Now().Lesson.Steps[8].Task); len(w) == 0 {
		t.Error("nothing is wanted")
	}
	if err := s.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	until(t, "the login is held", func() bool { g := s.Now().Stage; return g != nil && len(g.Watch.Held()) == 1 })
	h := s.Now().Stage.Watch.Held()[0]
	xml := strings.Replace(string(h.Event.Text()), "AG1iZWQAbWlycm9y", "AG1iZWQAd3Jvbmc=", 1)
	if err := s.Now().Stage.Watch.Do(live.Act{Do: "edit", Seq: h.Seq, XML: &xml}); err != nil {
		t.Fatal(err)
	}
	until(t, "it is done", func() bool {
		now := s.Now()
		return now.Progress.Step("9").Done && now.Stage != nil && now.Stage.Store.Len() == 2 && len(now.Stage.Watch.Held()) == 0
	})
	if err := s.Now().Stage.Watch.Do(live.Act{Do: "break", Expr: "seq > 0"}); err != nil {
		t.Fatal(err)
	}
	until(t, "what cannot be done is told", func() bool {
		return strings.Contains(strings.Join(s.Now().Stage.Watch.Status().News, ""), "n a stage you can")
	})
}

// What a class tells is as strange as any wire.
func FuzzFilm(f *testing.F) {
	ok, _ := json.Marshal(Reel{Recording: "r", Len: 2, Events: []Frame{
		{Seq: 1, Conn: 1, Kind: "open", Step: "open", Phase: "open", Wire: []byte("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"), After: []byte(`{"Phase":2,"Profile":1}`)},
		{Seq: 2, Conn: 1, Dir: 1, Kind: "nonza", Login: &Login{Mechanism: "PLAIN", Messages: []LoginMessage{{Kind: 1, Base64: []byte("AGEAYg==")}}},
			Faults: []Fault{{Rule: "x", Pos: 3, End: 9}}, Found: []Found{{Rule: "y", Level: 3, Start: 1, End: 2}}}}})
	f.Add(ok)
	f.Add([]byte(`{"events":[{"dir":-7,"kind":"stanza","phase":"no","layer":255,"origin":255,"seq":4294967295,"after":{"Phase":255,"Profile":255,"Layer":255,"Inline":[255]},"login":{"messages":[{"kind":255}]},"faults":[{"pos":-5,"end":99}],"found":[{"level":255,"who":255,"in":255,"start":-1,"end":7}]},{"seq":0,"after":7}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var r Reel
		if json.Unmarshal(data, &r) != nil {
			return
		}
		m := newFilm("r", "r")
		defer m.store.Close()
		r.From = 0
		m.add(&r)
		for i := range m.store.Len() {
			e, err := m.store.Event(i)
			if err != nil {
				t.Fatal(err)
			}
			if e.Phase > decode.PhaseClose || e.Origin > decode.OriginSynthetic || e.After == nil || e.After.Phase > decode.PhaseClose || e.After.Profile > decode.ProfileComponent {
				t.Errorf("%+v", e)
			}
			for _, x := range e.Errs {
				if x.Pos < 0 || x.End < x.Pos || x.End > len(e.Text()) {
					t.Errorf("%+v of %d bytes", x, len(e.Text()))
				}
			}
			detailOf(seen{&recording{store: m.store}, -1, true}, i, e)
			m.store.Found().Of(e.Seq)
		}
	})
}

// An answer that others have overtaken on its way does not bring back what was.
func TestAnOvertakenAnswer(t *testing.T) {
	r := hold(t)
	s := r.sit("Yorick")
	if err := s.Go(t.Context(), "step", r.step("what-comes-next")); err != nil {
		t.Fatal(err)
	}
	old, err := s.c.Step(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Hint(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.does(old, nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.step.HintsLeft != old.HintsLeft-1 {
		t.Errorf("%d hints are left, of %d before one was taken", s.step.HintsLeft, old.HintsLeft)
	}
}
