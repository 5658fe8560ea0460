package im_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/transcript"
	"xmppscope/decode/xmlstream"
)

// Whatever a conversation says: no panic, bounded lists, the same every time and
// with elements that somebody else has parsed, and no state that contradicts
// itself. A line of the input is sent by C or S, as in a transcript.
func FuzzSession(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		events := wild(text)
		if len(events) > 2000 {
			return
		}
		a, b := im.New(), im.New()
		var tree xmlstream.Tree
		for i := range events {
			a.Event(&events[i], nil)
			if i%2 == 0 {
				b.Event(&events[i], events[i].Element(&tree))
			} else {
				b.EventFunc(&events[i], func() *xmlstream.Node { return events[i].Element(&tree) })
			}
			list, _ := a.Changes()
			other, _ := b.Changes()
			if len(list) > 64 || fmt.Sprint(list) != fmt.Sprint(other) {
				t.Fatalf("event %d: %v and %v", i+1, list, other)
			}
			for _, c := range list {
				if c.Since >= events[i].Seq && c.Since != 0 && c.Was != "" {
					t.Errorf("event %d: a value from the future: %+v", i+1, c)
				}
			}
		}
		if fmt.Sprint(a.Facts()) != fmt.Sprint(b.Facts()) {
			t.Error("two folds of the same events differ")
		}
		agree(t, a, events)
	})
}

// wild plays lines without an error: those that are none are left out.
func wild(text string) []decode.Event {
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		if _, err := transcript.Parse(l); err == nil && !strings.HasPrefix(l, "conn") && !strings.HasPrefix(l, "wait") {
			lines = append(lines, l)
		}
	}
	s, err := transcript.Parse(strings.Join(lines, "\n"))
	if err != nil {
		return nil
	}
	p, err := s.Play(decode.Options{})
	if err != nil {
		return nil
	}
	return p.Events
}

// agree checks that the answers of a session fit together.
func agree(t *testing.T, s *im.Session, events []decode.Event) {
	t.Helper()
	last := decode.Seq(len(events))
	for i := range s.Roster() {
		state := s.Subscription(i.JID)
		if state&im.To != 0 && state&im.PendingOut != 0 || state&im.From != 0 && state&im.PendingIn != 0 {
			t.Errorf("%s is %s", i.JID, state)
		}
		if got, ok := s.Item(i.JID); !ok || got.Seq != i.Seq || i.Seq > last {
			t.Errorf("%s is not found by its own address", i.JID)
		}
	}
	for r := range s.Rooms() {
		n := 0
		for o := range s.Occupants(r.JID) {
			n++
			if got, ok := s.Occupant(r.JID + "/" + o.Nick); !ok || got.Nick != o.Nick {
				t.Errorf("%s is not found in %s", o.Nick, r.JID)
			}
		}
		if n != r.Occupants || n > 0 && r.State >= im.RoomLeft && r.State != im.RoomJoined && r.Self > r.StateSeq {
			t.Errorf("%s: %d occupants counted, %d told", r.JID, n, r.Occupants)
		}
	}
	for _, dir := range []decode.Dir{decode.FromInitiator, decode.FromReceiver} {
		for _, q := range s.Pending(dir) {
			if got, ok := s.Request(q.Seq); !ok || got.ID != q.ID || q.Seq > last {
				t.Errorf("request %d is not found", q.Seq)
			}
		}
	}
	for _, f := range s.Facts() {
		if f.Value == "" || f.Group == "" || f.Seq > last {
			t.Errorf("a fact without a value: %+v", f)
		}
	}
}

// The same on all transcripts of the room.
func TestFoldAgrees(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		events := play(t, string(text))
		for n := range events {
			agree(t, fold(events[:n]), events)
		}
	}
}
