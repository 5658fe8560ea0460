package tui

import (
	"strings"
	"testing"
	"time"
)

// newClock is a time that tests move on.
type newClock struct{ at time.Time }

func (c *newClock) now() time.Time { return c.at }

func (th *theatre) clocked() *newClock {
	c := &newClock{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	th.u.clock = c.now
	return c
}

// A number goes to that event; where that is not possible it is said there.
func TestPaletteGoesToEvents(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	th.press(":").write("14").has("Enter goes to event #14").press("Enter")
	if th.selected() != 14 || th.u.over != nil {
		t.Errorf("#%d", th.selected())
	}
	th.press(":").write("999").press("Enter").has("✗ #999 is not in this capture").press("Ctrl-U").write("goto #3").press("Enter")
	if th.selected() != 3 {
		t.Errorf("#%d", th.selected())
	}
}

// What can do nothing now says why, in the list and when it is tried.
func TestPaletteSaysWhatIsOff(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	th.press(":").write("drop").has("nothing is live here").press("Enter").has("✗ nothing is live here").has("Commands")
	th.press("Ctrl-U").write("zzzz").press("Enter").has("no command has these letters")
	th.press("Esc").lacks("Commands")
	for i := range th.u.keys.all {
		a := &th.u.keys.all[i]
		if off := th.u.unavailable(a); strings.HasSuffix(off, ".") || strings.HasPrefix(off, " ") {
			t.Errorf("%s: %q", a.name, off)
		}
	}
}

// Commands take arguments, judged while they are typed.
func TestPaletteArguments(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain", "scram"), Open: func(string) (*Source, error) { return nil, errTest }}, 80, 24)
	th.press(":").write(`filter nam == "iq"`).has("^ ✗").has("there is no field nam").press("Enter").has("Commands")
	th.press("Ctrl-U").write(`filter name == "iq"`).has("✓ fits").press("Enter").has("12 of 47 events")
	th.press("u").has("the filter is taken back").has("47 events")
	th.press(":").write("fil").press("Tab").has(": filter").press("Tab").write(" ki").press("Tab").has("filter kind")
	th.press("Esc :").write("conn 2").press("Enter").has("20 of 47 events")
	th.press(":").write("conn 7").press("Enter").has("there is no conversation 7").press("Esc")
	th.press(":").write("break once name == \"iq\"").press("Enter B").has("once name").press("Esc")
	th.press(":").write("tab sasl").press("Enter").has("[3 SASL")
	th.press(":").write("open nowhere.pcap").press("Enter").has("✗ the disk is on fire").has("Commands").press("Esc")
	th.press(":").write("why starttls").press("Enter").has("why starttls").press("Esc")
	th.press(":").write("why nonsense").press("Enter").has("there is no such question").press("Esc")
	th.press(":").write("search SCRAM-SHA-1").press("Enter").has("found in #")
}

func TestPaletteScreens(t *testing.T) {
	for _, size := range []struct {
		name string
		w, h int
	}{{"80x24", 80, 24}, {"120x40", 120, 40}} {
		th := perform(t, Options{Source: transcripts(t, "plain"), NoColor: true}, size.w, size.h)
		th.press(":").write("bre").golden("palette-" + size.name)
		th.press("Ctrl-U").write(`break steb == "x"`).golden("palette-wrong-" + size.name)
		th.press("Esc f").write("sasl.mechanism ").golden("propose-" + size.name)
		th.press("Esc ? /").write("held go").golden("keys-found-" + size.name)
	}
}

// What went wrong stays until it can have been read; a remark makes room for the
// keys after a while.
func TestMessagesStay(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain"), NoColor: true}, 80, 24)
	c := th.clocked()
	th.u.say(noteBad, "the disk is on fire")
	th.press("s s").has("✗ the disk is on fire")
	c.at = c.at.Add(readingTime)
	th.press("s").lacks("the disk is on fire").has("s step")
	th.u.say(noteBad, "again on fire")
	th.press("Esc").lacks("again on fire")
	th.u.say(noteInfo, "a remark")
	th.draw()
	th.has("a remark").press("s").lacks("a remark")
	th.u.say(noteInfo, "another remark")
	c.at = c.at.Add(remarkTime)
	th.draw()
	th.lacks("another remark").press("!").has("What was said").has("✗ again on fire").has("another remark")
}

// The key sheet finds keys by words.
func TestSheetFinds(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	th.press("? /").write("clipboard").has("copy the event's XML").lacks("one line down").press("Enter Esc").has("one line down")
	th.press("/").write("qqqq").has("No key is about this").press("Esc").has("one line down").press("Esc").lacks("Keys ─")
}
