package why

import (
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/lint"
)

// FuzzQuestions asks everything about whatever two sides say: there is always
// an answer, and every event that it names was there.
func FuzzQuestions(f *testing.F) {
	for _, x := range examples(f) {
		var sides [2][]byte
		for _, l := range strings.Split(x.script, "\n") {
			if text, ok := strings.CutPrefix(l, "C: "); ok {
				sides[0] = append(sides[0], text...)
			}
			if text, ok := strings.CutPrefix(l, "S: "); ok {
				sides[1] = append(sides[1], text...)
			}
		}
		f.Add(sides[0], sides[1], false)
	}
	f.Add([]byte("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"), []byte("\x17\x03\x03\x00\x13\x00"), true)
	f.Fuzz(func(t *testing.T, initiator, receiver []byte, middle bool) {
		conn := decode.NewConn(1, decode.Options{MidStream: middle})
		c, g := New(Options{}), lint.New(lint.Options{})
		last := decode.Seq(0)
		take := func(events []decode.Event) {
			for i := range events {
				last = max(last, events[i].Seq)
				c.Event(&events[i], g.Event(&events[i]))
			}
		}
		at := time.Unix(1_700_000_000, 0)
		said := [2][]byte{initiator, receiver}
		for said[0] != nil || said[1] != nil {
			for d := range said {
				part := said[d][:min(len(said[d]), 512)]
				if said[d] = said[d][len(part):]; len(said[d]) == 0 {
					said[d] = nil
				}
				for len(part) > 0 {
					events, n := conn.Feed(decode.Dir(d), at, part)
					take(events)
					part = part[n:]
				}
				at = at.Add(time.Second)
			}
		}
		take(conn.Finish(at))
		over := conn.Summary()
		c.End(&over, g.End(&over))
		for _, q := range Questions() {
			a := c.Answer(1, &q, "")
			if a.Text == "" {
				t.Fatalf("%s has no answer", q.Name)
			}
			for _, fact := range a.Facts {
				for _, s := range fact.Seq {
					if s == 0 || s > last {
						t.Fatalf("%s names event %d of %d: %s", q.Name, s, last, fact.Text)
					}
				}
			}
		}
	})
}
