package decode

import (
	"testing"
	"time"
)

// TestDroppedIsCounted: the sender of a stanza counts it, although a proxy keeps
// it back, and gets an h that is right for it (XEP-0198 §4).
func TestDroppedIsCounted(t *testing.T) {
	enable, enabled := "<enable xmlns='urn:xmpp:sm:3'/>", "<enabled xmlns='urn:xmpp:sm:3'/>"
	stanza := "<message/>"
	c := NewConn(1, Options{})
	when := time.Unix(0, 0)
	errs := 0
	feed := func(d Dir, text string) {
		for part := []byte(text); len(part) > 0; {
			events, used := c.Feed(d, when, part)
			for i := range events {
				errs += len(events[i].Errs)
			}
			part = part[used:]
		}
	}
	feed(FromInitiator, opened)
	feed(FromReceiver, answered)
	feed(FromInitiator, enable)
	feed(FromReceiver, enabled)
	c.Mark(when, Mark{Do: MarkDrop, Dir: FromInitiator, At: int64(len(opened + enable)), N: int64(len(stanza))})
	feed(FromInitiator, stanza)
	feed(FromReceiver, "<a xmlns='urn:xmpp:sm:3' h='1'/>")
	if errs != 0 {
		t.Errorf("an h that counts what was dropped has %d faults", errs)
	}
	feed(FromReceiver, "<a xmlns='urn:xmpp:sm:3' h='2'/>")
	if errs == 0 {
		t.Error("an h that is too high is not told")
	}
}
