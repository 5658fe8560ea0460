package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/inspector/tui"
)

// loaded opens captures as the screen does, to the end.
func loaded(t *testing.T, e *env, args ...string) *tui.Source {
	t.Helper()
	r, err := e.open(&captureFlags{}, args)
	if err != nil {
		t.Fatal(err)
	}
	src := r.source()
	t.Cleanup(src.Close)
	if err := src.Load(t.Context(), func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	return src
}

// steps are the events, with what was written at them.
func steps(t *testing.T, src *tui.Source) (all []string) {
	t.Helper()
	for i := range src.Store.Len() {
		e, err := src.Store.Event(i)
		if err != nil {
			t.Fatal(err)
		}
		line := e.Step.String() + " " + string(e.Wire[:min(len(e.Wire), 30)])
		if m := src.Store.Remarks().Of(e.Seq); m != (inspector.Remark{}) {
			line += " " + m.Note
			if m.Marked {
				line += " (marked)"
			}
		}
		all = append(all, line)
	}
	return all
}

// Marks, notes and names are there again when the saved file is opened, whatever
// it was made from.
func TestSaved(t *testing.T) {
	piped, err := os.Open("../../captures/samples/starttls.pcapng")
	if err != nil {
		t.Fatal(err)
	}
	defer piped.Close()
	stdin := os.Stdin
	defer func() { os.Stdin = stdin }()
	os.Stdin = piped
	for _, args := range [][]string{{"sample:starttls"}, {"sample:plain-login", "sample:scram-sha-1"}, {"-"}} {
		e := &env{streams: &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}}
		src := loaded(t, e, args...)
		for seq := decode.Seq(2); int(seq) <= src.Store.Len(); seq += 4 {
			src.Store.Remarks().Set(seq, inspector.Remark{Marked: seq%8 == 2, Note: "look\u202e here"})
		}
		src.Store.Actors().Name("juliet@localhost", "Juliet", 1)
		want := steps(t, src)
		path := filepath.Join(t.TempDir(), "saved.pcapng")
		said, err := src.Write(context.Background(), path, false)
		if err != nil || !strings.Contains(said, "mark") {
			t.Fatal(said, err)
		}
		if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
			t.Error(st.Mode(), err)
		}
		if _, err := src.Write(context.Background(), path, false); !errors.Is(err, fs.ErrExist) {
			t.Error("written over:", err)
		}
		again := loaded(t, e, path)
		if got := steps(t, again); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s:\n%s\nwant\n%s", args, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if got := again.Store.Actors().Of("juliet@localhost").Name; got != "Juliet" {
			t.Error("name:", got)
		}
	}
}
