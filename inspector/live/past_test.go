package live

import (
	"bytes"
	"testing"

	"xmppscope/decode"
)

func TestThePastIsBoundedAndFound(t *testing.T) {
	var p past
	told := map[decode.Seq][]byte{}
	tell := func(seq decode.Seq, size int) {
		text := bytes.Repeat([]byte{byte(seq)}, size)
		told[seq] = bytes.Clone(text)
		p.keep(&decode.Event{Seq: seq, Kind: decode.KindStanza, Wire: text, Type: "chat"})
		clear(text) // the caller's own again
	}
	for seq := decode.Seq(1); seq <= 2*maxUnits; seq++ {
		tell(seq, 1+int(seq)%300)
	}
	if p.n != maxUnits || len(p.ring) > 2*maxUnits {
		t.Errorf("%d units in %d places", p.n, len(p.ring))
	}
	if _, ok := p.find(maxUnits); ok {
		t.Error("the oldest are kept")
	}
	for _, seq := range []decode.Seq{maxUnits + 1, maxUnits + 777, 2 * maxUnits} {
		if u, ok := p.find(seq); !ok || !bytes.Equal(u.text, told[seq]) || u.event().Type != "chat" {
			t.Errorf("%d: %t %q", seq, ok, u.text)
		}
	}
	for seq := decode.Seq(1e6); seq < 1e6+40; seq++ {
		tell(seq, 1<<20)
		if p.size > maxPast {
			t.Fatalf("%d bytes", p.size)
		}
	}
	if u, ok := p.find(1e6 + 39); !ok || !bytes.Equal(u.text, told[1e6+39]) {
		t.Error("a long one is not found")
	}
	if tell(1e6+40, maxPast/2); p.size > maxPast {
		t.Error("too long a one is kept")
	}
}
