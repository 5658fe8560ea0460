package linear

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector/live"
)

func TestHeldLoginIsChanged(t *testing.T) {
	for name, test := range map[string]struct {
		script []string
		want   string // the payload that goes on
		says   []string
	}{
		"a field":                      {[]string{"held", "edit passwd=wrong"}, "AG1iZWQAd3Jvbmc=", []string{"Field sasl.passwd was mirror, and is wrong now.", "#4 goes on, changed.", "#4 went on, changed."}},
		"its whole name and number":    {[]string{"edit 4 sasl.passwd=wrong"}, "AG1iZWQAd3Jvbmc=", nil},
		"a value with = and blanks":    {[]string{"held", "e passwd=a = b"}, "AG1iZWQAYSA9IGI=", nil},
		"emptied":                      {[]string{"held", "edit passwd="}, "AG1iZWQA", []string{"and is empty now"}},
		"a bit":                        {[]string{"held", "edit flip authcid"}, "AG1iZWUAbWlycm9y", []string{"Field sasl.authcid was mbed, and is mbee now."}},
		"asked for, by two fields":     {[]string{"held", "edit", "sasl.authcid=juliet", "sasl.passwd=x", "."}, "AGp1bGlldAB4", []string{"Field sasl.passwd is mirror", "It is a secret.", "xml> sasl.authcid=juliet"}},
		"asked for, by XML of lines":   {[]string{"held", "edit", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'", "mechanism='PLAIN'>AGEAYg==</auth>", "."}, "AGEAYg==", nil},
		"at once by XML":               {[]string{"held", "edit <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>"}, "AGEAYg==", nil},
		"malformed, all the same":      {[]string{"held", "edit <auth>AGEAYg==", "y"}, "AGEAYg==", []string{"not well-formed", "Send it all the same?"}},
		"malformed, kept, and then so": {[]string{"held", "edit <auth>AGEAYg==", "n", "edit <auth>AGEAYw==</auth>"}, "AGEAYw==", []string{"The change is not sent"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPuppet(t)
			p.hold(decode.FromInitiator, authText, `breakpoint name == "auth"`)
			got := p.play(t, test.script...)
			a := p.last(t)
			if a.Do != "edit" || a.Seq != 4 || a.XML == nil || !strings.Contains(*a.XML, test.want) {
				t.Errorf("%+v; said:\n%s", a, got)
			}
			if force := strings.HasPrefix(name, "malformed, all"); a.Force != force {
				t.Errorf("force %v", a.Force)
			}
			says(t, got, test.says...)
		})
	}
}

func TestNothingIsDoneUnasked(t *testing.T) {
	for name, test := range map[string]struct {
		script []string
		says   string
	}{
		"left as it is":          {[]string{"held", "edit", "."}, "#4 is still held, as it came."},
		"an unknown field":       {[]string{"held", "edit colour=red"}, "Colour is no field of it.\nHint: there are sasl.authzid, sasl.authcid, sasl.passwd."},
		"nothing heard of":       {[]string{"drop"}, "#4, auth, HELD: The client logs in with PLAIN. Stopped by rule R.\nThis is what is held; nothing was done.\nHint: drop again does it to this one."},
		"another number":         {[]string{"drop 3"}, "3 is not held."},
		"malformed and not sent": {[]string{"held", "edit <a", "n", "undo"}, "The change of #4 is forgotten"},
		"not understood":         {[]string{"held", "edit something"}, "Edit does not understand something."},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPuppet(t)
			p.hold(decode.FromInitiator, authText, "rule R")
			got := p.play(t, test.script...)
			if len(p.acts) > 0 {
				t.Errorf("did %+v", p.acts)
			}
			says(t, strings.ReplaceAll(got, "The server has not got it yet: show says all about it, edit changes it, step lets it go, continue lets everything go, drop drops it.\n", ""), test.says)
		})
	}
}

func TestLiveVerbs(t *testing.T) {
	for line, want := range map[string]live.Act{
		"step":                           {Do: "step", Seq: 4},
		"next":                           {Do: "next"},
		"continue":                       {Do: "continue"},
		"pause":                          {Do: "pause"},
		"drop":                           {Do: "drop", Seq: 4},
		"forward 4":                      {Do: "forward", Seq: 4},
		"close":                          {Do: "close", Seq: 4, Conn: 1, Dir: "receiver", Layer: "stream"},
		"close server tcp":               {Do: "close", Seq: 4, Conn: 1, Dir: "initiator", Layer: "tcp"},
		"close stream policy-violation":  {Do: "close", Seq: 4, Conn: 1, Dir: "receiver", Layer: "stream", Condition: "policy-violation"},
		"freeze client":                  {Do: "freeze", Conn: 1, Dir: "initiator"},
		"freeze":                         {Do: "freeze", Conn: 1},
		"thaw server":                    {Do: "thaw", Conn: 1, Dir: "receiver"},
		`break once name == "iq"`:        {Do: "break", Expr: `once name == "iq"`},
		"replay 3":                       {Do: "replay", Seq: 3, Dir: "receiver", Fresh: true, Swallow: true},
		"inject client <presence/>":      {Do: "inject", Conn: 1, Dir: "receiver", Fresh: true, Swallow: true},
		"inject to the server <message>": {Do: "inject", Conn: 1, Dir: "initiator", Fresh: true, Swallow: true, Force: true},
	} {
		t.Run(line, func(t *testing.T) {
			p := newPuppet(t)
			p.hold(decode.FromInitiator, authText, "step")
			got := p.play(t, "held", line, "y")
			a := p.last(t)
			a.XML = nil
			if a != want {
				t.Errorf("%+v, want %+v; said:\n%s", a, want, got)
			}
		})
	}
}

func TestInjectTemplates(t *testing.T) {
	p := newPuppet(t)
	got := p.play(t, "inject", "inject ping", "inject ping server", ".", "inject roster", "cancel", "inject disco client", "cancel", "inject nonsense server", "inject disco server", "inject roster", "<presence/>", ".")
	says(t, got, "inject ping server: asks whether", "inject ping client:", "To which side.", "<ping xmlns='urn:xmpp:ping'/></iq>", "Sent to the server",
		"Nothing was sent.", " from='h.example'", "Nonsense is no template for the server.", "Disco may be disco info or disco items.", "Sent to the server")
	if n := len(p.acts); n != 2 || !strings.Contains(*p.acts[0].XML, "<ping xmlns='urn:xmpp:ping'/>") || *p.acts[1].XML != "<presence/>" {
		t.Errorf("%d acts: %+v", n, p.acts)
	}
}

// What is held and not heard of stays when a verb is about what was heard of.
func TestStoppedByTheNext(t *testing.T) {
	p := newPuppet(t)
	p.hold(decode.FromInitiator, authText, "step")
	p.hold(decode.FromReceiver, refused, "step")
	got := p.play(t, "held", "step", "where", "show")
	says(t, got, "#4 went on as it came.", "#5 is held still: The server refuses the login: not-authorized.", "(xmppscope) where\n#5, auth, HELD", "(xmppscope) show\n#5, auth, HELD")
}

func TestLeavingWhatIsHeld(t *testing.T) {
	p := newPuppet(t)
	p.hold(decode.FromInitiator, authText, "step")
	got := p.play(t, "quit", "no", "where", "quit", "y", "where")
	says(t, got, "1 unit is held and would be lost; 1 open connection would end.", "You stay.", "(xmppscope) where", "(y or n) y")
	if strings.Count(got, "where") != 1 || strings.Contains(got, "was held") {
		t.Errorf("after leaving:\n%s", got)
	}
	says(t, p.play(t, "status"), "1 unit held", "1 unit was held and is lost.")
}

// What is done about channel binding is told as the screen does: once it has mattered.
func TestBindingIsToldOf(t *testing.T) {
	p := newPuppet(t)
	p.banner, p.binding = "channel binding is removed", "binding removed"
	p.hold(decode.FromInitiator, authText, "step")
	got := p.play(t, "status", "continue", "status", "q", "y")
	says(t, got, "Nothing was bound to TLS yet; where a login is, channel binding is removed.", "Note: binding removed: channel binding is removed.", "Binding removed: channel binding is removed.\n")
	if n := strings.Count(got, "Note: binding"); n != 1 {
		t.Errorf("it is told %d times:\n%s", n, got)
	}
}

func TestEndIsTold(t *testing.T) {
	p := newPuppet(t)
	p.news = []string{"demo: mbed: \x1b[2Jtrying again"}
	p.hold(decode.FromInitiator, authText, "step")
	got := p.play(t, "continue", "drop", "step", "back", "break", "quit")
	says(t, got, "Note: demo: mbed: ␛[2Jtrying again.", "#4 went on as it came.", "All connections have ended. What was said can still be looked at.",
		"(xmppscope) drop\nAll connections have ended", "(xmppscope) step\nThis is the last event.", "(xmppscope) back\n#3, open", `Breakpoint 1: step == "stream-features"`)
}

func TestErrorsAreTold(t *testing.T) {
	p := newPuppet(t)
	p.err = errWorld
	p.hold(decode.FromInitiator, authText, "step")
	got := p.play(t, "held", "drop", "pause", "close", "next", "unbreak 4", "close client tcp reset")
	if n := strings.Count(got, errWorld.Error()); n != 4 {
		t.Errorf("told %d times:\n%s", n, got)
	}
	says(t, got, "There is no breakpoint 4.", "Close takes a side")
}

// screen is what a person hears, while they hear it.
type screen struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

func (s *screen) until(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if strings.Contains(s.String(), text) {
			return
		}
	}
	t.Fatalf("%q is never said:\n%s", text, s)
}

// typist is a person at a prompt.
func typist(t *testing.T, src *Source) (keys io.Writer, ctrlC chan<- os.Signal, heard *screen, done <-chan struct{}) {
	t.Helper()
	r, w := io.Pipe()
	heard = new(screen)
	c, end := make(chan os.Signal, 1), make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer close(end)
		_ = Run(ctx, Options{Source: src, In: r, Out: heard, Typed: true, Interrupts: c})
	}()
	t.Cleanup(func() {
		cancel()
		w.Close()
		<-end
	})
	return w, c, heard, end
}

// Nobody is interrupted while typing: what happens is told before the next verb.
func TestNothingIsSaidWhileTyping(t *testing.T) {
	src := sample(t, "plain-login")
	events := make(chan struct{})
	load := src.Load
	src.Follow = true
	src.Load = func(ctx context.Context, progress func(int64, int64)) error {
		<-events
		err := load(ctx, progress)
		close(events)
		<-ctx.Done()
		return err
	}
	keys, _, heard, _ := typist(t, src)
	heard.until(t, prompt)
	before := heard.String()
	events <- struct{}{}
	<-events
	if now := heard.String(); now != before {
		t.Fatalf("said while somebody types: %q", strings.TrimPrefix(now, before))
	}
	io.WriteString(keys, "where\n")
	heard.until(t, "#1, connect: The client connects.")
	io.WriteString(keys, "goto first\n")
	heard.until(t, prompt+"#1, connect")
}

func TestCtrlC(t *testing.T) {
	p := newPuppet(t)
	keys, ctrlC, heard, done := typist(t, p.source())
	heard.until(t, "Waiting for what happens.")
	ctrlC <- os.Interrupt
	heard.until(t, "The prompt is back; everything goes on as it did.\n"+prompt)
	ctrlC <- os.Interrupt
	heard.until(t, "Ctrl-C once more leaves")
	io.WriteString(keys, "help next\n") // it counts anew
	heard.until(t, "go to the next phase")
	io.WriteString(keys, "wait\n")
	heard.until(t, "go to the next phase")
	io.WriteString(keys, "\n")
	ctrlC <- os.Interrupt
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		select {
		case <-done:
			return
		case ctrlC <- os.Interrupt: // one may end the waiting, two more leave
		}
	}
	t.Fatal("it is not left")
}

func TestLongAnswerIsBrokenOff(t *testing.T) {
	c := make(chan os.Signal, 1)
	c <- os.Interrupt
	v := newVoice(io.Discard, c)
	v.say("one")
	if !v.broken {
		t.Error("it goes on")
	}
}
