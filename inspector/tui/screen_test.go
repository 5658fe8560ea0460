package tui

import (
	"testing"
)

func TestPeek2(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain", "scram"), NoColor: true}, 80, 24)
	t.Log("\n" + th.screen())
	th.press("Shift-Tab j j")
	t.Log("\n" + th.screen())
	th.press("Enter n n 5 Tab j j Enter")
	t.Log("\n" + th.screen())
	th.press("/").write("Montague").press("Enter")
	t.Log("\n" + th.screen())
	th.press("Esc f").write("naem == 3")
	t.Log("\n" + th.screen())
	th.press("Ctrl-U").write("name == \"iq\"").press("Enter")
	t.Log("\n" + th.screen())
	th.press(": ").write("lad")
	t.Log("\n" + th.screen())
	th.press("Enter ? ")
	t.Log("\n" + th.screen())
}
func TestPeek3(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "hostile"), NoColor: true}, 80, 24)
	t.Log("\n" + th.screen())
	th.press("s s s s ")
	t.Log("\n" + th.screen())
	th.press("2 s s s s s ")
	t.Log("\n" + th.screen())
}
