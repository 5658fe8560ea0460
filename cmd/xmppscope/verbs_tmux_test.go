package main

import (
	"strings"
	"testing"
)

// keyed is a key, or keys, and what they show.
type keyed struct {
	keys string // separated by blanks, as tmux calls them; "text:" types what follows
	sees string
}

// play presses keys as a person does: the next when the screen has answered.
func (m *liveTerminal) play(all []keyed) {
	m.t.Helper()
	for _, k := range all {
		if text, ok := strings.CutPrefix(k.keys, "text:"); ok {
			m.run("send-keys", "-l", text)
		} else if k.keys != "" {
			m.press(strings.Fields(k.keys)...)
		}
		m.sees(k.sees)
	}
}

// Every verb of CONTRACT on a recording, in 80×24 without colour.
func TestVerbsOnARecording(t *testing.T) {
	m := inTerminal(t, 80, 24, "open sample:wrong-password")
	m.play([]keyed{
		{"", "opens a stream to capulet.example"},
		{"s", "at #2: one step"},
		{"n", "phase auth begins"},
		{"S", "one step back"},
		{"]", "[auth"},
		{"[", "[open"},
		{"b C-u", "for example: step"},
		{`text:once error == "not-authorized"`, "fits 2 of the 29 events so far, the first is #6"},
		{"Enter", "c goes to the next event that fits"},
		{"c", "at #6: breakpoint once error"},
		{"c", "this is the last event"},
		{"Home", "▶    1"},
		{":", "Commands"},
		{"text:7", "Enter goes to event #7"},
		{"Enter", "▶    7"},
		{"H", "at #11: run to step"},
		{"p", "nothing is live here"},
		{"e", "a recording: only what is live can be changed"},
		{"B", "There are no breakpoints"},
		{"Escape", "? keys"},
		{"t", "[5 State"},
		{"h", "[4 Bytes"},
		{"1", "[1 Explain"},
		{"f", "for example: kind"},
		{"text:step ==", "it may go on with"},
		{"text: \"sasl-fail", "is in this capture"},
		{"Tab", "fits 2 of the 29 events so far"},
		{"Enter", "2 of 29 events"},
		{"u", "the filter is taken back"},
		{"w", "Why not?"},
		{"Escape", "? keys"},
		{"/", "any text on the wire"},
		{"text:challenge", "looks for this text"},
		{"Enter", "found in #"},
		{"Escape", "? keys"},
		{"N", "found in #"},
		{"l", "│──"},
		{"T", "time:"},
		{"?", "Step through the conversation"},
		{"Escape", "? keys"},
		{"o", "Open another capture"},
		{"Escape", "? keys"},
	})
	m.press("q")
}

// From the start screen into the demo, and every verb of CONTRACT on it.
func TestVerbsOnTheDemo(t *testing.T) {
	m := inTerminal(t, 80, 24, "")
	m.play([]keyed{
		{"", "Two logins live"},
		{"text:demo", "▶ demo"},
		{"Enter", "at #5: everything that comes is held"},
		{"s", "at #6: everything that comes is held"},
		{"S", "it cannot be taken back"},
		{"Tab", "HELD"},
		{"n", "[open]"},
		{":", "Commands"},
		{`text:run-to step == "sasl-auth"`, "fits 0 of"},
		{"Enter", "The server has not got it yet"},
		{"", "PAUSED"}, // where a run arrives everything is held
		{"p", "paused already"},
		{"b", "break when"},
		{"Enter", "what fits is held from now on"},
		{"B", "on  0"},
		{"Escape", "? keys"},
		{"u", "the breakpoint is taken back"},
		{"e", "Edit #"},
		{"Down Down C-u", "passwd"},
		{"text:wrong", "came as mirror"},
		{"C-s", "▶ #26 C ← S failure"},
		{"s", "▶ #27 C → S auth"}, // the client tries again
		{"d", "is dropped"},
		{"c", "RUNNING"},
		{"p", "PAUSED"},
		{"L", "Mode"},
		{"Escape", "? keys"},
		{"i", "as if the client had sent it"},
		{"Escape", "? keys"},
		{"o", "Open another capture"},
		{"text:plain-login", "sample:plain-login"},
		{"Enter", "Leave what is live now?"},
		{"y", "sample:plain-login"},
	})
	m.press("q")
}

// The proxy is begun by the form, which says at the field what is wrong.
func TestProxyFormInTmux(t *testing.T) {
	m := inTerminal(t, 80, 24, "")
	m.play([]keyed{
		{"", "Stand between a client and a server"},
		{"text:proxy", "▶ proxy"},
		{"Enter", "Say where the server is"},
		{"Enter", "✗ where is the server?"},
		{"text:127.0.0.1:9", "$ xmppscope proxy --to 127.0.0.1:9"},
		{"Down C-u", "(ADDR)"},
		{"text:127.0.0.1:x", "… one more"},
		{"Enter", `is no port`},
		{"BSpace 0", "--listen 127.0.0.1:0"},
		{"Enter", "proxy to 127.0.0.1:9"},
		{"L", "Door"},
		{"Escape", "? keys"},
	})
	m.press("q")
}
