package sandbox

import (
	"strings"
	"testing"
)

// TestFile: what a file says is what the server does.
func TestFile(t *testing.T) {
	var o Options
	err := o.Read(`
domain = "localhost"
mechanisms = ["SCRAM-SHA-256", "PLAIN"]
without = ["csi"]
conflict = "refuse"
misbehave = ["iq-id"]
register = true
iq-auth = true
compression = "clear"
components = { "echo.localhost" = "hollow" }
peers = { "b.example" = "127.0.0.1:5269" }

[[account]]
user = "hamlet"
password = "tobe"
[[account.contact]]
user = "ophelia"
name = "Ophelia"
groups = ["Elsinore"]
subscription = "to"

[[account]]
user = "ophelia"
password = "rosemary"

[[neighbour]]
domain = "norway.localhost"
[[neighbour.account]]
user = "fortinbras"
password = "arms"

[[room]]
name = "elsinore"
title = "The castle"
owners = ["hamlet"]
`)
	if err != nil {
		t.Fatal(err)
	}
	if !o.Register || !o.IQAuth || o.Compression != CompressClear || o.Components["echo.localhost"] != "hollow" || o.Peers["b.example"] != "127.0.0.1:5269" {
		t.Errorf("%+v", o)
	}
	s := newHouse(t, o)
	if got := strings.Join(s.Misbehaving(), " "); got != "iq-id" {
		t.Errorf("misbehaving: %q", got)
	}
	if err := s.Misbehave("iq-id", false); err != nil {
		t.Fatal(err)
	}
	a := s.online("hamlet", "castle")
	a.do("ping")
	if i := s.find("hamlet").contact(s.find("ophelia").bare); i == nil || i.sub != subTo || i.name != "Ophelia" {
		t.Errorf("%+v", i)
	}
	if n := s.Neighbours(); len(n) != 1 || n[0].find("fortinbras") == nil || n[0].find("hamlet") != nil {
		t.Errorf("neighbours: %v", n)
	}
	if s.find("mbed") != nil {
		t.Error("the accounts of the lessons are there too")
	}
	if err := a.house.actor().try("open\nstarttls\nlogin SCRAM-SHA-1 hamlet tobe"); err == nil {
		t.Error("SCRAM-SHA-1 is offered")
	}
	b := s.actor()
	b.login("hamlet")
	if err := b.try("bind castle"); err == nil || !strings.Contains(err.Error(), "conflict") {
		t.Errorf("the second castle: %v", err)
	}
}

// TestFileFaults: what is wrong with a file is told.
func TestFileFaults(t *testing.T) {
	for text, want := range map[string]string{
		"domain = ":                             "line 1",
		"conflict = \"fight\"":                  "none of replace, rename, refuse",
		"compression = \"much\"":                "none of never, clear, always",
		"colour = \"red\"":                      "colour: no such setting",
		"[[account]]\nuser = \"a\"":             "needs a user and a password",
		"[[account]]\nuser = 7":                 "line 2",
		"[[room]]\ntitle = \"x\"":               "needs a name",
		strings.Repeat("# long\n", MaxFile/7+1): "longer than",
	} {
		var o Options
		if err := o.Read(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

// FuzzFile: no file brings it down.
func FuzzFile(f *testing.F) {
	f.Add("[[account]]\nuser=\"a\"\npassword=\"b\"\n[[account.contact]]\nuser=\"b\"")
	f.Fuzz(func(t *testing.T, text string) {
		o := Options{Iterations: 1}
		if o.Read(text) == nil {
			_, _ = New(o)
		}
	})
}
