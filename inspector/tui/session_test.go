package tui

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
)

// selected is the number of the event that the list marks.
func (th *theatre) selected() int {
	row := th.u.cap.row()
	if row < 0 {
		return 0
	}
	return int(th.u.cap.store.Row(row).Seq())
}

// The steps of a session, each a key and the event it leads to.
func TestSteps(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	for _, c := range []struct {
		keys string
		want int
	}{
		{"s", 2}, {"j", 3}, {"Down", 4}, {"k", 3}, {"Up", 2},
		{"n", 5}, {"]", 7}, {"n", 10}, {"[", 7}, {"[", 5}, {"s [", 5},
		{"End", 27}, {"s", 27}, {"n", 27}, {"Home", 1}, {"k", 1}, {"[", 1},
		{"PgDn", 9}, {"PgUp", 1}, {"G", 27}, {"g", 1},
	} {
		if th.press(c.keys); th.selected() != c.want {
			t.Errorf("%s leads to #%d, want #%d", c.keys, th.selected(), c.want)
		}
	}
}

func TestTheCursorIsAlwaysOnTheScreen(t *testing.T) {
	th := perform(t, Options{Source: manyEvents(t, 5000)}, 80, 24)
	for _, k := range strings.Fields("s s PgDn PgDn End k k PgUp Home PgDn G PgUp n [ z PgDn z PgUp z") {
		th.press(k).has("▶")
	}
}

func TestTabs(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	th.press("s s s s").has("[1 Explain]").has("logs in with PLAIN")
	th.press("2").has("[2 XML]").has("mechanism='PLAIN'")
	th.press("3").has("[3 SASL *]").has("␀mbed␀mirror")
	th.press("h").has("[4 Bytes]").has("3c 61 75 74 68")
	th.press("h").has("[3 SASL *]")
	th.press("t").has("[5 State +]").has("mechanism")
	th.press("t").has("[3 SASL *]")
	th.press("Right Right Right Right Right").has("[1 Explain]")
	th.press("Left").has("[7 TLS]")
	th.press("9").has("9 does nothing here")
}

// From a variable to the event that set it, and back.
func TestWhoSetThis(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 50)
	th.press("End 5 Tab")
	d := th.u.detail
	for i := range 100 {
		if l := d.page().at(i); l != nil && strings.Contains(l.plain(), "mbed@localhost/demo") {
			d.cursors[tabState] = i
			break
		}
	}
	th.press("Enter")
	if th.selected() != 11 {
		t.Errorf("the address was set by #%d, want #11", th.selected())
	}
	th.has("Backspace goes back").press("Backspace")
	if th.selected() != 27 {
		t.Errorf("Backspace leads to #%d, want #27", th.selected())
	}
}

// A request leads to its answer and an answer to its request.
func TestRepliesAreLinked(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 50)
	th.u.jump(14)
	th.tick()
	th.has("answered by #15")
	th.u.jump(15)
	th.tick()
	th.has("answers #14")
}

// A field of the login leads to the base64 characters that hold it.
func TestAFieldLeadsToItsBytes(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 50)
	th.press("s s s s 3 Tab")
	d := th.u.detail
	for i := range 100 {
		if l := d.page().at(i); l != nil && strings.HasPrefix(l.plain(), "passwd") {
			d.cursors[tabSASL] = i
			break
		}
	}
	th.press("Enter").has("[4 Bytes]").has("Marked: bytes 73 to 80")
	if got := string(d.event.Wire[73:81]); got != "bWlycm9y" {
		t.Errorf("the marked bytes are %q, want those of “mirror”", got)
	}
}

func TestConversations(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain", "scram")}, 80, 24)
	th.has("2 conversations").has("showing all")
	th.press("Shift-Tab j").has("27 of 47 events")
	th.press("j").has("20 of 47 events")
	if th.selected() != 28 {
		t.Errorf("#%d is selected, want the first of the conversation", th.selected())
	}
	th.press("Enter s s").lacks("#1 ")
	th.press("Shift-Tab Shift-Tab k k")
	if th.selected() != 30 {
		t.Errorf("the cursor went to #%d", th.selected())
	}
}

func TestFilter(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	th.press("f").write(`naem == "iq"`).has("^ ✗").has("did you mean name")
	th.press("Enter").has("^ ✗") // not accepted
	th.press("Ctrl-U").write(`name == "iq" and type == "set"`).press("Enter")
	th.has("2 of 27 events").has(`filter: name == "iq"`)
	th.press("f Ctrl-U").write(`name == "nothing"`).press("Enter").has("No event matches the filter")
	th.press("s n [ Enter 1 2 3 4 5 Tab y / x Enter Esc")
	th.press("f Ctrl-U Enter").has("27 events").has("all events are shown")
	th.press("f").write("pay").press("Tab").has("payload")
}

func TestSearch(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	for _, c := range []struct {
		keys string
		want int
	}{{"/ r o s t e r Enter", 14}, {"Enter", 15}, {"Enter", 14}, {"Up", 15}, {"Esc N", 14}, {"/ Enter", 15}} {
		if th.press(c.keys); th.selected() != c.want {
			t.Errorf("%q leads to #%d, want #%d", c.keys, th.selected(), c.want)
		}
	}
	th.press("Esc / Ctrl-U").write(`type == "error"`).press("Enter").has("is nowhere in 27 events")
	th.press("Ctrl-U").write(`kind == "close"`).press("Enter").has("found in #24")
	th.press("Ctrl-U").write("no such thing").press("Enter").has("“no such thing” is nowhere")
}

func TestPhaseBarMouse(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	click := func(x, y int) {
		th.u.mouse(x, y, 0)
		th.tick()
	}
	click(th.u.bar.starts[2]+1, 1)
	if th.selected() != 5 {
		t.Errorf("a click on auth leads to #%d", th.selected())
	}
	click(10, 3)
	if th.selected() != 1 {
		t.Errorf("a click on the first row leads to #%d", th.selected())
	}
	a := th.u.root.area.detail
	click(th.u.detail.tabX[tabXML]+2, a.y)
	th.has("[2 XML]")
	th.u.mouse(10, 5, 1)
	th.tick()
	if th.selected() != 4 {
		t.Errorf("the wheel leads to #%d", th.selected())
	}
}

func TestCopy(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	th.press("s s s s y").has("copied the XML of #5")
	if got := string(th.sim.GetClipboardData()); !strings.HasPrefix(got, "<auth ") || !strings.HasSuffix(got, "</auth>") {
		t.Errorf("the clipboard holds %q", got)
	}
	th.press("Tab 4 y")
	if got := string(th.sim.GetClipboardData()); !strings.HasPrefix(got, "00000000  3c 61") {
		t.Errorf("the clipboard holds %q", got)
	}
	th = perform(t, Options{Source: transcripts(t, "hostile")}, 80, 24)
	th.press("s s s s y").has("careful where you paste it")
}

// A login is checked away from the screen; the tab says so until it is done.
func TestVerdict(t *testing.T) {
	verify := func(e *decode.Event) (sasl.Verdict, bool) {
		if e.SASL == nil {
			return sasl.Verdict{}, false
		}
		return sasl.Verify(e.SASL, &sasl.Secret{Password: "pencil"}), true
	}
	th := perform(t, Options{Source: transcripts(t, "scram"), Verify: verify}, 80, 100)
	th.u.jump(10)
	th.press("3").has("✓ Verified").has("SaltedPassword")
	th.u.jump(5)
	th.press("3").has("✗ Does not fit the password").has("does not agree: passwd, in the calculation below").lacks("may differ: passwd")
	th = perform(t, Options{Source: transcripts(t, "scram")}, 80, 100)
	th.u.jump(10)
	th.press("3").has("Not checked against a password: give it with --password")
}

func TestStartScreen(t *testing.T) {
	opened := ""
	o := Options{Choices: testChoices(), Open: func(name string) (*Source, error) {
		opened = name
		if strings.HasPrefix(name, "./") {
			return nil, errors.New("no such file \x1b[31m")
		}
		return transcripts(t, name), nil
	}}
	th := perform(t, o, 80, 24)
	th.has("Recordings that come with xmppscope").has("Recent files")
	th.write("scra").lacks("a whole login").press("Enter")
	if opened != "scram" || th.u.cap == nil {
		t.Fatalf("opened %q", opened)
	}
	th.has("TCP connect").press("o").has("Open another capture")
	th.write("./nowhere").press("Enter").has("no such file ␛[31m")
	th.press("Ctrl-U").write("plain").press("Enter").has("plain.pcap")
}

func TestCompletePath(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"login-one.pcap", "login-two.pcap", "other"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	sep := string(filepath.Separator)
	for _, c := range [][2]string{{"log", "login-"}, {"login-t", "login-two.pcap"}, {"su", "sub" + sep}, {"zzz", "zzz"}} {
		if got, want := completePath(dir+sep+c[0]), dir+sep+c[1]; got != want {
			t.Errorf("%q is completed to %q, want %q", c[0], got, want)
		}
	}
}

func TestCommands(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	th.press(":").write("ladder").press("Enter").has("│──────")
	th.press(":").write("quit").press("Esc").lacks("Commands")
}

// An editing key does what a shell's line does.
func TestEditor(t *testing.T) {
	var e editor
	for _, c := range []struct {
		key  tcell.Key
		r    rune
		want string
		at   int
	}{
		{tcell.KeyRune, 'a', "a", 1}, {tcell.KeyRune, '漢', "a漢", 4}, {tcell.KeyRune, ' ', "a漢 ", 5}, {tcell.KeyRune, 'b', "a漢 b", 6},
		{tcell.KeyLeft, 0, "a漢 b", 5}, {tcell.KeyLeft, 0, "a漢 b", 4}, {tcell.KeyLeft, 0, "a漢 b", 1},
		{tcell.KeyDelete, 0, "a b", 1}, {tcell.KeyBackspace2, 0, " b", 0}, {tcell.KeyBackspace2, 0, " b", 0},
		{tcell.KeyEnd, 0, " b", 2}, {tcell.KeyRight, 0, " b", 2}, {tcell.KeyCtrlW, 0, " ", 1}, {tcell.KeyCtrlU, 0, "", 0},
	} {
		e.key(tcell.NewEventKey(c.key, c.r, tcell.ModNone))
		if e.text != c.want || e.at != c.at {
			t.Fatalf("after %s the text is %q at %d, want %q at %d", tcell.KeyNames[c.key], e.text, e.at, c.want, c.at)
		}
	}
	e.insert("a\nb\xffc")
	if e.text != "a b\uFFFDc" {
		t.Errorf("pasted text became %q", e.text)
	}
	e.insert(strings.Repeat("x", maxTyped))
	if len(e.text) > maxTyped {
		t.Error("a pasted file is taken whole")
	}
}

// What leads to another conversation than the one shown goes there all the
// same, unless the filter hides it.
func TestJumpToAnotherConversation(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "resume1", "resume2"), NoColor: true}, 120, 30)
	th.press("Shift-Tab j j Enter")
	here := th.u.cap.row()
	if th.u.cap.conn != 2 || !th.u.jump(2) {
		t.Fatalf("conversation %d, %q", th.u.cap.conn, th.u.message.text)
	}
	th.tick()
	if row := th.u.cap.row(); th.u.cap.conn != 0 || th.u.cap.store.Row(row).Seq() != 2 {
		t.Errorf("conversation %d, row %d", th.u.cap.conn, row)
	}
	th.has("all conversations are shown now").press("Backspace")
	if th.u.cap.row() != here {
		t.Errorf("back in row %d, not %d", th.u.cap.row(), here)
	}
	th.press("Shift-Tab j j Enter f").write(`kind == "stanza"`).press("Enter")
	if th.u.jump(2) || th.u.cap.conn != 2 {
		t.Error("went to an event that the filter hides")
	}
}
