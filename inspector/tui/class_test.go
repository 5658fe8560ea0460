package tui

import (
	"testing"
)

// looker is a class that keeps what it was told.
type looker struct {
	looks []Look
	typed []string
}

func (l *looker) At(look Look) { l.looks = append(l.looks, look) }

func (l *looker) Do(line string) string {
	l.typed = append(l.typed, line)
	return "Yorick is at step 2.\nAnna is not there."
}

// A class is told where the screen looks, once for each place: the lesson, the
// event, and the bytes that the step points at. What is typed after :class it
// does.
func TestClassLooksOn(t *testing.T) {
	c := &looker{}
	th := perform(t, Options{Learn: true, Teach: func() *Teaching { return teaching(t, "00-test") }, NoColor: true, Class: c}, 140, 40)
	th.draw()
	last := c.looks[len(c.looks)-1]
	if last.Lesson != "00-test" || last.Step != 0 || last.Title != "login" || last.Seq == 0 || last.End-last.Start != len("AG1iZWQAbWlycm9y") || last.Store == nil {
		t.Errorf("%+v", last)
	}
	n := len(c.looks)
	th.draw()
	if len(c.looks) != n {
		t.Error("it is told again what it knows")
	}
	th.press("> Tab j")
	th.draw()
	if now := c.looks[len(c.looks)-1]; now.Step != 1 || now.Store != last.Store {
		t.Errorf("%+v", now)
	}
	th.press(":").write("class step 7").press("Enter").has("Yorick is at step 2.").has("Anna is not there.").press("Esc").lacks("Yorick")
	if len(c.typed) != 1 || c.typed[0] != "step 7" {
		t.Errorf("%q", c.typed)
	}
	th.press(":").write("class").press("Enter").has("Yorick")
	// Without a class there is no such command.
	learning(t, 120, 40).press(":").write("class").lacks("who is where")
}
