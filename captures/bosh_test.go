package captures

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

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

// Where nobody comes back to a session of BOSH, time alone says so, live as in
// the recording: the conversation is summed up while nothing else happens.
func TestBOSHNobodyComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var file bytes.Buffer
		tap := NewTap(TapOptions{Live: true, Record: &file})
		var mu sync.Mutex
		var lines []string
		live := func() []string {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(lines)
		}
		var reading sync.WaitGroup
		reading.Go(func() {
			told(t, tap.Input(), false, func(line string) {
				mu.Lock()
				defer mu.Unlock()
				lines = append(lines, line)
			})
		})
		says := func(dir decode.Dir, head, body string) {
			tap.Data(1, false, dir, time.Now(), fmt.Appendf(nil, "%s\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body))
		}
		const ns = "<body xmlns='http://jabber.org/protocol/httpbind'"
		tap.Open(1, false, tapClient, tapDoor, time.Now())
		says(decode.FromInitiator, "POST / HTTP/1.1\r\nHost: a", ns+" rid='1' to='localhost'/>")
		says(decode.FromReceiver, "HTTP/1.1 200 OK", ns+" sid='s' inactivity='30'/>")
		tap.End(1, false, decode.FromInitiator, time.Now(), false)
		tap.End(1, false, decode.FromReceiver, time.Now(), false)
		time.Sleep(50 * time.Second)
		synctest.Wait()
		before := len(live())
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if now := live(); len(now) != before+1 || !strings.HasSuffix(now[before], "cut") {
			t.Errorf("after a minute and more: %q", now[before:])
		}
		played(tap)
		if err := tap.Close(); err != nil {
			t.Error(err)
		}
		reading.Wait()
		if again := toldOf(t, fileOf(file.Bytes()), false); !slices.Equal(again, lines) {
			t.Errorf("live:\n%s\nrecorded:\n%s", strings.Join(lines, "\n"), strings.Join(again, "\n"))
		}
	})
}
