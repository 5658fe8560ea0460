package linear

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/inspector/live"
	"xmppscope/lessons/course"
)

// testStage is a stage whose client waits with its login.
type testStage struct {
	p    *puppet
	over chan struct{}
}

func (s *testStage) Store() *inspector.Store      { return s.p.store }
func (s *testStage) Watch() live.Watch            { return s.p }
func (s *testStage) Over() <-chan struct{}        { return s.over }
func (s *testStage) Told() []string               { return nil }
func (s *testStage) Close()                       {}
func (s *testStage) Misbehave(string, bool) error { return nil }
func (s *testStage) Source() *Source              { return s.p.source() }

// learning are options that begin the lesson which has every kind of step.
func learning(t *testing.T) Options {
	t.Helper()
	all, err := course.ParseAll(os.DirFS("../../lessons/course/testdata"))
	if err != nil {
		t.Fatal(err)
	}
	return Options{Learn: true, Teach: &Teaching{Lessons: all, Begin: "0", Progress: course.LoadProgress(filepath.Join(t.TempDir(), "lessons.json")),
		Capture: func(*course.Lesson, *course.Capture) (*Source, error) { return sample(t, "plain-login"), nil },
		Stage: func(context.Context, course.Scene) (Stage, error) {
			p := newPuppet(t)
			p.hold(decode.FromInitiator, authText, "breakpoint")
			return &testStage{p, make(chan struct{})}, nil
		}}}
}

// A lesson is taken from its beginning to its end, with answers that are wrong
// and right, and the order of what is said is that of what happens.
func TestLessonAtThePrompt(t *testing.T) {
	o := learning(t)
	got := play(t, o,
		"onward", "answer 2", "hint", "list", "A", ">", // choose
		"answer <iq", "answer", "<iq type='set' id='9'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>", "<resource>board</resource></bind></iq>", ".", ">",
		"answer authzid", "answer authcid=mbed", "answer passwd=mirror", "answer authzid=", ">",
		"answer bWlycm9y", ">",
		"goto 3", "answer", "answer #5", "goto 5", "answer nonsense", "answer AG1i", ">",
		"answer 1 2", "solution", ">",
		"answer no", "answer it makes bytes printable and hides nothing", ">",
		"held", "solution", "onward", "onward", "lessons", "quit")
	clean(t, got)
	says(t, got, "Goal: See that the engine works.", "letter: C; means: client.", "Step 1 of 9, 0 of 9 done", "Look at these bytes of it", "AG1iZWQAbWlycm9y",
		"Step 2 of 9, 1 of 9 done", "Question: What does the server send?", "1: <success/>", "hidden until you have answered",
		"Not yet.", "That answers <starttls/>.", "Hint 1 of 3: a.", "The answer is 1: <success/>", "Right.", "And so it was",
		"Step 3 of 9", "This is not well-formed", "xml> ", "Right.", "Step 4 of 9", "fields are authzid, authcid, passwd", "Missing: Passwd.", "Right.",
		"Step 5 of 9", "Right.", "Step 6 of 9", "look further down", "Missing: Choose the bytes in it.", "do not stand in", "Right.",
		"Step 7 of 9", "Missing: Put all 4 in order.", "1: open", "Right.", "Step 8 of 9", "A sentence or two", "Compare: Base64 makes bytes printable",
		"Step 9 of 9", "To do, 1: <auth/> goes on with another password.", "The solution, 1 of 1: when step == \"sasl-auth\" is held: edit", "One thing is done. Missing still: the server refuses it.",
		"not done yet", "The end of the lesson: 8 of 9 steps done.", "00-test: A test of every kind, about 1 minute, 8 of 9 steps done.")
}

// What is predicted is hidden until it was.
func TestLessonHidesWhatComes(t *testing.T) {
	got := play(t, learning(t), "onward", "list all", "step", "quit")
	for _, text := range []string{"accepts the login", "The server accepts"} {
		if strings.Contains(got, text) {
			t.Errorf("it tells %q:\n%s", text, got)
		}
	}
}

func TestLessonVerbsWithoutALesson(t *testing.T) {
	got := play(t, Options{}, "onward", "answer 1", "hint", "lessons", "text", "reset", "glossary salt", "glossary", "misbehave", "quit")
	says(t, got, "No lesson is being taken.", "There are no lessons here.", "salt: Random bytes", "words: ", "Nothing is open.")
	o := learning(t)
	o.Teach.Begin = ""
	says(t, play(t, o, "lesson 7", "lesson 00-test", "reset", "y", "quit"), "lesson 00-test begins the next one.", "There is no lesson 7.", "Step 1 of 9", "begin again?", "Step 1 of 9")
}
