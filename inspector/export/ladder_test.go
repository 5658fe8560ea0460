package export

import (
	"testing"

	"xmppscope/decode"
)

// The longer name gets the room that the shorter one leaves.
func TestLadderNamesShareTheRoom(t *testing.T) {
	w := &ladderWriter{width: 57}
	e := &decode.Event{Conn: 4, State: &decode.State{Profile: decode.ProfileS2S, Identity: "b.example", Domain: "rooms.a.example"}}
	left, right := w.names(e, &talk{})
	if left != "initiating server b.example" || right != "rooms.a.example receiving server" {
		t.Errorf("%q and %q", left, right)
	}
}
