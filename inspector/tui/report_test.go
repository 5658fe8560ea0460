package tui

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
)

// A panic anywhere gives the terminal back and leaves a report, in which nothing
// of the wire stands.
func TestReport(t *testing.T) {
	secret := "the password is mirror"
	for _, c := range []struct {
		where string
		fail  func(o *Options, src *Source)
		keys  []string
	}{
		{"the event loop", func(o *Options, _ *Source) {
			o.Open = func(string) (*Source, error) { panic(secret) }
			o.Choices = testChoices()
		}, []string{"s", "2", "o", "Enter"}},
		{"a check", func(o *Options, _ *Source) {
			o.Verify = func(*decode.Event) (sasl.Verdict, bool) { panic(secret) }
		}, []string{"s", "s", "s", "s", "3"}},
		{"the loader", func(_ *Options, src *Source) {
			src.Load = func(context.Context, func(done, total int64)) error { panic(errors.New(secret)) }
		}, nil},
	} {
		t.Run(c.where, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "state")
			src := transcripts(t, "plain")
			o := Options{Source: src, State: dir, Version: "1.2.3"}
			c.fail(&o, src)
			r := launch(t, o)
			if len(c.keys) > 0 {
				r.drawn()
			}
			for _, k := range c.keys {
				r.key(k)
			}
			var crash *Crash
			if err := r.ends(); !errors.As(err, &crash) || crash.Path == "" {
				t.Fatalf("Run says %v", err)
			}
			text, err := os.ReadFile(crash.Path)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"xmppscope 1.2.3, go", "in " + c.where, "terminal ", "report_test.go:"} {
				if !strings.Contains(string(text), want) {
					t.Errorf("the report lacks %q:\n%s", want, text)
				}
			}
			if c.where == "the event loop" && !strings.Contains(string(text), "latest first: (typed) open xml step\n") {
				t.Errorf("the report lacks the actions:\n%s", text)
			}
			if strings.Contains(string(text)+crash.Error(), "mirror") {
				t.Errorf("the report tells what came in:\n%s", text)
			}
			for path, want := range map[string]fs.FileMode{crash.Path: 0o600, dir: 0o700} {
				if st, err := os.Stat(path); runtime.GOOS != "windows" && (err != nil || st.Mode().Perm() != want) {
					t.Errorf("%s: %v %v, want %v", path, st.Mode().Perm(), err, want)
				}
			}
		})
	}
}

// Where no report can be written, the error says so.
func TestNoReport(t *testing.T) {
	src := transcripts(t, "plain")
	src.Load = func(context.Context, func(done, total int64)) error { panic("x") }
	r := launch(t, Options{Source: src})
	if err := r.ends(); err == nil || !strings.Contains(err.Error(), "no report could be written: no folder") {
		t.Errorf("Run says %v", err)
	}
}

func TestHarmless(t *testing.T) {
	caught := func(f func()) (text string) {
		defer func() { text = harmless(recover()) }()
		f()
		return ""
	}
	var none []int
	for want, f := range map[string]func(){
		"runtime error: index out of range [3] with length 0": func() { _ = none[len("abc")] },
		"a string":              func() { panic("wire") },
		"a *errors.errorString": func() { panic(errors.New("wire")) },
	} {
		if got := caught(f); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
