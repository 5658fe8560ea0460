package captures

import (
	"slices"
	"testing"

	"xmppscope/decode"
)

// The sample of BOSH is one conversation on two connections: its http events
// hold all bytes of both, what they carry stands in events that name them, and
// the conversation reads like one on TCP.
func TestBOSHIsOneConversation(t *testing.T) {
	all := readAll(t, Options{}, sampleInput("bosh"))
	if len(all) != 1 {
		t.Fatalf("%d conversations", len(all))
	}
	f := all[1]
	if f.sum.Transport != "bosh" || len(f.sum.Also) != 1 || f.sum.Outcome != decode.OutcomeClosed || f.sum.JID != "juliet@capulet.example/balcony" || f.sum.Frames < 30 {
		t.Errorf("%+v", f.sum)
	}
	// 2102 + 371 and 4371 + 565 bytes are what tshark follows, see bosh.follow.
	if len(f.sent[0]) != 2473 || len(f.sent[1]) != 4936 {
		t.Errorf("%d and %d bytes", len(f.sent[0]), len(f.sent[1]))
	}
	var steps []string
	carriers := map[decode.Seq]bool{}
	for i := range f.events {
		e := &f.events[i]
		if e.Kind == decode.KindHTTP {
			carriers[e.Seq] = true
			continue
		}
		if e.Carrier != 0 && (!carriers[e.Carrier] || len(e.XML) == 0 || len(e.Frames) == 0) {
			t.Errorf("event %d: carrier %d, %d bytes, frames %v", e.Seq, e.Carrier, len(e.XML), e.Frames)
		}
		if s := e.Step.String(); s != "" && (len(steps) == 0 || steps[len(steps)-1] != s) {
			steps = append(steps, s)
		}
	}
	want := []string{"tcp-connect", "bosh-create", "stream-features", "sasl-auth", "sasl-success", "bosh-restart", "stream-features", "bind", "presence-initial", "exchange"}
	if len(steps) < len(want) || !slices.Equal(steps[:len(want)], want) || steps[len(steps)-1] != "bosh-end" {
		t.Errorf("steps %q", steps)
	}
}
