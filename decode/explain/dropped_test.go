package explain

import (
	"strings"
	"testing"

	"xmppscope/decode"
)

// A list that never went on has not changed the stream, and is not taken for an
// empty one.
func TestDroppedFeatures(t *testing.T) {
	e := &decode.Event{Kind: decode.KindFeatures, Step: decode.StepStreamFeatures, Dir: decode.FromReceiver, Origin: decode.OriginDropped}
	if got := Title(e); strings.Contains(got, "nothing more") {
		t.Errorf("a dropped list: %q", got)
	}
	if got := Event(e); strings.Contains(got.What, "nothing more") {
		t.Errorf("a dropped list: %q", got.What)
	}
}
