package tui

import (
	"errors"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// A login is changed by its fields: only the base64 becomes another.
func TestEditLogin(t *testing.T) {
	th, p := onAir(t, 80, 24)
	p.hold(decode.FromInitiator, authText)
	th.tick()
	th.press("e").has("authcid  mbed").has("passwd   mirror").has("secret: ")
	th.press("Ctrl-U").write("wrong").has("came as mirror").has("AG1iZWQAd3Jvbmc=")
	th.press("Ctrl-T").has("AG1iZWQAd3Jvbmc=</auth>").has("✓ well-formed").press("Ctrl-T").has("passwd   wrong")
	th.press("Enter").has("goes on changed")
	a := p.last()
	if want := strings.Replace(authText, "AG1iZWQAbWlycm9y", "AG1iZWQAd3Jvbmc=", 1); a.Do != "edit" || a.XML == nil || *a.XML != want || a.Force {
		t.Errorf("%+v %v", a, a.XML)
	}
}

// What is malformed goes out only when that is wanted twice; what is left is kept
// until it is forgotten.
func TestEditByteForByte(t *testing.T) {
	th, p := onAir(t, 80, 24)
	p.hold(decode.FromReceiver, pingText)
	th.tick()
	th.press("e").has("✓ well-formed, 79 bytes, as it came").press("PgDn End Backspace").has("✗ not well-formed")
	th.press("Ctrl-S").has("Send it anyway?").press("x").lacks("Send it anyway?")
	if len(p.acts) != 0 {
		t.Fatalf("it was sent: %+v", p.acts)
	}
	th.press("Esc").has("change not sent").press("u").has("is forgotten").press("u").has("nothing to undo")
	th.press("e").write("<").has("who is there").press("Ctrl-S").has("Send it anyway?").lacks("who is there").press("Esc Esc u")
	th.press("e").has("as it came").press("PgDn End Backspace Tab Enter").has("Send it anyway?").press("y")
	if a := p.last(); a.Do != "edit" || !a.Force || *a.XML != strings.TrimSuffix(pingText, ">") {
		t.Errorf("%+v", a)
	}
	p.hold(decode.FromReceiver, pingText)
	th.tick()
	th.press("e Ctrl-S").has("goes on as it came")
	if a := p.last(); a.Do != "forward" {
		t.Errorf("%+v", a)
	}
	p.hold(decode.FromReceiver, pingText)
	th.tick()
	p.err = errors.New("it is gone")
	th.press("e PgDn End Space Ctrl-S").has("✗ it is gone").press("Esc")
}

// Faults that break no XML rule of well-formedness are told while one types.
func TestLintWhileTyping(t *testing.T) {
	th, p := onAir(t, 100, 30)
	p.hold(decode.FromInitiator, pingText)
	th.tick()
	th.press("e")
	th.u.over.paste("<!-- x -->")
	th.tick()
	th.has("✗ ").has("comment")
}

func TestEditOutside(t *testing.T) {
	t.Setenv("VISUAL", "")
	t.Setenv("EDITOR", `sed -i -e 's/ping/pong/'`)
	th, p := onAir(t, 80, 24)
	paused := false
	th.u.suspend = func(f func()) bool { paused = true; f(); return true }
	p.hold(decode.FromReceiver, pingText)
	th.tick()
	th.press("E").has("<pong xmlns=").press("Ctrl-S")
	if a := p.last(); !paused || a.Do != "edit" || *a.XML != strings.Replace(pingText, "ping", "pong", 1) {
		t.Errorf("%+v", a)
	}
	p.hold(decode.FromReceiver, pingText)
	th.tick()
	t.Setenv("EDITOR", "false")
	th.press("E").has("✗ false: exit status 1").has("nothing was changed")
	t.Setenv("EDITOR", "no-such-editor")
	th.press("E").has("no-such-editor cannot be found: set $EDITOR")
	t.Setenv("EDITOR", "true")
	th.press("E").has("nothing was changed in true")
	// From the editor here to the other one, and back.
	th.press("e Ctrl-O").has("nothing was changed in true")
	t.Setenv("EDITOR", "no-such-editor")
	th.press("Ctrl-O").has("no-such-editor cannot be found")
	t.Setenv("EDITOR", `sed -i -e 's/ping/pong/'`)
	th.press("Ctrl-O").has("<pong xmlns=").press("Ctrl-Z").lacks("pong").has("as it came").press("Ctrl-Y").has("<pong")
}

func TestInjectAndReplay(t *testing.T) {
	th, p := onAir(t, 100, 30)
	th.press("i").write("disco").press("Enter").has("to='h.example'").press("Ctrl-S").has("sent to the server")
	if a := p.last(); a.Do != "inject" || a.Dir != "initiator" || !a.Fresh || !a.Swallow || !strings.Contains(*a.XML, "disco#info") || a.Conn != 1 {
		t.Errorf("%+v", a)
	}
	th.press("i").write("roster push").press("Enter Tab Tab Space Tab Enter Tab Space Tab Space Ctrl-S").has("sent to the server")
	if a := p.last(); a.Dir != "initiator" || a.Fresh || a.Swallow || a.Place != "before" {
		t.Errorf("%+v", a)
	}
	// An id that was typed is the person's own, unless they ask for another.
	for _, more := range []string{"", "Tab Tab Tab Space "} {
		th.press("i").write("iq get to server").press("Enter Ctrl-A").write("<iq type='get' id='mine'><ping xmlns='urn:xmpp:ping'/></iq>").has("[ id: yours ]").press(more + "Ctrl-S")
		if a := p.last(); a.Fresh != (more != "") || !strings.Contains(*a.XML, "id='mine'") {
			t.Errorf("%q: %+v", more, a)
		}
	}
	th.press("i").write("empty").has("C → S  begin with nothing").has("C ← S  begin with nothing").press("Esc")
	th.press("G r Ctrl-S")
	if a := p.last(); a.Do != "replay" || a.Seq != 3 || a.XML != nil || a.Dir != "receiver" {
		t.Errorf("%+v", a)
	}
	th.press("r")
	th.u.over.paste(" ")
	th.press("Ctrl-S")
	if a := p.last(); a.XML == nil || *a.XML != " "+offered {
		t.Errorf("%+v", a)
	}
}

// What is hostile reaches the terminal from no editor, and what an editor would
// change is not edited in one.
func TestHostileEdits(t *testing.T) {
	for _, text := range []string{"\xff<a/>", "<a>\r\n</a>", "<a>\x00</a>", strings.Repeat("x", maxEdited+1)} {
		if canEdit(text) == "" {
			th, p := onAir(t, 80, 24)
			p.hold(decode.FromReceiver, text)
			th.tick()
			th.press("e Ctrl-S")
			if len(p.acts) > 0 && p.last().Do != "forward" {
				t.Errorf("%.20q was changed by looking at it: %q", text, *p.last().XML)
			}
		}
	}
	if canEdit(strings.Repeat("x", maxEdited+1)) == "" || canEdit("<a>ü\n\t</a>") != "" {
		t.Error("what can be edited is told wrongly")
	}
	th, p := onAir(t, 100, 30)
	p.hold(decode.FromReceiver, "<message><body>a\u202eb\u009b31m\u2066</body></message>")
	p.hold(decode.FromInitiator, strings.Replace(authText, "AG1iZWQAbWlycm9y", "AG1iG1sySgBtaXJyb3I=", 1))
	th.tick()
	for _, keys := range []string{"e", "Esc j e", "Ctrl-T", "Esc b", "Esc r", "Esc i", "Esc B", "Esc 3"} {
		th.press(keys)
		cells, _, _ := th.sim.GetContents()
		for i := range cells {
			if s := string(cells[i].Runes); inspector.Harmful(s) {
				t.Fatalf("%s: %q is on the screen\n%s", keys, s, th.screen())
			}
		}
	}
}
