package tui

import (
	"fmt"
	"strings"
	"testing"
)

// Several conversations in one ladder: an actor each, who can be renamed and
// moved.
func TestLanes(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		th := perform(t, Options{Source: transcripts(t, strings.Fields("plain scram bosh websocket")...), NoColor: true}, size[0], size[1])
		th.press("l n n").golden(fmt.Sprintf("lanes-%dx%d", size[0], size[1]))
		th.press("End")
		c := th.u.cap
		last := c.store.Row(c.store.Len() - 1)
		two := c.cast().of[last.Conn()]
		for _, i := range two {
			if a := th.u.list.lanes; i < a.first || i >= a.first+a.n {
				t.Errorf("%dx%d: actor %d of the selected event has no line: %+v", size[0], size[1], i, a)
			}
		}
	}
}

// Who takes part can be renamed, moved and followed.
func TestActors(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, strings.Fields("plain scram websocket")...), NoColor: true}, 120, 40)
	th.press("l a").has("Who takes part: 6").has("▶").has("mbed@localhost/demo")
	th.golden("actors-120x40")
	th.press("Enter").write("the board").press("Enter").has("the board")
	th.press("> >").press("f").has("the board")
	if c := th.u.cap; c.conn != 1 {
		t.Error("follows", c.conn)
	}
	th.press("a")
	c := th.u.cap
	if a := c.cast().actors[2]; a.name != "the board" || a.rank != 3 {
		t.Errorf("%+v", c.cast().actors)
	}
	if n := c.unsaved(); n == 0 {
		t.Error("a name is saved nowhere")
	}
	th.press("Esc q").has("would be lost").press("Esc")
	th.press("a g < Enter").write("\u202e").press("Enter Esc")
	if strings.ContainsRune(th.screen(), '\u202e') {
		t.Error("a name turns the screen")
	}
}

// Somebody who is in several conversations is followed by a filter.
func TestFollowingOneOfSeveral(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain", "plain"), NoColor: true}, 120, 40)
	th.press("a")
	at := 0
	for i, a := range th.u.cap.cast().actors {
		if a.convs == 2 && a.address == "localhost" {
			at = i
		}
	}
	th.press("g " + strings.Repeat("j ", at) + "f").has("takes part in")
	if got := th.u.cap.filterText; got != "conn in [1, 2]" {
		t.Error(got)
	}
}
