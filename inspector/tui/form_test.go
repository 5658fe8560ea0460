package tui

import (
	"context"
	"strings"
	"testing"
)

// questionnaire is a form with a field of every kind.
func questionnaire(run func(context.Context, map[string][]string) (*Source, string, error)) Form {
	return Form{Group: "Live", Name: "proxy", Title: "Stand between", Intro: "Say where the server is.", Start: "start it",
		About: "A form asks for all.",
		Fields: []FormField{
			{Name: "to", Holder: "HOST[:PORT]", Help: "Relay to the server there."},
			{Name: "listen", Holder: "ADDR", Help: "Take clients there.", Default: []string{"127.0.0.1:5222"}, Many: true},
			{Name: "insecure", Help: "Go on whatever the certificate is worth.", Kind: FieldSwitch},
			{Name: "upstream", Help: "How to talk to the server.", Kind: FieldChoice, Choices: []string{"auto", "tls"}, Default: []string{"auto"}},
			{Name: "break", Holder: "EXPR", Help: "Hold what fits.", Kind: FieldBreak, Many: true},
			{Name: "password", Holder: "JID=PASSWORD", Help: "A user's password.", Kind: FieldSecret, Many: true},
		},
		Line: func(v map[string][]string) string {
			s := "xmppscope proxy"
			for _, name := range []string{"to", "listen", "insecure", "upstream", "break"} {
				for _, x := range v[name] {
					s += " --" + name + " " + x
				}
			}
			return s
		},
		Run: run,
	}
}

func TestForm(t *testing.T) {
	var got map[string][]string
	fail := true
	o := Options{NoColor: true, Forms: []Form{questionnaire(func(_ context.Context, v map[string][]string) (*Source, string, error) {
		got = v
		if fail {
			return nil, "", &FormError{Field: "listen", Text: "that port is taken", Hint: "127.0.0.1:0 takes a free one"}
		}
		return transcripts(t, "plain"), "", nil
	})}}
	th := perform(t, o, 80, 24)
	th.press("Enter").has("(HOST[:PORT])").has("Relay to the server there.")
	th.write("localhost").press("Down Down").write("tls://[::1]:5223").press("Down Down Space Down Space Down").write(`name == "iq"`)
	th.press("Down Down").write("juliet@localhost=wherefore").lacks("wherefore").has("juliet@localhost=••••")
	th.has("$ xmppscope proxy --to localhost --listen 127.0.0.1:5222 --listen").press("Enter")
	th.has("✗ that port is taken").has("takes a free one")
	want := map[string]string{"to": "localhost", "listen": "127.0.0.1:5222 tls://[::1]:5223", "insecure": "true", "upstream": "tls", "break": `name == "iq"`, "password": "juliet@localhost=wherefore"}
	for name, text := range want {
		if strings.Join(got[name], " ") != text {
			t.Errorf("%s is %q, want %s", name, got[name], text)
		}
	}
	th.press("Ctrl-Y")
	if text := string(th.sim.GetClipboardData()); !strings.HasPrefix(text, "xmppscope proxy --to localhost") || strings.Contains(text, "wherefore") {
		t.Errorf("copied %q", text)
	}
	th.press("Esc Enter").has("localhost").lacks("that port is taken") // as it was left
	fail = false
	th.press("Enter").has("TCP connect")
}

// An expression that is wrong is told with its column, and nothing is begun.
func TestFormJudgesExpressions(t *testing.T) {
	th := perform(t, Options{Forms: []Form{questionnaire(func(context.Context, map[string][]string) (*Source, string, error) {
		t.Error("it was begun")
		return nil, "", nil
	})}}, 80, 24)
	th.press("Enter Down Down Down Down Down").write("once nam == 1").press("Enter").has("✗ column 6: there is no field nam")
}

// What takes long can be given up; what comes of it later is thrown away.
func TestFormGivesUp(t *testing.T) {
	begun, closed := make(chan bool), make(chan bool, 1)
	o := Options{Forms: []Form{questionnaire(func(ctx context.Context, _ map[string][]string) (*Source, string, error) {
		close(begun)
		<-ctx.Done()
		s := transcripts(t, "plain")
		s.Close = func() { closed <- true }
		return s, "", nil
	})}}
	th := perform(t, o, 80, 24)
	th.u.key(keyEvent(t, "Enter"))
	th.u.key(keyEvent(t, "Enter"))
	<-begun
	th.draw()
	th.has("Working …").press("Esc").has("given up")
	th.tick()
	if !<-closed || th.u.cap != nil {
		t.Error("what was given up is shown")
	}
}

// A text is shown, and Esc goes back to the form.
func TestFormGivesText(t *testing.T) {
	th := perform(t, Options{Forms: []Form{questionnaire(func(context.Context, map[string][]string) (*Source, string, error) {
		return nil, "first line\n\x1b[31mevil\n", nil
	})}}, 80, 24)
	th.press("Enter Enter").has("first line").has("␛[31mevil").press("Esc").has("Relay to the server there.")
}

// A door that what is live now has itself is no hindrance: it is left, and the
// form begins once more. What is wrong otherwise is told, in as many lines as it
// takes, and what is live stays.
func TestFormTakesOverItsDoor(t *testing.T) {
	th, p := onAir(t, 80, 24)
	p.status.Listening, p.status.Open = []string{"starttls 127.0.0.1:5222"}, 0
	th.u.queue.status = p.status
	closed, tries := false, 0
	th.u.cap.src.Close = func() { closed = true }
	f := questionnaire(func(context.Context, map[string][]string) (*Source, string, error) {
		switch tries++; {
		case tries == 1:
			return nil, "", &FormError{Field: "listen", Text: "--listen 127.0.0.1:52220: address already in use", Hint: "a server may have that port; --listen 127.0.0.1:0 takes one that is free"}
		case !closed:
			return nil, "", &FormError{Field: "listen", Text: "--listen 127.0.0.1:5222: address already in use"}
		}
		return transcripts(t, "plain"), "", nil
	})
	th.u.over = th.u.fillIn(&f)
	th.tick()
	th.press("Enter").has("address already in use").has("takes one that is free")
	if closed {
		t.Error("what is live was left for nothing")
	}
	th.press("Enter").has("TCP connect").has("plain.pcap")
	if tries != 3 {
		t.Error("begun", tries, "times")
	}
}

// Opening something else while connections are open asks first.
func TestLeavingWhatIsLive(t *testing.T) {
	th, _ := onAir(t, 100, 30)
	th.u.o.Open = func(string) (*Source, error) { return transcripts(t, "plain"), nil }
	th.press("o").write("./x.pcap").press("Enter").has("Leave what is live now?").press("Esc").has("Open another capture")
	th.press("Enter y").has("plain.pcap")
}

func TestStartScreens(t *testing.T) {
	o := Options{NoColor: true, Choices: testChoices(), Forms: []Form{questionnaire(nil)},
		Recent: func() []Choice {
			return []Choice{{Group: "Recent files", Name: "~/gone.pcap", Title: "✗ gone: gone.pcap"}}
		},
		Teach: func() *Teaching { return teaching(t, "") }}
	o.OpenWith = func(name string) *Form {
		f := questionnaire(nil)
		f.Values = map[string][]string{"to": {name}}
		return &f
	}
	for _, size := range []struct {
		name string
		w, h int
	}{{"80x24", 80, 24}, {"120x40", 120, 40}} {
		th := perform(t, o, size.w, size.h)
		th.has("Begin here: A test of every kind").golden("start-all-" + size.name)
		th.press("Down Down Enter").golden("form-" + size.name)
		th.press("Esc").write("plain").press("Ctrl-O").has("▶ to               plain")
		th.press("Esc Ctrl-U Enter").has("step 1 of 9") // the lesson
	}
}
