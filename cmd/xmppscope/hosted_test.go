package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"xmppscope/inspector/tui"
)

// guestsHere are commands inside a screen, and the forms that begin them.
func guestsHere(t *testing.T) (e *env, g *guests, forms map[string]tui.Form) {
	t.Helper()
	home(t)
	e = &env{streams: &streams{in: strings.NewReader(""), out: &written{}, err: &written{}}}
	e.tree = newRoot
	g = newGuests(context.Background(), newRoot)
	t.Cleanup(g.end)
	e.guest = g
	forms = map[string]tui.Form{}
	for _, s := range startForms() {
		forms[s.name] = s.form(e, g, nil)
	}
	for _, s := range captureForms() {
		forms[s.name] = s.form(e, g, map[string][]string{"capture": {samplePrefix + "plain-login"}})
	}
	return e, g, forms
}

// All that a flag of proxy, of open and of probe can do can be chosen in a form,
// but for what makes no sense on a screen; each field says what it is for.
func TestFormsHaveAllFlags(t *testing.T) {
	_, _, forms := guestsHere(t)
	for name, without := range map[string][]string{
		"proxy":    {"headless", "json", "style", "help", "sandbox", "plain", "skin", "ascii"},
		"open-how": {"style", "help", "plain", "skin", "ascii"},
		"probe":    {"json", "help", "console", "password", "password-file"},
		"lint":     {"json", "help"},
		"demo":     {"headless", "json", "style", "help", "plain", "skin", "ascii"},
	} {
		f := forms[name]
		command := map[string]string{"open-how": "open"}[name]
		if command == "" {
			command = name
		}
		c := commandOf(newRoot(&env{streams: &streams{}}), command)
		c.Flags().VisitAll(func(flag *pflag.Flag) {
			i := slices.IndexFunc(f.Fields, func(d tui.FormField) bool { return d.Name == flag.Name })
			if i < 0 != slices.Contains(without, flag.Name) {
				t.Errorf("%s: --%s: a field: %v", name, flag.Name, i >= 0)
			}
			if i >= 0 && (f.Fields[i].Help == "" || f.Fields[i].Holder == "" && f.Fields[i].Kind != tui.FieldSwitch && f.Fields[i].Kind != tui.FieldChoice) {
				t.Errorf("%s: --%s says nothing about itself: %+v", name, flag.Name, f.Fields[i])
			}
		})
	}
}

// The command line of a form is what a shell takes, without secrets.
func TestFormLine(t *testing.T) {
	_, _, forms := guestsHere(t)
	for _, c := range []struct {
		form   string
		values map[string][]string
		want   string
	}{
		{"proxy", map[string][]string{"to": {"localhost:15222"}, "listen": {"tls://[::1]:5223", "127.0.0.1:0"}, "break": {`name == "iq"`}, "insecure": {"true"}},
			`xmppscope proxy --to localhost:15222 --listen 'tls://[::1]:5223' --listen 127.0.0.1:0 --insecure --break 'name == "iq"'`},
		{"proxy", map[string][]string{"domain": {"example.org"}, "password": {"juliet@example.org=Wherefore"}}, "xmppscope proxy --domain example.org --password 'juliet@example.org=…'"},
		{"practice", map[string][]string{}, "xmppscope proxy --sandbox"},
		{"open-how", map[string][]string{"capture": {"it's.pcap", "b.pcap"}, "conn": {"2"}}, `xmppscope open --conn 2 'it'\''s.pcap' b.pcap`},
		{"open-how", map[string][]string{"capture": {"-x.pcap"}}, "xmppscope open -- -x.pcap"},
	} {
		if got := forms[c.form].Line(c.values); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.form, got, c.want)
		}
	}
}

// What is wrong is told at its field, and nothing is started.
func TestFormFaults(t *testing.T) {
	_, _, forms := guestsHere(t)
	for _, c := range []struct {
		form   string
		values map[string][]string
		field  string
		text   string
	}{
		{"proxy", nil, "to", "where is the server?"},
		{"proxy", map[string][]string{"to": {"localhost"}, "listen": {"127.0.0.1:x"}}, "listen", "is no port"},
		{"proxy", map[string][]string{"to": {"exa mple"}}, "to", "no domain"},
		{"proxy", map[string][]string{"to": {"localhost:0"}}, "to", "no HOST or HOST:PORT"},
		{"proxy", map[string][]string{"domain": {"a b"}}, "domain", "no domain"},
		{"proxy", map[string][]string{"to": {"localhost"}, "rules": {"nowhere.toml"}}, "rules", "no such file"},
		{"proxy", map[string][]string{"to": {"localhost"}, "binding": {"recompute"}}, "binding", "password"},
		{"proxy", map[string][]string{"to": {"localhost"}, "max-conns": {"many"}}, "max-conns", "invalid"},
		{"open-how", map[string][]string{"capture": {"nowhere.pcap"}}, "capture", "no such file"},
		{"open-how", map[string][]string{"capture": {samplePrefix + "plain-login"}, "password": {"juliet"}}, "password", ""},
		{"explain", map[string][]string{"term": {"qwertz"}}, "", "qwertz"},
	} {
		src, _, err := forms[c.form].Run(t.Context(), c.values)
		var at *tui.FormError
		if src != nil || !errors.As(err, &at) || at.Field != c.field || !strings.Contains(at.Text, c.text) {
			t.Errorf("%s %v: %v %+v", c.form, c.values, err, at)
		}
	}
}

// A text is given for what writes one, and a source for what shows one; a live
// one ends with its screen.
func TestFormsRun(t *testing.T) {
	_, g, forms := guestsHere(t)
	for name, want := range map[string]string{"lint": "note", "stats": "events", "dump": "PLAIN", "explain": "step"} {
		values := map[string][]string{"capture": {samplePrefix + "plain-login"}, "term": {"sasl-auth"}}
		if name == "explain" {
			delete(values, "capture")
		} else {
			delete(values, "term")
		}
		_, text, err := forms[name].Run(t.Context(), values)
		if err != nil || !strings.Contains(text, want) || strings.Contains(text, "\x1b") {
			t.Errorf("%s: %v\n%.300s", name, err, text)
		}
	}
	for _, name := range []string{"demo", "practice"} {
		record := filepath.Join(t.TempDir(), "live.pcapng")
		src, _, err := forms[name].Run(t.Context(), map[string][]string{"record": {record}})
		if err != nil || src == nil || src.Live == nil {
			t.Fatalf("%s: %v", name, err)
		}
		if name == "practice" && len(src.Live.Status().Accounts) == 0 {
			t.Error("nobody is told who can log in")
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- src.Load(ctx, func(int64, int64) {}) }()
		if name == "demo" {
			for deadline := time.Now().Add(patient); len(src.Live.Held()) == 0; time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("the demo is not held at its first step")
				}
			}
		}
		stop()
		select {
		case <-ended:
		case <-time.After(patient):
			t.Fatalf("%s goes on after the screen has left it", name)
		}
		src.Close()
	}
	g.end() // hangs where something goes on
}

// Files that were looked at are remembered, the last one first, each once; what
// is gone is said to be.
func TestRecentFiles(t *testing.T) {
	home(t)
	dir := t.TempDir()
	var names []string
	for i := range maxRecent + 3 {
		name := filepath.Join(dir, strings.Repeat("x", i+1)+".pcap")
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
		remember([]string{name})
	}
	remember([]string{samplePrefix + "plain-login", "-", filepath.Join(dir, "nowhere"), names[5]})
	got := recentFiles()
	if len(got) != maxRecent || got[0] != names[5] || got[1] != names[len(names)-1] {
		t.Errorf("remembered %q", got)
	}
	if err := os.Remove(names[5]); err != nil {
		t.Fatal(err)
	}
	if c := recent()[0]; !strings.HasPrefix(c.Title, "✗ gone") {
		t.Errorf("%+v", c)
	}
	if st, err := os.Stat(recentPath()); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", st.Mode(), err)
	}
}
