package tui

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"xmppscope/inspector/live"
	"xmppscope/lessons/course"
)

// lessonScene is a lesson after some keys.
func lessonScene(t *testing.T, lesson, keys string) func(w, h int) *theatre {
	return func(w, h int) *theatre {
		return perform(t, Options{Learn: true, Teach: func() *Teaching { return teaching(t, lesson) }, Skin: "dark"}, w, h).press(keys)
	}
}

// The screens of a lesson, one for each kind of step, in four sizes and in colour.
func TestLessonScreens(t *testing.T) {
	at := func(step, keys string) func(w, h int) *theatre {
		return func(w, h int) *theatre {
			th := lessonScene(t, "00-test", "")(w, h).to(step)
			th.freeze()
			return th.press(keys)
		}
	}
	for _, s := range []scene{
		{"lesson-text", lessonScene(t, "wide", "")},
		{"lesson-read", at("what-the-client-sends", "")},
		{"lesson-predict", at("what-comes-next", "1")},
		{"lesson-decode", at("take-it-apart", "m b e d Enter")},
		{"lesson-find", at("find-it", "Tab j .")},
		{"lesson-order", at("put-in-order", "Down Space")},
		{"lesson-explain", at("say-it", "F3")},
		{"lesson-do", at("do-it", "")},
		{"lesson-do-held", at("do-it", "Tab")},
		{"lesson-end", at("do-it", "> >")},
		{"lesson-list", at("find-it", "C")},
		{"glossary", at("find-it", "F4 s a l")},
	} {
		for _, size := range [][2]int{{80, 24}, {120, 40}, {160, 50}, {200, 60}} {
			name := fmt.Sprintf("%s-%dx%d", s.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				th := s.set(size[0], size[1])
				th.styled(name)
				painted := th.screen()
				th.u.wear(skinNone)
				th.tick()
				if got := th.screen(); got != painted {
					t.Errorf("without colour it says something else:\n%s", differing(painted, got))
				}
			})
		}
	}
}

// freeze stops the clock, so that what waits does not count on.
func (th *theatre) freeze() {
	if st, ok := th.u.lesson.stage.(*testStage); ok {
		at := st.p.at
		th.u.clock = func() time.Time { return at.Add(12 * time.Second) }
		th.tick()
	}
}

// Whatever is pressed on whatever size of screen, a lesson goes on.
func TestLessonAnyKeys(t *testing.T) {
	keys := []string{"Enter", "Tab", "Shift-Tab", "Esc", "Down", "Up", "PgDn", "PgUp", "Left", "Right", "Space", "Home", "End", "1", "2", "3", "a", "<", ">", ".", "I", "A", "R", "\\", "C", "D", "F2", "F3", "F4", "F5", "F8", "F7", "F6",
		"z", "+", "-", "=", "l", "s", "n", "c", "e", "d", "/", "f", "w", "m", "x", "y", "T", "h", "t", "?", ":", "|", "F", "B", "v", "Backspace"}
	sizes := [][2]int{{80, 24}, {160, 50}, {40, 10}, {119, 30}, {120, 12}, {200, 60}, {41, 11}, {60, 40}}
	r := rand.New(rand.NewPCG(1, 2))
	for _, begin := range []string{"00-test", "wide", "hostile"} {
		th := perform(t, Options{Learn: true, Teach: func() *Teaching { return teaching(t, begin) }, NoColor: true}, 80, 24)
		var did []string
		func() {
			defer func() {
				if p := recover(); p != nil {
					t.Fatalf("%v after %v", p, did[max(0, len(did)-20):])
				}
			}()
			for i := range 700 {
				if i%25 == 24 {
					size := sizes[r.IntN(len(sizes))]
					th.sim.SetSize(size[0], size[1])
					th.u.over = nil
				}
				k := keys[r.IntN(len(keys))]
				did = append(did, k)
				th.press(k)
				if i%7 == 0 {
					w, h := th.u.surface.Size()
					th.u.mouse(r.IntN(w), r.IntN(h), r.IntN(3)-1)
				}
				if i%50 == 0 && th.u.lesson != nil {
					th.u.root.PasteHandler()("<a\x1b>\n\u202e", nil)
				}
				if th.u.lesson == nil {
					th.u.over = nil
					th.u.learn(th.u.lessonNamed(begin))
				}
			}
		}()
	}
}

// Progress is kept in its file, and the list and the start screen tell of it.
func TestLessonProgressIsKept(t *testing.T) {
	file := t.TempDir() + "/lessons.json"
	make := func() *Teaching {
		l := teaching(t, "")
		l.Progress = course.LoadProgress(file)
		return l
	}
	th := perform(t, Options{Learn: true, Teach: make, NoColor: true}, 100, 30)
	th.has("▶ 1  A test of every kind").press("Enter > 1 Enter").has("3. Write the request")
	th = perform(t, Options{Teach: make, NoColor: true, Choices: testChoices()}, 100, 30)
	th.has("Go on: A test of every kind · 2 of 9 done").press("Enter").has("3. Write the request").has("✓✓▶○")
	th.press(": ").write("lesson-reset").press("Enter y").has("▶○○").has("step 1 of 9")
}

// What the practice server does wrong is switched from the palette.
func TestMisbehave(t *testing.T) {
	th, _ := onAir(t, 120, 40)
	th.press(":").write("misbehave").press("Enter").has("there is no practice server here").press("Esc")
	f := &testFaults{on: map[string]bool{}}
	th.u.cap.src.Faults = f
	th.press(":").write("misbehave").press("Enter").has("What the practice server does wrong").has("ends after some bytes")
	th.write("dead").press("Enter").has("✓ on").has("from now on: dead")
	th.press("Enter").lacks("✓ on").press("Ctrl-U").write("dead=7").press("Enter").has("no number for it")
	th.press("Esc :").write("misbehave dead").press("Enter").has("from now on: dead")
	if !f.on["dead"] {
		t.Error("it is not on")
	}
}

type testFaults struct{ on map[string]bool }

func (f *testFaults) Faults() []live.Fault {
	return []live.Fault{{Name: "dead", About: "ends after some bytes", Found: "tcp-ended", Number: 2000, On: f.on["dead"]}, {Name: "no-id", About: "sends no id", Found: "stream-id-missing", On: f.on["no-id"]}}
}

func (f *testFaults) Switch(name string, on bool) error {
	if strings.Contains(name, "=") {
		return errors.New("no number for it")
	}
	f.on[name] = on
	return nil
}
