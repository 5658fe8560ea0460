package tui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
	"xmppscope/lessons/course"
)

// Lessons of the tests: every kind of step is in them. Their recording is a
// transcript, their stage one on which a client waits with its login.
func teaching(t testing.TB, begin string) *Teaching {
	t.Helper()
	all, err := course.ParseAll(os.DirFS("../../lessons/course/testdata"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := course.ParseAll(os.DirFS(filepath.Join("testdata", "lessons")))
	if err != nil {
		t.Fatal(err)
	}
	return &Teaching{Lessons: append(all, more...), Progress: course.LoadProgress(filepath.Join(t.TempDir(), "lessons.json")), Begin: begin,
		Capture: func(_ *course.Lesson, c *course.Capture) (*Source, error) {
			if c.Name == "gone" {
				return nil, errors.New("no such file")
			}
			return transcripts(t, "plain"), nil
		},
		Stage: func(_ context.Context, c course.Scene) (Stage, error) { return newTestStage(t, c) },
	}
}

// newPuppet is a live source on which nothing was said.
func newPuppet(t testing.TB) *puppet {
	p := &puppet{t: t, conn: decode.NewConn(1, decode.Options{}), store: inspector.NewStore(inspector.StoreOptions{}), gate: gate.New(nil),
		at: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	t.Cleanup(func() { p.store.Close() })
	return p
}

// testStage is a stage whose client has sent its login, which is held.
type testStage struct {
	src  *Source
	p    *puppet
	over chan struct{}
}

func newTestStage(t testing.TB, _ course.Scene) (Stage, error) {
	p := newPuppet(t)
	for i, text := range []string{openC, openS, offered} {
		p.feed(decode.Dir(min(i, 1)), text)
	}
	p.hold(decode.FromInitiator, authText)
	return &testStage{&Source{Title: "the stage of this lesson", Store: p.store, Live: p, Follow: true}, p, make(chan struct{})}, nil
}

func (s *testStage) Store() *inspector.Store      { return s.src.Store }
func (s *testStage) Watch() live.Watch            { return s.src.Live }
func (s *testStage) Over() <-chan struct{}        { return s.over }
func (s *testStage) Told() []string               { return nil }
func (s *testStage) Close()                       {}
func (s *testStage) Misbehave(string, bool) error { return nil }
func (s *testStage) Source() *Source              { return s.src }

// learning begins the lesson that has every kind of step.
func learning(t *testing.T, w, h int) *theatre {
	t.Helper()
	return perform(t, Options{Learn: true, Teach: func() *Teaching { return teaching(t, "00-test") }, NoColor: true}, w, h)
}

// to goes to a step by its name.
func (th *theatre) to(step string) *theatre {
	th.t.Helper()
	n := th.u.lesson
	if !n.walk.Goto(n.walk.Lesson.Step(step)) {
		th.t.Fatal("no step", step)
	}
	n.enter()
	n.toPane()
	th.tick()
	return th
}

func (th *theatre) done(step string) bool {
	n := th.u.lesson
	return n.walk.Of(n.walk.Lesson.Step(step)).Done
}

func TestLessonRead(t *testing.T) {
	th := learning(t, 160, 50)
	th.has("A test of every kind").has("▶○○○○○○○○").has("step 1 of 9").has("Goal:").has("Often believed:")
	d := th.u.detail
	if d.event == nil || string(d.input().links.of(d.mark)) != "AG1iZWQAbWlycm9y" {
		t.Errorf("%q is marked", d.input().links.of(d.mark))
	}
	th.press("Enter").has("✓▶○○○○○○○").has("2. What comes next")
	th.press("<").has("1. What the client sends")
	th.press(">").has("2. What comes next")
	if !th.done("what-the-client-sends") {
		t.Error("it is not done")
	}
}

func TestLessonPredict(t *testing.T) {
	th := learning(t, 160, 50).to("what-comes-next")
	th.lacks("accepts the login").has("filter: seq <= 5") // what comes next is hidden
	th.press("Tab 1").has("what the lesson asks you").lacks("answered by").lacks("▸ bind").lacks("a challenge")
	for _, keys := range []string{"s", "Tab 5", "6", "3"} {
		th.press(keys).lacks("accepts the login").lacks("#6")
	}
	th.press("1 \\")
	th.press("2").has("✗ Not yet.").has("That answers <starttls/>.").lacks("And so it was")
	th.press("I").has("Hint 1 of 3: a").press("F2").has("Hint 2 of 3: b")
	th.press("Up Enter").has("✓ Right.").has("Yes.").has("And so it was").lacks("filter:").has("▸ bind").press("Tab 1").lacks("what the lesson asks you").has("answered by #6").press("\\")
	th.press("Enter").has("3. Write the request")
	if p := th.u.lesson.walk.Of(1); p.Tries != 2 || p.Hints != 2 || p.Shown {
		t.Errorf("%+v", p)
	}
}

func TestLessonXML(t *testing.T) {
	th := learning(t, 120, 40).to("write-the-request")
	th.press("Enter").has("Your answer").has("Write the XML.")
	th.u.over.paste("<iq type='set'>")
	th.press("Ctrl-S y").has("not well-formed")
	th.press("Enter")
	c := th.u.over.(*composer)
	c.box.replace(0, len(c.box.text), `<iq id="1" type="set"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>x</resource></bind></iq>`, false)
	th.tick()
	th.press("Ctrl-S").has("the text in <resource/> is another")
	th.press("A").has("✓ Right.").has("This is the solution")
	if !th.done("write-the-request") || !th.u.lesson.walk.Progress().Shown {
		t.Error("it is not done, or nobody noted that the solution was shown")
	}
}

func TestLessonDecode(t *testing.T) {
	th := learning(t, 120, 40).to("take-it-apart")
	th.has("authcid").has("passwd").has("Given: AG1iZWQAbWlycm9y")
	if n := th.u.lesson.answer().names; !slices.Equal(n, []string{"authzid", "authcid", "passwd"}) {
		t.Errorf("the fields stand in another order than in the lesson: %q", n)
	}
	th.press("Enter").write("mbed").press("Enter").write("mirror").press("Enter")
	th.has("✓ Right.").press("Enter").has("5. One text")
	th.write("mirror").press("Enter").has("right before it is written in")
	th.press("Ctrl-A").write("bWlycm9y").press("Enter").has("✓ Right.")
	// Keys of the debugger are letters while one types, and F keys are keys.
	th.press("F8").to("one-text").press("F5").write("d q ").has("d q").press("F2").has("Hint 1 of 3")
	th.press("Esc q")
}

func TestLessonFind(t *testing.T) {
	th := learning(t, 160, 50).to("find-it")
	th.press("Tab .").has("look further down")
	th.press("j j j j .").has("This is the event.").has("choose the bytes in it")
	th.press("Enter 2")
	for range 20 {
		if th.press("Right"); strings.HasPrefix(th.u.lesson.whatIsHere(), "#5 <auth/>, AG1i") {
			break
		}
	}
	th.press(".").has("✓ Right.").press(">").has("7. Put in order")
	th.to("find-it").press("R").press("A").has("This is the solution")
}

func TestLessonOrder(t *testing.T) {
	th := learning(t, 120, 40).to("put-in-order")
	th.press("Enter").has("comes first")
	n := th.u.lesson
	right := n.walk.Step().Task.Solution(nil).Order
	for at, want := range right {
		g := n.answer()
		from := at
		for g.order[from] != want {
			from++
		}
		for g.choice != from+1 {
			th.press(pick(g.choice > from+1, "Up", "Down"))
		}
		if from > at {
			th.press("Space").has("is taken up")
			for range from - at {
				th.press("Up")
			}
			th.press("Space")
		}
	}
	th.press("Enter").has("✓ Right.")
}

func TestLessonExplain(t *testing.T) {
	th := learning(t, 120, 40).to("say-it")
	th.write("no").press("Enter").has("a sentence or two")
	th.write(" it makes bytes printable, nothing more").press("Enter").has("Compare it with this answer").has("hides nothing").has("you did not speak of: hides nothing")
	th.press("Enter").has("9. Do it")
}

// What is missing is told as events come, and the solution is played.
func TestLessonDo(t *testing.T) {
	th := learning(t, 160, 50).to("do-it")
	th.has("○ <auth/> goes on with another password").has("1 unit is held")
	n := th.u.lesson
	st := n.stage.(*testStage)
	th.press("R").has("the scene begins again")
	if n.stage == Stage(st) {
		t.Error("the stage is the old one")
	}
	th.press("A").has("The solution, played on the stage").has("in its base64")
	for range 3 * playPace {
		th.tick()
	}
	if done := n.stage.(*testStage).p.acts; len(done) == 0 || done[0].Do != "edit" || done[0].XML == nil || !strings.Contains(*done[0].XML, "AG1iZWQAd3Jvbmc=") {
		t.Errorf("%+v", done)
	}
	th.press("> >").has("The end of: A test of every kind").has("next lesson:")
}

// What ran on to its end is led back to what decided the step, unless the learner
// looks at something else. What is missing is not cut on a small screen.
func TestLessonLeads(t *testing.T) {
	for _, away := range []bool{false, true} {
		th := learning(t, 80, 24).to("do-it")
		p := th.u.lesson.stage.(*testStage).p
		th.press("Tab Up")
		if th.press("e"); th.u.over == nil { // though an event of the list is selected
			t.Fatal("nothing is edited")
		}
		th.press("Esc Esc")
		p.held[0].Event.Origin = decode.OriginEdited // as the proxy marks it
		p.let(p.held[0].Seq)
		th.tick()
		p.feed(decode.FromReceiver, `<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>`)
		decides := p.store.Row(p.store.Len() - 1).Seq()
		for range 30 {
			p.feed(decode.FromInitiator, "<presence/>")
		}
		th.u.cap.follow = !away
		th.tick()
		th.has("done with " + number(decides))
		close(th.u.lesson.stage.(*testStage).over)
		th.tick()
		if at := th.u.here(); (at == decides) == away {
			t.Errorf("away %v: the cursor is at %d, decided by %d", away, at, decides)
		}
	}
}

// A scene that ends before everything was done says so where the learner looks.
func TestLessonEndsEarly(t *testing.T) {
	th := learning(t, 80, 24).to("do-it")
	st := th.u.lesson.stage.(*testStage)
	th.press("Tab")
	st.p.let(st.p.held[0].Seq)
	th.tick()
	close(st.over)
	th.tick()
	th.has("the scene is over too early").has("R begin again")
	if th.done("do-it") {
		t.Error("it is done")
	}
}

// A step that is not done is left out only when that is asked for twice.
func TestLessonSkip(t *testing.T) {
	th := learning(t, 80, 24).to("what-comes-next")
	th.press(">").has("> once more leaves it out").press("j >").has("once more").press(">").has("3. Write the request").has("○–▶○")
	if n := th.u.lesson; !n.walk.Of(1).Skipped {
		t.Error("it is not left out")
	}
}

// Links lead to the glossary and to lessons; the glossary comes from everywhere.
func TestLessonLinks(t *testing.T) {
	th := perform(t, Options{Learn: true, Teach: func() *Teaching { return teaching(t, "wide") }, NoColor: true}, 160, 50)
	th.press("Right Enter").has("Glossary").has("RFC 5802").press("Esc").lacks("Glossary ")
	th.press("Right Enter").has("Go to: A test of every kind?").press("Enter").has("1. What the client sends")
	th.press("/ F4").has("Glossary").write("dialb").has("XEP-0220").press("F4").lacks("Glossary ")
	th.press("Esc C").has("Lessons").has("A test of every kind")
}

// Wire text in a lesson is disarmed, and a recording that is gone is said so.
func TestLessonHostile(t *testing.T) {
	th := perform(t, Options{Learn: true, Teach: func() *Teaching { return teaching(t, "hostile") }, NoColor: true}, 100, 40)
	for range 12 {
		for _, keys := range []string{"I", "j", "PgDn", "A", "Tab", "\\"} {
			th.press(keys)
			cells, _, _ := th.sim.GetContents()
			for i := range cells {
				if s := string(cells[i].Runes); inspector.Harmful(s) {
					t.Fatalf("%q is on the screen\n%s", s, th.screen())
				}
			}
		}
		th.u.over = nil
		if th.u.lesson.walk.At()+1 < len(th.u.lesson.walk.Lesson.Steps) {
			th.press("> >")
		}
	}
}
