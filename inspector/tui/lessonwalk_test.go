package tui

import (
	"strings"
	"testing"

	"xmppscope/decode"
)

// Where lines are few, events are seen all the same: beside the text of a lesson,
// several conversations and what is held the details wait for the focus.
func TestLessonLeavesRoomForEvents(t *testing.T) {
	th := learning(t, 80, 24).to("do-it")
	p := th.u.lesson.stage.(*testStage).p
	other := decode.NewConn(2, decode.Options{})
	events, _ := other.Feed(decode.FromInitiator, p.at, []byte(openC))
	p.seq++
	events[0].Seq = p.seq
	p.store.Append(&events[0])
	th.tick()
	th.has("2 conversations").has("1 unit held").has("<stream>").lacks("1 Explain")
	if a := th.u.root.area; a.list.h < leastLines || a.detail.h != 0 {
		t.Errorf("the list has %d lines, the details %d", a.list.h, a.detail.h)
	}
	th.press("Tab Tab").has("1 Explain").has("features")
}

// What went wrong takes the ticks away, and says so.
func TestLessonSpoilt(t *testing.T) {
	th := learning(t, 160, 50).to("do-it")
	p := th.u.lesson.stage.(*testStage).p
	p.let(p.held[0].Seq)
	p.feed(decode.FromReceiver, `<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>`)
	th.tick()
	th.has("– <auth/> goes on with another password").has("None of this counts any more: it went wrong with #5,").has("✗ Not yet.").lacks("○ <")
}

// What the lesson says to an answer is not skipped by a key pressed elsewhere.
func TestLessonIsHeard(t *testing.T) {
	th := learning(t, 80, 24).to("find-it")
	steps := th.u.lesson.walk.Lesson.Steps
	steps[5].After = steps[1].After
	th.press("F3").has("✓ Right.").press(">").has("7. Put in order") // it was in sight
	th.to("find-it").press("R Tab j j j j Tab 2")
	for range 20 {
		if th.press("Right"); strings.HasPrefix(th.u.lesson.whatIsHere(), "#5 <auth/>, AG1i") {
			break
		}
	}
	th.press(".").has("✓ Done.").press(">").has("And so it was").has("read what the lesson says").has("✓ Right.")
	th.press(">").has("7. Put in order")
}

// Another source ends the lesson only after a question.
func TestLessonIsLeft(t *testing.T) {
	th := learning(t, 120, 40)
	th.u.o.Open = func(string) (*Source, error) { return transcripts(t, "scram"), nil }
	th.press("o").write("./x.pcap").press("Enter").has("Leave the lesson?").press("Esc Esc").has("step 1 of 9")
	th.press("o").write("./x.pcap").press("Enter y").lacks("step 1 of 9").has("scram").has("your place in the lesson is kept")
	th.press(": ").write("open x.pcap").press("Enter").has("scram")
}
